import {dirname, join} from 'node:path';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../core/cause.ts';
import type {FileFacts, Files} from '../system/files.ts';
import {NOTHING_LOST} from './sqlite-faults.ts';

/** What SQLite keeps beside a database and would read again: the write-ahead log before the database, which would be read without it otherwise. */
const PARTS = ['-wal', '-shm', '-journal', ''];

/** Tries for a free name: one would do but for two programs in one millisecond. */
const TRIES = 100;

/**
 * Gives a damaged catalog another name. It is never deleted and replaces nothing.
 * @param seen facts of the file when it was opened: another program may have set it aside and made a new one meanwhile.
 * @returns its new path; null when it is not there any more.
 */
export async function setAside(
  files: Files,
  {path, seen, now}: {readonly path: string; readonly seen: FileFacts | null; readonly now: Date},
): Promise<Result<string | null>> {
  const stamp = now.toISOString().replace(/[-:.]/g, '');
  for (let n = 1; n <= TRIES; n += 1) {
    const name = `catalog-damaged-${stamp}${n === 1 ? '' : `-${n}`}.sqlite`;
    const aside = join(dirname(path), name);
    try {
      const facts = await files.look(path);
      if (seen !== null && facts.inode !== seen.inode) return ok(null);
      if (await isTaken(files, aside)) continue;
      for (const part of PARTS) await moveIfThere(files, path + part, aside + part);
      return ok(aside);
    } catch (error) {
      const code = errnoOf(error);
      if (code === 'ENOENT') return ok(null);
      if (code !== 'EEXIST') return failed(causeFrom(error, 'setting the catalog aside', path));
    }
  }
  return failed(noName(path));
}

async function isTaken(files: Files, path: string): Promise<boolean> {
  try {
    await files.look(path);
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return false;
  }
}

async function moveIfThere(files: Files, from: string, to: string): Promise<void> {
  try {
    await files.publish(from, to);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

const noName = (path: string): Cause => ({
  code: 'EEXIST',
  path,
  message: 'no name is free for the damaged catalog',
  next: 'Move the files catalog-damaged-… out of that folder, then run the same command again.',
});

/** What a person is told when a catalog was set aside. */
export const damagedCause = (path: string, why: string, aside: string | null): Cause => ({
  code: 'catalog-damaged',
  path: aside ?? path,
  message: `the catalog was damaged (${why})${aside === null ? '' : ' and set aside under this name; a new one is empty'}`,
  next: `${NOTHING_LOST} Read the records back from the drives with offload catalog rebuild PATH…`,
});

/** What a person is told when it could not be. */
export const stuckCause = (path: string, why: string, cause: Cause): Cause => ({
  code: 'catalog-damaged',
  path,
  message: `the catalog is damaged (${why}) and cannot be set aside: ${cause.message}`,
  next: `${NOTHING_LOST} Move the file away, then read the records back with offload catalog rebuild PATH…`,
});
