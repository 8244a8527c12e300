import type {CardListing, CardPath} from '../src/core/card.ts';
import {deservesWarning} from '../src/core/leave-out.ts';
import type {Relisting} from './evidence.ts';

/**
 * Compares what was on the card before the first copy with what is on it after the last: names, sizes and times of every file, and the links and special files
 * that were left out. Junk is left alone: operating systems write it whenever they like.
 * @returns `changed` with the paths that differ, in no particular order.
 */
export function compareListings(before: CardListing, after: CardListing): Relisting {
  if (after.unreadable.length > 0) {
    const first = after.unreadable[0];
    return {kind: 'not-done', why: first?.message ?? 'a folder could not be listed'};
  }
  const left = fingerprints(before);
  const right = fingerprints(after);
  const changed = new Set<CardPath>();
  for (const [path, print] of left) if (right.get(path) !== print) changed.add(path);
  for (const path of right.keys()) if (!left.has(path)) changed.add(path);
  return changed.size === 0 ? {kind: 'same'} : {kind: 'changed', paths: [...changed]};
}

function fingerprints(listing: CardListing): ReadonlyMap<CardPath, string> {
  const prints = new Map<CardPath, string>();
  for (const {path, size, mtimeNs, changedNs} of listing.files) {
    prints.set(path, `${size} ${mtimeNs} ${changedNs}`);
  }
  for (const {path, rule} of listing.leftOut) if (deservesWarning(rule)) prints.set(path, rule);
  return prints;
}
