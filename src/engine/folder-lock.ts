/** A file that keeps other processes, on this computer and on others, out of a folder. */
import * as z from 'zod';
import {type Cause, causeFrom, errnoOf, type Result} from '../core/cause.ts';
import type {Files} from '../system/files.ts';
import {readText, writeNewText} from '../system/read-text.ts';
import type {ThisProcess} from '../system/this-process.ts';

const lockForm = z.object({
  host: z.string(),
  pid: z.int(),
  /** What tells this process from a later one with the same number. */
  mark: z.string(),
  token: z.string(),
  since: z.string(),
});
type Lock = z.infer<typeof lockForm>;

export interface Locking {
  readonly files: Files;
  readonly self: ThisProcess;
  readonly since: Date;
  readonly token: string;
}

export interface FolderLock {
  /** Gives the folder free; never rejects for a drive that is gone. */
  release(): Promise<void>;
}

export interface LockedFolder {
  /** Of the lock file, absolute; its folder must exist. */
  readonly path: string;
  /** As the start of a sentence: `locking the shoot`. */
  readonly doing: string;
  /** Why it cannot be had. @param who has it, in words. */
  readonly refusal: (who: string, path: string) => Cause;
}

/**
 * Takes a folder for this process. A lock of a process that no longer runs on this computer is put aside.
 * @returns the lock, or who has it.
 */
export async function lockFolder(
  locking: Locking,
  folder: LockedFolder,
): Promise<Result<FolderLock>> {
  const {self, since, token} = locking;
  const mine: Lock = {
    host: self.host,
    pid: self.pid,
    mark: await self.markOf(self.pid),
    token,
    since: since.toISOString(),
  };
  held.add(token);
  const locked = await tryToLock(locking, folder, mine);
  if (!locked.ok) held.delete(token);
  return locked;
}

/**
 * Tokens of the locks that this process holds. A long session outlives its locks: one that lies on a drive which was pulled out cannot be removed, and
 * must not lock the same process out when the drive comes back.
 */
const held = new Set<string>();

async function tryToLock(
  {files, self, token}: Locking,
  {path, doing, refusal}: LockedFolder,
  mine: Lock,
): Promise<Result<FolderLock>> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await writeNewText(files, path, JSON.stringify(mine));
      // Before the text was whole, somebody may have taken the lock for a torn one and put it aside.
      if (!isMine(await readLock(files, path), token)) continue;
      return {ok: true, value: {release: () => releaseLock(files, path, token)}};
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') return {ok: false, cause: causeFrom(error, doing, path)};
    }
    const holder = await readLock(files, path);
    if (holder === 'gone') continue;
    if (holder !== 'unreadable' && (await isHeld(self, holder)))
      return {ok: false, cause: refusal(describe(holder), path)};
    await putAside(files, path, holder === 'unreadable' ? undefined : holder.token, token);
  }
  return {ok: false, cause: refusal('another process', path)};
}

const isMine = (holder: Lock | 'gone' | 'unreadable', token: string) =>
  typeof holder === 'object' && holder.token === token;

async function readLock(files: Files, path: string): Promise<Lock | 'gone' | 'unreadable'> {
  let text: string;
  try {
    text = await readText(files, path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 'gone';
    throw error;
  }
  try {
    return lockForm.parse(JSON.parse(text));
  } catch {
    // Torn by a power cut, or its owner is just writing it and will notice that it was put aside.
    return 'unreadable';
  }
}

/** A process on another computer cannot be asked, so its lock holds. */
async function isHeld(self: ThisProcess, lock: Lock): Promise<boolean> {
  if (lock.host !== self.host) return true;
  const isOwn = lock.pid === self.pid && (await self.markOf(self.pid)) === lock.mark;
  if (isOwn) return held.has(lock.token);
  return self.isRunning(lock.pid) && (await self.markOf(lock.pid)) === lock.mark;
}

/** Moves a stale lock away under a name of its own, and back when it turns out to be another one than was judged. */
async function putAside(
  files: Files,
  path: string,
  judged: string | undefined,
  token: string,
): Promise<void> {
  const aside = `${path}.stale-${token}`;
  try {
    await files.replace(path, aside);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readLock(files, aside);
  const found = typeof moved === 'object' ? moved.token : undefined;
  if (found === judged) return await files.removeFile(aside);
  try {
    await files.publish(aside, path);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    // A third one took the name meanwhile: its lock is what the next look finds.
    await files.removeFile(aside);
  }
}

async function releaseLock(files: Files, path: string, token: string): Promise<void> {
  try {
    if (isMine(await readLock(files, path), token)) await files.removeFile(path);
  } catch (error) {
    // The drive is gone; the lock on it is stale from now on.
    causeFrom(error, 'unlocking the folder', path);
  } finally {
    held.delete(token);
  }
}

const describe = (lock: Lock | 'unreadable'): string =>
  lock === 'unreadable'
    ? 'another process'
    : `process ${lock.pid} on ${lock.host} (since ${lock.since})`;
