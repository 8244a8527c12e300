import {CARD_CHAIN_NAME, CHAIN_NAME, generationOf, MHL_FOLDER} from './manifest-names.ts';

/**
 * Finds the folders that have a history of their own, by the paths of all files in a tree.
 * @returns paths below the tree's root, deepest first; `''` is the root itself.
 */
export function findHistoryFolders(paths: Iterable<string>): readonly string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    // What lies in the folder of a history is part of that history.
    if (parts.pop() !== MHL_FOLDER || parts.includes(MHL_FOLDER)) continue;
    if (isHistoryFile(name)) folders.add(parts.join('/'));
  }
  return [...folders].sort((a, b) => depthOf(b) - depthOf(a));
}

const isHistoryFile = (name: string) =>
  name === CHAIN_NAME || name === CARD_CHAIN_NAME || generationOf(name) !== undefined;

const depthOf = (folder: string) => (folder === '' ? 0 : folder.split('/').length);

/**
 * @param folders deepest first.
 * @returns the history that a path belongs to: the nearest above it; undefined when none is.
 */
export const ownerOf = (path: string, folders: readonly string[]): string | undefined =>
  folders.find((folder) => folder === '' || path.startsWith(`${folder}/`));

/** The path as the history of a folder has it. */
export const belowFolder = (path: string, folder: string): string =>
  folder === '' ? path : path.slice(folder.length + 1);

export const joinPath = (folder: string, name: string): string =>
  folder === '' ? name : `${folder}/${name}`;
