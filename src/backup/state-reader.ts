import type {MirrorRecord} from '../core/backup/mirror-record.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {parseFolderLine, parseRecordLine} from '../core/backup/state-lines.ts';
import {compareFolders, folderOf, nameOf} from '../core/backup/walk-order.ts';
import type {Files} from '../system/files.ts';
import {readLines} from './read-lines.ts';

/** What is recorded of the files of one folder. */
export interface RecordedFolder {
  readonly path: TreePath;
  /** By their names; never empty. */
  readonly records: ReadonlyMap<string, MirrorRecord>;
}

/** What a mirror knows, in the order of the walk. */
export interface StateReader {
  /** Folders of the source that the target calls otherwise, by their paths; the paths on the target. */
  readonly renamed: ReadonlyMap<TreePath, TreePath>;
  /** Folders with records, in the order of the walk. Rejects with the system's error. */
  folders(): AsyncIterable<RecordedFolder>;
}

/** What changed since the state was written, by folder and name; undefined for what was dropped. */
export type ChangedFolders = ReadonlyMap<TreePath, ReadonlyMap<string, MirrorRecord | undefined>>;

/** @returns the folders of a state with what changed since. @param path of the state; null where there is none. */
export async function* mergeFolders(
  files: Files,
  path: string | null,
  changed: ChangedFolders,
): AsyncGenerator<RecordedFolder> {
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
  if (path !== null) {
    for await (const folder of readFolders(files, path)) {
      yield* takeChanged(folder.path);
      const isNext = waiting[next] === folder.path;
      if (isNext) next += 1;
      const merged = isNext ? applyChanges(folder, changed.get(folder.path)) : folder;
      if (merged.records.size > 0) yield merged;
    }
  }
  yield* takeChanged(undefined);
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

const QUOTE = '"';
const BRACKET = '[';

/** A line that is no record or out of order is passed over: what no record knows is never touched. */
async function* readFolders(files: Files, path: string): AsyncGenerator<RecordedFolder> {
  let folder: TreePath | undefined;
  let last: TreePath | undefined;
  let records = new Map<string, MirrorRecord>();
  for await (const lines of readLines(files, path)) {
    for (const line of lines) {
      if (line.startsWith(BRACKET)) {
        const record = folder === undefined ? undefined : parseRecordLine(line, folder);
        if (record !== undefined) records.set(nameOf(record.path), record);
      } else if (line.startsWith(QUOTE)) {
        if (folder !== undefined) yield {path: folder, records};
        records = new Map();
        folder = parseFolderLine(line);
        if (folder !== undefined && last !== undefined && compareFolders(folder, last) <= 0) {
          folder = undefined;
        }
        last = folder ?? last;
      }
    }
  }
  if (folder !== undefined) yield {path: folder, records};
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
