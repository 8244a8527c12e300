/**
 * What the terminal UI knows at one moment: cards and drives that are there, what runs, what stands in front. A pure fold over
 * `SessionEvent`s (`session-events.ts`); every screen is drawn from it alone.
 */
import type {CardRef} from '../card.ts';
import type {CardHistory} from '../card-history.ts';
import type {Failure} from '../card-state.ts';
import type {CardSurvey} from '../card-survey.ts';
import type {Cause} from '../cause.ts';
import type {MediumRead, Volume} from '../drive.ts';
import type {JobKnown} from '../events.ts';
import type {RunState} from '../run-state.ts';
import type {BackupRun} from './backup-run.ts';
import type {Overlay} from './overlay.ts';

export interface SessionState {
  readonly screen: 'ready' | 'working' | 'verdict';
  /** What stands in front of the screen and takes the keys; null when nothing does. */
  readonly overlay: Overlay | null;
  /** In the order in which they came. */
  readonly cards: readonly SessionCard[];
  /** Working drives first, then backups, then off-site, then those without a role. */
  readonly drives: readonly SessionDrive[];
  /** The column that the arrow keys move in. */
  readonly focus: 'cards' | 'drives';
  /** Path of the selected card, and of the selected drive; null when there is none. */
  readonly selectedCard: string | null;
  readonly selectedDrive: string | null;
  /** Name of the next shoot; null for the date of the first picture. */
  readonly shoot: string | null;
  /** Names of the newest shoots, newest first. */
  readonly recentShoots: readonly string[];
  /** Paths of cards that wait for the run to end. */
  readonly queue: readonly string[];
  /** The run that goes on, or the last one, until the user goes back to the ready screen. */
  readonly run: SessionRun | null;
  /** The backup jobs; null until they were asked for. */
  readonly jobs: readonly JobKnown[] | null;
  /** Why they cannot be told. */
  readonly jobsProblem: Cause | null;
  /** The backup or preview that goes on, or the last one. */
  readonly backup: BackupRun | null;
  /** The job of a backup that is about to start by itself; null when none is. */
  readonly coming: string | null;
  /** The first line shown of a list that is longer than the screen: reasons and cards of the verdict screen. */
  readonly scroll: number;
  /** The newest three, oldest first. */
  readonly notices: readonly Cause[];
  /** False until cards and drives were looked for once. */
  readonly looked: boolean;
}

/** A card as it is seen, from its arrival until it is pulled. */
export interface SessionCard {
  /** Its mount point, or the folder that was given with `--card`. */
  readonly path: string;
  readonly label: string;
  readonly volume: Volume;
  /** Null while it is being read, and when it cannot be. */
  readonly survey: CardSurvey | null;
  readonly problem: Cause | null;
  /** Null until the catalog was asked. */
  readonly history: CardHistory | null;
  readonly ejected: 'no' | 'asked' | 'yes';
}

export type DriveRole = 'working' | 'backup' | 'off-site';

export interface SessionDrive {
  /** Where shoots are put: the volume's mount point, or the folder that was given with `--to`. */
  readonly path: string;
  readonly name: string;
  readonly volume: Volume;
  /** Null when it was given none. */
  readonly role: DriveRole | null;
  /** `W`, `B`, `B2`… as on the working screen; null without a role that an offload uses. */
  readonly letter: string | null;
  /** Bytes that this user may still write; null when the volume does not tell. */
  readonly free: number | null;
  /** Null when there was nothing to try it on. */
  readonly mediumRead: MediumRead | null;
}

/** A failure, and the card whose file it is. */
export interface SessionFailure extends Failure {
  readonly card: CardRef;
}

/** One run, with those that followed it from the queue or by a retry, so that no verdict leaves the screen before it was seen. */
export interface SessionRun {
  /** Paths of its cards. */
  readonly cards: readonly string[];
  readonly state: RunState;
  /** ms of a clock that goes forward. */
  readonly startedMs: number;
  /** When each card was begun, and when its verdict came, by path, in ms of the same clock. */
  readonly cardStartedMs: ReadonlyMap<string, number>;
  readonly verdictMs: ReadonlyMap<string, number>;
  /** The newest thousand, oldest first. */
  readonly failures: readonly SessionFailure[];
  /** Paths of cards that were pulled out or ejected since: another card may be mounted there by now. */
  readonly gone: ReadonlySet<string>;
  /** Null while it goes on. */
  readonly endedMs: number | null;
}

export const initialSessionState: SessionState = {
  screen: 'ready',
  overlay: null,
  cards: [],
  drives: [],
  focus: 'cards',
  selectedCard: null,
  selectedDrive: null,
  shoot: null,
  recentShoots: [],
  queue: [],
  run: null,
  jobs: null,
  jobsProblem: null,
  backup: null,
  coming: null,
  scroll: 0,
  notices: [],
  looked: false,
};
