/** Archives whose days are over are removed: whole folders of runs, and nothing that lies on another file system. */
import {join} from 'node:path';
import {ARCHIVE_FOLDER} from '../core/backup/mirror-tree.ts';
import {judgePurge} from '../core/backup/run-moment.ts';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../core/cause.ts';
import type {Files} from '../system/files.ts';

export interface Purge {
  readonly files: Files;
  /** Target folder, absolute. */
  readonly root: string;
  /** Number of the target's file system. */
  readonly device: bigint;
  readonly nowMs: number;
  /** Of the runs that the state knows. */
  readonly newestRun: string | null;
  readonly graceDays: number;
  readonly signal: AbortSignal;
}

export interface PurgeSearch {
  /** Below the target folder, oldest first. */
  readonly due: readonly string[];
  /** Why nothing is removed though there may be something due. */
  readonly problem: Cause | undefined;
}

/** @returns the archives that are due. Nothing is removed yet. */
export async function findDue(purge: Purge): Promise<PurgeSearch> {
  const {files, root, device, nowMs, newestRun, graceDays} = purge;
  const folder = join(root, ARCHIVE_FOLDER);
  let archives: readonly string[];
  try {
    const facts = await files.look(folder);
    // A link or a mount in its place leads to somebody else's files.
    if (facts.kind !== 'folder' || facts.device !== device) return {due: [], problem: undefined};
    archives = await files.list(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return {due: [], problem: undefined};
    return {due: [], problem: causeFrom(error, 'looking into the archive', folder)};
  }
  const {due, clock} = judgePurge({archives, nowMs, newestRun, graceDays});
  const places = due.map((name) => `${ARCHIVE_FOLDER}/${name}`);
  return {due: places, problem: clock === 'good' ? undefined : WRONG_CLOCK[clock]};
}

/** @returns bytes of the files of an archive. */
export async function measureArchive(purge: Purge, place: string): Promise<Result<number>> {
  return await visit(purge, place, {removes: false});
}

/**
 * Removes one archive. Links in it are removed and not followed.
 * @returns bytes of the files that it held. Where it fails, what is left is removed by a later run.
 */
export async function removeArchive(purge: Purge, place: string): Promise<Result<number>> {
  return await visit(purge, place, {removes: true});
}

async function visit(
  purge: Purge,
  place: string,
  {removes}: {readonly removes: boolean},
): Promise<Result<number>> {
  const path = join(purge.root, place);
  try {
    const facts = await purge.files.look(path);
    // A file with the name of a run is nobody's archive.
    if (facts.kind !== 'folder') return failed(notAnArchive(path));
    const bytes = await visitFolder(purge, path, removes);
    if (removes) await purge.files.syncFolder(join(purge.root, ARCHIVE_FOLDER));
    return ok(bytes);
  } catch (error) {
    return failed(causeFrom(error, 'removing an archive whose days are over', path));
  }
}

async function visitFolder(purge: Purge, folder: string, removes: boolean): Promise<number> {
  const {files, device, signal} = purge;
  if ((await files.look(folder)).device !== device) throw otherDevice(folder);
  let bytes = 0;
  for (const name of await files.list(folder)) {
    if (signal.aborted) throw stopped(folder);
    const path = join(folder, name);
    const facts = await files.look(path);
    if (facts.kind === 'folder') bytes += await visitFolder(purge, path, removes);
    else {
      if (facts.device !== device) throw otherDevice(path);
      if (facts.kind === 'file') bytes += facts.size;
      if (removes) await files.removeFile(path);
    }
  }
  if (removes) await files.removeFolder(folder);
  return bytes;
}

const otherDevice = (path: string) => Object.assign(new Error(`EXDEV: ${path}`), {code: 'EXDEV'});
const stopped = (path: string) =>
  Object.assign(new Error(`ECANCELED: ${path}`), {code: 'ECANCELED'});

const notAnArchive = (path: string): Cause => ({
  code: 'not-an-archive',
  path,
  message: 'it has the name of a run and is no folder',
  next: 'Look what it is, and move it away.',
});

const WRONG_CLOCK: Readonly<Record<'set-back' | 'far-ahead', Cause>> = {
  'set-back': {
    code: 'clock-set-back',
    message:
      'the clock is earlier than the newest run on this target: nothing is removed from its archive',
    next: 'Set the clock of this computer right. If it is right, it was ahead in an earlier run: what was archived since stays until that date.',
  },
  'far-ahead': {
    code: 'clock-far-ahead',
    message:
      'the last run on this target is more than a year ago by the clock: nothing is removed from its archive in this run',
    next: 'Check the clock of this computer. If it is right, the next run removes what is due.',
  },
};
