/** What the drives of a set say of themselves: a marker, the role off-site, and the place where they are kept. */
import {failed, ok, type Result} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {findMarker} from '../../system/volume-marker.ts';
import type {RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {resolveFolder} from '../resolve-folder.ts';
import {changeVolume} from '../volumes/index.ts';
import {hasRole} from './offsite-causes.ts';

/** @returns the targets whose drives have no marker yet; why one of the others cannot be in a set. */
export async function findBare(
  program: Program,
  paths: readonly string[],
): Promise<Result<readonly string[]>> {
  const bare: string[] = [];
  for (const path of paths) {
    const folder = await resolveFolder(program, path, 'target');
    if (!folder.ok) return folder;
    const found = await findMarker(program.files, folder.value.real, folder.value.volume);
    if (found === undefined) bare.push(path);
    const role = found?.marker.role ?? null;
    if (role === 'working' || role === 'backup')
      return failed(hasRole(folder.value.path, found?.marker.name ?? path, role));
  }
  return ok(bare);
}

export const giveRole = async (program: Program, path: string, emit: Emit): Promise<RunEnd> =>
  await changeVolume(program, {path, change: {kind: 'role', role: 'off-site'}}, quietly(emit));

/** The set is told, not each of its drives twice. */
const quietly =
  (emit: Emit): Emit =>
  (event) => {
    if (event.type !== 'volume-known') emit(event);
  };

/** Nothing is refused any more: the set is there. */
const warning =
  (emit: Emit): Emit =>
  (event) =>
    emit(event.type === 'refused' ? {...event, type: 'noticed', level: 'warning'} : event);

interface Marks {
  readonly roles: readonly string[];
  readonly places: readonly string[];
  /** Empty: taken away; null: left as it is. */
  readonly place: string | null;
}

/** @returns what went wrong first: the job is there all the same. */
export async function markAll(
  program: Program,
  {roles, places, place}: Marks,
  emit: Emit,
): Promise<RunEnd | undefined> {
  const ends: RunEnd[] = [];
  const tell = warning(emit);
  for (const path of roles) ends.push(await giveRole(program, path, tell));
  for (const path of places) {
    if (place === null) break;
    ends.push(await changeVolume(program, {path, change: {kind: 'place', place}}, quietly(tell)));
  }
  const isGood = ends.every(({exitCode}) => exitCode === 0);
  return isGood ? undefined : {outcome: 'complete', exitCode: 1};
}
