import {relative} from 'node:path';
import type {Destination} from '../../engine/destination.ts';
import type {Files} from '../../system/files.ts';
import {findMarker} from '../../system/volume-marker.ts';

/** @returns the id by which records name a destination on a volume that is marked already: the volume's, with the folder where it is not the folder of the marker. */
export async function findVolumeId(
  files: Files,
  {to, volume}: Destination,
): Promise<string | undefined> {
  const found = await findMarker(files, to, volume);
  return found && volumeIdOf(found.marker.id, {to, folder: found.folder});
}

/** @param folder where the marker lies. */
export function volumeIdOf(id: string, {to, folder}: {to: string; folder: string}): string {
  const below = relative(folder, to);
  return below === '' ? id : `${id}:${below}`;
}
