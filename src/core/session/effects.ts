import type {DriveRole} from './session-state.ts';

/** What a key asks of the world; done by `src/commands/session`. */
export type Effect =
  /** Offload these cards now, in one run. `shoot` null: the date of the first picture. */
  | {readonly type: 'start'; readonly cards: readonly string[]; readonly shoot: string | null}
  /** Finish the block in hand and stop; `leaves`: end the program then. */
  | {readonly type: 'stop'; readonly leaves: boolean}
  | {readonly type: 'eject'; readonly card: string}
  | {readonly type: 'give-role'; readonly drive: string; readonly role: DriveRole | null}
  | {readonly type: 'make-thumbnails'; readonly card: string}
  | {readonly type: 'stop-thumbnails'}
  | {readonly type: 'leave'}
  /** Do not even wait for the block in hand. */
  | {readonly type: 'leave-at-once'};
