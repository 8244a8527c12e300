/** Source, target and state walked together, folder by folder: what is to be done so that the target has what the source has. Reads no file and writes nothing. */
import {acceptMatch, type MatchSetting, type UnchangedFolder} from '../core/backup/accept-match.ts';
import {compareFolder, toVanished} from '../core/backup/compare-folder.ts';
import {addFolder, concludeDraft, type DraftPlan, newDraft} from '../core/backup/draft-plan.ts';
import {FILTER_RULE, isArchiveName, type LeaveOut} from '../core/backup/mirror-leave-out.ts';
import type {MirrorPlan} from '../core/backup/mirror-plan.ts';
import type {MirrorRecord} from '../core/backup/mirror-record.ts';
import {runOfPart} from '../core/backup/mirror-temporaries.ts';
import {ARCHIVE_FOLDER, type TreeFile, type TreePath} from '../core/backup/mirror-tree.ts';
import {type PlacedNames, placeNames, type StandingKind} from '../core/backup/place-names.ts';
import {isRunId} from '../core/backup/run-moment.ts';
import {compareNames, folderOf, foldersAbove, joinPath, nameOf} from '../core/backup/walk-order.ts';
import type {Cause} from '../core/cause.ts';
import {foldName, type NamingRules, safeName} from '../core/safe-names.ts';
import type {Selection} from '../core/selection/choice.ts';
import type {MatchingFiles} from '../system/files.ts';
import {type FolderMatch, FolderMatcher} from './folder-matcher.ts';
import {RecordCursor} from './record-cursor.ts';
import type {FolderListing} from './scan-trees.ts';
import type {StateReader} from './state-reader.ts';
import type {Records, StoredFolder} from './stored-folders.ts';
import {TreeLister} from './tree-lister.ts';

export interface MirrorTrees {
  readonly files: MatchingFiles;
  /** Folders of the source and of the target, absolute. */
  readonly source: string;
  readonly target: string;
  /** What the target's file system does with names. */
  readonly rules: NamingRules;
  /** What the job leaves out, by paths below the source folder. */
  readonly leaveOut: LeaveOut;
  /** Which pictures are kept; left out for everything. */
  readonly selection?: Selection | null;
  /** Null where nothing is known. */
  readonly state: StateReader | null;
  readonly signal: AbortSignal;
  /** Told now and then with the number of files of the source that were seen so far. */
  readonly onLook: (count: number) => void;
}

/**
 * @returns what differs. A folder that cannot be listed on one of the sides is in `unreadable`, and nothing is planned below it.
 * Rejects with the signal's reason when it is aborted, and with the system's error when the state cannot be read.
 */
export async function planMirror(trees: MirrorTrees): Promise<MirrorPlan> {
  const walk = new MirrorWalk(trees);
  return await walk.run();
}

/** A folder that is on one of the sides, or on both. */
interface Node {
  /** Below the source folder, whether it is there or was. */
  readonly path: TreePath;
  readonly inSource: boolean;
  /** Its place on the target. */
  readonly target: TreePath;
  readonly onTarget: boolean;
}

/** What becomes of a subfolder: walked, passed over with all that is recorded below it, or only counted. */
type Child =
  | {readonly kind: 'walk'; readonly node: Node}
  | {readonly kind: 'keep'; readonly path: TreePath}
  | {readonly kind: 'count'; readonly path: TreePath; readonly target: TreePath};

interface Listings {
  readonly source: FolderListing;
  readonly target: FolderListing;
}

class MirrorWalk {
  readonly #trees: MirrorTrees;
  readonly #draft: DraftPlan = newDraft();
  readonly #records: RecordCursor;
  readonly #sources: TreeLister;
  readonly #targets: TreeLister;
  readonly #matchSetting: MatchSetting;
  /** Paths of the source by what the target calls them. */
  readonly #originals: ReadonlyMap<TreePath, TreePath>;

