import {join} from 'node:path';
import * as z from 'zod';
import {type Cause, causeFrom, errnoOf, type Result} from '../core/cause.ts';
import {RECORD_FOLDER} from '../core/place-files.ts';
import type {Files} from '../system/files.ts';
import {readText, writeNewText} from '../system/read-text.ts';
import type {ThisProcess} from '../system/this-process.ts';

const LOCK_NAME = 'lock';

const lockForm = z.object({
  host: z.string(),
  pid: z.int(),
  /** What tells this process from a later one with the same number. */
  mark: z.string(),
  token: z.string(),
  since: z.string(),
});
type Lock = z.infer<typeof lockForm>;

interface Locking {
  readonly files: Files;
  readonly self: ThisProcess;
  readonly since: Date;
  readonly token: string;
}

export interface ShootLock {
  /** Gives the shoot folder free; never rejects for a drive that is gone. */
  release(): Promise<void>;
}

/**
 * Takes a shoot folder for this process: two offloads that write into one shoot would take each other's names. A lock of a process that no longer runs on this computer is
 * put aside.
 * @param shoot the shoot folder, absolute; its record folder must exist.
 * @returns the lock, or who has it.
 */
export async function lockShoot(locking: Locking, shoot: string): Promise<Result<ShootLock>> {
  const {self, since, token} = locking;
  const path = join(shoot, RECORD_FOLDER, LOCK_NAME);
  const mine: Lock = {
    host: self.host,
    pid: self.pid,
    mark: await self.markOf(self.pid),
    token,
    since: since.toISOString(),
  };
  held.add(token);
  const locked = await tryToLock(locking, path, mine);
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
  path: string,
  mine: Lock,
): Promise<Result<ShootLock>> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await writeNewText(files, path, JSON.stringify(mine));
      // Before the text was whole, somebody may have taken the lock for a torn one and put it aside.
      if (!isMine(await readLock(files, path), token)) continue;
      return {ok: true, value: {release: () => releaseLock(files, path, token)}};
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST')
        return {ok: false, cause: causeFrom(error, 'locking the shoot', path)};
    }
    const holder = await readLock(files, path);
    if (holder === 'gone') continue;
    if (holder !== 'unreadable' && (await isHeld(self, holder)))
      return {ok: false, cause: heldBy(holder, path)};
    await putAside(files, path, holder === 'unreadable' ? undefined : holder.token, token);
  }
  return {ok: false, cause: heldBy(undefined, path)};
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
  if (found !== judged) await files.publish(aside, path);
  else await files.removeFile(aside);
}

async function releaseLock(files: Files, path: string, token: string): Promise<void> {
  try {
    if (isMine(await readLock(files, path), token)) await files.removeFile(path);
  } catch (error) {
    // The drive is gone; the lock on it is stale from now on.
    causeFrom(error, 'unlocking the shoot', path);
  } finally {
    held.delete(token);
  }
}

function heldBy(lock: Lock | undefined, path: string): Cause {
  const who =
    lock === undefined
      ? 'another process'
      : `process ${lock.pid} on ${lock.host} (since ${lock.since})`;
  return {
    code: 'shoot-locked',
    path,
    message: `another offload writes into this shoot: ${who}`,
    next: `Wait until it is done or choose another --shoot. If no offload runs there, remove ${path}.`,
  };
}
