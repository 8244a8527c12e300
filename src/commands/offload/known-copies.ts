/** What files that lay on drives already (`--only-new`) mean for the verdict, and for the places of the others. */
import {isAbsolute, relative, sep} from 'node:path';
import type {CopyEvidence} from '../../../verify/evidence.ts';
import type {CardFile, CardListing, CardPath} from '../../core/card.ts';
import type {CopySummary} from '../../core/events.ts';
import type {WantedPlaces} from '../../engine/group-places.ts';
import type {Lane} from '../../engine/lane.ts';
import type {KnownRoot} from '../check/collect-copies.ts';
import {summarizeRoot} from '../check/root-evidence.ts';
import type {KnownFiles} from './only-new.ts';
import type {PreparedCard} from './prepare-card.ts';

export const copiesOf = ({files}: KnownFiles): ReadonlyMap<CardPath, readonly CopyEvidence[]> =>
  new Map([...files].map(([path, {copies}]) => [path, copies]));

/** @returns how many known files have a copy on a drive. */
export function countKnownOn({files}: KnownFiles, drive: string): number {
  return [...files.values()].filter(({copies}) => copies.some(({to}) => to === drive)).length;
}

/** Drives that hold what was known, and are no destination of this run. Where nothing was known they have no say. */
export function rootsBeside({known, lanes}: PreparedCard): readonly KnownRoot[] {
  return known.roots.filter(
    ({folder: {path}}) =>
      countKnownOn(known, path) > 0 && lanes.every(({destination}) => destination.to !== path),
  );
}

/** They are told of like destinations, with the newest record that lies there. */
export function summarizeRoots(card: PreparedCard): readonly CopySummary[] {
  return rootsBeside(card).map((root) =>
    summarizeRoot(root, countKnownOn(card.known, root.folder.path)),
  );
}

/** @returns where known files lie below the shoot folder of a destination, parts joined by `/`; those that lie in other shoots are not there. */
export function targetsIn(
  {files}: KnownFiles,
  lanes: readonly Lane[],
): ReadonlyMap<CardPath, string> {
  const targets = new Map<CardPath, string>();
  for (const [path, {copies}] of files) {
    const below = copies.flatMap(({place}) => lanes.flatMap(({root}) => pathBelow(root, place)));
    if (below[0] !== undefined) targets.set(path, below[0]);
  }
  return targets;
}

function pathBelow(root: string, place: string): readonly string[] {
  const way = relative(root, place);
  const isBelow = way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  return isBelow ? [way.split(sep).join('/')] : [];
}

/** @returns the places of what is to be copied. */
export const keepNew = ({files, ...places}: WantedPlaces, known: KnownFiles): WantedPlaces => ({
  ...places,
  files: new Map([...files].filter(([path]) => !known.files.has(path))),
});

/**
 * Of a card of which some is known, only the folders come along that hold something new, and empty ones beside them: a tree of folders whose files lie elsewhere would say that they are missing.
 * @returns the card with the files that are to be copied and the folders that are kept.
 */
export function leaveKnown(listing: CardListing, {files: known}: KnownFiles): CardListing {
  if (known.size === 0) return listing;
  const files = listing.files.filter(({path}) => !known.has(path));
  const filled = foldersAbove(listing.files);
  const wanted = foldersAbove(files);
  const isKept = (folder: CardPath): boolean =>
    wanted.has(folder) || (!filled.has(folder) && folder !== '' && isKept(folderOf(folder)));
  return {...listing, files, folders: listing.folders.filter(isKept)};
}

/** @returns the folders of files and all above these; the card itself is the empty path. */
function foldersAbove(files: readonly CardFile[]): ReadonlySet<CardPath> {
  const folders = new Set<CardPath>();
  for (const {path} of files) {
    let folder = folderOf(path);
    while (!folders.has(folder)) {
      folders.add(folder);
      folder = folderOf(folder);
    }
  }
  return folders;
}

const folderOf = (path: CardPath): CardPath => path.slice(0, Math.max(path.lastIndexOf('/'), 0));
