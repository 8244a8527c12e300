/** What a verdict says of files that lay on other drives already (`--only-new`). */
import type {CopyEvidence} from '../../../verify/evidence.ts';
import type {CardPath} from '../../core/card.ts';
import type {CopySummary} from '../../core/events.ts';
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
