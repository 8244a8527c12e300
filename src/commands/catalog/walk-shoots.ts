/** Shoots below a folder one by one: the records of a whole volume do not fit into memory at once. */
import {dirname, join} from 'node:path';
import {causeFrom, errnoOf} from '../../core/cause.ts';
import {RECORD_FOLDER} from '../../core/place-files.ts';
import {readShootRecords, type ShootRecords} from '../../system/shoot-records.ts';
import type {Program} from '../program.ts';

/** As `find-records.ts` has it: shoots lie at the root of a destination, which may be a folder or two below the volume's root. */
const DEPTH = 4;

/** The records of a shoot, and where it lies. */
export interface WalkedShoot extends ShootRecords {
  /** Absolute. */
  readonly shoot: string;
}

/** @param path absolute. The shoot around it counts too. Folders that begin with a dot, and links, are passed over. */
export async function* walkShoots(program: Program, path: string): AsyncGenerator<WalkedShoot> {
  const around = await findShootAround(program, path);
  if (around !== undefined) {
    yield around;
    return;
  }
  let level = [path];
  for (let depth = 0; depth < DEPTH && level.length > 0; depth += 1) {
    const below: string[] = [];
    for (const folder of level) {
      const folders = await listFolders(program, folder);
      const records = folders.includes(RECORD_FOLDER) ? await read(program, folder) : undefined;
      if (records !== undefined && isShoot(records)) yield {...records, shoot: folder};
      else below.push(...folders.map((name) => join(folder, name)));
    }
    level = below;
  }
}

async function findShootAround(program: Program, path: string): Promise<WalkedShoot | undefined> {
  for (let place = path; ; place = dirname(place)) {
    if (await isFolder(program.files, join(place, RECORD_FOLDER))) {
      const records = await read(program, place);
      if (isShoot(records)) return {...records, shoot: place};
    }
    if (place === dirname(place)) return undefined;
  }
}

const read = ({files, hashOfText}: Program, shoot: string): Promise<ShootRecords> =>
  readShootRecords(files, shoot, hashOfText);

/** A folder of that name without records is somebody's own. */
const isShoot = ({manifests, journals, problems}: ShootRecords): boolean =>
  manifests.length + journals.length + problems.length > 0;

async function listFolders({files}: Program, folder: string): Promise<readonly string[]> {
  try {
    const names = await files.list(folder);
    const folders: string[] = [];
    for (const name of names) {
      if (name.startsWith('.')) continue;
      if (await isFolder(files, join(folder, name))) folders.push(name);
    }
    return folders.sort();
  } catch (error) {
    // Only system errors: what cannot be listed has no shoots.
    causeFrom(error, 'listing', folder);
    return [];
  }
}

async function isFolder(files: Program['files'], path: string): Promise<boolean> {
  try {
    return (await files.look(path)).kind === 'folder';
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}
