/** Source, target and state walked together, folder by folder: what is to be done so that the target has what the source has. Reads no file and writes nothing. */
import {acceptMatch, type MatchSetting, type UnchangedFolder} from '../core/backup/accept-match.ts';
import {compareFolder, toVanished} from '../core/backup/compare-folder.ts';
import {addFolder, concludeDraft, type DraftPlan, newDraft} from '../core/backup/draft-plan.ts';
import {FILTER_RULE, type LeaveOut} from '../core/backup/mirror-leave-out.ts';
import type {MirrorPlan} from '../core/backup/mirror-plan.ts';
import {runOfPart} from '../core/backup/mirror-temporaries.ts';
import type {TreeFile, TreePath} from '../core/backup/mirror-tree.ts';
import {compareNames, folderOf, foldersAbove, joinPath, nameOf} from '../core/backup/walk-order.ts';
import type {NamingRules} from '../core/safe-names.ts';
import type {Selection} from '../core/selection/choice.ts';
import type {MatchingFiles} from '../system/files.ts';
import {BothSides, type Listings, type PairedFolder} from './both-sides.ts';
import {type FolderMatch, FolderMatcher} from './folder-matcher.ts';
import {findKnownFolders, nameNewEntries, trustRecords} from './folder-names.ts';
import {RecordCursor} from './record-cursor.ts';
import type {FolderListing} from './scan-trees.ts';
import type {StateReader} from './state-reader.ts';
import type {Records, StoredFolder} from './stored-folders.ts';

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

/** What becomes of a subfolder: walked, passed over with all that is recorded below it, or only counted. */
type Child =
  | {readonly kind: 'walk'; readonly node: PairedFolder}
  | {readonly kind: 'keep'; readonly path: TreePath}
  | {readonly kind: 'count'; readonly path: TreePath; readonly target: TreePath};

class MirrorWalk {
  readonly #trees: MirrorTrees;
  readonly #draft: DraftPlan = newDraft();
  readonly #records: RecordCursor;
  readonly #sides: BothSides;
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
    this.#sides = new BothSides({
      files,
      source: trees.source,
      target: trees.target,
      isToBeListed: (path) => this.#records.isToBeListed(path),
    });
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
  async #visit(node: PairedFolder): Promise<boolean> {
    this.#trees.signal.throwIfAborted();
    const match = await this.#findMatch(node);
    const accepted = match && acceptMatch(match, this.#matchSetting);
    if (match && accepted) return await this.#passUnchanged(match, accepted);
    const listed = await this.#sides.list(node);
    if (!listed.ok) {
      this.#draft.unreadable.push(...listed.unreadable);
      await this.#records.keep(node.path);
      return false;
    }
    const records = trustRecords(await this.#records.take(node.path), this.#trees.rules);
    const before = this.#draft.vanished.length;
    const children = this.#compare(node, listed.listings, records);
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

  async #findMatch({
    path,
    inSource,
    target,
    onTarget,
  }: PairedFolder): Promise<FolderMatch | undefined> {
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

  #compare(node: PairedFolder, listings: Listings, records: Records): readonly Child[] {
    const {leaveOut, onLook, rules, state} = this.#trees;
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
    const known = findKnownFolders({node, folders, target, renamed: state?.renamed});
    const strangers = new Map(target.files.map((file) => [nameOf(file.path), file]));
    const about = {rules, node, listings, records, standing: strangers};
    const placed = nameNewEntries({...about, files: kept, folders, known, isKept});
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
  #select(node: PairedFolder, {source, target}: Listings, records: Records): readonly TreeFile[] {
    const {selection} = this.#trees;
    if (!selection) return source.files;
    const standing = new Set(target.files.map(({path}) => nameOf(path)));
    const hasCopy = ({path}: TreeFile) => records.has(nameOf(path)) || standing.has(nameOf(path));
    return selection.choose({folder: node.path, files: source.files, hasCopy});
  }

  #sourceChildren(
    node: PairedFolder,
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
    node: PairedFolder,
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
    const listing = await this.#sides.listTarget(target);
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
