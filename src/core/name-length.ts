/** Names that are longer than a file system allows. */
import {splitName} from './split-name.ts';

/** The longest name that a file system holds; null where it does not count that way. At least 64. */
export interface NameLimits {
  /** UTF-8 bytes: 255 on the file systems of Linux (NAME_MAX in limits.h). */
  readonly maxBytes: number | null;
  /** UTF-16 units: 255 on exFAT (its specification, 7.6.3), NTFS and APFS. */
  readonly maxUnits: number | null;
}

const encoder = new TextEncoder();

// What follows the last dot of a sentence is no extension; the longest ones in use are about half of this.
const LONGEST_KEPT_EXT = 16;

// An escape (`%3A`) stays whole, and so does a character of two UTF-16 units.
const PIECES = /%[0-9A-F]{2}|./gsu;

export function fitsLimits(name: string, {maxBytes, maxUnits}: NameLimits): boolean {
  return (
    (maxUnits === null || name.length <= maxUnits) &&
    (maxBytes === null || name.length * 3 <= maxBytes || countBytes(name) <= maxBytes)
  );
}

/**
 * Puts `tag` before the extension, and when that is too long cuts the stem and marks the cut with `~` and eight hex digits of the whole
 * name: `a long na~1f3c5a77-2.JPG`. The extension stays.
 * @param name well-formed, without what the destination refuses.
 * @throws RangeError when the limits leave no room: below 64, which is no file system.
 */
export function fitName({
  name,
  tag,
  limits,
}: {
  name: string;
  tag: string;
  limits: NameLimits;
}): string {
  const {stem, ext} = splitName(name);
  const whole = stem + tag + ext;
  if (fitsLimits(whole, limits)) return whole;
  const keepsExt = ext.length <= LONGEST_KEPT_EXT;
  const tail = `~${hashName(name)}${tag}${keepsExt ? ext : ''}`;
  let bytesLeft = (limits.maxBytes ?? Number.POSITIVE_INFINITY) - countBytes(tail);
  let unitsLeft = (limits.maxUnits ?? Number.POSITIVE_INFINITY) - tail.length;
  if (bytesLeft < 0 || unitsLeft < 0) throw new RangeError('the limits leave no room for a name');
  let kept = '';
  for (const [piece] of (keepsExt ? stem : name).matchAll(PIECES)) {
    bytesLeft -= countBytes(piece);
    unitsLeft -= piece.length;
    if (bytesLeft < 0 || unitsLeft < 0) break;
    kept += piece;
  }
  return kept + tail;
}

/**
 * FNV-1a, 32 bits, over the UTF-8 bytes (Fowler, Noll, Vo: offset basis 2166136261, prime 16777619). It keeps long names apart that
 * begin alike; it proves nothing.
 */
export function hashName(name: string): string {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

function countBytes(text: string): number {
  return encoder.encode(text).length;
}
