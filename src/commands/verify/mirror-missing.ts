/** Copies of a shoot that are not there, or not as they were, in a folder that a mirror writes into. */
import type {CheckedCopy} from '../../../verify/verify-shoot.ts';
import {copiesHere} from '../../../verify/verify-shoot.ts';
import type {Change} from '../../core/verify/judge-change.ts';
import type {FoundManifest} from '../../system/shoot-records.ts';
import type {Program} from '../program.ts';
import {findFollowed, findOutdated, type KnownPlace, type MissingPlace} from './mirror-followed.ts';
import {below, type Governing} from './mirrors.ts';

/** A copy that is not there or was changed, and the record that names it. */
export interface DoubtfulCopy {
  readonly copy: CheckedCopy;
  readonly change: Change | undefined;
  readonly by: FoundManifest;
}

/** @returns those that the photographer let go or replaced; with the moment (ISO 8601, UTC) those of which only the catalog knows it. */
export async function findLetGo(
  program: Program,
  mirrors: readonly Governing[],
  doubtful: readonly DoubtfulCopy[],
): Promise<ReadonlyMap<CheckedCopy, string | null>> {
  const letGo = new Map<CheckedCopy, string | null>();
  for (const {mirror, placeOf} of mirrors) {
    const known = new Map<FoundManifest, boolean>();
    const recorded: (KnownPlace & {readonly copy: CheckedCopy})[] = [];
    const missing: (MissingPlace & {readonly copy: CheckedCopy})[] = [];
    for (const {copy, by} of doubtful) {
      const place = placeOf(copy.target);
      const record = mirror.index.find(place);
      if (record !== undefined) recorded.push({copy, place, hash: record.hash});
      if (record !== undefined || copy.state.kind !== 'missing') continue;
      const isOfMirror = known.get(by) ?? knows({mirror, placeOf}, by);
      known.set(by, isOfMirror);
      const sinceMs = Date.parse(by.manifest.endedAt);
      missing.push({copy, place, hash: copy.file.blake3, sinceMs, isOfMirror});
    }
    for (const {copy} of await findOutdated(program, mirror, recorded)) letGo.set(copy, null);
    const isMirrored = ({copy}: {readonly copy: CheckedCopy}) =>
      mirrors.some((one) => one.mirror.index.find(one.placeOf(copy.target)) !== undefined);
    const unknown = missing.filter((one) => !isMirrored(one));
    for (const [{copy}, at] of await findFollowed(program, mirror, unknown)) letGo.set(copy, at);
  }
  return letGo;
}

/** A shoot that was never on the working drive is unknown to the mirror: what is missing in it was not let go. */
function knows({mirror, placeOf}: Governing, {path, manifest}: FoundManifest): boolean {
  const own = below(mirror.folder, path);
  if (own !== undefined && mirror.index.find(own) !== undefined) return true;
  return copiesHere(manifest).some(({target}) => mirror.index.find(placeOf(target)) !== undefined);
}
