/** What a card is called: for people, for records, and in the shoot. */
import {basename} from 'node:path';
import type {CardRef} from '../../core/card.ts';
import {safeFolderName} from '../../core/safe-folder-name.ts';
import type {Capture} from '../../system/capture-reader.ts';
import type {UserFolder} from '../resolve-folder.ts';

type NamedFolder = Pick<UserFolder, 'path' | 'real' | 'volume'>;

/** A volume's label, or the folder's name. */
export function labelOf({path, real, volume}: NamedFolder): string {
  const isVolume = volume.mountPoint === real;
  const name = basename(path.replace(/[/\\]+$/, ''));
  return (isVolume ? volume.label : null) ?? (name === '' ? path : name);
}

/** A volume has its file system's id and size; a folder has its path. */
export function cardIdOf({real, volume}: NamedFolder): string {
  const isVolume = volume.mountPoint === real && volume.uuid !== null;
  return isVolume ? `volume:${volume.uuid}:${volume.size ?? ''}` : `folder:${real}`;
}

/** The label, or where a label says nothing the camera's model (design, section 6). */
export async function folderNameOf(
  {label}: CardRef,
  capture: Promise<Capture | undefined>,
): Promise<string> {
  const saysNothing = /^(?:untitled|no name|[a-z]:?\\?|)$/i.test(label.trim());
  const model = saysNothing ? (await capture)?.model : undefined;
  return safeFolderName(model === undefined || model === '' ? label : model);
}

/** @param owners folders that are taken, with the ids of the cards that have them. @returns the name, or the first free one with a number behind it. */
export function chooseFolder(
  name: string,
  id: string,
  owners: ReadonlyMap<string, string>,
): string {
  const free = (folder: string) => (owners.get(folder) ?? id) === id;
  for (let number = 1; ; number++) {
    const folder = number === 1 ? name : `${name}-${number}`;
    if (free(folder)) return folder;
  }
}
