import {type Orientation, toOrientation} from './turn-picture.ts';

/** Byte order and the number that says what it is: TIFF 6.0 (42), and those of Panasonic (85) and Olympus ("RO", "RS") for the same container. */
const NUMBERS: ReadonlySet<number> = new Set([42, 85, 0x4f52, 0x5352]);
const ORIENTATION = 0x0112;
const SHORT = 3;
/** No camera writes that many into its first directory. */
const MOST_FIELDS = 500;

/**
 * @param head the beginning of a file.
 * @returns how a raw file that is a TIFF says it is to be turned (TIFF 6.0, sections 2 and 8): upright where its first directory does not say; undefined for a file that is none, or whose directory is not in the head.
 */
export function readTiffOrientation(head: Uint8Array): Orientation | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 8) return undefined;
  const isLittle = view.getUint16(0) === 0x4949;
  if (!isLittle && view.getUint16(0) !== 0x4d4d) return undefined;
  if (!NUMBERS.has(view.getUint16(2, isLittle))) return undefined;
  const at = view.getUint32(4, isLittle);
  if (at + 2 > head.length) return undefined;
  const fields = Math.min(view.getUint16(at, isLittle), MOST_FIELDS);
  if (at + 2 + 12 * fields > head.length) return undefined;
  for (let index = 0; index < fields; index++) {
    const field = at + 2 + 12 * index;
    if (view.getUint16(field, isLittle) !== ORIENTATION) continue;
    const isShort = view.getUint16(field + 2, isLittle) === SHORT;
    return isShort ? toOrientation(view.getUint16(field + 8, isLittle)) : 1;
  }
  return 1;
}
