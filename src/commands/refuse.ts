import type {Refusal} from '../core/cause.ts';
import type {Emit} from '../core/events.ts';
import type {RunEnd} from './offload.ts';

/** Tells why nothing was begun. @returns exit code 2. */
export function refuse(emit: Emit, cause: Refusal): RunEnd {
  emit({type: 'refused', ...cause});
  return {outcome: 'refused', exitCode: 2};
}
