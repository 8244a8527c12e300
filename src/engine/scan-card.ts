import {join} from 'node:path';
import type {CardFile, CardListing, CardPath, LeftOut} from '../core/card.ts';
import {type Cause, causeFrom} from '../core/cause.ts';
import {type JunkRule, junkFileRule, junkFolderRule} from '../core/leave-out.ts';
import {unreachable} from '../core/unreachable.ts';
import {isEntryName} from '../system/entry-name.ts';
import type {FileFacts, Files, ListedEntry} from '../system/files.ts';
import {systemError} from '../system/system-error.ts';

/** What a listing may hold: all of it is kept in memory, and its record must fit into one text (docs/security.md). */
export interface ScanLimits {
  /** Files, folders and what is left out. */
  readonly entries: number;
  /** Characters of all paths together. */
  readonly pathLength: number;
}

/** A card of 500,000 files takes 2 GB while its record is read; no text can be longer than 512 M characters (`constants.MAX_STRING_LENGTH` of node:buffer). */
const LIMITS: ScanLimits = {entries: 500_000, pathLength: 32 * 1024 * 1024};

interface Scan {
  readonly files: Files;
  readonly root: string;
  readonly listed: CardFile[];
  readonly folders: CardPath[];
  readonly leftOut: LeftOut[];
  readonly unreadable: Cause[];
  /** What is left of the limits. */
  entries: number;
  pathLength: number;
}

/** A folder that is still to be listed; `rule` when everything in it is junk. */
interface PendingFolder {
  readonly path: CardPath;
  readonly rule: JunkRule | undefined;
}

/**
 * Lists a card: every file with size and time, every folder, and what is left out with its rule. Follows no link, opens no file, writes nothing. Folders
 * come in the order of the card's own directory entries, each with its files before the next. A card that holds more than the limits is listed no further, and
 * `card-too-large` is among what is unreadable.
 * @param root the card's folder, absolute.
 */
export async function scanCard(
  files: Files,
  root: string,
  signal?: AbortSignal,
  limits: ScanLimits = LIMITS,
): Promise<CardListing> {
  const found = {listed: [], folders: [], leftOut: [], unreadable: []};
  const scan: Scan = {files, root, ...found, ...limits};
  // A stack of its own instead of recursion: a card may be a thousand folders deep.
  const pending: PendingFolder[] = [{path: '', rule: undefined}];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    if (signal?.aborted === true || isFull(scan)) break;
    const below = await scanFolder(scan, folder);
    for (const next of below.reverse()) pending.push(next);
  }
  if (isFull(scan)) scan.unreadable.push(tooLarge(root, limits));
  const {listed, folders, leftOut, unreadable} = scan;
  return {files: listed, folders, leftOut, unreadable};
}

const isFull = ({entries, pathLength}: Scan) => entries < 0 || pathLength < 0;

async function scanFolder(scan: Scan, folder: PendingFolder): Promise<PendingFolder[]> {
  let entries: readonly ListedEntry[];
  try {
    entries = await scan.files.lookAll(join(scan.root, folder.path));
  } catch (error) {
    reportUnreadable(scan, folder, error);
    return [];
  }
  const below: PendingFolder[] = [];
  for (const {name, facts, errno} of entries) {
    if (isFull(scan)) break;
    const path = folder.path === '' ? name : `${folder.path}/${name}`;
    if (!isEntryName(name)) {
      refuseName(scan, folder, path);
      continue;
    }
    scan.entries -= 1;
    scan.pathLength -= path.length;
    if (facts !== null) sortEntry(scan, {name, path, facts, inherited: folder.rule}, below);
    else reportUnreadable(scan, {...folder, path}, systemError(errno ?? 'EIO', path));
  }
  return below;
}

/** Puts a name that is none on the account. */
function refuseName(scan: Scan, {path: folder}: PendingFolder, path: string): void {
  scan.unreadable.push({
    code: 'impossible-name',
    path,
    message: `the card gives ${JSON.stringify(path.slice(folder.length))} as a name, which none can be`,
    next: 'Its file system is damaged: copy what can be read and check the card.',
  });
}

/** What cannot be looked at is on the account, unless it is junk anyway. */
function reportUnreadable(scan: Scan, {path, rule}: PendingFolder, error: unknown): void {
  const cause = causeFrom(error, 'looking at it on the card', path === '' ? scan.root : path);
  const isTooLong = cause.code === 'ENAMETOOLONG';
  if (rule === undefined) scan.unreadable.push(isTooLong ? {...cause, next: TOO_DEEP} : cause);
  else scan.leftOut.push({path, rule});
}

const TOO_DEEP =
  'Its folders are nested deeper than this system can name: offload the lower ones as a card of their own.';

const tooLarge = (path: string, {entries}: ScanLimits): Cause => ({
  code: 'card-too-large',
  path,
  message: `it holds more than ${entries} files and folders, or longer paths than can be recorded`,
  next: 'Offload its folders one by one.',
});

interface Entry {
  readonly name: string;
  readonly path: CardPath;
  readonly facts: FileFacts;
  readonly inherited: JunkRule | undefined;
}

function sortEntry(
  scan: Scan,
  {name, path, facts, inherited}: Entry,
  below: PendingFolder[],
): void {
  switch (facts.kind) {
    case 'folder': {
      const rule = inherited ?? junkFolderRule(name);
      if (rule === undefined) scan.folders.push(path);
      below.push({path, rule});
      return;
    }
    case 'link':
    case 'special':
      scan.leftOut.push({path, rule: inherited ?? facts.kind});
      return;
    case 'file': {
      const rule = inherited ?? junkFileRule(name);
      if (rule !== undefined) scan.leftOut.push({path, rule});
      else {
        const {size, mtimeNs, changedNs} = facts;
        scan.listed.push({path, size, mtimeNs, changedNs});
      }
      return;
    }
    default:
      unreachable(facts.kind);
  }
}
