/**
 * The EXIF of a JPEG, read without a tool: the segments of the file and the directories of TIFF 6.0 that EXIF 2.32 (CIPA DC-008-2019) puts into them. Only the fields of
 * {@link readFacts}, in the same words as exiftool has them. Whatever is odd is left to exiftool, which knows all cameras; this knows the rule, and is a hundred times as fast.
 */
import type {GroupedTags} from './read-facts.ts';

const DIRECTORY_OF_EXIF = 0x8769;

/** EXIF 2.32, 4.6.4 and 4.6.5, with exiftool's names. */
const NAMES: Readonly<Record<number, string>> = {
  271: 'Make',
  272: 'Model',
  33434: 'ExposureTime',
  33437: 'FNumber',
  34855: 'ISO',
  36867: 'DateTimeOriginal',
  36868: 'CreateDate',
  36880: 'OffsetTime',
  36881: 'OffsetTimeOriginal',
  37520: 'SubSecTime',
  37521: 'SubSecTimeOriginal',
  37386: 'FocalLength',
  42033: 'SerialNumber',
  42036: 'LensModel',
};

/** A directory with more fields is none. */
const MOST_FIELDS = 500;
/** Bytes of one text; longer ones are no names. */
const MOST_BYTES = 1024;
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;

/** @param head the beginning of a JPEG. @returns undefined when its EXIF is not there, not whole or not as the rule has it. */
export function readJpegTags(head: Uint8Array): GroupedTags | undefined {
  const tiff = findExif(Buffer.from(head.buffer, head.byteOffset, head.byteLength));
  if (tiff === undefined) return undefined;
  try {
    const isLittle = tiff.toString('latin1', 0, 4) === 'II*\0';
    if (!isLittle && tiff.toString('latin1', 0, 4) !== 'MM\0*') return undefined;
    const reader = new TiffReader(tiff, isLittle);
    const tags: Record<string, string | number> = {};
    const inside = reader.readDirectory(reader.long(4), tags);
    if (inside !== undefined) reader.readDirectory(inside, tags);
    return tags;
  } catch (error) {
    // An offset that leads out of the segment.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Segments begin with FF and a letter, and have their length in two bytes (ITU-T T.81, B.1.1.4). */
function findExif(jpeg: Buffer): Buffer | undefined {
  if (jpeg.length < 4 || jpeg.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 4 <= jpeg.length; ) {
    const marker = jpeg.readUInt16BE(at);
    const length = jpeg.readUInt16BE(at + 2);
    // The picture begins, or it is no segment.
    if (marker < 0xffc0 || marker === 0xffda || marker === 0xffff || length < 2) return undefined;
    const end = at + 2 + length;
    if (marker === 0xffe1 && jpeg.toString('latin1', at + 4, at + 10) === 'Exif\0\0') {
      return end <= jpeg.length ? jpeg.subarray(at + 10, end) : undefined;
    }
    at = end;
  }
  return undefined;
}

class TiffReader {
  readonly #bytes: Buffer;
  readonly #isLittle: boolean;

  constructor(bytes: Buffer, isLittle: boolean) {
    this.#bytes = bytes;
    this.#isLittle = isLittle;
  }

  short(at: number): number {
    return this.#isLittle ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt16BE(at);
  }

  long(at: number): number {
    return this.#isLittle ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }

  /** Adds what is known of a directory. @returns where the EXIF directory begins, when it is named. */
  readDirectory(start: number, tags: Record<string, string | number>): number | undefined {
    const count = this.short(start);
    if (count > MOST_FIELDS) throw new RangeError('no directory');
    let inside: number | undefined;
    for (let index = 0; index < count; index++) {
      const at = start + 2 + index * 12;
      const tag = this.short(at);
      if (!isType(this.short(at + 2))) throw new RangeError('no field');
      if (tag === DIRECTORY_OF_EXIF) {
        const isOne = this.short(at + 2) === LONG && this.long(at + 4) === 1;
        if (!isOne || inside !== undefined) throw new RangeError('no one directory');
        inside = this.long(at + 8);
      }
      const name = NAMES[tag];
      if (name === undefined) continue;
      const key = `EXIF:${name}`;
      // Which of two counts is exiftool's to say.
      if (tags[key] !== undefined) throw new RangeError('a field twice');
      const value = this.#readValue(at, name, {start, end: start + 2 + count * 12});
      if (value !== undefined) tags[key] = value;
    }
    return inside;
  }

  /** @throws RangeError when the field is not as the rule has it: exiftool may make something of it. */
  #readValue(at: number, name: string, directory: Range): string | number | undefined {
    const type = this.short(at + 2);
    const count = this.long(at + 4);
    if (type === ASCII && !isNumeric(name)) {
      const start = count <= 4 ? at + 8 : this.long(at + 8);
      if (count > MOST_BYTES || start + count > this.#bytes.length) throw new RangeError('no text');
      if (count > 4) refuseOverlap(start, count, directory);
      return plainText(this.#bytes.subarray(start, start + count));
    }
    if (count !== 1 || !isNumeric(name)) throw new RangeError('no value of this field');
    if (type === SHORT && name === 'ISO') return this.short(at + 8);
    if (type === LONG && name === 'ISO') return this.long(at + 8);
    if (type !== RATIONAL || name === 'ISO') throw new RangeError('no number of this field');
    const start = this.long(at + 8);
    refuseOverlap(start, 8, directory);
    const value = this.long(start) / this.long(start + 4);
    return Number.isFinite(value) ? wordValue(name, value) : undefined;
  }
}

/** Bytes of the segment, the second not included. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** @throws RangeError when a value lies in the header or in its own directory. */
function refuseOverlap(start: number, size: number, directory: Range): void {
  if (start < 8 || (start < directory.end && start + size > directory.start))
    throw new RangeError('no place of a value');
}

/** TIFF 6.0, section 2, and 13 for a directory (TIFF Technical Note 1). */
const isType = (type: number): boolean => type >= 1 && type <= 13;

const isNumeric = (name: string): boolean =>
  name === 'ISO' || name === 'ExposureTime' || name === 'FNumber' || name === 'FocalLength';

const utf8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});

/** What exiftool writes without quotes into its JSON, and this would have as text (exiftool 13, EscapeJSON). */
const NUMBER = /^-?(?:\d|[1-9]\d{1,14})(?:\.\d{1,16})?(?:e[-+]?\d{1,3})?$/i;
const BOOLEAN = /^(?:true|false)$/i;

/** @throws RangeError for bytes that are not UTF-8, and for words that exiftool gives in other signs: a number in another spelling. */
function plainText(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  const text = decode(end < 0 ? bytes : bytes.subarray(0, end));
  const word = text.trim();
  if (BOOLEAN.test(word) || (NUMBER.test(word) && String(Number(word)) !== word))
    throw new RangeError('no plain text');
  return text;
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new RangeError('no UTF-8');
  }
}

/** As exiftool words them (Image::ExifTool::Exif, PrintExposureTime and PrintFNumber). */
function wordValue(name: string, value: number): string | number {
  if (name === 'ExposureTime') {
    if (value > 0 && value < 0.25001) return `1/${Math.round(1 / value)}`;
    return Number(round(value, 1));
  }
  if (name === 'FocalLength') return `${round(value, 1)} mm`;
  return Number(round(value, value > 0 && value < 1 ? 2 : 1));
}

/** As printf rounds, which gives the even one of two that are as near; `toFixed` gives the larger. A number of binary digits lies between two only as an odd multiple of a power of two. */
function round(value: number, digits: 1 | 2): string {
  const parts = value * 2 ** (digits + 1);
  if (!Number.isInteger(parts) || parts % 2 === 0) return value.toFixed(digits);
  const low = Math.floor(value * 10 ** digits);
  return ((low % 2 === 0 ? low : low + 1) / 10 ** digits).toFixed(digits);
}
