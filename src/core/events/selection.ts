/** Jobs that keep some pictures only: which ones, and why. */
import type {SelectionCounts} from '../selection/choice.ts';
import type {FactSource} from '../selection/picture-facts.ts';

/** A job with a rule asked it of every picture of the source, before anything is compared. A picture is counted with what belongs to it as one. */
export interface BackupSelected extends SelectionCounts {
  readonly type: 'backup-selected';
  readonly job: string;
  readonly to: string;
  readonly preview: boolean;
  readonly rule: string;
  /** The Lightroom catalog that was asked, absolute; null without one. */
  readonly catalog: string | null;
}

/** `offload backup preview NAME --explain PATH`: why a picture is in or out. */
export interface PictureExplained {
  readonly type: 'picture-explained';
  readonly job: string;
  /** Below the source folder. */
  readonly path: string;
  readonly rule: string;
  /** `other`: it belongs to no picture, and is out. `left-out`: a filter of the job leaves it out. */
  readonly answer: 'in' | 'out' | 'unknown' | 'other' | 'left-out';
  /** Who decided; null when nobody did. */
  readonly by: FactSource | null;
  /** The tests of the rule that decided, as they could have been typed. */
  readonly tests: readonly {readonly test: string; readonly truth: 'yes' | 'no' | 'unknown'}[];
  /** What was said of it and of the pictures that belong to it. Null: it says nothing of this. */
  readonly said: readonly {
    readonly source: FactSource;
    /** The picture that it is about. */
    readonly picture: string;
    /** The sidecar, the picture itself, or the catalog. */
    readonly from: string;
    /** When that was last changed; null for a catalog, and where it is not known. */
    readonly changedAt: string | null;
    /** Of a catalog: another version of the same picture. */
    readonly virtualCopy: boolean;
    readonly rating: number | null;
    /** 1 picked, -1 rejected, 0 without a flag. */
    readonly pick: number | null;
    readonly labels: readonly string[] | null;
    readonly keywords: readonly string[] | null;
  }[];
  /** Files that stay together with it. */
  readonly along: readonly string[];
}
