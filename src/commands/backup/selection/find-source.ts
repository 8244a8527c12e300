/** Where the source of a job and its catalog are now. */
import {basename, join, relative, sep} from 'node:path';
import type {CatalogPlace, VolumeFolder} from '../../../core/backup/backup-job.ts';
import {causeFrom, failed, ok, type Result} from '../../../core/cause.ts';
import {isInside} from '../../../core/drive-paths.ts';
import type {SourcePlace} from '../../../core/selection/catalog-folders.ts';
import type {ConnectedVolume} from '../../../core/volumes/known-volumes.ts';
import type {Program} from '../../program.ts';
import {catalogAway} from './selection-causes.ts';

/** @param folder of the source, absolute, without links. @returns it as a catalog may know it. */
export function describeSource(
  {pathPlatform: platform}: Pick<Program, 'pathPlatform'>,
  {volume, name, folder: marked}: ConnectedVolume,
  folder: string,
): SourcePlace {
  const {mountPoint, label} = volume;
  const isMounted = isInside({parent: mountPoint, child: folder, platform}) !== 'outside';
  const roots = isMounted ? [mountPoint, marked] : [marked];
  const below = roots.map((root) => relative(root, folder).split(sep).join('/'));
  const names = [label, name, basename(mountPoint)].flatMap((one) =>
    one === null || one === '' ? [] : [one],
  );
  return {
    folder: folder.split(sep).join('/'),
    below: [...new Set(below)],
    names: [...new Set(names)],
  };
}

/** @returns the catalog's path, absolute; `catalog-away` when its drive is not connected. */
export function findCatalog(
  {volume, path}: CatalogPlace,
  connected: readonly ConnectedVolume[],
): Result<string> {
  if (volume === null) return ok(path);
  const found = connected.find(({id, trust}) => id === volume && trust === 'fits');
  return found === undefined
    ? failed(catalogAway(path))
    : ok(join(found.folder, ...path.split('/')));
}

/** @returns the folder of a job on its connected volume, absolute, without links. */
export async function resolveSource(
  {files}: Pick<Program, 'files'>,
  volume: ConnectedVolume,
  {folder}: VolumeFolder,
): Promise<Result<string>> {
  const path = join(volume.folder, ...folder.split('/'));
  try {
    return ok(await files.resolve(path));
  } catch (error) {
    return failed(causeFrom(error, 'looking at the source', path));
  }
}
