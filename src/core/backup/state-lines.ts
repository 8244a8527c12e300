/**
 * The state of a mirror as text, line by line (`offload-mirror/1`). A header; then folder by folder in the order of the walk one line with the folder's path and one for each of its files;
 * then the index, one line for each folder: where its lines are and what sums they have; then what the target calls by other names; last where the index begins, the number of records and the
 * BLAKE3 of header, index and names. Whoever finds nothing changed reads no more than these. Every line is JSON: names that are not UTF-8 or hold a newline stand escaped.
 */
import * as z from 'zod';
import type {FileTimes, MirrorRecord} from './mirror-record.ts';
import type {TreePath} from './mirror-tree.ts';
import {isTargetPath, isTreeName, isTreePath} from './tree-path.ts';
import {joinPath, nameOf} from './walk-order.ts';

export const STATE_SCHEMA = 'offload-mirror/1';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const owner = {
  job: z.string().min(1),
  source: z.object({volume: z.string().min(1), folder: z.string()}),
  /** Id of the volume on which the state lies: a copy of it elsewhere says nothing of that drive. */
  targetVolume: z.string().min(1),
};

const header = z.object({
  schema: z.literal(STATE_SCHEMA),
  ...owner,
  /** The newest run that is in it. */
  run: z.string(),
  /** The sum of the state beside which the changes were written that are in this one: where a run died before it removed them, they change nothing. */
  before: hash.nullable(),
  tool: z.string(),
});
export type StateHeader = z.infer<typeof header>;

const names = z.object({
  records: z.int().nonnegative(),
  /** Folders of the source, and what they are called on the target where that is not the same. */
  renamed: z.array(z.tuple([z.string(), z.string()])),
});
export type StateNames = z.infer<typeof names>;

const trailer = z.object({
  records: z.int().nonnegative(),
  /** Where the index begins, in bytes. */
  index: z.int().nonnegative(),
  blake3: hash,
});
export type StateTrailer = z.infer<typeof trailer>;

export const jsonLine = (value: unknown): string => `${JSON.stringify(value)}\n`;

/** @returns undefined for what is no header of this version. */
export const parseStateHeader = (line: string): StateHeader | undefined => parse(header, line);

export function parseStateNames(line: string): StateNames | undefined {
  const found = parse(names, line);
  return found?.renamed.every(([from, to]) => isTreePath(from) && isTargetPath(to)) === true
    ? found
    : undefined;
}

export const parseStateTrailer = (line: string): StateTrailer | undefined => parse(trailer, line);

function parse<T>(schema: z.ZodType<T>, line: string): T | undefined {
  const result = schema.safeParse(readJson(line));
  return result.success ? result.data : undefined;
}

/** @returns undefined for what is no JSON. */
export function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    // RangeError: nested deeper than the stack can hold.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The line that begins a folder. */
export const folderLine = jsonLine;

/** What the index says of a folder. */
export interface FolderEntry {
  readonly path: TreePath;
  /** Of its records. */
  readonly at: number;
  /** Bytes of its records' lines. */
  readonly length: number;
  /** BLAKE3 of them. */
  readonly blake3: string;
  /** How many there are, and the bytes of these files. */
  readonly files: number;
  readonly bytes: number;
  /** What `digestFolder` says of the files of the source and of their copies; null where a copy has another path than its source. */
  readonly source: string | null;
  readonly copy: string | null;
}

export const entryLine = (entry: FolderEntry): string => {
  const {path, at, length, blake3, files, bytes, source, copy} = entry;
  return jsonLine([path, at, length, blake3, files, bytes, source, copy]);
};

const whole = z.int().nonnegative();
const digest = z.string().nullable();
const entry = z.tuple([
  z.string(),
  whole,
  whole,
  hash,
  whole,
  z.number().nonnegative(),
  digest,
  digest,
]);

/** @returns undefined for what is no line of an index. */
export function parseEntryLine(line: string): FolderEntry | undefined {
  const fields = parse(entry, line);
  if (fields === undefined) return undefined;
  const [path, at, length, blake3, files, bytes, source, copy] = fields;
  if (path !== '' && !isTreePath(path)) return undefined;
  return {path, at, length, blake3, files, bytes, source, copy};
}

/** What a line says of a file, without its path. */
type Fields = readonly [
  size: number,
  hash: string,
  mtime: string,
  changed: string,
  copyMtime: string,
  copyChanged: string,
  provedAt: string,
  mediumRead: MirrorRecord['mediumRead'],
  target?: string,
];

/** @returns the fields of a record as JSON can hold them; the target only where it is not the path. */
export function recordFields(record: MirrorRecord): Fields {
  const {size, source, copy, provedAt, mediumRead, path, target} = record;
  const fields = [
    size,
    record.hash,
    `${source.mtimeNs}`,
    `${source.changedNs}`,
    `${copy.mtimeNs}`,
    `${copy.changedNs}`,
    provedAt,
    mediumRead,
  ] as const;
  return target === path ? fields : [...fields, target];
}

export const recordLine = (record: MirrorRecord): string =>
  jsonLine([nameOf(record.path), ...recordFields(record)]);

/** @returns the record of a line in a folder, or undefined for what is none. */
export function parseRecordLine(line: string, folder: TreePath): MirrorRecord | undefined {
  const row = readJson(line);
  if (!Array.isArray(row)) return undefined;
  const name: unknown = row[0];
  if (typeof name !== 'string' || !isTreeName(name)) return undefined;
  return parseFields(joinPath(folder, name), row, 1);
}

/** Of BLAKE3 in hex digits. */
const HASH_LENGTH = 64;
/** Of ns since 1970 that a file system can have: 64 bits with their sign (statx(2)). */
const LONGEST_TIME = 20;

/** @param from where the fields begin in the row. */
export function parseFields(
  path: TreePath,
  row: readonly unknown[],
  from: number,
): MirrorRecord | undefined {
  const [size, sum, mtime, changed, copyMtime, copyChanged, provedAt, mediumRead, target = path] =
    row.slice(from);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
  if (typeof sum !== 'string' || sum.length !== HASH_LENGTH) return undefined;
  if (!isTime(mtime) || !isTime(changed) || !isTime(copyMtime) || !isTime(copyChanged)) {
    return undefined;
  }
  if (typeof provedAt !== 'string' || provedAt.length > LONGEST_MOMENT) return undefined;
  if (mediumRead !== 'direct' && mediumRead !== 'evicted' && mediumRead !== 'cached') {
    return undefined;
  }
  if (typeof target !== 'string' || !isPlaceOf(target, path)) return undefined;
  try {
    const source = timesOf(mtime, changed);
    const copy = timesOf(copyMtime, copyChanged);
    return {path, target, size, hash: sum, source, copy, provedAt, mediumRead};
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Of ISO 8601 with years of six digits, in characters (ECMA-262, "Date Time String Format"). */
const LONGEST_MOMENT = 27;

const isTime = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_TIME;

/** @throws SyntaxError for what is no number: seen once in a million lines it costs nothing, a look before each does. */
const timesOf = (mtime: string, changed: string): FileTimes => ({
  mtimeNs: BigInt(mtime),
  changedNs: BigInt(changed),
});

/** Names are given part by part, so that a path and its place are equally deep. */
const isPlaceOf = (target: string, path: TreePath): boolean =>
  target === path || (isTargetPath(target) && depthOf(target) === depthOf(path));

const depthOf = (path: string): number => path.split('/').length;
