/** The snapshots that lie in a folder of a drive. */
import {join} from 'node:path';
import {errnoOf} from '../../core/cause.ts';
import {chooseRemovals, isSnapshotName, sortGenerations} from '../../core/lightroom/generations.ts';
import {
  CHECKSUMS_NAME,
  parseRecord,
  RECORD_NAME,
  type SnapshotRecord,
} from '../../core/lightroom/snapshot-record.ts';
import type {Files} from '../../system/files.ts';
import {removeTree, removeTreeQuietly} from '../../system/lightroom/remove-tree.ts';
import {readText} from '../../system/read-text.ts';

/** Bytes: a hundred thousand smart previews have a record of 30 MB. */
const LONGEST_RECORD = 256 * 1024 * 1024;

/** What is being written, and what is being removed: never a snapshot. */
const PART = /^\.offload-lightroom-[a-z0-9]+\.part$/;

/** A probe of the drive, and locks of dead runs that were put aside (`src/engine/folder-lock.ts`): files. */
const LITTER = /^\.offload-(?:probe-[a-z0-9]+\.part|lock\.stale-.*)$/;

export const namePart = (word: string): string => `.offload-lightroom-${word}.part`;

/** @returns the record of a snapshot; undefined for a folder that is none. @throws the system's error. */
export async function readRecord(
  files: Files,
  folder: string,
): Promise<SnapshotRecord | undefined> {
  const path = join(folder, RECORD_NAME);
  try {
    const {kind, size} = await files.look(path);
    if (kind !== 'file' || size > LONGEST_RECORD) return undefined;
    return parseRecord(await readText(files, path));
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw error;
    return undefined;
  }
}

/**
 * @param folder `_lightroom/<catalog>` of a drive, absolute.
 * @param job id of the job whose snapshots are meant; undefined for any.
 * @returns newest first; none where there is no folder. @throws the system's error.
 */
export async function listSnapshots(
  files: Files,
  folder: string,
  job?: string,
): Promise<readonly SnapshotRecord[]> {
  const records: SnapshotRecord[] = [];
  for (const name of await listIfThere(files, folder)) {
    if (!isSnapshotName(name)) continue;
    const record = await readRecord(files, join(folder, name));
    // A copy of a snapshot under another name is not ours.
    if (record === undefined || record.name !== name) continue;
    if (job === undefined || record.job.id === job) records.push(record);
  }
  return sortGenerations(records);
}

/** @param folder with the snapshots, absolute. @returns false when a file of a snapshot is not there, or has another size: then it keeps nothing any more. @throws the system's error. */
export async function isWhole(
  files: Files,
  folder: string,
  {name, files: own}: SnapshotRecord,
): Promise<boolean> {
  for (const {path, size} of own) {
    try {
      const facts = await files.look(join(folder, name, ...path.split('/')));
      if (facts.kind !== 'file' || facts.size !== size) return false;
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw error;
      return false;
    }
  }
  return true;
}

export async function listIfThere(files: Files, folder: string): Promise<readonly string[]> {
  try {
    return await files.list(folder);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw error;
    return [];
  }
}

/** Removes what a run that died left. The folder must be locked. @throws the system's error. */
export async function sweepParts(files: Files, folder: string): Promise<void> {
  for (const name of await listIfThere(files, folder)) {
    const path = join(folder, name);
    if (PART.test(name)) await removeTreeQuietly(files, path);
    else if (LITTER.test(name) && (await files.look(path)).kind === 'file')
      await files.removeFile(path);
  }
}

export interface Pruned {
  readonly removed: readonly string[];
  /** Absolute paths of old ones that stay, because something lies in them that is not of them. */
  readonly stayed: readonly string[];
}

/**
 * Removes the snapshots of a job that are no longer to be kept: in one step out of the snapshots, then file by file. The folder must be locked, and the newest one proved.
 * @throws the system's error: what is out of the snapshots by then is removed by the next run.
 */
export async function pruneSnapshots(
  files: Files,
  {
    folder,
    records,
    newWord,
  }: {
    readonly folder: string;
    readonly records: readonly SnapshotRecord[];
    readonly newWord: () => string;
  },
): Promise<Pruned> {
  const removed: string[] = [];
  const stayed: string[] = [];
  for (const record of chooseRemovals(records)) {
    const path = join(folder, record.name);
    if (await hasStrangers(files, path, record)) {
      stayed.push(path);
      continue;
    }
    const aside = join(folder, namePart(newWord()));
    await files.replace(path, aside);
    await files.syncFolder(folder);
    removed.push(record.name);
    await removeTree(files, aside);
  }
  return {removed, stayed};
}

/** True when anything lies there that the record does not name. */
async function hasStrangers(
  files: Files,
  folder: string,
  {files: own}: SnapshotRecord,
): Promise<boolean> {
  const known = new Set([RECORD_NAME, CHECKSUMS_NAME, ...own.map(({path}) => path)]);
  const look = async (below: string): Promise<boolean> => {
    for (const name of await files.list(join(folder, below))) {
      const path = below === '' ? name : `${below}/${name}`;
      const {kind} = await files.look(join(folder, path));
      if (kind === 'folder' ? await look(path) : !known.has(path)) return true;
    }
    return false;
  };
  return await look('');
}
