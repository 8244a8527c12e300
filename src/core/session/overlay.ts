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
  | PictureStrip;

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
