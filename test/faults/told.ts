import type {RunEnd} from '../../src/commands/offload.ts';
import type {OffloadEvent} from '../../src/core/events.ts';

/** What a run said before it ended or was killed. */
export interface Told {
  readonly events: readonly OffloadEvent[];
  /** Undefined for a run that was killed. */
  readonly end: RunEnd | undefined;
}
