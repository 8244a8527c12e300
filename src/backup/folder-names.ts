/** What the entries of one folder are called on the target: as before, or by names that are given now. */
import {isArchiveName} from '../core/backup/mirror-leave-out.ts';
import type {MirrorRecord} from '../core/backup/mirror-record.ts';
import {ARCHIVE_FOLDER, type TreeFile, type TreePath} from '../core/backup/mirror-tree.ts';
import {type PlacedNames, placeNames, type StandingKind} from '../core/backup/place-names.ts';
import {folderOf, joinPath, nameOf} from '../core/backup/walk-order.ts';
import {foldName, type NamingRules, safeName} from '../core/safe-names.ts';
import type {Listings, PairedFolder} from './both-sides.ts';
import type {FolderListing} from './scan-trees.ts';
import type {Records} from './stored-folders.ts';

/** @returns the records without those that name a place that this target could never have: it was not made here. */
export function trustRecords(records: Records, rules: NamingRules): Records {
  if (rules.family === 'posix') return records;
  const isPlace = ({target}: MirrorRecord) =>
    target.split('/').every((part) => safeName(part, rules) === part);
  return [...records.values()].every(isPlace)
    ? records
    : new Map([...records].filter(([, record]) => isPlace(record)));
}

/** @returns folders whose names on the target are known from earlier runs, as long as no file stands there now. */
export function findKnownFolders({
  node,
  folders,
  target,
  renamed,
}: {
  readonly node: PairedFolder;
  /** Names of the source. */
  readonly folders: readonly string[];
  readonly target: FolderListing;
  /** Paths on the target by paths of the source. */
  readonly renamed: ReadonlyMap<TreePath, TreePath> | undefined;
}): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  if (renamed === undefined || renamed.size === 0) return known;
  for (const name of folders) {
    const place = renamed.get(joinPath(node.path, name));
    if (place === undefined || folderOf(place) !== node.target) continue;
    const its = nameOf(place);
    const isFree = target.folders.includes(its) || kindsOf(target).get(its) === undefined;
    if (isFree) known.set(name, its);
  }
  return known;
}

/** @returns names for what has none on the target yet. */
export function nameNewEntries({
  rules,
  node,
  listings: {source, target},
  records,
  standing,
  files,
  folders,
  known,
  isKept,
}: {
  readonly rules: NamingRules;
  readonly node: PairedFolder;
  readonly listings: Listings;
  readonly records: Records;
  /** Files of the target by their names. */
  readonly standing: ReadonlyMap<string, TreeFile>;
  readonly files: readonly TreeFile[];
  readonly folders: readonly string[];
  readonly known: ReadonlyMap<string, string>;
  readonly isKept: (path: TreePath) => boolean;
}): PlacedNames {
  let keys: ReadonlySet<string> | undefined;
  // A copy that is gone, and its name is another's now: a folder's, or that of a file in other capitals.
  const isLost = (name: string) => {
    if (standing.has(name)) return false;
    keys ??= new Set(Array.from(kindsOf(target).keys(), (one) => foldName(one, rules)));
    return keys.has(foldName(name, rules));
  };
  const isHome = (record: MirrorRecord | undefined): record is MirrorRecord =>
    record !== undefined &&
    folderOf(record.target) === node.target &&
    !isLost(nameOf(record.target));
  const newFiles: string[] = [];
  for (const {path} of files) {
    const name = nameOf(path);
    if (!isHome(records.get(name))) newFiles.push(name);
  }
  const newFolders = folders.filter((name) => !known.has(name));
  if (newFiles.length === 0 && newFolders.length === 0) return NOTHING_PLACED;
  const taken = [...known.values()];
  if (node.path === '') {
    const own = [...newFolders, ...newFiles].filter(isArchiveName);
    taken.push(ARCHIVE_FOLDER, ...own);
  }
  const names = new Set(source.files.map(({path}) => nameOf(path)));
  for (const [name, record] of records) {
    const stays = names.has(name) || isKept(record.path);
    if (stays && isHome(record)) taken.push(nameOf(record.target));
  }
  const there = Array.from(kindsOf(target), ([name, kind]) => ({name, kind}));
  return placeNames({rules, folders: newFolders, files: newFiles, taken, standing: there});
}

const NOTHING_PLACED: PlacedNames = {folders: new Map(), files: new Map()};

/** Everything that has a name in a folder. */
function kindsOf(listing: FolderListing): Map<string, StandingKind> {
  const kinds = new Map<string, StandingKind>();
  for (const {path} of listing.files) kinds.set(nameOf(path), 'file');
  for (const name of listing.folders) kinds.set(name, 'folder');
  for (const {name} of listing.leftOut) kinds.set(name, 'other');
  for (const name of listing.unknown) kinds.set(name, 'other');
  return kinds;
}
