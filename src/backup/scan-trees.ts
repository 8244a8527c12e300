/** Folders of a source and of a target, as a mirror sees them. */
import {join} from 'node:path';
import {entryRule} from '../core/backup/entry-rule.ts';
import type {TreeFile, TreePath} from '../core/backup/mirror-tree.ts';
import {compareNames, joinPath} from '../core/backup/walk-order.ts';
import {adviseOn, type Cause, causeFrom, type Result} from '../core/cause.ts';
import type {Files, ListedEntry} from '../system/files.ts';

/** One folder, listed. */
export interface FolderListing {
  readonly path: TreePath;
  /** Sorted by code units. */
  readonly files: readonly TreeFile[];
  /** Names, sorted by code units. */
  readonly folders: readonly string[];
  /** Everything else that has a name there. */
  readonly leftOut: readonly LeftOutEntry[];
  /** Entries that could not be looked at: nothing is known of them but their names. */
  readonly unreadable: readonly Cause[];
  readonly unknown: ReadonlySet<string>;
}

export interface LeftOutEntry {
  readonly name: string;
  readonly path: TreePath;
  readonly rule: string;
}

/** @returns what lies in a folder, or why it cannot be listed. @param root absolute; `path` is below it. */
export async function listFolder(
  files: Files,
  root: string,
  path: TreePath,
): Promise<Result<FolderListing>> {
  const folder = path === '' ? root : join(root, ...path.split('/'));
  let entries: readonly ListedEntry[];
  try {
    entries = await files.lookAll(folder);
  } catch (error) {
    return {ok: false, cause: causeFrom(error, 'listing the folder', folder)};
  }
  return {ok: true, value: sortEntries(entries, path, folder)};
}

function sortEntries(
  entries: readonly ListedEntry[],
  path: TreePath,
  folder: string,
): FolderListing {
  const files: TreeFile[] = [];
  const folders: string[] = [];
  const leftOut: LeftOutEntry[] = [];
  const unreadable: Cause[] = [];
  const unknown = new Set<string>();
  const prefix = path === '' ? '' : `${path}/`;
  for (const {name, facts, errno} of entries) {
    if (facts === null) {
      unknown.add(name);
      unreadable.push(notSeen(errno ?? 'EIO', join(folder, name)));
      continue;
    }
    const rule = entryRule({name, kind: facts.kind}, path);
    if (rule !== undefined) {
      leftOut.push({name, path: joinPath(path, name), rule});
    } else if (facts.kind === 'folder') {
      folders.push(name);
    } else {
      const {size, mtimeNs, changedNs} = facts;
      files.push({path: prefix + name, size, mtimeNs, changedNs});
    }
  }
  files.sort((a, b) => compareNames(a.path, b.path));
  leftOut.sort((a, b) => compareNames(a.name, b.name));
  folders.sort(compareNames);
  return {path, files, folders, leftOut, unreadable, unknown};
}

const notSeen = (errno: string, path: string): Cause => ({
  code: errno,
  path,
  message: `looking at it failed (${errno})`,
  next: adviseOn(errno),
});
