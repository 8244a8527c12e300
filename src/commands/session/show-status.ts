import type {Cause} from '../../core/cause.ts';
import type {OffloadEvent} from '../../core/events.ts';
import type {Program} from '../program.ts';
import {status} from '../status/status.ts';
import type {Desk} from './desk.ts';

/** Tells how each shoot is kept, one by one. Ends early when the screen is closed. */
export async function showStatus(
  {program, desk}: {readonly program: Program; readonly desk: Desk},
  signal: AbortSignal,
): Promise<void> {
  let problem: Cause | null = null;
  const tell = (event: OffloadEvent) => {
    if (signal.aborted) return;
    if (event.type === 'shoot-status') desk.dispatch({type: 'status-shoot', shoot: event});
    else if (event.type === 'offsite-known') {
      desk.dispatch({type: 'status-offsite', offsite: event});
    } else if (event.type === 'refused') problem = causeOf(event);
    // That nothing is recorded yet, the screen says itself.
    else if (event.type === 'noticed' && event.level === 'warning') {
      desk.dispatch({type: 'status-warned', cause: causeOf(event)});
    }
  };
  await status(program, {emit: tell, signal});
  if (!signal.aborted) desk.dispatch({type: 'status-complete', problem});
}

const causeOf = ({code, path, message, next}: Cause): Cause =>
  path === undefined ? {code, message, next} : {code, path, message, next};
