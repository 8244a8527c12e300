import type {CardHistory} from '../card-history.ts';
import type {CardSurvey} from '../card-survey.ts';
import type {Cause} from '../cause.ts';
import type {MediumRead, Volume} from '../drive.ts';
import type {JobKnown, OffloadEvent, OffsiteKnown, ShootStatus} from '../events.ts';
import type {Thumbnail} from '../thumbnail.ts';
import type {DriveRole} from './session-state.ts';

/** Everything that happens to the terminal UI but keys (`press-key.ts`). */
export type SessionEvent =
  | {
      readonly type: 'card-arrived';
      readonly path: string;
      readonly label: string;
      readonly volume: Volume;
    }
  | {readonly type: 'card-surveyed'; readonly path: string; readonly survey: CardSurvey}
  | {readonly type: 'card-unreadable'; readonly path: string; readonly problem: Cause}
  | {readonly type: 'card-remembered'; readonly path: string; readonly history: CardHistory}
  | {readonly type: 'card-ejected'; readonly path: string}
  | {readonly type: 'eject-failed'; readonly path: string; readonly cause: Cause}
  | {readonly type: 'drive-seen'; readonly drive: SeenDrive}
  /** A card or a drive is gone. */
  | {readonly type: 'volume-left'; readonly path: string}
  /** Cards and drives were looked for once. */
  | {readonly type: 'looked'}
  | {readonly type: 'shoots-remembered'; readonly names: readonly string[]}
  | {readonly type: 'thumbnail-made'; readonly card: string; readonly thumbnail: Thumbnail}
  | {readonly type: 'thumbnails-complete'; readonly card: string}
  | {readonly type: 'run-started'; readonly cards: readonly string[]}
  | {readonly type: 'run-event'; readonly event: OffloadEvent}
  | {readonly type: 'status-shoot'; readonly shoot: ShootStatus}
  | {readonly type: 'status-offsite'; readonly offsite: OffsiteKnown}
  | {readonly type: 'status-warned'; readonly cause: Cause}
  /** `problem`: why not all could be told. */
  | {readonly type: 'status-complete'; readonly problem: Cause | null}
  /** All jobs, as they are now. `problem`: why they cannot be told. */
  | {
      readonly type: 'jobs-listed';
      readonly jobs: readonly JobKnown[];
      readonly problem: Cause | null;
    }
  /** A job starts by itself when so many seconds are over, unless a key stops it. */
  | {readonly type: 'backup-coming'; readonly job: string; readonly seconds: number}
  /** A job is run or previewed from now on, until its `run-ended`. */
  | {
      readonly type: 'backup-begun';
      readonly job: string;
      readonly preview: boolean;
      /** Its drives came, and nobody pressed a key. */
      readonly byItself?: boolean;
    }
  | {readonly type: 'backup-event'; readonly event: OffloadEvent}
  | {readonly type: 'told'; readonly cause: Cause};

/** A drive that arrived, or was looked at again. */
export interface SeenDrive {
  readonly path: string;
  readonly name: string;
  readonly volume: Volume;
  readonly role: DriveRole | null;
  /** Bytes. */
  readonly free: number | null;
  readonly mediumRead: MediumRead | null;
}
