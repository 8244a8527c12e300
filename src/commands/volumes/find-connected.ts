import {isAbsolute} from 'node:path';
import {errnoOf} from '../../core/cause.ts';
import type {Volume} from '../../core/drive.ts';
import {type ConnectedVolume, markTwins} from '../../core/volumes/known-volumes.ts';
import {fitMarker} from '../../core/volumes/marker-fit.ts';
import {type FoundMarker, findMarker} from '../../system/volume-marker.ts';
import type {Program} from '../program.ts';

/** A share of another computer: a folder that a record names must not make this one log on there. */
const SHARE = /^(?:\\\\|\/\/)/;

/**
 * Finds connected volumes by their markers: at the root of every mounted volume, and above folders that are named, because on a system's own disk the marker lies in the
 * destination.
 * @param folders absolute; they need not be there.
 */
export async function findConnected(
  program: Program,
  folders: readonly string[] = [],
): Promise<readonly ConnectedVolume[]> {
  const found = new Map<string, ConnectedVolume>();
  const add = async (volume: Volume, folder: string) => {
    const marker = await findMarker(program.files, folder, volume);
    if (marker === undefined) return;
    const key = await identify(program, marker.folder);
    if (key === undefined || found.has(key)) return;
    found.set(key, await describe(program, marker, volume));
  };
  for (const volume of await program.listVolumes()) await add(volume, volume.mountPoint);
  for (const folder of new Set(folders)) {
    if (!isAbsolute(folder) || SHARE.test(folder)) continue;
    if ((await identify(program, folder)) === undefined) continue;
    await add(await program.describeVolume(folder), folder);
  }
  return markTwins([...found.values()]);
}

/** @returns a word that is equal exactly for one folder, through bind mounts too; undefined when it is not there. */
export async function identify({files}: Program, folder: string): Promise<string | undefined> {
  try {
    const {device, inode, kind} = await files.follow(folder);
    if (kind !== 'folder') return undefined;
    return inode === 0n ? folder : `${device}:${inode}`;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

async function describe(
  {files}: Program,
  {marker, folder}: FoundMarker,
  volume: Volume,
): Promise<ConnectedVolume> {
  const {id, name, role, place} = marker;
  let free: number | null = null;
  try {
    free = await files.freeBytes(folder);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
  return {
    id,
    name,
    role,
    place: place ?? null,
    folder,
    volume,
    free,
    trust: fitMarker(marker, volume),
  };
}
