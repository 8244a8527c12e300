import {relative, sep} from 'node:path';
import type {VolumeFolder} from '../../core/backup/backup-job.ts';
import type {JobsFile} from '../../core/backup/jobs/jobs-file.ts';
import {failed, ok, type Result} from '../../core/cause.ts';
import type {ConnectedVolume} from '../../core/volumes/known-volumes.ts';
import {findMarker} from '../../system/volume-marker.ts';
import type {Program} from '../program.ts';
import {resolveFolder, type UserFolder} from '../resolve-folder.ts';
import {findConnected, identify} from '../volumes/find-connected.ts';
import {doubtCause} from '../volumes/volume-causes.ts';
import {unmarked} from './backup-causes.ts';

/** A folder that the user named, as it is known on any computer. */
export interface VolumePlace {
  readonly place: VolumeFolder;
  readonly volume: ConnectedVolume;
  readonly folder: UserFolder;
}

/** @returns the volume of a path and the folder on it; or why it can be in no job: not there, without a marker, or in doubt. */
export async function placeOnVolume(
  program: Program,
  {
    path,
    what,
    jobs,
  }: {readonly path: string; readonly what: 'source' | 'target'; readonly jobs: JobsFile},
): Promise<Result<VolumePlace>> {
  const resolved = await resolveFolder(program, path, what);
  if (!resolved.ok) return resolved;
  const folder = resolved.value;
  const found = await findMarker(program.files, folder.real, folder.volume);
  if (found === undefined) return failed(unmarked(folder.path, what));
  const places = Object.values(jobs.volumes).map((one) => one.path);
  const connected = await findConnected(program, [...places, folder.real]);
  const key = await identify(program, found.folder);
  for (const volume of connected) {
    if ((await identify(program, volume.folder)) !== key) continue;
    const doubt = doubtCause(volume, connected);
    if (doubt !== undefined) return failed(doubt);
    const below = relative(found.folder, folder.real).split(sep).join('/');
    return ok({place: {volume: volume.id, folder: below}, volume, folder});
  }
  return failed(unmarked(folder.path, what));
}
