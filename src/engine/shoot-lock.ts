import {join} from 'node:path';
import type {Cause, Result} from '../core/cause.ts';
import {RECORD_FOLDER} from '../core/place-files.ts';
import {type FolderLock, type Locking, lockFolder} from './folder-lock.ts';

const LOCK_NAME = 'lock';

export type ShootLock = FolderLock;

/**
 * Takes a shoot folder for this process: two offloads that write into one shoot would take each other's names. A lock of a process that no longer runs on this computer is
 * put aside.
 * @param shoot the shoot folder, absolute; its record folder must exist.
 * @returns the lock, or who has it.
 */
export function lockShoot(locking: Locking, shoot: string): Promise<Result<ShootLock>> {
  const path = join(shoot, RECORD_FOLDER, LOCK_NAME);
  return lockFolder(locking, {path, doing: 'locking the shoot', refusal: shootLocked});
}

const shootLocked = (who: string, path: string): Cause => ({
  code: 'shoot-locked',
  path,
  message: `another offload writes into this shoot: ${who}`,
  next: `Wait until it is done or choose another --shoot. If no offload runs there, remove ${path}.`,
});
