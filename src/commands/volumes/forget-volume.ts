/** `offload volumes forget ID|NAME`: the catalog forgets a volume that is lost or was given away. No drive is written. */
import type {Cause} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {type KnownVolume, listKnown} from '../../core/volumes/known-volumes.ts';
import type {RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {recall} from './recall.ts';
import {ambiguousVolume, stillConnected, unknownVolume} from './volume-causes.ts';

/** @param text the id of a volume, or its name. @returns exit code 2 when it is not known, known twice, or connected. */
export async function forgetVolume(program: Program, text: string, emit: Emit): Promise<RunEnd> {
  const refuse = (cause: Cause): RunEnd => {
    emit({type: 'refused', ...cause});
    return {outcome: 'refused', exitCode: 2};
  };
  const {catalog, memory, connected} = await recall(program, emit);
  const now = program.clock.now().toISOString();
  const found = findVolumes(listKnown(memory, connected, now), text);
  const [volume] = found;
  if (volume === undefined) return refuse(unknownVolume(text));
  if (found.length > 1)
    return refuse(
      ambiguousVolume(
        text,
        found.map(({id}) => id),
      ),
    );
  if (volume.path !== null) return refuse(stillConnected(volume.name, volume.path));
  if (catalog === null) return refuse(unknownVolume(text));
  // A clock that was set back must not leave what is recorded already after the forgetting.
  const at = volume.asOf > now ? volume.asOf : now;
  const forgotten = await catalog.forgetVolume(volume.id, at);
  if (!forgotten.ok) return refuse(forgotten.cause);
  emit({type: 'noticed', level: 'info', ...forgottenCause(volume)});
  return {outcome: 'complete', exitCode: 0};
}

/** An id names one; a volume that is connected twice is told as connected. */
function findVolumes(known: readonly KnownVolume[], text: string): readonly KnownVolume[] {
  const byId = known.filter(({id}) => id === text.toLowerCase() || id === text);
  return byId.length > 0 ? byId.slice(0, 1) : known.filter(({name}) => name === text);
}

const forgottenCause = ({name, id}: KnownVolume): Cause => ({
  code: 'volume-forgotten',
  message: `${name} (${id}) is forgotten: its copies are not counted any more, and nothing on it was touched`,
  next: 'Connect it and run offload status to have it back.',
});
