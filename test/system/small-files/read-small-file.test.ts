import {execFileSync} from 'node:child_process';
import {constants, statSync} from 'node:fs';
import {mkdir, symlink, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {readSmallFile} from '../../../src/system/small-files/read-small-file.ts';
import type {SmallFileCalls} from '../../../src/system/small-files/small-file-calls.ts';
import {makeSmallFileTools, SMALL_FILE} from '../../../src/system/small-files/small-file-tools.ts';
import {
  failsSmall,
  failsToClose,
  failsToOpen,
  failsToRead,
  flipsOnRead,
  lyingRead,
  recordsSmall,
  type SmallCall,
  shortRead,
  tracksSmall,
} from '../../helpers/faulty-calls.ts';
import {hashOfBytes, seededBytes} from '../../helpers/run-offload.ts';
import {testCalls} from '../../helpers/small-trial.ts';
import {makeTemporaryFolder} from '../../helpers/temporary-folder.ts';

const all = () => true;

const requestFor = (path: string) => ({
  path,
  device: `${statSync(dirname(path), {bigint: true}).dev}`,
});

/** Reads a file. @throws when it is left open. */
async function read(path: string, calls: SmallFileCalls = testCalls) {
  const open = new Set<number>();
  const tools = await makeSmallFileTools(tracksSmall(calls, open));
  tools.buffer.fill(0xa5);
  const answer = readSmallFile(tools, requestFor(path));
  if (open.size > 0) throw new Error(`left open: ${[...open].join(', ')}`);
  return answer;
}

async function makeFile(t: ExecutionContext, size: number) {
  const path = join(await makeTemporaryFolder(t), 'A.JPG');
  const bytes = seededBytes(`read ${size}`, size);
  await writeFile(path, bytes);
  return {path, whole: {kind: 'read', hash: hashOfBytes(bytes), size}};
}

for (const size of [0, 1, 4095, 4096, 4097, SMALL_FILE - 1]) {
  test(`a file of ${size} bytes`, async (t) => {
    const {path, whole} = await makeFile(t, size);
    t.deepEqual(await read(path), whole);
  });
}

test('the hash is always that of the file, whatever was read before', async (t) => {
  const {path} = await makeFile(t, 1);
  const tools = await makeSmallFileTools(testCalls);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.nat(20_000), fc.nat(SMALL_FILE - 1)),
      fc.nat(255),
      async (size, n) => {
        const bytes = Buffer.alloc(size, Uint8Array.of(n, 1, n ^ 7));
        await writeFile(path, bytes);
        t.deepEqual(readSmallFile(tools, requestFor(path)), {
          kind: 'read',
          hash: hashOfBytes(bytes),
          size,
        });
      },
    ),
    {numRuns: 60},
  );
});

for (const size of [SMALL_FILE, SMALL_FILE + 1]) {
  test(`a file of ${size} bytes is for the ordinary way`, async (t) => {
    const {path} = await makeFile(t, size);
    t.deepEqual(await read(path), {kind: 'odd'});
  });
}

test('it is opened past the cache, for reading alone, and never through a link', async (t) => {
  const {path} = await makeFile(t, 5000);
  const made: SmallCall[] = [];
  await read(path, recordsSmall(testCalls, made));
  t.deepEqual(
    made.map(({method}) => method),
    ['open', 'facts', 'read', 'close'],
  );
  const flags = made[0]?.flags ?? 0;
  t.is(flags & (constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT), 0);
  t.is(flags & (constants.O_DIRECT ?? 0), constants.O_DIRECT ?? 0);
  t.is(flags & (constants.O_NOFOLLOW ?? 0), constants.O_NOFOLLOW ?? 0);
});

