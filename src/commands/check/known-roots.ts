import {failed, ok, type Result} from '../../core/cause.ts';
import {findMarker} from '../../system/volume-marker.ts';
import {findOverlap} from '../offload/refuse-overlaps.ts';
import type {Program} from '../program.ts';
import {resolveFolder, type UserFolder} from '../resolve-folder.ts';
import {recallFolders} from './recall-copies.ts';

/**
 * Where copies of a card may be: the folders that the user named, or else every connected volume that carries offload's marker at its root, and the marked folders that the catalog remembers.
 * @returns the folders, or why they cannot be used.
 */
export async function findKnownRoots(
  program: Program,
  named: readonly string[],
  card: UserFolder,
): Promise<Result<readonly UserFolder[]>> {
  const texts = named.length > 0 ? named : await findMarkedVolumes(program);
  const roots: UserFolder[] = [];
  for (const text of texts) {
    const folder = await resolveFolder(program, text, 'destination');
    if (!folder.ok) return folder;
    roots.push(folder.value);
  }
  if (named.length === 0) await addRecalled(program, roots, card);
  if (roots.length === 0) {
    return failed({
      code: 'no-drives',
      message: 'no connected drive has been used by offload before',
      next: 'Plug the drives in, or name them with --to.',
    });
  }
  const overlap = findOverlap(program, {cards: [card], destinations: roots});
  return overlap === undefined ? ok(roots) : failed(overlap);
}

/** Nobody named them: what cannot be used beside the card and the others is left out. */
async function addRecalled(program: Program, roots: UserFolder[], card: UserFolder): Promise<void> {
  for (const path of await recallFolders(program)) {
    const folder = await resolveFolder(program, path, 'drive');
    if (!folder.ok) continue;
    const destinations = [...roots, folder.value];
    if (findOverlap(program, {cards: [card], destinations}) === undefined) roots.push(folder.value);
  }
}

/** @returns the roots of connected volumes that carry offload's marker. */
export async function findMarkedVolumes({files, listVolumes}: Program): Promise<readonly string[]> {
  const marked: string[] = [];
  for (const volume of await listVolumes()) {
    const found = await findMarker(files, volume.mountPoint, volume);
    if (found !== undefined) marked.push(volume.mountPoint);
  }
  return marked;
}
