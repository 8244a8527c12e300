import {buffer} from 'node:stream/consumers';
import {crc32, inflateRawSync} from 'node:zlib';
import test from 'ava';
import type {PackedFile} from '../../packaging/packed-file.ts';
import {writeZip} from '../../packaging/write-zip.ts';

interface Read {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/** Reads a zip by its directory, as unpackers do (APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.16). */
function readZip(zip: Buffer): readonly Read[] {
  const end = zip.length - 22;
  let at = zip.readUInt32LE(end + 16);
  return Array.from({length: zip.readUInt16LE(end + 10)}, () => {
    const [method, sum] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 16)];
    const [packed, size] = [zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24)];
    const nameLength = zip.readUInt16LE(at + 28);
    const mode = zip.readUInt32LE(at + 38) >>> 16;
    const local = zip.readUInt32LE(at + 42);
    const path = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const body = zip.subarray(start, start + packed);
    const bytes = method === 8 ? inflateRawSync(body) : body;
    if (bytes.length !== size || crc32(bytes) !== sum) throw new Error(`${path} is damaged`);
    at += 46 + nameLength;
    return {path, text: bytes.toString('latin1'), mode};
  });
}

const FILES: readonly PackedFile[] = [
  {path: 'a/read me.txt', bytes: Buffer.from('line\r\n'.repeat(1000)), isProgram: false},
  {path: 'a/start.cmd', bytes: Buffer.from('@echo off'), isProgram: true},
  {path: 'a/größe €.txt', bytes: Buffer.alloc(0), isProgram: false},
];

test('what is written is there, by the directory and by its own headers', async (t) => {
  const zip = await buffer(writeZip(FILES));
  t.deepEqual(
    readZip(zip),
    FILES.map(({path, bytes, isProgram}) => ({
      path,
      text: Buffer.from(bytes).toString('latin1'),
      mode: isProgram ? 0o100755 : 0o100644,
    })),
  );
  t.true(zip.length < 1000, 'repeated lines take little room');
  // Local headers begin with the same values as the directory's.
  t.is(zip.readUInt32LE(0), 0x04034b50);
  t.is(zip.readUInt32LE(14), crc32(FILES[0]?.bytes ?? ''));
});

test('the same files make the same zip', async (t) => {
  t.deepEqual(await buffer(writeZip(FILES)), await buffer(writeZip(FILES)));
});
