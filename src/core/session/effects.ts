import type {DeletionsQuestion} from './overlay.ts';
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
  /** Tell how each shoot is kept. */
  | {readonly type: 'ask-status'}
  | {readonly type: 'stop-status'}
  /** Look which jobs there are, and which of their drives are connected. */
  | {readonly type: 'ask-jobs'}
  /** To the targets that are connected. `deletions`: on which of them held deletions were accepted, and how many. */
  | {
      readonly type: 'run-job';
      readonly job: string;
      readonly deletions: DeletionsQuestion['targets'];
    }
  /** What a run would do; nothing is written. */
  | {readonly type: 'preview-job'; readonly job: string}
  /** Finish the block in hand of a job and stop; `leaves`: end the program then. */
  | {readonly type: 'stop-job'; readonly leaves: boolean}
  /** The same for a job that started by itself, because a card is started: it goes on after that. */
  | {readonly type: 'put-job-aside'}
  | {readonly type: 'leave'}
  /** Do not even wait for the block in hand. */
  | {readonly type: 'leave-at-once'};
