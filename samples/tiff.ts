/** Writes the container of TIFF 6.0, little-endian: a header and a chain of image file directories (IFDs) with what they point to. */
import {unreachable} from '../src/core/unreachable.ts';

/** What stands behind a tag. Sizes and numbers of the types: TIFF 6.0, section 2. */
export type Field =
  | {readonly type: 'byte' | 'undefined'; readonly bytes: Uint8Array}
  | {readonly type: 'ascii'; readonly text: string}
  | {readonly type: 'short' | 'long'; readonly numbers: readonly number[]}
  | {readonly type: 'rational'; readonly fractions: readonly Fraction[]}
  /** The offset of a directory of its own, outside the chain. */
  | {readonly type: 'directory'; readonly directory: Directory}
  /** The offset of bytes that lie elsewhere in the file: a strip, a thumbnail. */
  | {readonly type: 'offset-of'; readonly bytes: Uint8Array};

export type Fraction = readonly [numerator: number, denominator: number];

/** Fields by tag. */
export type Directory = ReadonlyMap<number, Field>;

export const short = (...numbers: number[]): Field => ({type: 'short', numbers});
export const long = (...numbers: number[]): Field => ({type: 'long', numbers});
export const ascii = (text: string): Field => ({type: 'ascii', text});
export const rational = (...fractions: Fraction[]): Field => ({type: 'rational', fractions});

/** @returns a field of type UNDEFINED with the bytes of a text and no zero at its end. */
export const undefinedText = (text: string): Field => ({
  type: 'undefined',
  bytes: Buffer.from(text, 'latin1'),
});

const TYPE_NUMBERS = {
  byte: 1,
  ascii: 2,
  short: 3,
  long: 4,
  rational: 5,
  undefined: 7,
  directory: 4,
  'offset-of': 4,
} as const;

export interface TiffFile {
  readonly bytes: Buffer;
  /** Where each directory of the chain starts. */
  readonly directoriesAt: readonly number[];
}

/** @param reserved bytes that are left free between the header and the first directory: CR2 has more of a header. */
export function writeTiff(chain: readonly Directory[], reserved = 0): TiffFile {
  const space = new Space();
  const header = space.reserve(8 + reserved);
  header.bytes.write('II*\0', 'latin1');
  const directoriesAt: number[] = [];
  let link: {bytes: Buffer; at: number} = {bytes: header.bytes, at: 4};
  for (const directory of chain) {
    const block = writeDirectory(directory, space);
    directoriesAt.push(block.at);
    link.bytes.writeUInt32LE(block.at, link.at);
    link = {bytes: block.bytes, at: block.bytes.length - 4};
  }
  return {bytes: space.join(), directoriesAt};
}

/** Entries of 12 bytes in order of their tags, then the offset of the next directory, which is filled in by the caller. */
function writeDirectory(directory: Directory, space: Space): Block {
  const block = space.reserve(2 + directory.size * 12 + 4);
  const entries = [...directory].sort(([a], [b]) => a - b);
  block.bytes.writeUInt16LE(entries.length, 0);
  entries.forEach(([tag, field], index) => {
    const at = 2 + index * 12;
    const {count, value} = encodeField(field, space);
    block.bytes.writeUInt16LE(tag, at);
    block.bytes.writeUInt16LE(TYPE_NUMBERS[field.type], at + 2);
    block.bytes.writeUInt32LE(count, at + 4);
    if (value.length <= 4) value.copy(block.bytes, at + 8);
    else block.bytes.writeUInt32LE(space.add(value).at, at + 8);
  });
  return block;
}

function encodeField(field: Field, space: Space): {count: number; value: Buffer} {
  switch (field.type) {
    case 'byte':
    case 'undefined':
      return {count: field.bytes.length, value: Buffer.from(field.bytes)};
    case 'ascii': {
      const value = Buffer.from(`${field.text}\0`, 'latin1');
      return {count: value.length, value};
    }
    case 'short':
      return {count: field.numbers.length, value: toShorts(field.numbers)};
    case 'long':
      return {count: field.numbers.length, value: toLongs(field.numbers)};
    case 'rational':
      return {count: field.fractions.length, value: toLongs(field.fractions.flat())};
    case 'directory':
      return {count: 1, value: toLongs([writeDirectory(field.directory, space).at])};
    case 'offset-of':
      return {count: 1, value: toLongs([space.add(field.bytes).at])};
    default:
      return unreachable(field);
  }
}

function toShorts(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 2);
  numbers.forEach((number, index) => {
    bytes.writeUInt16LE(number, index * 2);
  });
  return bytes;
}

function toLongs(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, index) => {
    bytes.writeUInt32LE(number, index * 4);
  });
  return bytes;
}

interface Block {
  readonly at: number;
  readonly bytes: Buffer;
}

/** The file as it grows. Blocks may be written to until they are joined, which is how an offset is filled in later. */
class Space {
  readonly #blocks: Buffer[] = [];
  #size = 0;

  reserve(size: number): Block {
    // TIFF 6.0, section 2: everything begins on a word boundary.
    const bytes = Buffer.alloc(size + (size % 2));
    const at = this.#size;
    this.#blocks.push(bytes);
    this.#size += bytes.length;
    return {at, bytes: bytes.subarray(0, size)};
  }

  add(contents: Uint8Array): Block {
    const block = this.reserve(contents.length);
    block.bytes.set(contents);
    return block;
  }

  join(): Buffer {
    return Buffer.concat(this.#blocks);
  }
}