/** What must never be taken for a copy, whatever lies behind it. */
const others: Readonly<Record<string, (path: string, folder: string) => Promise<void> | void>> = {
  async 'a link to a file'(path, folder) {
    await writeFile(join(folder, 'other'), 'the same bytes');
    await symlink(join(folder, 'other'), path);
  },
  'a link to nothing': (path, folder) => symlink(join(folder, 'none'), path),
  'a folder': async (path) => {
    await mkdir(path);
  },
  'a FIFO': (path) => {
    execFileSync('mkfifo', [path]);
  },
  nothing: () => {},
};
for (const [what, make] of Object.entries(others)) {
  test(`${what} in its place is not read`, async (t) => {
    const folder = await makeTemporaryFolder(t);
    await make(join(folder, 'A.JPG'), folder);
    const made: SmallCall[] = [];
    const answer = await read(join(folder, 'A.JPG'), recordsSmall(testCalls, made));
    t.not(answer.kind, 'read');
    t.false(made.some(({method}) => method === 'read'));
    if (what === 'nothing') t.deepEqual(answer, {kind: 'failed', errno: 'ENOENT'});
  });
}

test('a read that fails is told with its error', async (t) => {
  const {path} = await makeFile(t, 5000);
  t.deepEqual(await read(path, failsToRead(testCalls, all)), {kind: 'failed', errno: 'EIO'});
  t.deepEqual(await read(path, failsToOpen(testCalls, all, 'ENOENT')), {
    kind: 'failed',
    errno: 'ENOENT',
  });
});

for (const errno of ['EIO', 'ESTALE', 'ENOTCONN', 'EACCES']) {
  test(`what cannot be opened or looked at (${errno}) is for the ordinary way, which tells whether the drive is to blame`, async (t) => {
    const {path} = await makeFile(t, 5000);
    t.deepEqual(await read(path, failsToOpen(testCalls, all, errno)), {kind: 'odd'});
    const looks = failsSmall(testCalls, {methods: ['facts'], match: all, errno});
    t.deepEqual(await read(path, looks), {kind: 'odd'});
  });
}

test('a file of another user is read though it cannot be opened without a trace', async (t) => {
  const {path, whole} = await makeFile(t, 5000);
  const noTrace = constants.O_NOATIME ?? 0;
  const calls: SmallFileCalls = {
    ...testCalls,
    open(place, flags, mode) {
      if ((flags & noTrace) !== 0) throw Object.assign(new Error('EPERM'), {code: 'EPERM'});
      return testCalls.open(place, flags, mode);
    },
  };
  t.deepEqual(await read(path, calls), whole);
});

test('a file of another file system is for the ordinary way', async (t) => {
  const {path} = await makeFile(t, 5000);
  const tools = await makeSmallFileTools(testCalls);
  const {device} = requestFor(path);
  const elsewhere = {path, device: `${BigInt(device) + 1n}`};
  t.deepEqual(readSmallFile(tools, elsewhere), {kind: 'odd'});
});

test('a short read is for the ordinary way', async (t) => {
  const {path} = await makeFile(t, 5000);
  t.deepEqual(await read(path, shortRead(testCalls, all)), {kind: 'odd'});
});

test('a file that grows behind the look is for the ordinary way', async (t) => {
  const {path} = await makeFile(t, 5000);
  const calls: SmallFileCalls = {...testCalls, read: (...args) => testCalls.read(...args) + 4};
  t.deepEqual(await read(path, calls), {kind: 'odd'});
});

test('one flipped bit is another hash', async (t) => {
  const {path, whole} = await makeFile(t, 5000);
  const answer = await read(path, flipsOnRead(testCalls, all));
  t.like(answer, {kind: 'read', size: 5000});
  t.notDeepEqual(answer, whole);
});

test('a read that gives nothing and says otherwise is not answered by the file before', async (t) => {
  const first = await makeFile(t, 5000);
  const tools = await makeSmallFileTools(testCalls);
  t.deepEqual(readSmallFile(tools, requestFor(first.path)), first.whole);
  const lying = {...tools, calls: lyingRead(testCalls, all)};
  const answer = readSmallFile(lying, requestFor(first.path));
  t.like(answer, {kind: 'read', size: 5000});
  t.notDeepEqual(answer, first.whole);
});

test('how it is closed says nothing of what was read', async (t) => {
  const {path, whole} = await makeFile(t, 5000);
  t.deepEqual(await read(path, failsToClose(testCalls, all)), whole);
});

test('what is no error of the system is a bug and is thrown, and the file is closed', async (t) => {
  const {path} = await makeFile(t, 5000);
  const calls: SmallFileCalls = {
    ...testCalls,
    read: () => {
      throw new Error('a bug');
    },
  };
  await t.throwsAsync(read(path, calls), {message: 'a bug'});
});
