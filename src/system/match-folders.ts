/** Folders compared with what is recorded of their files, by calls that wait: for a thread of its own. */
import {constants, lstatSync, readdirSync} from 'node:fs';
import {platform} from 'node:os';
import {join, sep} from 'node:path';
import {entryRule} from '../core/backup/entry-rule.ts';
import {errnoOf} from '../core/cause.ts';
import type {EntryKind} from './files.ts';
import {FolderDigest} from './folder-digest.ts';
import {systemPath} from './system-path.ts';

/** Which of the two files of each record is to be there. */
export type MatchSide = 'source' | 'copy';

/** Some folders of one tree, in the order in which they are walked. */
export interface MatchQuestion {
  /** Absolute. */
  readonly root: string;
  /** Below the root, parted by `/`; empty for the root itself. */
  readonly paths: readonly string[];
  /** For each folder what {@link FolderDigest} says of the files that are on record. */
  readonly digests: readonly string[];
  /** How many files they have on record together. */
  readonly files: number;
  readonly side: MatchSide;
  /** Whether the names of the files are asked for. */
  readonly wantsNames: boolean;
}

export interface MatchAnswer {
  /** For each folder 1 when the files there are those on record and no others, but for what a mirror leaves out. */
  readonly isMatch: Uint8Array;
  /** Where they are asked for: names of the files of all folders that match, one after the other, parted by NUL. */
  readonly names: string;
  /** What else is in the folders that match, by their index. */
  readonly others: ReadonlyMap<number, readonly OtherEntry[]>;
}

export interface OtherEntry {
  readonly name: string;
  readonly kind: EntryKind;
}

/** What node writes for bytes that are not UTF-8. */
const REPLACED = '\uFFFD';
/** Text that came from node is what node takes, but for the long form on Windows. */
const pathOf = platform() === 'win32' ? systemPath : (path: string) => path;

/** One object for all calls: node reads it each time. */
const OPTIONS = {bigint: true, throwIfNoEntry: false} as const;

/** Never throws for what the system refuses: that is no match, and the caller will see why. */
export function matchFolders(question: MatchQuestion): MatchAnswer {
  const {root, paths, digests, side, wantsNames} = question;
  const isMatch = new Uint8Array(paths.length);
  const others = new Map<number, readonly OtherEntry[]>();
  const names: string[] = [];
  for (const [at, path] of paths.entries()) {
    const found = digestOrNot(path === '' ? root : join(root, path), path, side);
    if (found === undefined || found.digest.digest() !== digests[at]) continue;
    isMatch[at] = 1;
    if (found.others.length > 0) others.set(at, found.others);
    if (wantsNames && found.digest.files > 0) names.push(found.digest.names.join('\0'));
  }
  return {isMatch, names: names.join('\0'), others};
}

interface FoundFolder {
  readonly digest: FolderDigest;
  readonly others: readonly OtherEntry[];
}

function digestOrNot(folder: string, path: string, side: MatchSide): FoundFolder | undefined {
  try {
    return digestEntries(folder, path, side);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

/** @returns undefined for what this here cannot judge. @throws the system's error. */
function digestEntries(folder: string, path: string, side: MatchSide): FoundFolder | undefined {
  const place = systemPath(folder);
  // Node gives names as text, and these would go with bytes.
  if (typeof place !== 'string') return undefined;
  const entries = readdirSync(place);
  const digest = new FolderDigest(entries.length);
  const others: OtherEntry[] = [];
  const start = folder.endsWith(sep) ? folder : folder + sep;
  const isSource = side === 'source';
  for (const name of entries) {
    const stats = lstatSync(pathOf(start + name), OPTIONS);
    if (stats === undefined) return undefined;
    const kind = kindOf(Number(stats.mode));
    if (kind === 'file' && entryRule({name, kind}, path) === undefined) {
      digest.add(name, stats.size, stats.mtimeNs, isSource ? stats.ctimeNs : 0n);
    } else if (name.includes(REPLACED)) return undefined;
    else others.push({name, kind});
  }
  return {digest, others};
}

/** Its own arithmetic: that of node's `isFile` takes as long as the call. */
function kindOf(mode: number): EntryKind {
  switch (mode & constants.S_IFMT) {
    case constants.S_IFREG:
      return 'file';
    case constants.S_IFDIR:
      return 'folder';
    case constants.S_IFLNK:
      return 'link';
    default:
      return 'special';
  }
}
