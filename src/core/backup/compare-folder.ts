/** One folder of the source, its copy on the target and what is recorded of it, file by file. */
import {isDriveRecord} from './keep-kinds.ts';
import type {MirrorStep} from './mirror-plan.ts';
import type {MirrorRecord} from './mirror-record.ts';
import type {TreeFile, TreePath} from './mirror-tree.ts';
import {folderOf, nameOf} from './walk-order.ts';

/** Files of one folder. Those of the target are taken out as they find their source: what is left are strangers. */
export interface FolderPair {
  /** Sorted by code units. */
  readonly source: readonly TreeFile[];
  /** By their names on the target. */
  readonly target: Map<string, TreeFile>;
  /** By the names of the source, in their order. */
  readonly records: ReadonlyMap<string, MirrorRecord>;
  /** Names on the target for files of the source that have none by a record. */
  readonly placed: ReadonlyMap<string, string>;
  /** The folder on the target. */
  readonly folder: TreePath;
  /** True for recorded files of which nothing can be said now: left out by a filter, or not to be read. */
  readonly isKept: (path: TreePath) => boolean;
}

export interface FolderSteps {
  readonly steps: readonly MirrorStep[];
  /** Records whose source is gone, and what stands in their places. */
  readonly vanished: readonly Vanished[];
  readonly unchanged: number;
}

export interface Vanished {
  readonly record: MirrorRecord;
  readonly standing: TreeFile | null;
}

const isAsRecorded = (standing: TreeFile, {size, copy}: MirrorRecord) =>
  standing.size === size && standing.mtimeNs === copy.mtimeNs;

const isSourceAsRecorded = (file: TreeFile, {size, source}: MirrorRecord) =>
  file.size === size && file.mtimeNs === source.mtimeNs && file.changedNs === source.changedNs;

/** @returns what is to be done in one folder. Takes what belongs to the source out of `pair.target`. */
export function compareFolder(pair: FolderPair): FolderSteps {
  const steps: MirrorStep[] = [];
  let unchanged = 0;
  let met = 0;
  for (const file of pair.source) {
    const record = pair.records.get(nameOf(file.path));
    if (record !== undefined) met += 1;
    const step = compareFile(pair, file, record);
    if (step === undefined) unchanged += 1;
    else steps.push(step);
  }
  const vanished = met === pair.records.size ? [] : findVanished(pair);
  return {steps, vanished, unchanged};
}

function compareFile(
  pair: FolderPair,
  file: TreeFile,
  record: MirrorRecord | undefined,
): MirrorStep | undefined {
  const placed = pair.placed.get(nameOf(file.path));
  const isHome = record !== undefined && placed === undefined;
  const name = placed ?? nameOf(record?.target ?? file.path);
  const standing = takeOut(pair.target, name);
  if (isHome) return compareRecorded(file, record, standing);
  const target = pair.folder === '' ? name : `${pair.folder}/${name}`;
  if (standing === null && record === undefined) {
    return {kind: 'copy', file, target, vanished: []};
  }
  if (standing !== null && isDriveRecord(file.path)) return undefined;
  const sourceChanged = record !== undefined && !isSourceAsRecorded(file, record);
  if (standing !== null && !sourceChanged && standing.size === file.size) {
    return {kind: 'adopt', file, target, standing};
  }
  return {kind: 'replace', file, target, record: record ?? null, standing, sourceChanged};
}

function compareRecorded(
  file: TreeFile,
  record: MirrorRecord,
  standing: TreeFile | null,
): MirrorStep | undefined {
  const sourceIs = isSourceAsRecorded(file, record);
  const copyIs = standing !== null && isAsRecorded(standing, record);
  if (sourceIs && copyIs) return undefined;
  if (standing !== null && !copyIs && isDriveRecord(file.path)) return undefined;
  const isShifted = !sourceIs || standing?.size === record.size;
  if (file.size === record.size && isShifted) return {kind: 'check', file, record, standing};
  const {target} = record;
  return {kind: 'replace', file, target, record, standing, sourceChanged: !sourceIs};
}

function findVanished(pair: FolderPair): Vanished[] {
  const names = new Set(pair.source.map(({path}) => nameOf(path)));
  const vanished: Vanished[] = [];
  for (const [name, record] of pair.records) {
    if (names.has(name)) continue;
    const isHome = folderOf(record.target) === pair.folder;
    const standing = isHome ? takeOut(pair.target, nameOf(record.target)) : null;
    if (!pair.isKept(record.path)) vanished.push(toVanished(record, standing));
  }
  return vanished;
}

/** A record that the drive wrote over since is its own, and no copy of ours. */
export function toVanished(record: MirrorRecord, standing: TreeFile | null): Vanished {
  const isOwn = standing !== null && isDriveRecord(record.path) && !isAsRecorded(standing, record);
  return {record, standing: isOwn ? null : standing};
}

function takeOut(files: Map<string, TreeFile>, name: string): TreeFile | null {
  const file = files.get(name);
  if (file === undefined) return null;
  files.delete(name);
  return file;
}
