/** Folders that mirrors write into. */
import {join} from 'node:path';
import {ARCHIVE_FOLDER} from '../../core/backup/mirror-tree.ts';
import {errnoOf} from '../../core/cause.ts';
import {RECORD_FOLDER} from '../../core/place-files.ts';
import type {Program} from '../program.ts';
import {type MirrorStates, openMirrorStates} from './mirror-states.ts';

/** A target folder lies at the root of its drive, or a folder or two below. */
const DEPTH = 3;

/** @param root absolute, without links. @returns what lies in it and below, with the states that were found. */
export async function* findTargets(program: Program, root: string): AsyncGenerator<MirrorStates> {
  let level = [root];
  for (let depth = 0; depth < DEPTH && level.length > 0; depth++) {
    const below: string[] = [];
    for (const folder of level) {
      const mirror = await findMirror(program, folder);
      if (mirror !== undefined) yield mirror;
      else below.push(...(await listFolders(program, folder)));
    }
    level = below;
  }
}

/** @returns undefined where no mirror has left anything, or nothing of it can be read. */
export async function findMirror(
  program: Program,
  folder: string,
): Promise<MirrorStates | undefined> {
  try {
    return await openMirrorStates(program, folder);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

async function listFolders({files}: Program, folder: string): Promise<readonly string[]> {
  try {
    const entries = await files.lookAll(folder);
    return entries.flatMap(({name, facts}) =>
      facts?.kind === 'folder' &&
      !name.startsWith('.') &&
      name !== ARCHIVE_FOLDER &&
      name !== RECORD_FOLDER
        ? join(folder, name)
        : [],
    );
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
}
