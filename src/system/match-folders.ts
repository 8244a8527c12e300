/** Folders compared with what is recorded of their files, by calls that wait: for a thread of its own. */
import {constants, lstatSync, readdirSync} from 'node:fs';
import {platform} from 'node:os';
import {join, sep} from 'node:path';
import {type RecordSide, type ScannedRecords, scanRecords} from '../core/backup/scan-records.ts';
import {errnoOf} from '../core/cause.ts';
import type {EntryKind} from './files.ts';
import {systemPath} from './system-path.ts';

/** Some folders of one tree, in the order in which they are walked. */
export interface MatchQuestion {
  /** Absolute. */
  readonly root: string;
  /** Below the root, parted by `/`; empty for the root itself. */
  readonly paths: readonly string[];
  /** Lines of a state (`state-lines.ts`). */
  readonly lines: Uint8Array<SharedArrayBuffer>;
  /** For each folder where its lines begin and end. */
  readonly spans: Float64Array;
  /** Which of the two files of each record is to be there. */
  readonly side: RecordSide;
}

export interface MatchAnswer {
  /** For each folder how many files it has on record when all of them are there as recorded, else {@link NO_MATCH}. */
  readonly counts: Int32Array;
  /** Bytes of them. */
  readonly bytes: Float64Array;
  /** Names of the files of all folders that match, one after the other, parted by NUL. Empty for the side of the copies. */
  readonly names: string;
  /** What else is in the folders that match, by their index. */
  readonly others: ReadonlyMap<number, readonly OtherEntry[]>;
}

export interface OtherEntry {
  readonly name: string;
  readonly kind: EntryKind;
}

export const NO_MATCH = -1;

/** What node writes for bytes that are not UTF-8. */
const REPLACED = '\uFFFD';
/** Text that came from node is what node takes, but for the long form on Windows. */
const pathOf = platform() === 'win32' ? systemPath : (path: string) => path;

/** One object for all calls: node reads it each time. */
const OPTIONS = {bigint: true, throwIfNoEntry: false} as const;

/** Never throws for what the system refuses: that is no match, and the caller will see why. */
export function matchFolders(question: MatchQuestion): MatchAnswer {
  const {root, paths, lines, spans, side} = question;
  const text = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
  const counts = new Int32Array(paths.length).fill(NO_MATCH);
  const bytes = new Float64Array(paths.length);
  const others = new Map<number, readonly OtherEntry[]>();
  const names: string[] = [];
  for (const [at, path] of paths.entries()) {
    const group = text.toString('utf8', spans[2 * at], spans[2 * at + 1]);
    const records = scanRecords(group, side);
    if (records === undefined) continue;
    const found = matchOrNot(path === '' ? root : join(root, path), records);
    if (found === undefined) continue;
    counts[at] = records.names.length;
    for (const size of records.sizes) bytes[at] = (bytes[at] ?? 0) + size;
    if (found.length > 0) others.set(at, found);
    if (side === 'source' && records.names.length > 0) names.push(records.names.join('\0'));
  }
  return {counts, bytes, names: names.join('\0'), others};
}

function matchOrNot(folder: string, records: ScannedRecords): readonly OtherEntry[] | undefined {
  try {
    return matchFolder(folder, records);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

/** @returns what is not recorded, or undefined when something that is recorded is missing or is not as it was. @throws the system's error. */
function matchFolder(
  folder: string,
  {names, sizes, mtimes, changed}: ScannedRecords,
): readonly OtherEntry[] | undefined {
  const place = systemPath(folder);
  // Node gives names as text, and these would go with bytes.
  if (typeof place !== 'string') return undefined;
  const entries = readdirSync(place);
  if (entries.length < names.length) return undefined;
  const recorded = new Map<string, number>();
  for (let at = 0; at < names.length; at += 1) recorded.set(names[at] ?? '', at);
  const unknown: string[] = [];
  const start = folder.endsWith(sep) ? folder : folder + sep;
  let met = 0;
  for (const name of entries) {
    const at = recorded.get(name);
    if (at === undefined) {
      unknown.push(name);
      continue;
    }
    met += 1;
    const stats = lstatSync(pathOf(start + name), OPTIONS);
    if (stats === undefined || !isFile(stats.mode) || stats.mtimeNs !== mtimes[at])
      return undefined;
    if (Number(stats.size) !== sizes[at]) return undefined;
    if (changed.length > 0 && stats.ctimeNs !== changed[at]) return undefined;
  }
  // A name that is recorded twice or listed twice is none that this here can judge.
  if (met !== names.length || recorded.size !== names.length) return undefined;
  return unknown.some((name) => name.includes(REPLACED))
    ? undefined
    : unknown.map((name) => ({name, kind: kindOf(start + name)}));
}

/** Its own arithmetic: that of node's `isFile` takes as long as the call. */
const isFile = (mode: bigint): boolean => (Number(mode) & constants.S_IFMT) === constants.S_IFREG;

/** @throws the system's error. */
function kindOf(path: string): EntryKind {
  const stats = lstatSync(pathOf(path));
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'special';
}
