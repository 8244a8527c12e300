import {buffer} from 'node:stream/consumers';
import {gzipSync} from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import type {PackedFile} from '../../packaging/packed-file.ts';
import {readTarball} from '../../packaging/read-tarball.ts';
import {writeTar} from '../../packaging/write-tar.ts';

async function pack(files: readonly PackedFile[]): Promise<Buffer> {
  return gzipSync(await buffer(writeTar(files)));
}

const part = fc
  .stringMatching(/^[a-zäß€ .()@+_-]{1,60}$/)
  .filter((text) => text !== '.' && text !== '..');
const file: fc.Arbitrary<PackedFile> = fc.record({
  path: fc.array(part, {minLength: 1, maxLength: 6}).map((parts) => parts.join('/')),
  bytes: fc.uint8Array({maxLength: 2000}),
  isProgram: fc.boolean(),
});

test('what is written is read again, with any path', async (t) => {
  const write = fc.asyncProperty(fc.array(file, {maxLength: 5}), async (files) => {
    const read = readTarball(await pack(files.map((one) => ({...one, path: `top/${one.path}`}))));
    t.deepEqual(
      read.map(({bytes, ...one}) => ({...one, bytes: [...bytes]})),
      files.map(({bytes, ...one}) => ({...one, bytes: [...bytes]})),
    );
  });
  await fc.assert(write, {numRuns: 100});
});

const one = (path: string): PackedFile => ({path, bytes: Buffer.from('x'), isProgram: false});

for (const path of [
  'top/../../etc/passwd',
  'top/a\\b',
  'top/c:d',
  '/etc/passwd',
  'top',
  'top//a',
]) {
  test(`a path that leads elsewhere is refused: ${path}`, async (t) => {
    const tarball = await pack([one(path)]);
    t.throws(() => readTarball(tarball), {message: /leads elsewhere/});
  });
}

test('a link is refused, and so is a tarball that was cut', async (t) => {
  const tar = await buffer(writeTar([one('top/a')]));
  const cut = gzipSync(tar.subarray(0, 512));
  t.throws(() => readTarball(cut), {message: /ends in the middle/});
  // Type 2 is a symbolic link.
  tar.write('2', 156, 'latin1');
  t.throws(() => readTarball(gzipSync(tar)), {message: /is no file/});
});
