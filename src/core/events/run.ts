/** What is about the run as a whole, whatever its command: notices, a wish to stop, a refusal and the end. */
import type {Cause, Refusal} from '../cause.ts';

/** Something worth a line that changes nothing by itself. */
export interface Noticed extends Cause {
  readonly type: 'noticed';
  readonly level: 'info' | 'warning';
}

export interface CancelRequested {
  readonly type: 'cancel-requested';
  readonly by: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'key';
}

/** Refused before anything was written: usage, space, configuration. */
export interface Refused extends Refusal {
  readonly type: 'refused';
}

/** 0 every card safe, 1 finished and not safe, 2 refused, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130;

export type Outcome = 'complete' | 'incomplete' | 'cancelled' | 'refused' | 'crashed';

export interface RunEnded {
  readonly type: 'run-ended';
  readonly outcome: Outcome;
  readonly exitCode: ExitCode;
}
