import {join} from 'node:path';
import type {CardFile, CardListing, CardPath, LeftOut} from '../core/card.ts';
import {type Cause, causeFrom} from '../core/cause.ts';
import {type JunkRule, junkFileRule, junkFolderRule} from '../core/leave-out.ts';
import {unreachable} from '../core/unreachable.ts';
import type {FileFacts, Files} from '../system/files.ts';

/** Entries that are looked at together: enough to keep four threads of the pool busy. */
const LOOKS_AT_ONCE = 64;

interface Scan {
  readonly files: Files;
  readonly root: string;
  readonly listed: CardFile[];
  readonly folders: CardPath[];
  readonly leftOut: LeftOut[];
  readonly unreadable: Cause[];
}

/** A folder that is still to be listed; `rule` when everything in it is junk. */
interface PendingFolder {
  readonly path: CardPath;
  readonly rule: JunkRule | undefined;
}

/**
 * Lists a card: every file with size and time, every folder, and what is left out with its rule. Follows no link, opens no file, writes nothing. Folders
 * come in the order of the card's own directory entries, each with its files before the next.
 * @param root the card's folder, absolute.
 */
export async function scanCard(
  files: Files,
  root: string,
  signal?: AbortSignal,
): Promise<CardListing> {
  const scan: Scan = {files, root, listed: [], folders: [], leftOut: [], unreadable: []};
  // A stack of its own instead of recursion: a card may be a thousand folders deep.
  const pending: PendingFolder[] = [{path: '', rule: undefined}];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    if (signal?.aborted === true) break;
    const below = await scanFolder(scan, folder);
    pending.push(...below.reverse());
  }
  const {listed, folders, leftOut, unreadable} = scan;
  return {files: listed, folders, leftOut, unreadable};
}

async function scanFolder(scan: Scan, folder: PendingFolder): Promise<PendingFolder[]> {
  let names: readonly string[];
  try {
    names = await scan.files.list(join(scan.root, folder.path));
  } catch (error) {
    reportUnreadable(scan, folder, error);
    return [];
  }
  const below: PendingFolder[] = [];
  for (let start = 0; start < names.length; start += LOOKS_AT_ONCE) {
    const paths = names
      .slice(start, start + LOOKS_AT_ONCE)
      .map((name) => ({name, path: folder.path === '' ? name : `${folder.path}/${name}`}));
    const looks = await Promise.allSettled(
      paths.map(({path}) => scan.files.look(join(scan.root, path))),
    );
    for (const [index, look] of looks.entries()) {
      const entry = paths[index];
      if (entry === undefined) continue;
      if (look.status === 'rejected')
        reportUnreadable(scan, {...folder, path: entry.path}, look.reason);
      else sortEntry(scan, {...entry, facts: look.value, inherited: folder.rule}, below);
    }
  }
  return below;
}

/** What cannot be looked at is on the account, unless it is junk anyway. */
function reportUnreadable(scan: Scan, {path, rule}: PendingFolder, error: unknown): void {
  const cause = causeFrom(error, 'looking at it on the card', path === '' ? scan.root : path);
  if (rule === undefined) scan.unreadable.push(cause);
  else scan.leftOut.push({path, rule});
}

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
