/**
 * The one order in which source, target and state are walked: a folder itself, its files by code units, then its folders by code units, each with all that is below it.
 */
import type {TreePath} from './mirror-tree.ts';

/** @returns the folder of a path; empty for what lies in the folder of the job itself. */
export const folderOf = (path: TreePath): TreePath =>
  path.slice(0, Math.max(0, path.lastIndexOf('/')));

export const nameOf = (path: TreePath): string => path.slice(path.lastIndexOf('/') + 1);

export const joinPath = (folder: TreePath, name: string): TreePath =>
  folder === '' ? name : `${folder}/${name}`;

/** @returns true for the folder itself and all below it. */
export const isWithin = (path: TreePath, folder: TreePath): boolean =>
  folder === '' ||
  (path.startsWith(folder) && (path.length === folder.length || path[folder.length] === '/'));

/** @returns every folder on the way to a path, outermost first, without the path itself. */
export function foldersAbove(path: TreePath): readonly TreePath[] {
  const folders: TreePath[] = [];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    folders.push(path.slice(0, at));
  }
  return folders;
}

/** By code units, as `<` on strings does. */
export const compareNames = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Below every character of a name: `a/b` comes before `a-b`, because `a` comes before `a-b`. */
const SLASH = -1;

const rank = (path: TreePath, at: number): number =>
  path[at] === '/' ? SLASH : path.charCodeAt(at);

/** Order of two folders: negative when `a` is walked first, 0 for one folder. */
export function compareFolders(a: TreePath, b: TreePath): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return at === shorter ? a.length - b.length : rank(a, at) - rank(b, at);
}

/** Order of two files. */
export function compareFiles(a: TreePath, b: TreePath): number {
  return compareFolders(folderOf(a), folderOf(b)) || compareNames(nameOf(a), nameOf(b));
}
