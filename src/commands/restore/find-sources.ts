import {errnoOf, failed, ok, type Result} from '../../core/cause.ts';
import {isInside} from '../../core/drive-paths.ts';
import {findMarker} from '../../system/volume-marker.ts';
import {findMarkedVolumes} from '../check/known-roots.ts';
import type {Program} from '../program.ts';
import {resolveFolder, type UserFolder} from '../resolve-folder.ts';

/** A folder in which records and copies are looked for. */
export interface Source {
  readonly folder: UserFolder;
  /** Id of its volume's marker; undefined where it has none. */
  readonly volume: string | undefined;
}

/**
 * @param named the folders of `--from`; none: every connected volume with offload's marker at its root, and the folders that the catalog knows and whose marker is still there.
 * @returns where copies may be; none is no error, because what is missing is told file by file.
 */
export async function findSources(
  program: Program,
  named: readonly string[],
): Promise<Result<readonly Source[]>> {
  const sources: Source[] = [];
  for (const text of named.length > 0 ? named : await findMarkedVolumes(program)) {
    const folder = await resolveFolder(program, text, 'source');
    // A volume that went away since it was listed is not connected any more.
    if (folder.ok) await addSource(program, sources, folder.value);
    else if (named.length > 0) return failed(folder.cause);
  }
  if (named.length === 0) await addFromCatalog(program, sources);
  return ok(sources);
}

/** On a computer's own disk the marker lies in the destination's folder, where no list of volumes shows it. */
async function addFromCatalog(program: Program, sources: Source[]): Promise<void> {
  const catalog = await program.openCatalog();
  const shoots = catalog.ok ? await catalog.value.listShoots() : catalog;
  // That the catalog does not answer is told when it is asked for the copies.
  if (!shoots.ok) return;
  for (const {volume: id, path} of shoots.value.flatMap(({volumes}) => volumes)) {
    if (sources.some(({volume}) => volume !== undefined && id.startsWith(volume))) continue;
    const marked = await findMarkedFolder(program, path, id);
    if (marked !== undefined) await addSource(program, sources, marked);
  }
}

/** @returns the folder with the marker of that volume, at the path or above it. */
async function findMarkedFolder(
  program: Program,
  path: string,
  id: string,
): Promise<UserFolder | undefined> {
  try {
    const found = await findMarker(program.files, path, await program.describeVolume(path));
    if (found === undefined || !id.startsWith(found.marker.id)) return undefined;
    const folder = await resolveFolder(program, found.folder, 'source');
    return folder.ok ? folder.value : undefined;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

/** A folder in one that is looked through already is not looked through twice. */
async function addSource(
  {files, pathPlatform: platform}: Program,
  sources: Source[],
  folder: UserFolder,
): Promise<void> {
  const isKnown = sources.some(
    (known) =>
      known.folder.device === folder.device &&
      isInside({parent: known.folder.real, child: folder.real, platform}) !== 'outside',
  );
  if (isKnown) return;
  const found = await findMarker(files, folder.real, folder.volume);
  sources.push({folder, volume: found?.marker.id});
}
