/** Reads a small file of the card once and writes it to all destinations, in calls that wait: for a thread of its own. */
import type {BigIntStats} from 'node:fs';
import {alignUp} from '../block-pool.ts';
import {createFlags, FILE_MODE} from '../open-flags.ts';
import {NO_TIMES} from './no-times.ts';
import {
  closeQuietly,
  hashBytes,
  mustHaveErrno,
  openQuietly,
  SMALL_FILE,
  type SmallFileTools,
} from './small-file-tools.ts';

/** Where one copy goes. */
export interface SmallPlace {
  /** A name that nothing has. */
  readonly temporary: string;
  /** The destination as the user named it: when another file system is found there, the drive is gone. */
  readonly root: string;
  /** Number of its file system, in digits. */
  readonly device: string;
}

export interface SmallCopy {
  readonly path: string;
  /** As it was listed: bytes; ns since 1970 and the number of the card's file system in digits. */
  readonly size: number;
  readonly mtimeNs: string;
  readonly device: string;
  readonly direct: boolean;
  /** For utimes(2). */
  readonly modified: number | string;
  readonly places: readonly SmallPlace[];
}

/** What became of one copy: closed in order, and not flushed; or the errno of what failed, and then there may be a part of it. */
export type SmallWritten =
  | {readonly kind: 'written'; readonly timed: boolean}
  | {readonly kind: 'failed'; readonly errno: string};

export type SmallCopied =
  | {readonly kind: 'copied'; readonly hash: string; readonly written: readonly SmallWritten[]}
  /** The card gave an error. Nothing was written. */
  | {readonly kind: 'unread'}
  /** It is not what was listed, or more than one read would be needed. Nothing was written. */
  | {readonly kind: 'odd'};

/** The file is read whole and found unchanged before anything is written. @throws only on a broken invariant. */
export function copySmallFile(tools: SmallFileTools, copy: SmallCopy): SmallCopied {
  const read = readListed(tools, copy);
  if (read !== 'read') return {kind: read};
  const hash = hashBytes(tools, copy.size);
  return {kind: 'copied', hash, written: copy.places.map((place) => write(tools, copy, place))};
}

function readListed({calls, buffer}: SmallFileTools, copy: SmallCopy): 'read' | 'odd' | 'unread' {
  const {path, size, direct} = copy;
  if (size >= SMALL_FILE) return 'odd';
  let file: number | undefined;
  try {
    file = openQuietly(calls, path, direct);
    if (!isAsListed(calls.facts(file), copy)) return 'odd';
    const wanted = direct ? alignUp(size) : size;
    if (size > 0 && calls.read(file, buffer, wanted) !== size) return 'odd';
    return isAsListed(calls.facts(file), copy) ? 'read' : 'odd';
  } catch (error) {
    mustHaveErrno(error);
    return 'unread';
  } finally {
    if (file !== undefined) closeQuietly(calls, file);
  }
}

function isAsListed(facts: BigIntStats, {size, mtimeNs, device}: SmallCopy): boolean {
  const isSame = Number(facts.size) === size && `${facts.mtimeNs}` === mtimeNs;
  return isSame && facts.isFile() && `${facts.dev}` === device;
}

function write(
  {calls, buffer}: SmallFileTools,
  {size, modified}: SmallCopy,
  {temporary, root, device}: SmallPlace,
): SmallWritten {
  let file: number | undefined;
  try {
    file = calls.open(temporary, createFlags(false), FILE_MODE);
    // The drive was pulled from under its mount point: without a hold this file lies on the disk below, with one on a drive that nobody sees any more.
    if (`${calls.follow(root).dev}` !== device) return {kind: 'failed', errno: 'ENODEV'};
    for (let done = 0; done < size; ) {
      const bytes = calls.write(file, buffer, done, size - done);
      if (bytes <= 0) return {kind: 'failed', errno: 'ENOSPC'};
      done += bytes;
    }
    const timed = setModified({calls, file}, modified);
    // Some file systems tell of a failed write when the file is closed (close(2)).
    const closing = file;
    file = undefined;
    calls.close(closing);
    return {kind: 'written', timed};
  } catch (error) {
    return {kind: 'failed', errno: mustHaveErrno(error)};
  } finally {
    if (file !== undefined) closeQuietly(calls, file);
  }
}

/** @returns false where the file system does not let this user set times. */
function setModified(
  {calls, file}: Pick<SmallFileTools, 'calls'> & {readonly file: number},
  seconds: number | string,
): boolean {
  try {
    calls.setModified(file, seconds);
    return true;
  } catch (error) {
    if (NO_TIMES.has(mustHaveErrno(error))) return false;
    throw error;
  }
}
