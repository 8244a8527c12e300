/** Copies of a shoot that are not there, in a folder that a mirror writes into. */
import type {CheckedCopy} from '../../../verify/verify-shoot.ts';
import {copiesHere} from '../../../verify/verify-shoot.ts';
import type {FoundManifest} from '../../system/shoot-records.ts';
import type {Program} from '../program.ts';
import {findFollowed} from './mirror-followed.ts';
import {below, type Governing} from './mirrors.ts';

/** A copy that is not there, and the record that names it. */
export interface MissingCopy {
  readonly copy: CheckedCopy;
  readonly by: FoundManifest;
}

/** True when a mirror says that a file is there: then nobody let it go. */
export const isMirrored = (mirrors: readonly Governing[], target: string): boolean =>
  mirrors.some(({mirror, placeOf}) => mirror.index.find(placeOf(target)) !== undefined);

/** @returns those that the photographer let go. @param shoot absolute. */
export async function findLetGo(
  program: Program,
  mirrors: readonly Governing[],
  missing: readonly MissingCopy[],
): Promise<ReadonlySet<CheckedCopy>> {
  const letGo = new Set<CheckedCopy>();
  for (const {mirror, placeOf} of mirrors) {
    const known = new Map<FoundManifest, boolean>();
    const places = missing.map(({copy, by}) => {
      const isOfMirror = known.get(by) ?? knows({mirror, placeOf}, by);
      known.set(by, isOfMirror);
      const {file, target} = copy;
      const sinceMs = Date.parse(by.manifest.endedAt);
      return {copy, place: placeOf(target), hash: file.blake3, sinceMs, isOfMirror};
    });
    for (const {copy} of await findFollowed(program, mirror, places)) letGo.add(copy);
  }
  return letGo;
}

/** A shoot that was never on the working drive is unknown to the mirror: what is missing in it was not let go. */
function knows({mirror, placeOf}: Governing, {path, manifest}: FoundManifest): boolean {
  const own = below(mirror.folder, path);
  if (own !== undefined && mirror.index.find(own) !== undefined) return true;
  return copiesHere(manifest).some(({target}) => mirror.index.find(placeOf(target)) !== undefined);
}
