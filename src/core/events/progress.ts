/** How far the offload of a card is. */
import type {CardPath, CardRef} from '../card.ts';

/**
 * `compare` is `--only-new` reading the card and what the drives hold of it, and has progress of its own; `dates` is a layout asking the pictures when they were taken. Both come before
 * anything is planned.
 */
export type Phase =
  | 'scan'
  | 'compare'
  | 'dates'
  | 'plan'
  | 'copy'
  | 'prove'
  | 'reread'
  | 'relist'
  | 'seal';

export interface PhaseStarted {
  readonly type: 'phase-started';
  readonly card: CardRef;
  readonly phase: Phase;
}

/** A sample, 10 a second at the most, with absolute numbers. */
export interface Progress {
  readonly type: 'progress';
  readonly card: CardRef;
  /** Bytes of all files that are to be kept, and how many of them the card has given or need not give. */
  readonly bytes: number;
  readonly read: number;
  readonly lanes: readonly LaneProgress[];
  /** Path of the file that is being read now. */
  readonly now: CardPath | null;
}

/** How far one destination is, in bytes of the card's files. */
export interface LaneProgress {
  readonly to: string;
  readonly written: number;
  readonly proved: number;
  readonly lost: boolean;
}
