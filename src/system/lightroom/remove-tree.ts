import {join} from 'node:path';
import {errnoOf} from '../../core/cause.ts';
import type {Files} from '../files.ts';

/** Removes a folder of this program's own with all that is in it; links are removed, not followed. @throws the system's error. */
export async function removeTree(files: Files, folder: string): Promise<void> {
  for (const name of await files.list(folder)) {
    const path = join(folder, name);
    if ((await files.look(path)).kind === 'folder') await removeTree(files, path);
    else await files.removeFile(path);
  }
  await files.removeFolder(folder);
}

/** The same; what is not there or cannot be removed stays for the next run. */
export async function removeTreeQuietly(files: Files, folder: string): Promise<void> {
  try {
    await removeTree(files, folder);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}
