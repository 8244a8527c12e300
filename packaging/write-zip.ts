/** Writes zip, with deflate (APPNOTE.TXT 6.3.10 of PKWARE). Windows unpacks it by itself. */
import {promisify} from 'node:util';
import {crc32, deflateRaw} from 'node:zlib';
import {PACKED_TIME, type PackedFile} from './packed-file.ts';

const deflate = promisify(deflateRaw);

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Names are UTF-8 (section 4.4.4, bit 11). */
const UTF8 = 0x0800;
const DEFLATED = 8;
const STORED = 0;
/** 2.0: deflate and folders (section 4.4.3). */
const NEEDS = 20;
/** Made on Unix: the upper half of the outer attributes are the file's mode (section 4.4.2). */
const MADE_ON_UNIX = (3 << 8) | NEEDS;
/** A larger archive, or one with more files, wants zip64 (section 4.4.1.4). */
const MOST_BYTES = 0xffff_ffff;
const MOST_FILES = 0xffff;

/** @returns the archive, piece by piece. @throws Error when it grows past 4 GiB or 65,534 files. */
export async function* writeZip(
  files: AsyncIterable<PackedFile> | Iterable<PackedFile>,
): AsyncGenerator<Uint8Array> {
  const directory: Buffer[] = [];
  let at = 0;
  for await (const {path, bytes, isProgram} of files) {
    const packed = await deflate(bytes, {level: 9});
    const isSmaller = packed.length < bytes.length;
    const body = isSmaller ? packed : bytes;
    const name = Buffer.from(path);
    const same = makeCommon({
      method: isSmaller ? DEFLATED : STORED,
      sum: crc32(bytes),
      packed: body.length,
      size: bytes.length,
      name: name.length,
    });
    const start = Buffer.alloc(4);
    start.writeUInt32LE(LOCAL);
    directory.push(makeCentral(same, {name, at, isProgram}));
    for (const piece of [start, same, name, body]) {
      at += piece.length;
      yield piece;
    }
    if (at >= MOST_BYTES || directory.length >= MOST_FILES)
      throw new Error('The zip is too large.');
  }
  const size = directory.reduce((total, {length}) => total + length, 0);
  yield* directory;
  yield makeEnd({files: directory.length, size, at});
}

/** The part that the local header and the directory share (sections 4.3.7 and 4.3.12). */
function makeCommon(file: {
  readonly method: number;
  readonly sum: number;
  readonly packed: number;
  readonly size: number;
  readonly name: number;
}): Buffer {
  const header = Buffer.alloc(26);
  const [time, date] = dosTime(PACKED_TIME);
  for (const [index, value] of [NEEDS, UTF8, file.method, time, date].entries())
    header.writeUInt16LE(value, index * 2);
  for (const [index, value] of [file.sum, file.packed, file.size].entries())
    header.writeUInt32LE(value, 10 + index * 4);
  header.writeUInt16LE(file.name, 22);
  return header;
}

function makeCentral(
  common: Buffer,
  {name, at, isProgram}: {readonly name: Buffer; readonly at: number; readonly isProgram: boolean},
): Buffer {
  const start = Buffer.alloc(6);
  start.writeUInt32LE(CENTRAL);
  start.writeUInt16LE(MADE_ON_UNIX, 4);
  const end = Buffer.alloc(14);
  // 0o100000: an ordinary file (sys/stat.h, S_IFREG).
  end.writeUInt32LE(((0o100000 | (isProgram ? 0o755 : 0o644)) << 16) >>> 0, 6);
  end.writeUInt32LE(at, 10);
  return Buffer.concat([start, common, end, name]);
}

function makeEnd({
  files,
  size,
  at,
}: {
  readonly files: number;
  readonly size: number;
  readonly at: number;
}): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END);
  end.writeUInt16LE(files, 8);
  end.writeUInt16LE(files, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return end;
}

/** MS-DOS time and date, in steps of two seconds from 1980 on (section 4.4.6). */
function dosTime(time: Date): readonly [time: number, date: number] {
  return [
    (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1),
    ((time.getUTCFullYear() - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate(),
  ];
}
