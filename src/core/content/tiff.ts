/** TIFF 6.0, and the raw pictures that are built like it: CR2, NEF, ARW, DNG, ORF, RW2, PEF and others. */
import {ask, cutPicture, type Look, uint, unreadablePicture} from './look.ts';

/** Of a folder of tags (IFD): a count of 2 bytes, entries of 12 bytes, the place of the next of 4 bytes. */
const ENTRY = 12;
/** More than any camera writes. */
const MOST_ENTRIES = 1000;
const MOST_FOLDERS = 16;
const MOST_PLACES = 1024;

const SUB_FOLDERS = 0x014a;
/** Where the data of a picture lies, and how long it is: strips, tiles, embedded JPEG (TIFF 6.0, sections 3, 15 and 22). */
const DATA: ReadonlyMap<number, number> = new Map([
  [0x0111, 0x0117],
  [0x0144, 0x0145],
  [0x0201, 0x0202],
]);
const SHORT = 3;
const LONG = 4;
const IFD = 13;

/** RW2 (Panasonic) writes -1 for the place of its data. */
const PANASONIC = 0x55;

/** Cameras round the length of their data up. */
const ROUNDING = 4096;

interface Tags {
  readonly bytes: Uint8Array;
  readonly little: boolean;
  readonly count: number;
}

/** @param little the byte order that the file names. */
export function* lookAtTiff(size: number, little: boolean): Look {
  const head = yield* ask(0, 8);
  const first = uint(head, 4, {size: 4, little});
  if (first === undefined || first < 8) return unreadablePicture;
  const hasPlaces = uint(head, 2, {size: 2, little}) !== PANASONIC;
  const open = [first];
  const seen = new Set<number>();
  for (let place = open.shift(); place !== undefined; place = open.shift()) {
    if (seen.has(place)) continue;
    seen.add(place);
    if (seen.size > MOST_FOLDERS) return undefined;
    if (place >= size) return cutPicture;
    const tags = yield* readTags(place, little);
    if (tags === 'cut') return cutPicture;
    if (tags === undefined) {
      // Some cameras leave nonsense where a further folder could be named; the first one is the picture's.
      if (place === first) return unreadablePicture;
      continue;
    }
    open.push(...(yield* readNumbers(tags, SUB_FOLDERS)).slice(0, MOST_FOLDERS));
    if (hasPlaces && (yield* endsBeyond(tags, size))) return cutPicture;
    const next = uint(tags.bytes, 2 + tags.count * ENTRY, {size: 4, little}) ?? 0;
    // The last of a chain may be followed by anything.
    if (next !== 0 && next < size) open.push(next);
  }
  return undefined;
}

function* readTags(place: number, little: boolean): Look<Tags | 'cut' | undefined> {
  const count = uint(yield* ask(place, 2), 0, {size: 2, little});
  if (count === undefined) return 'cut';
  if (count === 0 || count > MOST_ENTRIES) return undefined;
  const length = 2 + count * ENTRY;
  const bytes = yield* ask(place, length + 4);
  return bytes.length < length ? 'cut' : {bytes, little, count};
}

/** True when data that the tags name would lie beyond the end of the file. */
function* endsBeyond(tags: Tags, size: number): Look<boolean> {
  for (const [placeTag, lengthTag] of DATA) {
    const places = yield* readNumbers(tags, placeTag);
    const lengths = yield* readNumbers(tags, lengthTag);
    if (places.length !== lengths.length) continue;
    for (const [index, place] of places.entries()) {
      if (place + (lengths[index] ?? 0) > size + ROUNDING) return true;
    }
  }
  return false;
}

/** @returns the numbers of a tag, the first {@link MOST_PLACES}; none where it is not there or is no number. */
function* readNumbers({bytes, little, count}: Tags, tag: number): Look<readonly number[]> {
  for (let entry = 0; entry < count; entry++) {
    const at = 2 + entry * ENTRY;
    if (uint(bytes, at, {size: 2, little}) !== tag) continue;
    const type = uint(bytes, at + 2, {size: 2, little});
    if (type !== SHORT && type !== LONG && type !== IFD) return [];
    const width = type === SHORT ? 2 : 4;
    const many = Math.min(uint(bytes, at + 4, {size: 4, little}) ?? 0, MOST_PLACES);
    const isHere = many * width <= 4;
    const place = uint(bytes, at + 8, {size: 4, little}) ?? 0;
    const numbers = isHere ? bytes.subarray(at + 8, at + 12) : yield* ask(place, many * width);
    return Array.from({length: many}, (_, index) =>
      uint(numbers, index * width, {size: width, little}),
    ).filter((number) => number !== undefined);
  }
  return [];
}
