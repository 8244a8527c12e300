import type {Cause} from '../cause.ts';
import type {OffsiteKnown, ShootStatus} from '../events.ts';
import type {Thumbnail} from '../thumbnail.ts';
import type {SessionFailure} from './session-state.ts';

/** What stands in front of a screen and takes the keys until it is closed. */
export type Overlay =
  | {readonly type: 'help'; readonly scroll: number}
  | ShootEntry
  /** `offload` is copying: stop, or go on. */
  | {readonly type: 'confirm-stop'; readonly leaves: boolean}
  /** All failures of the run. */
  | {
      readonly type: 'failures';
      readonly failures: readonly SessionFailure[];
      readonly scroll: number;
    }
  | PictureStrip
  | StatusView
  | BackupsView;

/** The line in which a shoot is named. */
export interface ShootEntry {
  readonly type: 'shoot';
  readonly text: string;
  /** Place of the cursor in `text`, in code points. */
  readonly at: number;
  /** Recent shoots that begin like the text, newest first. */
  readonly suggestions: readonly string[];
  /** Null when none is chosen. */
  readonly chosen: number | null;
}

/** A strip of pictures of one card. */
export interface PictureStrip {
  readonly type: 'pictures';
  /** Path of the card. */
  readonly card: string;
  /** In the order of the card; those that are made so far. */
  readonly thumbnails: readonly Thumbnail[];
  /** False while more are made. */
  readonly complete: boolean;
  /** The first that is shown. */
  readonly first: number;
}

/** How each shoot is kept: 3-2-1. */
export interface StatusView {
  readonly type: 'status';
  /** Newest first; those that are told so far. */
  readonly shoots: readonly ShootStatus[];
  /** Sets of off-site drives, and clouds. */
  readonly offsite: readonly OffsiteKnown[];
  /** What is to be said of drives and records. */
  readonly warnings: readonly Cause[];
  /** Why it cannot be told; null when it can. */
  readonly problem: Cause | null;
  /** False while more shoots are looked for. */
  readonly complete: boolean;
  /** Index of a shoot. */
  readonly selected: number;
}

/** The backup jobs, and the run of one of them. */
export interface BackupsView {
  readonly type: 'backups';
  /** Index of a job. */
  readonly selected: number;
  /** What the last key could not do; null when it could. */
  readonly told: Cause | null;
  /** What stands in front of the jobs and takes the keys. */
  readonly front: BackupsFront | null;
}

export type BackupsFront =
  /** Every step of a preview, or what failed and was held back in a run. */
  | {readonly type: 'backup-steps'; readonly scroll: number}
  | DeletionsQuestion
  /** A job is run: stop, or go on. */
  | {readonly type: 'confirm-backup-stop'; readonly leaves: boolean};

/** Held deletions: archive them, or keep them. */
export interface DeletionsQuestion {
  readonly type: 'confirm-deletions';
  readonly job: string;
  readonly targets: readonly {
    /** Id of the volume. */
    readonly volume: string;
    readonly folder: string;
    readonly name: string;
    /** Deletions that wait, as its last run or preview counted them. */
    readonly held: number;
    readonly graceDays: number;
  }[];
}
