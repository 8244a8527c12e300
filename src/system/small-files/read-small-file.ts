/** Reads a small file past the cache and hashes it, in calls that wait: for a thread of its own, which writes nothing. */
import type {BigIntStats} from 'node:fs';
import {alignUp} from '../block-pool.ts';
import {
  closeQuietly,
  hashBytes,
  mustHaveErrno,
  openQuietly,
  SMALL_FILE,
  type SmallFileTools,
} from './small-file-tools.ts';

export interface ReadRequest {
  readonly path: string;
  /** Number of the file system on which it must lie, in digits: a mount or a link on the way leads to another drive. */
  readonly device: string;
}

export type SmallRead =
  | {readonly kind: 'read'; readonly hash: string; readonly size: number}
  /** The system's errno. */
  | {readonly kind: 'failed'; readonly errno: string}
  /** It is no small regular file of that file system, what stands there cannot be told, or more than one read would be needed. */
  | {readonly kind: 'odd'};

/** @throws only on a broken invariant. */
export function readSmallFile(tools: SmallFileTools, {path, device}: ReadRequest): SmallRead {
  const {calls, buffer} = tools;
  let file: number | undefined;
  let facts: BigIntStats | undefined;
  try {
    file = openQuietly(calls, path, true);
    facts = calls.facts(file);
    const size = Number(facts.size);
    if (!facts.isFile() || `${facts.dev}` !== device || size >= SMALL_FILE) return {kind: 'odd'};
    const wanted = alignUp(size);
    // A call that says it gave bytes and did not must not be answered by the file before.
    buffer.fill(0, 0, wanted);
    if (size > 0 && calls.read(file, buffer, wanted) !== size) return {kind: 'odd'};
    return {kind: 'read', hash: hashBytes(tools, size), size};
  } catch (error) {
    const errno = mustHaveErrno(error);
    // A link, a pipe, a folder, or a drive that does not answer: the ordinary way tells which, and blames the drive where that is due.
    if (facts === undefined && errno !== 'ENOENT') return {kind: 'odd'};
    return {kind: 'failed', errno};
  } finally {
    if (file !== undefined) closeQuietly(calls, file);
  }
}
