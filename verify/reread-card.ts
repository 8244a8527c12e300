import {join} from 'node:path';
import type {CardListing, CardPath, CardRef} from '../src/core/card.ts';
import type {FileFailed, FileMismatched} from '../src/core/events.ts';
import type {MediumMethod} from '../src/system/medium.ts';
import {type MediumReader, readMedium} from './read-medium.ts';

interface Rereading {
  readonly reader: MediumReader;
  /** The card's folder, absolute. */
  readonly root: string;
  readonly ref: CardRef;
  readonly listing: CardListing;
  /** What the card gave first, for each file that was read. */
  readonly hashes: ReadonlyMap<CardPath, string>;
  readonly method: MediumMethod;
  readonly signal: AbortSignal;
  readonly record: (fact: FileMismatched | FileFailed) => void;
}

/**
 * Reads every file of the card a second time, from the medium, after all were copied: a reader that flips a bit once is found so.
 * @returns how many files gave the same bytes again; a read through a cache counts for nothing.
 */
export async function rereadCard(rereading: Rereading): Promise<number> {
  const {reader, root, ref, listing, hashes, method, signal, record} = rereading;
  let matched = 0;
  for (const {path, size, mtimeNs} of listing.files) {
    if (signal.aborted) break;
    const expected = hashes.get(path);
    if (expected === undefined) continue;
    const again = await readMedium(reader, {path: join(root, path), method, signal});
    if (!again.ok) {
      if (again.cause.code !== 'stopped')
        record({type: 'file-failed', ...again.cause, card: ref, path});
      continue;
    }
    const {hash, mediumRead} = again.value;
    if (hash === expected && mediumRead !== 'cached') matched++;
    if (hash === expected) continue;
    const about = {card: ref, path, size, mtimeNs: `${mtimeNs}`};
    record({type: 'file-mismatched', ...about, expected, actual: hash, mediumRead});
  }
  return matched;
}
