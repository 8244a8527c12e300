import {mkdir, open, readFile, symlink, truncate, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {ALIGNMENT} from '../../src/system/block-pool.ts';
import type {Files} from '../../src/system/files.ts';
import type {MediumMethod} from '../../src/system/medium.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {readMedium} from '../../verify/read-medium.ts';
import {
  failsReading,
  givesShort,
  interceptCalls,
  shrinksWhileRead,
} from '../helpers/faulty-files.ts';
import {seededBytes} from '../helpers/run-offload.ts';
import {makeTemporaryFolder, skip} from '../helpers/temporary-folder.ts';
import {hashBytes, reader, TEST_BLOCK} from './reader.ts';

const DIRECT: MediumMethod = {kind: 'direct'};
const CACHED: MediumMethod = {kind: 'cached', why: 'a test'};

async function makeFile(t: ExecutionContext, size: number) {
  const path = join(await makeTemporaryFolder(t), 'copy.bin');
  const bytes = seededBytes(`${size}`, size);
  await writeFile(path, bytes, {flush: true});
  return {path, bytes, hash: hashBytes(bytes)};
}

/** Where the temporary folder refuses direct reads, tests of them cannot be run. */
async function refusesDirect(t: ExecutionContext): Promise<boolean> {
  const {path} = await makeFile(t, ALIGNMENT);
  const reading = await readMedium(reader(), {path, method: DIRECT});
  return !reading.ok;
}

const SIZES = [0, 1, 4095, 4096, 4097, TEST_BLOCK - 1, TEST_BLOCK, TEST_BLOCK + 1, 100_001];

for (const method of [DIRECT, CACHED]) {
  test(`${method.kind}: the hash is right for sizes around pages and blocks`, async (t) => {
    if (method.kind === 'direct' && (await refusesDirect(t)))
      return skip(t, 'no direct reads here');
    for (const size of SIZES) {
      const {path, hash} = await makeFile(t, size);
      const heard: number[] = [];
      const onRead = (bytes: number) => heard.push(bytes);
      const reading = await readMedium(reader(), {path, method, onRead});
      t.deepEqual(reading, {ok: true, value: {hash, size, mediumRead: method.kind}});
      t.is(
        heard.reduce((sum, bytes) => sum + bytes, 0),
        size,
      );
    }
  });

  test(`${method.kind}: short reads lose and double nothing`, async (t) => {
    if (method.kind === 'direct' && (await refusesDirect(t)))
      return skip(t, 'no direct reads here');
    for (const size of SIZES) {
      const {path, hash} = await makeFile(t, size);
      const reading = await readMedium(reader(givesShort(realFiles)), {path, method});
      t.like(reading, {ok: true, value: {hash, size}}, `${size}`);
    }
  });
}

/** Reads that end anywhere after the first page, as some network file systems give them. */
function givesOddLengths(files: Files): Files {
  return {
    ...interceptCalls(files, (_call, proceed) => proceed()),
    async openToRead(path, options) {
      const opened = await files.openToRead(path, options);
      return {
        read: async (...where) => Math.min(5000, await opened.read(...where)),
        write: (...what) => opened.write(...what),
        truncate: (size) => opened.truncate(size),
        setModified: (mtimeNs) => opened.setModified(mtimeNs),
        sync: () => opened.sync(),
        facts: () => opened.facts(),
        close: () => opened.close(),
      };
    },
  };
}

test('direct: a read that ends within a page goes on at the page below', async (t) => {
  if (await refusesDirect(t)) return skip(t, 'no direct reads here');
  const {path, hash} = await makeFile(t, 30_000);
  const reading = await readMedium(reader(givesOddLengths(realFiles)), {path, method: DIRECT});
  t.like(reading, {ok: true, value: {hash, size: 30_000}});
});

test('a file that becomes shorter while it is read is told with the size that was read', async (t) => {
  const {path} = await makeFile(t, 50_000);
  const files = shrinksWhileRead(realFiles, (one) => one === path);
  const reading = await readMedium(reader(files), {path, method: CACHED});
  t.true(reading.ok && reading.value.size < 50_000);
});

test('a signal stops between two blocks', async (t) => {
  const {path} = await makeFile(t, 10 * TEST_BLOCK);
  const stop = new AbortController();
  const heard: number[] = [];
  const reading = await readMedium(reader(), {
    path,
    method: CACHED,
    signal: stop.signal,
    onRead(bytes) {
      heard.push(bytes);
      if (heard.length === 3) stop.abort();
    },
  });
  t.like(reading, {ok: false, cause: {code: 'stopped', path}});
  t.is(heard.length, 3);
});

test('all blocks are given back, also after errors', async (t) => {
  const {path, hash} = await makeFile(t, 5 * TEST_BLOCK);
  const failing = reader(failsReading(realFiles, () => true, 'EIO', TEST_BLOCK));
  for (let again = 0; again < 4; again++) {
    t.like(await readMedium(failing, {path, method: CACHED}), {
      ok: false,
      cause: {code: 'EIO', path},
    });
  }
  const stillThere = {...failing, files: realFiles};
  t.like(await readMedium(stillThere, {path, method: CACHED}), {ok: true, value: {hash}});
});

test('what is no regular file is not read, and a link is not followed', async (t) => {
  const folder = await makeTemporaryFolder(t);
  await mkdir(join(folder, 'folder'));
  await writeFile(join(folder, 'file'), 'bytes');
  await symlink('file', join(folder, 'link'));
  const codeOf = async (name: string) => {
    const reading = await readMedium(reader(), {path: join(folder, name), method: CACHED});
    return reading.ok ? 'ok' : reading.cause.code;
  };
  t.is(await codeOf('file'), 'ok');
  t.is(await codeOf('folder'), 'not-a-file');
  t.not(await codeOf('link'), 'ok');
  t.is(await codeOf('missing'), 'ENOENT');
});

test('a FIFO in the place of a copy does not hang the program', async (t) => {
  const path = join(await makeTemporaryFolder(t), 'pipe');
  const made = await execa('mkfifo', [path], {reject: false});
  if (made.failed) return skip(t, 'no mkfifo here');
  t.like(await readMedium(reader(), {path, method: CACHED}), {
    ok: false,
    cause: {code: 'not-a-file'},
  });
});

/** Makes a file system in an image, for which one must be root. @returns where it is mounted, or undefined. */
async function mountImage(t: ExecutionContext, image: string, place: string): Promise<boolean> {
  await writeFile(image, '');
  await truncate(image, 32 * 1024 * 1024);
  await mkdir(place);
  const made = await execa('mkfs.ext4', ['-q', '-F', image], {reject: false});
  if (made.failed) return false;
  const mounted = await execa('mount', ['-o', 'loop', image, place], {reject: false});
  if (mounted.failed) return false;
  t.teardown(() => execa('umount', [place]));
  return true;
}

test.serial(
  'a byte that changes on the disk behind the cache is seen by direct reads',
  async (t) => {
    const folder = await makeTemporaryFolder(t);
    const image = join(folder, 'disk.img');
    const place = join(folder, 'mounted');
    if (!(await mountImage(t, image, place))) return skip(t, 'no loop mounts here');
    const path = join(place, 'copy.bin');
    const bytes = seededBytes('behind the cache', 3 * ALIGNMENT);
    await writeFile(path, bytes, {flush: true});
    await execa('sync', ['-f', place]);
    await readFile(path);

    const at = (await readFile(image)).indexOf(bytes);
    t.true(at > 0, 'the bytes are found in the image');
    const disk = await open(image, 'r+');
    await disk.write(Buffer.from([bytes.readUInt8(5000) ^ 1]), 0, 1, at + 5000);
    await disk.sync();
    await disk.close();

    const before = hashBytes(bytes);
    bytes.writeUInt8(bytes.readUInt8(5000) ^ 1, 5000);
    const cached = await readMedium(reader(), {path, method: CACHED});
    t.like(cached, {ok: true, value: {hash: before, mediumRead: 'cached'}}, 'the cache hides it');
    const direct = await readMedium(reader(), {path, method: DIRECT});
    t.like(direct, {ok: true, value: {hash: hashBytes(bytes), mediumRead: 'direct'}});
  },
);
