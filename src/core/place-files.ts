/** Where each file of a card lies on a destination, so that nothing merges that was apart on the card. */
import type {CardPath} from './card.ts';
import {foldName, type NamingRules, numberedName, safeName} from './safe-names.ts';

/** The folder in a shoot that holds manifests, lists and journals (design, section 6). No file of a card is placed in it. */
export const RECORD_FOLDER = '_offload';

export interface Placement {
  /** Final path below the shoot folder, parts joined by `/`, for each card path; in the order of `wanted`. */
  readonly files: ReadonlyMap<CardPath, string>;
  /** The same for each folder that was asked for, by its wanted path. */
  readonly folders: ReadonlyMap<string, string>;
}

/** A file or folder that looks for a name in its folder. */
interface Entry {
  readonly wanted: string;
  /** Empty until it has one. */
  name: string;
}

interface PlacedFile extends Entry {
  readonly cardPath: CardPath;
}

interface PlacedFolder extends Entry {
  readonly folders: Map<string, PlacedFolder>;
  readonly files: PlacedFile[];
  /** Path below the shoot folder with its last `/`; empty for the shoot folder itself. */
  prefix: string;
}

/**
 * Gives every file and folder a path that the destination can hold: each part is a safe name, no two names of one folder fold alike,
 * and a renamed folder is renamed for all that lies in it. Names that can stay do stay; of two that meet, folders go before files and
 * then the first in the order of code units keeps the name, the next gets a number. The result depends on the set of paths only: not
 * on the order in which the card lists them, nor on what is on the disk.
 * @param wanted for each card path the path below the shoot folder that the layout wants; several may want the same one.
 * @param folders wanted paths of folders that must exist, empty or not.
 */
export function placeTree({
  wanted,
  folders,
  rules,
}: {
  wanted: ReadonlyMap<CardPath, string>;
  folders: readonly string[];
  rules: NamingRules;
}): Placement {
  const shoot = newFolder('');
  for (const [cardPath, path] of wanted) addFile(shoot, cardPath, path);
  const asked = folders.map((path) => [path, openFolder(shoot, path.split('/'))] as const);
  // Filled first so that the order of the result is that of `wanted`.
  const placed = new Map(Array.from(wanted.keys(), (cardPath) => [cardPath, '']));
  const open = [shoot];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    nameEntries(folder, {taken: folder === shoot ? [RECORD_FOLDER] : [], rules});
    for (const file of folder.files) placed.set(file.cardPath, folder.prefix + file.name);
    for (const child of folder.folders.values()) {
      child.prefix = `${folder.prefix}${child.name}/`;
      open.push(child);
    }
  }
  return {
    files: placed,
    folders: new Map(asked.map(([path, folder]) => [path, folder.prefix.slice(0, -1)])),
  };
}

const newFolder = (wanted: string): PlacedFolder => ({
  wanted,
  name: '',
  folders: new Map(),
  files: [],
  prefix: '',
});

function addFile(shoot: PlacedFolder, cardPath: CardPath, path: string): void {
  const parts = path.split('/');
  const wanted = parts.pop() ?? '';
  openFolder(shoot, parts).files.push({wanted, name: '', cardPath});
}

function openFolder(shoot: PlacedFolder, parts: readonly string[]): PlacedFolder {
  let folder = shoot;
  for (const part of parts) {
    const next = folder.folders.get(part) ?? newFolder(part);
    folder.folders.set(part, next);
    folder = next;
  }
  return folder;
}

function nameEntries(
  folder: PlacedFolder,
  {taken, rules}: {taken: readonly string[]; rules: NamingRules},
): void {
  const keys = new Set(taken.map((name) => foldName(name, rules)));
  const claim = (entry: Entry, name: string): boolean => {
    const key = foldName(name, rules);
    if (keys.has(key)) return false;
    keys.add(key);
    entry.name = name;
    return true;
  };
  const late = inOrder(folder).filter(
    (entry) => safeName(entry.wanted, rules) !== entry.wanted || !claim(entry, entry.wanted),
  );
  // One counter for each name keeps a thousand files of one name from trying a thousand numbers each.
  const nextNumbers = new Map<string, number>();
  for (const entry of late) {
    const safe = safeName(entry.wanted, rules);
    if (claim(entry, safe)) continue;
    const key = foldName(safe, rules);
    let n = nextNumbers.get(key) ?? 2;
    while (!claim(entry, numberedName({name: entry.wanted, n, rules}))) n += 1;
    nextNumbers.set(key, n + 1);
  }
}

function inOrder({folders, files}: PlacedFolder): readonly Entry[] {
  const byWanted = [...folders.values()].sort((a, b) => compareUnits(a.wanted, b.wanted));
  const byCardPath = files.toSorted((a, b) => compareUnits(a.cardPath, b.cardPath));
  return [...byWanted, ...byCardPath];
}

/** Not `localeCompare`: the order must not depend on the machine. */
function compareUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
