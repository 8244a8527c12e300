/**
 * The short way past a folder in which nothing changed. It may only ever say what `compareFolder` and `placeNames` would: nothing to do. What it does not understand is for them.
 */
import {foldName, type NamingRules, safeName} from '../safe-names.ts';
import {entryRule, type NamedEntry} from './entry-rule.ts';
import {LEAVE_NOTHING, type LeaveOut} from './mirror-leave-out.ts';
import {ARCHIVE_FOLDER, type TreePath} from './mirror-tree.ts';
import {compareNames, joinPath} from './walk-order.ts';

/** A folder of which each recorded file was found on both sides as it is recorded, its copy under the same path. */
export interface MatchedFolder {
  readonly path: TreePath;
  /** Names of the recorded files; null where no rule asks for them ({@link asksForNames}). */
  readonly names: readonly string[] | null;
  /** What else lies there, in any order. */
  readonly inSource: readonly NamedEntry[];
  readonly onTarget: readonly NamedEntry[];
}

export interface MatchSetting {
  readonly rules: NamingRules;
  readonly leaveOut: LeaveOut;
  /** Folders that the target calls otherwise, by their paths in the source. */
  readonly renamed: ReadonlyMap<TreePath, TreePath> | undefined;
}

/** @returns whether names of files decide: a job's filter may have come since they were copied, and there are targets that cannot hold every name, or not two that differ in capitals. */
export const asksForNames = ({rules, leaveOut}: Pick<MatchSetting, 'rules' | 'leaveOut'>) =>
  leaveOut !== LEAVE_NOTHING ||
  rules.family !== 'posix' ||
  !rules.caseSensitive ||
  rules.normalizes;

/** A folder without anything to do. */
export interface UnchangedFolder {
  /** Names of its folders, the same on both sides, sorted by code units. */
  readonly folders: readonly string[];
  /** Of the source, sorted by code units. */
  readonly leftOut: readonly {readonly path: TreePath; readonly rule: string}[];
  /** Files of the target that nobody recorded. */
  readonly strangers: number;
}

/** @returns undefined when the folder is to be compared file by file. */
export function acceptMatch(
  folder: MatchedFolder,
  setting: MatchSetting,
): UnchangedFolder | undefined {
  const {path} = folder;
  const names = folder.names ?? [];
  const {rules, leaveOut} = setting;
  if (names.some((name) => leaveOut(joinPath(path, name), false))) return undefined;
  // Records of places that this target could never have are not believed.
  const isSafe = (name: string) => safeName(name, rules) === name;
  if (rules.family !== 'posix' && names.length > 0) {
    const above = path === '' ? [] : path.split('/');
    if (!above.every(isSafe) || !names.every(isSafe)) return undefined;
  }
  const source = sortSource(folder, setting);
  const target = sortTarget(folder, leaveOut);
  if (source === undefined || target.folders.size !== source.folders.length) return undefined;
  if (!source.folders.every((name) => target.folders.has(name) && isSafe(name))) return undefined;
  if (meets(source.folders, folder, rules)) return undefined;
  return {...source, strangers: target.strangers};
}

function sortSource(
  {path, inSource}: MatchedFolder,
  {leaveOut, renamed}: MatchSetting,
): Pick<UnchangedFolder, 'folders' | 'leftOut'> | undefined {
  const folders: string[] = [];
  const leftOut: {readonly name: string; readonly rule: string}[] = [];
  for (const entry of inSource) {
    const {name, kind} = entry;
    const rule = entryRule(entry, path);
    // Whether it is an archive only its own entries tell.
    if (rule === ARCHIVE_FOLDER) return undefined;
    if (rule !== undefined) {
      leftOut.push({name, rule});
      continue;
    }
    const place = joinPath(path, name);
    if (kind !== 'folder' || leaveOut(place, true) || renamed?.has(place)) return undefined;
    folders.push(name);
  }
  return {
    folders: folders.sort(compareNames),
    leftOut: leftOut
      .sort((a, b) => compareNames(a.name, b.name))
      .map(({name, rule}) => ({path: joinPath(path, name), rule})),
  };
}

function sortTarget({path, onTarget}: MatchedFolder, leaveOut: LeaveOut) {
  const folders = new Set<string>();
  let strangers = 0;
  for (const entry of onTarget) {
    if (entryRule(entry, path) !== undefined) continue;
    if (entry.kind === 'folder') folders.add(entry.name);
    else if (!leaveOut(joinPath(path, entry.name), false)) strangers += 1;
  }
  return {folders, strangers};
}

/** @returns true when a folder's name is another one's on the target too. */
function meets(
  folders: readonly string[],
  {path, names}: MatchedFolder,
  rules: NamingRules,
): boolean {
  if (folders.length === 0 || (rules.caseSensitive && !rules.normalizes)) return false;
  const keyOf = (name: string) => foldName(name, rules);
  const taken = new Set(names?.map(keyOf));
  if (path === '') taken.add(keyOf(ARCHIVE_FOLDER));
  return folders.some((name) => taken.size === taken.add(keyOf(name)).size);
}
