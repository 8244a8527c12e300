/** The boxes of ISO base media files (ISO/IEC 14496-12, section 4.2) and of QuickTime: MP4, MOV, CR3, HEIF. */
import {ask, type Look, latin, uint} from './look.ts';

/** More than any camera writes side by side. A film in fragments may have more, and its index comes first. */
const MOST_BOXES = 256;

/** Boxes that stand side by side in films and pictures. Anything else after the film is a trailer, whose bytes may look like a box. */
const KNOWN = new Set(
  'ftyp styp moov moof mdat meta free skip wide uuid pnot PICT udta sidx ssix prft mfra pdin emsg'.split(
    ' ',
  ),
);

export interface Boxes {
  /** Type of the first box; undefined when the file does not begin with a box. */
  readonly first: string | undefined;
  readonly types: ReadonlySet<string>;
  /** Type of a known box that would end beyond the file. */
  readonly cut: string | undefined;
  /** False when there are more boxes than were looked at. */
  readonly isWhole: boolean;
}

/** Reads 16 bytes at the beginning of each box, and nothing of what is in it. */
export function* walkBoxes(size: number): Look<Boxes> {
  const types = new Set<string>();
  let first: string | undefined;
  let at = 0;
  for (let count = 0; count < MOST_BOXES; count++) {
    const end = (): Boxes => ({first, types, cut: undefined, isWhole: true});
    if (at + 8 > size) return end();
    const head = yield* ask(at, 16);
    const small = uint(head, 0, {size: 4});
    if (small === undefined || head.length < 8) return end();
    const type = latin(head, 4, 8);
    if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) return end();
    // 1: the size stands behind the type in 8 bytes. 0: up to the end of the file.
    const length = small === 1 ? readLarge(head) : small === 0 ? size - at : small;
    if (length === undefined || length < (small === 1 ? 16 : 8)) return end();
    first ??= type;
    if (at + length > size) {
      return {first, types, cut: KNOWN.has(type) ? type : undefined, isWhole: true};
    }
    types.add(type);
    at += length;
  }
  return {first, types, cut: undefined, isWhole: false};
}

function readLarge(head: Uint8Array): number | undefined {
  const high = uint(head, 8, {size: 4});
  const low = uint(head, 12, {size: 4});
  return high === undefined || low === undefined ? undefined : high * 2 ** 32 + low;
}

/** True for the type of a box with which films and pictures begin. */
export const isKnownBox = (type: string | undefined): boolean =>
  type !== undefined && KNOWN.has(type);
