/** EXIF segments field by field, with whatever a camera may write into them, in either order of bytes (TIFF 6.0, section 2; EXIF 2.32). */

export interface ExifField {
  readonly tag: number;
  /** TIFF 6.0: 1 BYTE, 2 ASCII, 3 SHORT, 4 LONG, 5 RATIONAL, 7 UNDEFINED, 9 SLONG, 10 SRATIONAL. */
  readonly type: number;
  readonly count: number;
  /** In the order of the file. */
  readonly bytes: Buffer;
}

export interface ExifTree {
  readonly isLittle: boolean;
  /** The first directory: camera and owner. */
  readonly camera: readonly ExifField[];
  /** The directory of EXIF: the shot. */
  readonly shot: readonly ExifField[];
  /** Segments before that of EXIF, whole. */
  readonly before?: readonly Buffer[];
}

/** @param text with its zero at the end, or without, as the camera writes it. */
export const text = (tag: number, said: string | Buffer, type = 2): ExifField => {
  const bytes = typeof said === 'string' ? Buffer.from(said, 'utf8') : said;
  return {tag, type, count: bytes.length, bytes};
};

export function numbers(
  isLittle: boolean,
  tag: number,
  type: 3 | 4 | 5 | 9 | 10,
  ...all: readonly number[]
): ExifField {
  const size = type === 3 ? 2 : 4;
  const bytes = Buffer.alloc(size * all.length);
  for (const [index, one] of all.entries()) {
    const at = index * size;
    if (type === 3) isLittle ? bytes.writeUInt16LE(one, at) : bytes.writeUInt16BE(one, at);
    else if (type === 9 || type === 10)
      isLittle ? bytes.writeInt32LE(one, at) : bytes.writeInt32BE(one, at);
    else isLittle ? bytes.writeUInt32LE(one, at) : bytes.writeUInt32BE(one, at);
  }
  const isFraction = type === 5 || type === 10;
  return {tag, type, count: isFraction ? all.length / 2 : all.length, bytes};
}

/** @returns a JPEG of one pixel's worth of nothing behind its EXIF: no decoder opens it, and readers of metadata need no more. */
export function makeExifJpeg({isLittle, camera, shot, before = []}: ExifTree): Buffer {
  const pointer = 0x8769;
  const first = 8;
  const second = first + sizeOf(camera.length + 1);
  const values = second + sizeOf(shot.length);
  const tail: Buffer[] = [];
  let end = values;
  const write = (fields: readonly ExifField[]) => {
    const directory = Buffer.alloc(sizeOf(fields.length));
    put16(directory, fields.length, 0);
    for (const [index, {tag, type, count, bytes}] of fields.entries()) {
      const at = 2 + 12 * index;
      put16(directory, tag, at);
      put16(directory, type, at + 2);
      put32(directory, count, at + 4);
      if (bytes.length <= 4) bytes.copy(directory, at + 8);
      else {
        put32(directory, end, at + 8);
        const even = Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)]);
        tail.push(even);
        end += even.length;
      }
    }
    return directory;
  };
  const put16 = (into: Buffer, value: number, at: number) =>
    isLittle ? into.writeUInt16LE(value, at) : into.writeUInt16BE(value, at);
  const put32 = (into: Buffer, value: number, at: number) =>
    isLittle ? into.writeUInt32LE(value, at) : into.writeUInt32BE(value, at);
  const header = Buffer.from(isLittle ? '49492a0008000000' : '4d4d002a00000008', 'hex');
  const link = numbers(isLittle, pointer, 4, second);
  const sorted = [...camera, link].toSorted((a, b) => a.tag - b.tag);
  const directories = [write(sorted), write(shot)];
  const tiff = Buffer.concat([header, ...directories, ...tail]);
  const exif = makeSegment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]));
  const scan = Buffer.from('ffda0008010100003f0000ffd9', 'hex');
  return Buffer.concat([Buffer.from('ffd8', 'hex'), ...before, exif, scan]);
}

const sizeOf = (fields: number): number => 2 + 12 * fields + 4;

/** @param marker the second byte of the marker (ITU-T T.81, table B.1). */
export function makeSegment(marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}
