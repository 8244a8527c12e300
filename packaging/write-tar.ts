/** Writes tar in the form ustar, with a pax record where a path is too long for it (POSIX.1-2024, pax). GNU tar, bsdtar of macOS and Windows read it. */
import {PACKED_TIME, type PackedFile} from './packed-file.ts';

const BLOCK = 512;
/** The end of the archive: two empty blocks, and filled up to a record of 20. */
const RECORD = 20 * BLOCK;

/** @returns the archive, piece by piece. */
export async function* writeTar(
  files: AsyncIterable<PackedFile> | Iterable<PackedFile>,
): AsyncGenerator<Uint8Array> {
  let written = 0;
  for await (const {path, bytes, isProgram} of files) {
    for (const piece of [...writePath(path), makeHeader(path, bytes.length, {isProgram}), bytes]) {
      written += piece.length;
      yield piece;
    }
    const rest = fill(bytes.length, BLOCK);
    written += rest.length;
    yield rest;
  }
  yield Buffer.alloc(2 * BLOCK);
  yield fill(written + 2 * BLOCK, RECORD);
}

const fill = (length: number, unit: number) => Buffer.alloc((unit - (length % unit)) % unit);

/** A pax header for a path that the ustar header cannot hold. */
function writePath(path: string): readonly Uint8Array[] {
  if (splitPath(path) !== undefined) return [];
  const record = makeRecord('path', path);
  const header = makeHeader('PaxHeader', record.length, {isProgram: false, type: 'x'});
  return [header, record, fill(record.length, BLOCK)];
}

/** The length stands in the record that it counts. */
function makeRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest;
  while (length !== rest + `${length}`.length) length = rest + `${length}`.length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

/** Name and prefix, 100 and 155 bytes; undefined when the path does not fit, or is more than ASCII. */
function splitPath(path: string): readonly [name: string, prefix: string] | undefined {
  if (!/^[\x20-\x7e]+$/.test(path)) return undefined;
  if (path.length <= 100) return [path, ''];
  const at = path.indexOf('/', path.length - 101);
  return at > 0 && at <= 155 ? [path.slice(at + 1), path.slice(0, at)] : undefined;
}

function makeHeader(
  path: string,
  size: number,
  {isProgram, type = '0'}: {readonly isProgram: boolean; readonly type?: '0' | 'x'},
): Buffer {
  const [name, prefix] = splitPath(path) ?? [path.slice(-100).replace(/[^\x20-\x7e]/g, '_'), ''];
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 'latin1');
  writeOctal(header, isProgram ? 0o755 : 0o644, 100, 8);
  writeOctal(header, 0, 108, 8);
  writeOctal(header, 0, 116, 8);
  writeOctal(header, size, 124, 12);
  writeOctal(header, PACKED_TIME.getTime() / 1000, 136, 12);
  header.write(type, 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write(prefix, 345, 'latin1');
  // The sum is taken with blanks in its own place.
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

function writeOctal(header: Buffer, value: number, at: number, length: number): void {
  const text = value.toString(8).padStart(length - 1, '0');
  if (text.length >= length) throw new Error(`${value} is too large for a tar header.`);
  header.write(text, at, 'latin1');
}
