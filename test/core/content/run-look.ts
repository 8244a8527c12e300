import {type Finding, LARGEST_RANGE, type Look} from '../../../src/core/content/look.ts';
import {lookAtFile} from '../../../src/core/content/look-at-file.ts';

export interface Looked {
  readonly finding: Finding | undefined;
  readonly reads: number;
  readonly bytes: number;
}

/** Gives a look what it asks for. @throws when it asks for too much, or without end. */
export function runLook(look: Look, content: Uint8Array, mostReads = 20_000): Looked {
  let [reads, bytes] = [0, 0];
  let step = look.next();
  while (step.done !== true) {
    const {position, length} = step.value;
    if (length > LARGEST_RANGE || length < 0 || position < 0) throw new Error('a range is wrong');
    if (!Number.isSafeInteger(position + length)) throw new Error('a range is no number');
    if (++reads > mostReads) throw new Error('it asks without end');
    const given = content.subarray(position, position + length);
    bytes += given.length;
    step = look.next(given);
  }
  return {finding: step.value, reads, bytes};
}

/** What is found in a file of that name; undefined when nothing is, or when such files are not looked at. */
export function findingOf(name: string, content: Uint8Array): string | undefined {
  const look = lookAtFile(name, content.length);
  return look === undefined ? undefined : runLook(look, content).finding?.code;
}

/** A box of ISO base media: its size, its type, what is in it. @param size what it says instead of its size. */
export function box(type: string, content: Uint8Array | number, size?: number): Buffer {
  const inside = typeof content === 'number' ? Buffer.alloc(content, 0xa5) : content;
  const head = Buffer.alloc(8);
  head.writeUInt32BE(size ?? inside.length + 8, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, inside]);
}

/** A box whose size stands in 8 bytes. */
export function largeBox(type: string, size: bigint, content: number): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32BE(1, 0);
  head.write(type, 4, 'latin1');
  head.writeBigUInt64BE(size, 8);
  return Buffer.concat([head, Buffer.alloc(content, 0xa5)]);
}

/** A segment of a JPEG. */
export function segment(marker: number, length: number): Buffer {
  const bytes = Buffer.alloc(length + 2, 0x11);
  bytes[0] = 0xff;
  bytes[1] = marker;
  bytes.writeUInt16BE(length, 2);
  return bytes;
}

export const SOI = Buffer.from([0xff, 0xd8]);
export const EOI = Buffer.from([0xff, 0xd9]);

/** The bytes of a picture as a JPEG holds them: a 0xFF is followed by a zero or by a restart marker. */
export const scan = (length: number): Buffer =>
  Buffer.from(
    Array.from({length}, (_, index) => [0x37, 0xff, 0x00, 0x55, 0xff, 0xd3][index % 6] ?? 0),
  );

export const jpeg = (length = 9000): Buffer =>
  Buffer.concat([
    SOI,
    segment(0xe1, 5000),
    segment(0xdb, 67),
    segment(0xc0, 17),
    segment(0xda, 12),
    scan(length),
    EOI,
  ]);

export interface TiffTag {
  readonly tag: number;
  readonly type?: 3 | 4;
  readonly numbers: readonly number[];
}

/** A folder of tags; numbers that do not fit are put behind it. */
export function tags(at: number, list: readonly TiffTag[], next = 0): Buffer {
  const head = Buffer.alloc(2 + list.length * 12 + 4);
  head.writeUInt16LE(list.length, 0);
  const rest: Buffer[] = [];
  let place = at + head.length;
  for (const [index, {tag, type = 4, numbers}] of list.entries()) {
    const entry = 2 + index * 12;
    head.writeUInt16LE(tag, entry);
    head.writeUInt16LE(type, entry + 2);
    head.writeUInt32LE(numbers.length, entry + 4);
    const bytes = Buffer.alloc(numbers.length * (type === 3 ? 2 : 4));
    for (const [n, number] of numbers.entries()) {
      if (type === 3) bytes.writeUInt16LE(number, n * 2);
      else bytes.writeUInt32LE(number, n * 4);
    }
    if (bytes.length <= 4) bytes.copy(head, entry + 8);
    else {
      head.writeUInt32LE(place, entry + 8);
      rest.push(bytes);
      place += bytes.length;
    }
  }
  head.writeUInt32LE(next, head.length - 4);
  return Buffer.concat([head, ...rest]);
}

export function tiff(list: readonly TiffTag[], {magic = 42, next = 0, size = 40_000} = {}): Buffer {
  const head = Buffer.from([0x49, 0x49, magic, 0, 8, 0, 0, 0]);
  const whole = Buffer.alloc(size, 0x42);
  Buffer.concat([head, tags(8, list, next)]).copy(whole);
  return whole;
}
