import {
  parseStateHeader,
  parseStateNames,
  parseStateTrailer,
  type StateHeader,
  type StateNames,
} from '../core/backup/state-lines.ts';
import {errnoOf} from '../core/cause.ts';
import type {Files} from '../system/files.ts';
import type {HashEngine, Hasher} from '../system/hasher.ts';
import {readBlocks} from './read-blocks.ts';

/** A state that is whole: its sum was taken. */
export interface BaseState {
  readonly header: StateHeader;
  readonly names: StateNames;
  /** BLAKE3 of all lines before the last. */
  readonly sum: string;
}

export type BaseReading =
  | {readonly kind: 'none'}
  | {readonly kind: 'whole'; readonly base: BaseState}
  | {readonly kind: 'damaged'; readonly why: string};

/** What the two last lines may take: names of folders that the target calls otherwise. */
const LONGEST_END = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Reads a whole state once to see that it is whole. Keeps nothing of it but the first and the last lines.
 * @throws the system's error; a place that the medium cannot give (EIO) is damage.
 */
export async function readBase(
  files: Files,
  path: string,
  hashEngine: HashEngine,
): Promise<BaseReading> {
  let file: Awaited<ReturnType<Files['openToRead']>>;
  try {
    file = await files.openToRead(path, {direct: false});
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return {kind: 'none'};
    throw error;
  }
  try {
    const ends = await readEnds(readBlocks(file), hashEngine.create());
    return judgeBase(ends);
  } catch (error) {
    if (errnoOf(error) !== 'EIO') throw error;
    return {kind: 'damaged', why: 'it cannot be read (EIO)'};
  } finally {
    await file.close();
  }
}

interface Ends {
  readonly head: string;
  readonly names: string;
  readonly trailer: string;
  readonly sum: string;
  /** Nothing follows the last newline. */
  readonly ended: boolean;
}

/** Keeps the last lines back from the hash until what follows shows that they are not the last. */
async function readEnds(blocks: AsyncIterable<Buffer>, hasher: Hasher): Promise<Ends> {
  let head: string | undefined;
  let start: Buffer = Buffer.alloc(0);
  let held: Buffer = Buffer.alloc(0);
  for await (const block of blocks) {
    if (head === undefined) {
      start = Buffer.concat([start, block]);
      const end = start.indexOf(NEWLINE);
      if (end !== -1) head = start.toString('utf8', 0, end);
      else if (start.length > LONGEST_END) break;
    }
    held = Buffer.concat([held, block]);
    const keep = lineBefore(held, lineBefore(held, held.length - 1) - 1);
    hasher.update(held.subarray(0, keep));
    held = Buffer.from(held.subarray(keep));
    if (held.length > LONGEST_END) break;
  }
  const ended = held.at(-1) === NEWLINE;
  const last = lineBefore(held, held.length - 1);
  const before = lineBefore(held, last - 1);
  hasher.update(held.subarray(0, last));
  return {
    head: head ?? '',
    names: held.toString('utf8', before, Math.max(before, last - 1)),
    trailer: held.toString('utf8', last).trimEnd(),
    sum: hasher.digest(),
    ended,
  };
}

/** @returns where the line begins that the byte before `end` belongs to. */
function lineBefore(bytes: Buffer, end: number): number {
  return end <= 0 ? 0 : bytes.lastIndexOf(NEWLINE, end - 1) + 1;
}

function judgeBase({head, names: namesLine, trailer: last, sum, ended}: Ends): BaseReading {
  const trailer = parseStateTrailer(last);
  if (!ended || trailer === undefined) return {kind: 'damaged', why: 'its end is missing'};
  if (trailer.blake3 !== sum) return {kind: 'damaged', why: 'its bytes are not what was written'};
  const header = parseStateHeader(head);
  const names = parseStateNames(namesLine);
  if (header === undefined || names === undefined || names.records !== trailer.records) {
    return {kind: 'damaged', why: 'it is not of a form that this version knows'};
  }
  return {kind: 'whole', base: {header, names, sum}};
}