  constructor(trees: MirrorTrees) {
    this.#trees = trees;
    const {files, state} = trees;
    const matcher = new FolderMatcher(trees);
    this.#records = new RecordCursor({
      state,
      // What is recorded may be chosen no more though nothing changed.
      match: async (folders) => (trees.selection ? undefined : await matcher.match(folders)),
      onPassed: (folder) => this.#vanishWhole(folder),
    });
    const isToBeListed = (path: TreePath) => this.#records.isToBeListed(path);
    this.#sources = new TreeLister({files, root: trees.source, isToBeListed});
    this.#targets = new TreeLister({files, root: trees.target, isToBeListed});
    this.#matchSetting = {
      rules: trees.rules,
      leaveOut: trees.leaveOut,
      renamed: trees.state?.renamed,
    };
    this.#originals = new Map(Array.from(trees.state?.renamed ?? [], ([from, to]) => [to, from]));
  }

  async run(): Promise<MirrorPlan> {
    try {
      await this.#visit({path: '', inSource: true, target: '', onTarget: true});
      await this.#records.finish();
    } finally {
      await this.#records.close();
    }
    return concludeDraft(this.#draft, this.#records.count);
  }

  /** @returns true when files of it or below it vanished. */
  async #visit(node: Node): Promise<boolean> {
    this.#trees.signal.throwIfAborted();
    const match = await this.#findMatch(node);
    const accepted = match && acceptMatch(match, this.#matchSetting);
    if (match && accepted) return await this.#passUnchanged(match, accepted);
    const listings = await this.#list(node);
    if (listings === undefined) {
      await this.#records.keep(node.path);
      return false;
    }
    const records = this.#trust(await this.#records.take(node.path));
    const before = this.#draft.vanished.length;
    const children = this.#compare(node, listings, records);
    for (const child of children) {
      if (child.kind === 'keep') await this.#records.keep(child.path);
      else if (child.kind === 'count') await this.#countStrangers(child.target);
      else await this.#visit(child.node);
    }
    const hasVanished = this.#draft.vanished.length > before;
    const isGone = !node.inSource || this.#trees.selection?.wants(node.path) === false;
    if (hasVanished && isGone && node.onTarget) this.#draft.emptied.push(node.target);
    return hasVanished;
  }

  async #findMatch({path, inSource, target, onTarget}: Node): Promise<FolderMatch | undefined> {
    if (!inSource || !onTarget || path !== target) return undefined;
    return (await this.#records.findMatch(path)) ?? undefined;
  }

  /** The same that a visit comes to where there is nothing to do. */
  async #passUnchanged(
    match: FolderMatch,
    {folders, leftOut, strangers}: UnchangedFolder,
  ): Promise<boolean> {
    const draft = this.#draft;
    draft.leftOut.push(...leftOut);
    this.#noteUnfinished(match.path, match.onTarget);
    draft.files += match.files;
    draft.bytes += match.bytes;
    draft.unchanged += match.files;
    draft.strangers += strangers;
    this.#trees.onLook(draft.files);
    await this.#records.pass(match);
    const before = draft.vanished.length;
    for (const name of folders) {
      const path = joinPath(match.path, name);
      await this.#visit({path, inSource: true, target: path, onTarget: true});
    }
    return draft.vanished.length > before;
  }

  async #list({path, inSource, target, onTarget}: Node): Promise<Listings | undefined> {
    const [fromSource, fromTarget] = await Promise.all([
      inSource ? this.#sources.list(path) : undefined,
      onTarget ? this.#targets.list(target) : undefined,
    ]);
    const unreadable: Cause[] = [];
    if (fromSource?.ok === false) unreadable.push(fromSource.cause);
    // A target folder that is to be made with the first copy.
    const isNew = path === '' && fromTarget?.ok === false && fromTarget.cause.code === 'ENOENT';
    if (fromTarget?.ok === false && !isNew) unreadable.push(fromTarget.cause);
    if (unreadable.length > 0) {
      this.#draft.unreadable.push(...unreadable);
      return undefined;
    }
    return {
      source:
        fromSource?.ok === true ? await this.#showArchive(fromSource.value) : emptyListing(path),
      target: fromTarget?.ok === true ? fromTarget.value : emptyListing(target),
    };
  }

  /** A folder of the archive's name that holds no run is the photographer's own, and is kept like any other. */
  async #showArchive(listing: FolderListing): Promise<FolderListing> {
    if (listing.path !== '') return listing;
    const shown: string[] = [];
    for (const {name, rule} of listing.leftOut) {
      if (rule !== ARCHIVE_FOLDER) continue;
      const inside = await this.#sources.list(name);
      // One that cannot be listed may be the photographer's too: it is told with what else cannot be read.
      const isOurs = inside.ok && inside.value.folders.some(isRunId);
      if (!isOurs) shown.push(name);
    }
    if (shown.length === 0) return listing;
    return {
      ...listing,
      folders: [...listing.folders, ...shown].sort(compareNames),
      leftOut: listing.leftOut.filter(({name}) => !shown.includes(name)),
    };
  }

  /** A record names a place that this target could never have: it was not made here. */
  #trust(records: Records): Records {
    const {rules} = this.#trees;
    if (rules.family === 'posix') return records;
    const isPlace = ({target}: MirrorRecord) =>
      target.split('/').every((part) => safeName(part, rules) === part);
    return [...records.values()].every(isPlace)
      ? records
      : new Map([...records].filter(([, record]) => isPlace(record)));
  }

  #compare(node: Node, listings: Listings, records: Records): readonly Child[] {
    const {leaveOut, onLook} = this.#trees;
    const {source, target} = listings;
    const draft = this.#draft;
    draft.unreadable.push(...source.unreadable, ...target.unreadable);
    this.#noteUnfinished(node.target, target.leftOut);
    for (const {path, rule} of source.leftOut) draft.leftOut.push({path, rule});
    const kept: TreeFile[] = [];
    for (const file of this.#select(node, listings, records)) {
      if (leaveOut(file.path, false)) {
        draft.leftOut.push({path: file.path, rule: FILTER_RULE});
        continue;
      }
      draft.files += 1;
      draft.bytes += file.size;
      const copy = records.get(nameOf(file.path))?.target;
      // Of a copy that cannot be looked at nothing is known: everything stays as it is.
      if (copy === undefined || !target.unknown.has(nameOf(copy))) kept.push(file);
    }
    const seen = new Set(source.folders);
    const folders = source.folders.filter((name) => !leaveOut(joinPath(node.path, name), true));
    const isKept = (path: TreePath) => source.unknown.has(nameOf(path)) || leaveOut(path, false);
    const known = this.#knownFolders(node, folders, target);
    const strangers = new Map(target.files.map((file) => [nameOf(file.path), file]));
    const about = {node, listings, records, standing: strangers};
    const placed = this.#place({...about, files: kept, folders, known, isKept});
    addFolder(
      draft,
      compareFolder({
        source: kept,
        target: strangers,
        records,
        placed: placed.files,
        folder: node.target,
        isKept,
      }),
    );
    for (const file of strangers.values()) {
      if (!leaveOut(joinPath(node.path, nameOf(file.path)), false)) draft.strangers += 1;
    }
    onLook(draft.files);
    const names = new Map([...known, ...placed.folders]);
    const children = this.#sourceChildren(node, folders, {names, target});
    for (const name of seen) {
      const path = joinPath(node.path, name);
      if (names.has(name)) continue;
      draft.leftOut.push({path, rule: FILTER_RULE});
      children.push({kind: 'keep', path});
    }
    for (const name of source.unknown) {
      children.push({kind: 'keep', path: joinPath(node.path, name)});
    }
    const taken = new Set(names.values());
    const paths = new Set(children.map(pathOf));
    for (const name of target.folders) {
      if (!taken.has(name))
        children.push(this.#targetChild(node, name, {paths, unknown: source.unknown}));
    }
    return children.sort((a, b) => compareNames(nameOf(pathOf(a)), nameOf(pathOf(b))));
  }

  /** Without a rule all files. What a rule leaves out is as if the source had it not. */
  #select(node: Node, {source, target}: Listings, records: Records): readonly TreeFile[] {
    const {selection} = this.#trees;
    if (!selection) return source.files;
    const standing = new Set(target.files.map(({path}) => nameOf(path)));
    const hasCopy = ({path}: TreeFile) => records.has(nameOf(path)) || standing.has(nameOf(path));
    return selection.choose({folder: node.path, files: source.files, hasCopy});
  }

  /** Folders whose names on the target are known from earlier runs, as long as no file stands there now. */
  #knownFolders(
    node: Node,
    folders: readonly string[],
    target: FolderListing,
  ): ReadonlyMap<string, string> {
    const known = new Map<string, string>();
    const renamed = this.#trees.state?.renamed;
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

  #place({
    node,
    listings: {source, target},
    records,
    standing,
    files,
    folders,
    known,
    isKept,
  }: {
    readonly node: Node;
    readonly listings: Listings;
    readonly records: Records;
    /** Files of the target by their names. */
    readonly standing: ReadonlyMap<string, TreeFile>;
    readonly files: readonly TreeFile[];
    readonly folders: readonly string[];
    readonly known: ReadonlyMap<string, string>;
    readonly isKept: (path: TreePath) => boolean;
  }): PlacedNames {
    const {rules} = this.#trees;
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

  #sourceChildren(
    node: Node,
    folders: readonly string[],
    {names, target}: {names: ReadonlyMap<string, string>; target: FolderListing},
  ): Child[] {
    const standing = new Set(target.folders);
    return folders.map((name) => {
      const its = names.get(name) ?? name;
      const place = joinPath(node.target, its);
      const onTarget = standing.has(its);
      const path = joinPath(node.path, name);
      const isWanted = this.#trees.selection?.wants(path) !== false;
      if (!onTarget && isWanted) this.#draft.folders.push(place);
      return {kind: 'walk', node: {path, inSource: true, target: place, onTarget}};
    });
  }

  /** A folder that only the target has: what is recorded of it vanished, the rest is somebody's. */
  #targetChild(
    node: Node,
    name: string,
    {paths, unknown}: {paths: ReadonlySet<TreePath>; unknown: ReadonlySet<string>},
  ): Child {
    const target = joinPath(node.target, name);
    const original = this.#originals.get(target);
    const isOurs = original !== undefined && folderOf(original) === node.path;
    const path = isOurs ? original : joinPath(node.path, name);
    if (this.#trees.leaveOut(path, true) || unknown.has(nameOf(path))) return {kind: 'keep', path};
    // The source has a folder of that path, and it lies elsewhere.
    if (paths.has(path)) return {kind: 'count', path, target};
    return {kind: 'walk', node: {path, inSource: false, target, onTarget: true}};
  }

  async #countStrangers(target: TreePath): Promise<void> {
    this.#trees.signal.throwIfAborted();
    const listing = await this.#targets.list(target);
    if (!listing.ok) {
      this.#draft.unreadable.push(listing.cause);
      return;
    }
    this.#draft.strangers += listing.value.files.length;
    this.#noteUnfinished(target, listing.value.leftOut);
    for (const name of listing.value.folders) await this.#countStrangers(joinPath(target, name));
  }

  /** What a run that died left: it may have been writing a file that the source has elsewhere by now. */
  #noteUnfinished(folder: TreePath, entries: readonly {readonly name: string}[]): void {
    if (entries.some(({name}) => runOfPart(name) !== undefined))
      this.#draft.unfinished.push(folder);
  }

  /** Neither side has the folder any more: only records are left of it. */
  async #vanishWhole(folder: StoredFolder): Promise<void> {
    const {leaveOut} = this.#trees;
    const {path} = folder;
    const isOut = [...foldersAbove(path), path].some((one) => one !== '' && leaveOut(one, true));
    if (isOut) return;
    for (const record of (await folder.read()).values()) {
      if (!leaveOut(record.path, false)) this.#draft.vanished.push(toVanished(record, null));
    }
  }
}

const pathOf = (child: Child): TreePath => (child.kind === 'walk' ? child.node.path : child.path);

const NOTHING_PLACED: PlacedNames = {folders: new Map(), files: new Map()};

const emptyListing = (path: TreePath): FolderListing => ({
  path,
  files: [],
  folders: [],
  leftOut: [],
  unreadable: [],
  unknown: new Set(),
});

/** Everything that has a name in a folder. */
function kindsOf(listing: FolderListing): Map<string, StandingKind> {
  const kinds = new Map<string, StandingKind>();
  for (const {path} of listing.files) kinds.set(nameOf(path), 'file');
  for (const name of listing.folders) kinds.set(name, 'folder');
  for (const {name} of listing.leftOut) kinds.set(name, 'other');
  for (const name of listing.unknown) kinds.set(name, 'other');
  return kinds;
}
