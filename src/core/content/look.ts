/**
 * Looking at a file without touching it: a look asks for bytes by yielding ranges, is given them, and returns what it found. Whoever has the file runs it (`src/system/check-content.ts`) and bounds how
 * much is read; the rules themselves stay pure. Bytes come from a card and may say anything.
 */

export interface ByteRange {
  readonly position: number;
  /** At most {@link LARGEST_RANGE}. */
  readonly length: number;
}

export const LARGEST_RANGE = 256 * 1024;

export type FindingCode =
  | 'file-all-zero'
  | 'picture-damaged'
  | 'video-cut'
  | 'video-damaged'
  | 'video-without-index';

/** What is wrong with a file. The message begins with a verb. */
export interface Finding {
  readonly code: FindingCode;
  readonly message: string;
}

/** @returns undefined when nothing is wrong, or when the bytes do not say. */
export type Look<T = Finding | undefined> = Generator<ByteRange, T, Uint8Array>;

/** @returns the bytes of a range: fewer where the file ends before, none where it begins after. */
export function* ask(position: number, length: number): Look<Uint8Array> {
  return yield {position, length};
}

/** @returns a whole number of 1 to 4 bytes; undefined where the bytes end before. */
export function uint(
  bytes: Uint8Array,
  at: number,
  {size, little = false}: {readonly size: 1 | 2 | 4; readonly little?: boolean},
): number | undefined {
  if (at < 0 || at + size > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 1) return view.getUint8(at);
  return size === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
}

/** @returns the bytes as characters of one byte each. */
export function latin(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, Math.min(to, from + 64)));
}

export const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

/** What it means for the card that the bytes on it are damaged. */
const SAME =
  'The copies are the same as the card, so formatting loses nothing more, but look at it first';

/** The header does not say what a picture of this kind says. */
export const damagedPicture = (what: string): Finding => ({
  code: 'picture-damaged',
  message: `${what}: it may not open, or only in part. ${SAME}`,
});

export const unreadablePicture: Finding = damagedPicture('does not begin as such a picture does');

export const cutPicture: Finding = damagedPicture('ends before its picture does');

export const cutVideo: Finding = {
  code: 'video-cut',
  message: `ends before its film does: the camera could not write it to the end, or the card lost a part. A repair program may save what is there. ${SAME}`,
};

export const videoWithoutIndex: Finding = {
  code: 'video-without-index',
  message: `has no index, and players cannot open it: the camera could not finish the film. A repair program can often rebuild the index, from a copy too. ${SAME}`,
};

export const unreadableVideo: Finding = {
  code: 'video-damaged',
  message: `does not begin as a film does: it may not open. ${SAME}`,
};

export const allZero: Finding = {
  code: 'file-all-zero',
  message: `holds nothing but zeros wherever it was looked at: the camera or the card lost its content. A recovery program may still find it on the card. Do not format before you have looked`,
};
