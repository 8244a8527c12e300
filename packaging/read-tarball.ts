/** Reads archives of the registry: gzipped tar, in the form ustar with pax records (POSIX.1-2024, pax, "ustar Interchange Format" and "pax Header Block"). */
import {gunzipSync} from 'node:zlib';
import type {PackedFile} from './packed-file.ts';

const BLOCK = 512;

/**
 * @param tarball an archive as npm makes it: one folder with files and nothing else.
 * @returns its files, named from that folder, in its order.
 * @throws Error when it holds something that is neither file nor folder, or a path that leads out.
 */
export function readTarball(tarball: Uint8Array): readonly PackedFile[] {
  const tar = gunzipSync(tarball);
  const files: PackedFile[] = [];
  let pax: ReadonlyMap<string, string> = new Map();
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const size = Number(pax.get('size') ?? readOctal(header, 124, 12));
    const body = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (body.length !== size) throw new Error('A tarball ends in the middle of a file.');
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156] ?? 0);
    const path = pax.get('path') ?? readPath(header);
    if (type === 'x') {
      pax = readPax(body);
      continue;
    }
    pax = new Map();
    if (type === '5' || type === 'g') continue;
    if (type !== '0' && type !== '\0')
      throw new Error(`${path} in a tarball is no file (${type}).`);
    const inside = stripFolder(path);
    files.push({
      path: inside,
      bytes: body,
      isProgram: (readOctal(header, 100, 8) & 0o111) !== 0,
    });
  }
  return files;
}

/** The first folder is `package` mostly, and npm takes any. */
function stripFolder(path: string): string {
  const [, ...parts] = path.split('/').filter((part) => part !== '.');
  const isOdd = (part: string) => part === '' || part === '..' || /[\\:\0]/.test(part);
  if (parts.length === 0 || path.startsWith('/') || parts.some(isOdd)) {
    throw new Error(`${path} in a tarball leads elsewhere.`);
  }
  return parts.join('/');
}

function readPath(header: Buffer): string {
  const name = readText(header, 0, 100);
  const prefix = readText(header, 345, 155);
  return prefix === '' ? name : `${prefix}/${name}`;
}

function readText(header: Buffer, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

function readOctal(header: Buffer, at: number, length: number): number {
  const text = readText(header, at, length).trim();
  if (!/^[0-7]*$/.test(text)) throw new Error('A tarball has a number that cannot be read.');
  return text === '' ? 0 : Number.parseInt(text, 8);
}

/** Records `LENGTH KEY=VALUE\n`; the length counts the whole record in bytes. */
function readPax(body: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(0x20, at);
    const length = Number.parseInt(body.toString('latin1', at, space), 10);
    if (space < 0 || !(length > 0))
      throw new Error('A tarball has a pax record that cannot be read.');
    const record = body.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}
