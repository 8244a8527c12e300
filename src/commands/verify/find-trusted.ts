import {findMarker} from '../../system/volume-marker.ts';
import type {Program} from '../program.ts';
import {findConnected, identify} from '../volumes/find-connected.ts';

/** A volume that is what its marker says: what is found out about it may be remembered. */
export interface TrustedVolume {
  /** Id from its marker. */
  readonly id: string;
  readonly name: string;
  /** Where the marker lies, absolute. */
  readonly folder: string;
}

/** @returns the volume around a folder; undefined when it has no marker, and for clones and drives that were formatted anew. */
export async function findTrusted(
  program: Program,
  folder: string,
): Promise<TrustedVolume | undefined> {
  const found = await findMarker(program.files, folder, await program.describeVolume(folder));
  if (found === undefined) return undefined;
  const connected = await findConnected(program, [found.folder]);
  const place = await identify(program, found.folder);
  for (const {id, name, folder: other, trust} of connected) {
    if (id !== found.marker.id || trust !== 'fits') continue;
    if ((await identify(program, other)) === place) return {id, name, folder: found.folder};
  }
  return undefined;
}

/** The same for many folders: the volumes of the computer are asked once for each marker. */
export function rememberTrusted(
  program: Program,
): (folder: string) => Promise<TrustedVolume | undefined> {
  const asked = new Map<string, Promise<TrustedVolume | undefined>>();
  return async (folder) => {
    const volume = await program.describeVolume(folder);
    const found = await findMarker(program.files, folder, volume);
    if (found === undefined) return undefined;
    const known = asked.get(found.folder) ?? findTrusted(program, found.folder);
    asked.set(found.folder, known);
    return await known;
  };
}
