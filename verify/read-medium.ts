/**
 * Reads a file back from the medium and hashes it. This is the judge's own read path: it shares nothing with the code that writes.
 */
import {type Cause, causeFrom, type Result} from '../src/core/cause.ts';
import type {MediumRead} from '../src/core/drive.ts';
import {alignDown, alignUp, type BlockPool} from '../src/system/block-pool.ts';
import type {OpenedFile, QuickFiles} from '../src/system/files.ts';
import type {HashEngine} from '../src/system/hasher.ts';
import {evictBeforeRead, type MediumMethod, readsDirect} from '../src/system/medium.ts';
import type {BlockHasher} from '../src/system/mhl-hasher.ts';
import type {RunTool} from '../src/system/tools.ts';

export interface MediumReader {
  readonly files: QuickFiles;
  readonly run: RunTool;
  readonly hashEngine: HashEngine;
  readonly blocks: BlockPool;
}

export interface MediumReading {
  /** BLAKE3, 64 hex digits. */
  readonly hash: string;
  /** Bytes that were read. */
  readonly size: number;
  readonly mediumRead: MediumRead;
}

interface ReadRequest {
  readonly path: string;
  readonly method: MediumMethod;
  /** It is small, and one of many: a thread reads it, where the method allows that and it lies on the file system of this number. */
  readonly quickOn?: bigint;
  /** Asked before anything else opens it; false ends the reading as `stopped`. */
  readonly mayOpen?: () => Promise<boolean>;
  readonly signal?: AbortSignal;
  /** Hears of every block, in bytes. */
  readonly onRead?: (bytes: number) => void;
  /** Sees the blocks too, in order; what it makes of them proves nothing here. */
  readonly also?: BlockHasher;
}

/**
 * @returns the hash of what the medium gives, with how it was read; or why it could not be read. `stopped` when the signal was given.
 */
export async function readMedium(
  reader: MediumReader,
  {path, method, quickOn, mayOpen, signal, onRead, also}: ReadRequest,
): Promise<Result<MediumReading>> {
  try {
    if (quickOn !== undefined && method.kind === 'direct' && also === undefined) {
      const reading = await reader.files.readSmall?.(path, quickOn);
      if (reading !== undefined) {
        onRead?.(reading.size);
        return {ok: true, value: {...reading, mediumRead: 'direct'}};
      }
    }
    if (mayOpen !== undefined && !(await mayOpen())) return {ok: false, cause: stopped(path)};
    // Before anything opens it: a tool that empties the cache of a pipe waits for ever, and a link leads it away.
    if ((await reader.files.look(path)).kind !== 'file') return {ok: false, cause: notAFile(path)};
    const mediumRead = await evictBeforeRead(path, method, reader.run);
    const direct = readsDirect(method);
    const file = await reader.files.openToRead(path, {direct});
    try {
      const facts = await file.facts();
      if (facts.kind !== 'file') return {ok: false, cause: notAFile(path)};
      const hashed = await hashFile(
        reader,
        {file, size: facts.size, direct},
        {signal, onRead, also},
      );
      if (hashed === undefined) return {ok: false, cause: stopped(path)};
      return {ok: true, value: {...hashed, mediumRead}};
    } finally {
      await file.close();
    }
  } catch (error) {
    return {ok: false, cause: causeFrom(error, 'reading it back', path)};
  }
}

interface Watching {
  readonly signal: AbortSignal | undefined;
  readonly onRead: ((bytes: number) => void) | undefined;
  readonly also: BlockHasher | undefined;
}

interface OpenedCopy {
  readonly file: OpenedFile;
  /** Bytes. */
  readonly size: number;
  readonly direct: boolean;
}

interface Hashed {
  readonly hash: string;
  readonly size: number;
}

/**
 * Reads up to the size that the file has now. After a short read a direct read starts again at the aligned position below, because it may start nowhere else, and
 * takes what is new. Undefined when the signal was given.
 */
async function hashFile(
  {hashEngine, blocks}: MediumReader,
  {file, size, direct}: OpenedCopy,
  {signal, onRead, also}: Watching,
): Promise<Hashed | undefined> {
  const hasher = hashEngine.create();
  let position = 0;
  while (position < size) {
    if (signal?.aborted === true) return undefined;
    const block = await blocks.take();
    try {
      const start = direct ? alignDown(position) : position;
      // Asking for more than is there costs time: the system pins every page of the buffer.
      const length = Math.min(block.length, alignUp(size - start));
      const end = start + (await file.read(block, length, start));
      if (end <= position) break;
      const news = block.subarray(position - start, end - start);
      hasher.update(news);
      also?.update(news);
      onRead?.(end - position);
      position = end;
    } finally {
      blocks.give(block);
    }
  }
  return {hash: hasher.digest(), size: position};
}

const notAFile = (path: string): Cause => ({
  code: 'not-a-file',
  path,
  message: 'it is no regular file any more',
  next: 'Look who changed it, then run the same command again.',
});

const stopped = (path: string): Cause => ({
  code: 'stopped',
  path,
  message: 'stopped before it was read back',
  next: 'Run the same command again: it goes on where it stopped.',
});
