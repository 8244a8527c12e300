import {
  parseStateHeader,
  parseStateNames,
  parseStateTrailer,
  type StateHeader,
  type StateNames,
  type StateTrailer,
} from '../core/backup/state-lines.ts';
import {errnoOf} from '../core/cause.ts';
import type {FileFacts, Files, OpenedFile} from '../system/files.ts';
import type {HashEngine, Hasher} from '../system/hasher.ts';
import {readBlocks, readPart} from './read-blocks.ts';

/** A state whose index is whole: its sum was taken. What the index tells of was not read yet. */
export interface BaseState {
  readonly header: StateHeader;
  readonly names: StateNames;
  /** BLAKE3 of header, index and names: the sums of all records are in it. */
  readonly sum: string;
  /** Where the lines of the index are, in bytes. */
  readonly index: FilePart;
  readonly file: FileIdentity;
}

/** Bytes of a file. */
export interface FilePart {
  readonly from: number;
  readonly to: number;
}

/** By what a state is known to be the one that was looked at: another run may put a newer one into its place. */
export type FileIdentity = Pick<FileFacts, 'inode' | 'size' | 'mtimeNs'>;

export const identify = async (file: OpenedFile): Promise<FileIdentity> => {
  const {inode, size, mtimeNs} = await file.facts();
  return {inode, size, mtimeNs};
};

export type BaseReading =
  | {readonly kind: 'none'}
  | {readonly kind: 'whole'; readonly base: BaseState}
  | {readonly kind: 'damaged'; readonly why: string};

/** What the line with the names may take. */
const LONGEST_LINE = 64 * 1024 * 1024;
/** What header and trailer may take. */
const SHORT = 64 * 1024;
const NEWLINE = 0x0a;

const NO_END = {kind: 'damaged', why: 'its end is missing'} as const;
const OTHER_BYTES = {kind: 'damaged', why: 'its bytes are not what was written'} as const;
const OTHER_FORM = {
  kind: 'damaged',
  why: 'it is not of a form that this version knows',
} as const;

/**
 * Reads both ends and the index of a state, to see that these are whole.
 * @throws the system's error; a place that the medium cannot give (EIO) is damage.
 */
export async function readBase(
  files: Files,
  path: string,
  hashEngine: HashEngine,
): Promise<BaseReading> {
  let file: OpenedFile;
  try {
    file = await files.openToRead(path, {direct: false});
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return {kind: 'none'};
    throw error;
  }
  try {
    return await readIndex(file, hashEngine.create());
  } catch (error) {
    if (errnoOf(error) !== 'EIO') throw error;
    return {kind: 'damaged', why: 'it cannot be read (EIO)'};
  } finally {
    await file.close();
  }
}

/** Of an opened state. @throws the system's error. */
export async function readIndex(file: OpenedFile, hasher: Hasher): Promise<BaseReading> {
  const identity = await identify(file);
  const {size} = identity;
  const end = await readPart(file, Math.max(0, size - SHORT), Math.min(size, SHORT));
  const last = end.length < 2 ? 0 : end.lastIndexOf(NEWLINE, end.length - 2) + 1;
  const trailer = parseStateTrailer(end.toString('utf8', last));
  const to = size - (end.length - last);
  if (end.at(-1) !== NEWLINE || trailer === undefined || trailer.index > to) return NO_END;
  const start = await readPart(file, 0, Math.min(size, SHORT));
  const head = start.subarray(0, start.indexOf(NEWLINE) + 1);
  hasher.update(head);
  const names = await hashIndex(file, {from: trailer.index, to}, hasher);
  if (trailer.blake3 !== hasher.digest()) return OTHER_BYTES;
  return judge({header: head.toString('utf8'), names, trailer, to, file: identity});
}

/** @returns the last line; undefined when there is none, or none that a state has. */
async function hashIndex(
  file: OpenedFile,
  part: FilePart,
  hasher: Hasher,
): Promise<Buffer | undefined> {
  let held: Buffer = Buffer.alloc(0);
  for await (const block of readBlocks(file, part)) {
    hasher.update(block);
    const joined = Buffer.concat([held, block]);
    const line = joined.length < 2 ? 0 : joined.lastIndexOf(NEWLINE, joined.length - 2) + 1;
    held = joined.subarray(line);
    if (held.length > LONGEST_LINE) return undefined;
  }
  return held;
}

function judge({
  header: head,
  names: line,
  trailer,
  to,
  file,
}: {
  readonly header: string;
  readonly names: Buffer | undefined;
  readonly trailer: StateTrailer;
  readonly to: number;
  readonly file: FileIdentity;
}): BaseReading {
  const header = parseStateHeader(head);
  const names = line && parseStateNames(line.toString('utf8'));
  if (header === undefined || line === undefined || names?.records !== trailer.records) {
    return OTHER_FORM;
  }
  const index = {from: trailer.index, to: to - line.length};
  return {kind: 'whole', base: {header, names, sum: trailer.blake3, index, file}};
}
