import type {MirrorRecord} from '../core/backup/mirror-record.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {compareFolders, folderOf, nameOf} from '../core/backup/walk-order.ts';
import type {Files} from '../system/files.ts';
import {type RecordLines, readFolders} from './record-blocks.ts';

/** What is recorded of the files of one folder. */
export interface RecordedFolder {
  readonly path: TreePath;
  /** By their names. */
  readonly records: ReadonlyMap<string, MirrorRecord>;
  /** Where they stand in the state, when nothing changed since it was written. */
  readonly lines?: RecordLines;
}

/** Folders in the order of the walk. */
export interface RecordedFolders extends AsyncIterable<RecordedFolder> {
  /** The same, many at a time, and no record read before it is asked for. A folder may have none. */
  blocks?(): AsyncGenerator<readonly RecordedFolder[]>;
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

/** @returns the folders of a state with what changed since. @param path of the state; null where there is none. */
export function mergeFolders(
  files: Files,
  path: string | null,
  changed: ChangedFolders,
): RecordedFolders {
  const blocks = () => mergeBlocks(path === null ? [] : readFolders(files, path), changed);
  return {
    blocks,
    async *[Symbol.asyncIterator]() {
      for await (const folders of blocks()) {
        for (const folder of folders) if (folder.records.size > 0) yield folder;
      }
    },
  };
}

async function* mergeBlocks(
  base: AsyncIterable<readonly RecordedFolder[]> | readonly [],
  changed: ChangedFolders,
): AsyncGenerator<readonly RecordedFolder[]> {
  const waiting = [...changed.keys()].sort(compareFolders);
  let next = 0;
  const takeChanged = (until: TreePath | undefined): RecordedFolder[] => {
    const taken: RecordedFolder[] = [];
    for (; next < waiting.length; next += 1) {
      const folder = waiting[next] ?? '';
      if (until !== undefined && compareFolders(folder, until) >= 0) break;
      taken.push(applyChanges({path: folder, records: new Map()}, changed.get(folder)));
    }
    return taken.filter(({records}) => records.size > 0);
  };
  for await (const folders of base) {
    const merged: RecordedFolder[] = [];
    for (const folder of folders) {
      merged.push(...takeChanged(folder.path));
      if (waiting[next] === folder.path) {
        next += 1;
        const its = applyChanges(folder, changed.get(folder.path));
        if (its.records.size > 0) merged.push(its);
      } else merged.push(folder);
    }
    if (merged.length > 0) yield merged;
  }
  const rest = takeChanged(undefined);
  if (rest.length > 0) yield rest;
}

function applyChanges(
  {path, records}: RecordedFolder,
  changes: ReadonlyMap<string, MirrorRecord | undefined> | undefined,
): RecordedFolder {
  const merged = new Map(records);
  for (const [name, record] of changes ?? []) {
    if (record === undefined) merged.delete(name);
    else merged.set(name, record);
  }
  return {path, records: merged};
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
