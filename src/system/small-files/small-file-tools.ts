import {errnoOf} from '../../core/cause.ts';
import {BlockPool} from '../block-pool.ts';
import {type HashEngine, loadHashEngine} from '../hasher.ts';
import {NO_ACCESS_TIME, readFlags} from '../open-flags.ts';
import {realCalls, type SmallFileCalls} from './small-file-calls.ts';

/** Bytes: a larger file is not small. */
export const SMALL_FILE = 1024 * 1024;

/** What a thread works with: one file at a time, in one buffer. */
export interface SmallFileTools {
  readonly calls: SmallFileCalls;
  /** Page-aligned, {@link SMALL_FILE} bytes. */
  readonly buffer: Buffer;
  readonly hashEngine: HashEngine;
}

export async function makeSmallFileTools(
  calls: SmallFileCalls = realCalls,
): Promise<SmallFileTools> {
  const buffer = await new BlockPool(1, SMALL_FILE).take();
  return {calls, buffer, hashEngine: await loadHashEngine()};
}

/** @throws the system's error. */
export function openQuietly(calls: SmallFileCalls, path: string, direct: boolean): number {
  const flags = readFlags(direct);
  if (NO_ACCESS_TIME === 0) return calls.open(path, flags);
  try {
    return calls.open(path, flags | NO_ACCESS_TIME);
  } catch (error) {
    if (errnoOf(error) !== 'EPERM') throw error;
    return calls.open(path, flags);
  }
}

export function hashBytes({hashEngine, buffer}: SmallFileTools, bytes: number): string {
  const hasher = hashEngine.create();
  hasher.update(buffer.subarray(0, bytes));
  return hasher.digest();
}

/** @returns the errno; what is no error of the system breaks an invariant and is thrown. */
export function mustHaveErrno(error: unknown): string {
  const errno = errnoOf(error);
  if (errno === undefined) throw error;
  return errno;
}

/** What a file was read for, or will be judged by, does not depend on how it is closed. */
export function closeQuietly(calls: SmallFileCalls, file: number): void {
  try {
    calls.close(file);
  } catch (error) {
    mustHaveErrno(error);
  }
}
