import {join} from 'node:path';
import type {CardFile, CardListing} from '../../core/card.ts';
import {isPicture} from '../../core/survey/file-kind.ts';
import type {Capture} from '../../system/capture-reader.ts';
import type {Program} from '../program.ts';

/** @returns the card's first picture in the order of paths, or undefined. */
export function findFirstPicture({files}: CardListing): CardFile | undefined {
  let first: CardFile | undefined;
  for (const file of files) {
    if (file.size === 0 || !isPicture(file.path)) continue;
    if (first === undefined || file.path < first.path) first = file;
  }
  return first;
}

/** @returns what the card's first picture says of its taking. */
export async function readFirstCapture(
  {captures, files}: Program,
  root: string,
  listing: CardListing,
): Promise<Capture | undefined> {
  const picture = findFirstPicture(listing);
  return picture === undefined ? undefined : await captures.read(files, join(root, picture.path));
}

/**
 * The shoot's name when the user gave none: the capture date of the first picture, or else the date of the oldest file.
 * @returns YYYY-MM-DD.
 */
export function defaultShootName(
  capture: Capture | undefined,
  listing: CardListing,
  timeZone: string,
): string {
  if (capture !== undefined && capture.date !== '') return capture.date;
  const times = listing.files.map(({mtimeNs}) => Number(mtimeNs / 1_000_000n));
  const oldest = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const date = new Date(Number.isFinite(oldest) ? oldest : 0);
  // Swedish dates are written as ISO 8601 writes them.
  return new Intl.DateTimeFormat('sv-SE', {timeZone, dateStyle: 'short'}).format(date);
}
