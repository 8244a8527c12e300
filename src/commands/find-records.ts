import {basename, dirname, join} from 'node:path';
import {isArchiveOfRun} from '../core/archive-folder.ts';
import {type Cause, causeFrom, errnoOf} from '../core/cause.ts';
import {RECORD_FOLDER} from '../core/place-files.ts';
import {type FoundManifest, readShootRecords} from '../system/shoot-records.ts';
import type {Program} from './program.ts';

/** The records of one shoot on one drive. */
export interface RecordedShoot {
  /** The shoot folder, absolute. */
  readonly shoot: string;
  readonly manifests: readonly FoundManifest[];
  /** Offloads that were interrupted here. */
  readonly unfinished: number;
  readonly problems: readonly Cause[];
}

/** Shoots lie at the root of a destination, which may itself be a folder or two below the volume's root. */
const DEPTH = 4;

/**
 * Finds the shoots below a folder, the folder itself and the shoot around it included.
 * @param path absolute.
 */
export async function findRecordedShoots(
  program: Program,
  path: string,
): Promise<readonly RecordedShoot[]> {
  const around = await findShootAround(program, path);
  if (around !== undefined) return [around];
  const shoots: RecordedShoot[] = [];
  let level = [path];
  for (let depth = 0; depth < DEPTH && level.length > 0; depth++) {
    const below: string[] = [];
    for (const folder of level) {
      const folders = await listFolders(program, folder);
      const shoot = folders.includes(RECORD_FOLDER) ? await readShoot(program, folder) : undefined;
      if (shoot !== undefined && hasRecords(shoot)) shoots.push(shoot);
      else below.push(...folders.map((name) => join(folder, name)));
    }
    level = below;
  }
  return shoots;
}

/** The path itself, or the nearest folder above it, that holds records; undefined when none does. */
export async function findShootAround(
  program: Program,
  path: string,
): Promise<RecordedShoot | undefined> {
  for (let place = path; ; place = dirname(place)) {
    if ((await kindOf(program.files, join(place, RECORD_FOLDER))) === 'folder') {
      const shoot = await readShoot(program, place);
      if (hasRecords(shoot)) return shoot;
    }
    if (place === dirname(place)) return undefined;
  }
}

/** A folder of that name without records is somebody's own: a shoot may be called so, and others lie beside it. */
const hasRecords = ({manifests, unfinished, problems}: RecordedShoot) =>
  manifests.length + unfinished + problems.length > 0;

async function readShoot({files, hashOfText}: Program, shoot: string): Promise<RecordedShoot> {
  const {manifests, journals, problems} = await readShootRecords(files, shoot, hashOfText);
  return {shoot, manifests, unfinished: journals.length, problems};
}

/** Folders only, links not followed; what cannot be listed has none. What a mirror put into its archive is purged one day: no copy there counts. */
async function listFolders({files}: Program, folder: string): Promise<readonly string[]> {
  try {
    const names = await files.list(folder);
    const kinds = await Promise.all(names.map((name) => kindOf(files, join(folder, name))));
    return names.filter(
      (name, index) =>
        kinds[index] === 'folder' &&
        (name === RECORD_FOLDER || !name.startsWith('.')) &&
        !isArchiveOfRun(basename(folder), name),
    );
  } catch (error) {
    causeFrom(error, 'listing', folder);
    return [];
  }
}

async function kindOf(files: Program['files'], path: string) {
  try {
    return (await files.look(path)).kind;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return 'special';
  }
}
