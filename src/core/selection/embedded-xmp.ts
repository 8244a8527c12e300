/** Where XMP lies in pictures whose form tells it: JPEG and whatever is built like TIFF. */

/** Bytes. XMP of a JPEG is in one of its first segments, each of which holds 64 KB (XMP specification part 3, 1.1.3); EXIF, its preview and a colour profile come before. */
export const JPEG_HEAD = 256 * 1024;

const XMP_NAME = 'http://ns.adobe.com/xap/1.0/\0';

/** @param head the beginning of a file. @returns the XMP of a JPEG; null for a JPEG without any in it; undefined for what is no JPEG. */
export function cutJpegXmp(head: Buffer): Buffer | null | undefined {
  if (head.length < 4 || head.readUInt16BE(0) !== 0xffd8) return undefined;
  // Segments begin with FF and a letter, and have their length in two bytes (ITU-T T.81, B.1.1.4).
  for (let at = 2; at + 4 <= head.length; ) {
    const marker = head.readUInt16BE(at);
    const length = head.readUInt16BE(at + 2);
    // The picture begins, or it is no segment.
    if (marker < 0xffc0 || marker === 0xffda || marker === 0xffff || length < 2) return null;
    const from = at + 4;
    const end = at + 2 + length;
    if (marker === 0xffe1 && head.toString('latin1', from, from + XMP_NAME.length) === XMP_NAME)
      return end <= head.length ? head.subarray(from + XMP_NAME.length, end) : null;
    at = end;
  }
  return null;
}

/** Of a TIFF 6.0 directory. XMP has the tag 700 (part 3, 1.1.7), as bytes. */
const ENTRY = 12;
const MOST_ENTRIES = 1000;
const XMP_TAG = 700;
const BYTE = 1;
const UNDEFINED = 7;

/** Bytes in a file, the second not included. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** Where the first directory of a TIFF begins. @returns undefined for what is no TIFF: 42 is TIFF and DNG, the others are raw pictures of Olympus and Panasonic. */
export function findTiffDirectory(
  head: Buffer,
): {readonly at: number; readonly isLittle: boolean} | undefined {
  if (head.length < 8) return undefined;
  const order = head.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return undefined;
  const isLittle = order === 'II';
  const magic = isLittle ? head.readUInt16LE(2) : head.readUInt16BE(2);
  if (![42, 0x4f52, 0x5352, 0x55].includes(magic)) return undefined;
  const at = isLittle ? head.readUInt32LE(4) : head.readUInt32BE(4);
  return at < 8 ? undefined : {at, isLittle};
}

/** Bytes that a directory takes at the most. */
export const DIRECTORY_BYTES = 2 + MOST_ENTRIES * ENTRY;

/** @param directory the bytes of the first directory, or as many as there are. @returns where its XMP lies; null when it has none. */
export function findTiffXmp(directory: Buffer, isLittle: boolean): ByteRange | null {
  const short = (at: number) =>
    isLittle ? directory.readUInt16LE(at) : directory.readUInt16BE(at);
  const long = (at: number) => (isLittle ? directory.readUInt32LE(at) : directory.readUInt32BE(at));
  if (directory.length < 2) return null;
  const count = Math.min(short(0), MOST_ENTRIES, Math.floor((directory.length - 2) / ENTRY));
  for (let index = 0; index < count; index++) {
    const at = 2 + index * ENTRY;
    if (short(at) !== XMP_TAG) continue;
    const isBytes = short(at + 2) === BYTE || short(at + 2) === UNDEFINED;
    const length = long(at + 4);
    return isBytes && length > 4 ? {from: long(at + 8), to: long(at + 8) + length} : null;
  }
  return null;
}
