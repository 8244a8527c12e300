import type {MirrorRecord} from '../core/backup/mirror-record.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {compareFolders, folderOf, nameOf} from '../core/backup/walk-order.ts';
import {
  type OpenFolders,
  openFolders,
  type Records,
  type StoredFolder,
  type StoredState,
} from './stored-folders.ts';

/** What is recorded of the files of one folder. */
export interface RecordedFolder {
  readonly path: TreePath;
  /** By their names. */
  readonly records: Records;
}

/** Folders in the order of the walk. */
export interface RecordedFolders extends AsyncIterable<RecordedFolder> {
  /** The same, and no record read before it is asked for. A folder may have none. To be closed. */
  open?(): OpenFolders;
}

/** What a mirror knows, in the order of the walk. */
export interface StateReader {
  /** Folders of the source that the target calls otherwise, by their paths; the paths on the target. */
  readonly renamed: ReadonlyMap<TreePath, TreePath>;
  /** Folders with records. Reading them rejects with the system's error. */
  folders(): RecordedFolders;
}

/** What changed since the state was written, by folder and name; undefined for what was dropped. */
export type ChangedFolders = ReadonlyMap<TreePath, ReadonlyMap<string, MirrorRecord | undefined>>;

/** @returns the folders of a state with what changed since. @param state null where there is none. */
export function mergeFolders(
  state: StoredState | null,
  changed: ChangedFolders,
): Required<RecordedFolders> {
  const open = (): OpenFolders => {
    const base = state === null ? undefined : openFolders(state);
    return {
      groups: mergeGroups(base?.groups ?? [], changed),
      close: async () => await base?.close(),
    };
  };
  return {
    open,
    async *[Symbol.asyncIterator]() {
      for await (const folders of eachGroup(open)) {
        for (const folder of folders) {
          const records = await folder.read();
          if (records.size > 0) yield {path: folder.path, records};
        }
      }
    },
  };
}

/** Opens folders, gives all groups of them, and closes. */
export async function* eachGroup(open: () => OpenFolders): AsyncGenerator<readonly StoredFolder[]> {
  const {groups, close} = open();
  try {
    yield* groups;
  } finally {
    await close();
  }
}

async function* mergeGroups(
  base: AsyncIterable<readonly StoredFolder[]> | readonly [],
  changed: ChangedFolders,
): AsyncGenerator<readonly StoredFolder[]> {
  const waiting = [...changed.keys()].sort(compareFolders);
  let next = 0;
  const takeChanged = (until: TreePath | undefined): StoredFolder[] => {
    const taken: StoredFolder[] = [];
    for (; next < waiting.length; next += 1) {
      const path = waiting[next] ?? '';
      if (until !== undefined && compareFolders(path, until) >= 0) break;
      taken.push(keepFolder(path, applyChanges(NONE, changed.get(path))));
    }
    return taken.filter(({files}) => files > 0);
  };
  for await (const folders of base) {
    const merged: StoredFolder[] = [];
    for (const folder of folders) {
      merged.push(...takeChanged(folder.path));
      if (waiting[next] === folder.path) {
        next += 1;
        const its = applyChanges(await folder.read(), changed.get(folder.path));
        if (its.size > 0) merged.push(keepFolder(folder.path, its));
      } else merged.push(folder);
    }
    if (merged.length > 0) yield merged;
  }
  const rest = takeChanged(undefined);
  if (rest.length > 0) yield rest;
}

const NONE: Records = new Map();

/** A folder whose records are in memory. */
export const keepFolder = (path: TreePath, records: Records): StoredFolder => ({
  path,
  files: records.size,
  entry: null,
  read: async () => records,
  readLines: async () => undefined,
});

function applyChanges(
  records: Records,
  changes: ReadonlyMap<string, MirrorRecord | undefined> | undefined,
): Records {
  const merged = new Map(records);
  for (const [name, record] of changes ?? []) {
    if (record === undefined) merged.delete(name);
    else merged.set(name, record);
  }
  return merged;
}

/** Adds the folders on the way to a record's place that the target calls otherwise. */
export function noteRenamed(renamed: Map<TreePath, TreePath>, {path, target}: MirrorRecord): void {
  let from = folderOf(path);
  let to = folderOf(target);
  while (from !== to && from !== '') {
    if (nameOf(from) !== nameOf(to)) renamed.set(from, to);
    from = folderOf(from);
    to = folderOf(to);
  }
}
