/** `offload volumes`: every volume that is known, connected or not. Writes nothing but what the catalog remembers of them. */
import type {Emit} from '../../core/events.ts';
import {listKnown} from '../../core/volumes/known-volumes.ts';
import type {RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {recall, remember, toEvent} from './recall.ts';
import {doubtCause} from './volume-causes.ts';

/** Emits one `volume-known` for each volume, connected ones first; exit code 1 when one of them is in doubt. */
export async function listVolumes(program: Program, emit: Emit): Promise<RunEnd> {
  const recalled = await recall(program, emit);
  const {memory, connected} = recalled;
  await remember(program, recalled, emit);
  const known = listKnown(memory, connected, program.clock.now().toISOString());
  for (const volume of known) emit(toEvent(volume));
  const doubts = connected.flatMap((one) => doubtCause(one, connected) ?? []);
  for (const doubt of doubts) emit({type: 'noticed', level: 'warning', ...doubt});
  if (known.length === 0) emit({type: 'noticed', level: 'info', ...NONE});
  return {outcome: 'complete', exitCode: doubts.length === 0 ? 0 : 1};
}

const NONE = {
  code: 'no-volumes',
  message: 'no volume is known',
  next: 'Offload a card to one, name one with offload volumes name PATH NAME, or read records with offload catalog rebuild PATH…',
};
