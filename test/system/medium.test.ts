import {readdir, readFile, writeFile} from 'node:fs/promises';
import {platform, tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import type {Volume, VolumeKind} from '../../src/core/drive.ts';
import type {Files} from '../../src/system/files.ts';
import {
  evictBeforeRead,
  type MediumMethod,
  mediumReadOf,
  probeCard,
  probeDestination,
  readsDirect,
} from '../../src/system/medium.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {type RunTool, runTool} from '../../src/system/tools.ts';
import {describeVolume, realVolumeTools} from '../../src/system/volumes/index.ts';
import {
  type Call,
  failsCalls,
  overrideCalls,
  pretendsDirect,
  recordsCalls,
  wrapOpened,
} from '../helpers/faulty-files.ts';
import {diskVolume} from '../helpers/run-offload.ts';
import {makeTemporaryFolder, skip} from '../helpers/temporary-folder.ts';

const files = realFiles;
const PROBE = '.offload-probe';

const failure = {ok: false, cause: {code: 'ENOENT', message: 'not here', next: 'x'}} as const;
const noTool: RunTool = async () => failure;
/** Only these tools work, and say this. */
const tools =
  (answers: Readonly<Record<string, string>>): RunTool =>
  async (command) => {
    const value = answers[command];
    return value === undefined ? failure : {ok: true, value};
  };

const volumeOf = (kind: VolumeKind): Volume => diskVolume('/mnt', 'sdx', {kind});

/** Every direct call is refused, as on a file system that does not know it. */
const refusesDirect = {
  ...recordsCalls(files, []),
  async openToRead(path: string, options: {readonly direct: boolean}) {
    if (options.direct) throw Object.assign(new Error('EINVAL'), {code: 'EINVAL'});
    return await files.openToRead(path, options);
  },
  async createFile(path: string, options: {readonly direct: boolean}) {
    if (!options.direct) return await files.createFile(path, options);
    // Linux makes the file and refuses the flag then.
    await (await files.createFile(path, {direct: false})).close();
    throw Object.assign(new Error('EINVAL'), {code: 'EINVAL'});
  },
};

test('a real folder on a real disk is written and read directly, and the probe is removed', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const volume = await describeVolume(folder, realVolumeTools(platform()));
  if (platform() !== 'linux' || volume.kind !== 'disk') return skip(t, `it is ${volume.kind} here`);
  const access = await probeDestination(
    {files, run: runTool, volume, wantsBatches: true},
    folder,
    PROBE,
  );
  t.deepEqual(access, {writesDirect: true, method: {kind: 'direct'}, flushesFileSystem: true});
  t.deepEqual(await readdir(folder), []);
});

test('/dev/shm is memory: cached, whatever can be evicted there', async (t) => {
  if (platform() !== 'linux') return skip(t, 'not Linux');
  const folder = await makeTemporaryFolder(t, '/dev/shm');
  const volume = await describeVolume(folder, realVolumeTools(platform()));
  const {method, flushesFileSystem} = await probeDestination(
    {files, run: runTool, volume, wantsBatches: true},
    folder,
    PROBE,
  );
  t.deepEqual(method, {kind: 'cached', why: 'it lies in memory and has no medium'});
  t.false(flushesFileSystem);
  t.deepEqual(await readdir(folder), []);
});

const CHOICES: ReadonlyArray<{
  readonly what: string;
  readonly kind: VolumeKind;
  readonly run: RunTool;
  readonly refuses?: boolean;
  readonly expected: MediumMethod['kind'];
}> = [
  {
    what: 'a disk that refuses direct reads, cache emptied',
    kind: 'disk',
    run: tools({dd: '', fincore: '0\n'}),
    refuses: true,
    expected: 'evict-file',
  },
  {
    what: 'a disk whose pages stay',
    kind: 'disk',
    run: tools({dd: '', fincore: '1\n'}),
    refuses: true,
    expected: 'cached',
  },
  {
    what: 'a disk where nobody can say whether pages stay',
    kind: 'disk',
    run: tools({dd: ''}),
    refuses: true,
    expected: 'cached',
  },
  {what: 'a disk without any tool', kind: 'disk', run: noTool, refuses: true, expected: 'cached'},
  {
    what: 'FUSE, device flushed',
    kind: 'fuse',
    run: tools({blockdev: ''}),
    expected: 'evict-device',
  },
  {what: 'FUSE, not root', kind: 'fuse', run: noTool, expected: 'cached'},
  {
    what: 'FUSE that refuses direct reads',
    kind: 'fuse',
    run: tools({blockdev: '', dd: '', fincore: '0'}),
    refuses: true,
    expected: 'cached',
  },
  {
    what: 'the network',
    kind: 'network',
    run: tools({blockdev: '', dd: '', fincore: '0'}),
    expected: 'cached',
  },
  {
    what: 'memory',
    kind: 'ram',
    run: tools({blockdev: '', dd: '', fincore: '0'}),
    expected: 'cached',
  },
  {
    what: 'who knows what',
    kind: 'unknown',
    run: tools({blockdev: '', dd: '', fincore: '0'}),
    expected: 'cached',
  },
];
for (const {what, kind, run, refuses, expected} of CHOICES) {
  test(`${what}: ${expected}`, async (t) => {
    const folder = await makeTemporaryFolder(t);
    await writeFile(join(folder, 'IMG.JPG'), 'x'.repeat(5000), {flush: true});
    const onCard = {files: refuses === true ? refusesDirect : files, run, volume: volumeOf(kind)};
    const needsDirect = expected === 'evict-device';
    if (needsDirect && !(await takesDirect(t))) return skip(t, 'no direct reads here');
    const method = await probeCard(onCard, join(folder, 'IMG.JPG'));
    t.is(method.kind, expected);
    t.true(method.kind !== 'cached' || method.why.length > 10);
    const access = await probeDestination({...onCard, wantsBatches: true}, folder, PROBE);
    t.deepEqual(access.method, method);
    t.deepEqual(await readdir(folder), ['IMG.JPG']);
  });
}

test('file systems that take the direct flag and may not keep to it are not read by it', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const sample = join(folder, 'IMG.JPG');
  await writeFile(sample, 'x'.repeat(5000), {flush: true});
  const methodOn = async (fileSystem: string, run: RunTool) =>
    (await probeCard({files, run, volume: {...volumeOf('disk'), fileSystem}}, sample)).kind;
  const evicts = tools({dd: '', fincore: '0\n'});
  for (const fileSystem of ['btrfs', 'f2fs']) {
    t.is(await methodOn(fileSystem, evicts), 'evict-file');
    t.is(await methodOn(fileSystem, noTool), 'cached');
  }
  t.is(await methodOn('zfs', evicts), 'cached');
});

async function takesDirect(t: ExecutionContext): Promise<boolean> {
  const folder = await makeTemporaryFolder(t);
  const probed = {files, run: noTool, volume: volumeOf('disk'), wantsBatches: true};
  return (await probeDestination(probed, folder, PROBE)).method.kind === 'direct';
}

test('a platform without a flag for direct I/O is never asked for it', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const without = {...refusesDirect, knowsDirect: false};
  const probed = {files: without, run: noTool, volume: volumeOf('disk'), wantsBatches: true};
  const access = await probeDestination(probed, folder, PROBE);
  t.like(access, {writesDirect: false, method: {kind: 'cached'}});
});

test('a file system is flushed as a whole only where that works and is of use', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const flushes = async (kind: VolumeKind, run: RunTool, wantsBatches: boolean) => {
    const probed = {files, run, volume: volumeOf(kind), wantsBatches};
    return (await probeDestination(probed, folder, PROBE)).flushesFileSystem;
  };
  const sync = tools({sync: ''});
  t.true(await flushes('disk', sync, true));
  t.false(await flushes('disk', sync, false));
  t.false(await flushes('disk', noTool, true));
  for (const kind of ['fuse', 'network', 'ram', 'unknown'] as const) {
    t.false(await flushes(kind, sync, true));
  }
});

test('a file that has the name of the probe stays as it is', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const path = join(folder, PROBE);
  await writeFile(path, 'somebody’s');
  for (const some of [files, refusesDirect, {...refusesDirect, knowsDirect: false}]) {
    const probed = {files: some, run: noTool, volume: volumeOf('disk'), wantsBatches: true};
    const code = await probeDestination(probed, folder, PROBE).then(
      () => 'ok',
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    );
    t.is(code, 'EEXIST');
    t.is(await readFile(path, 'utf8'), 'somebody’s');
  }
});

test('where nothing can be written the error is told, and nothing is left', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const full = failsCalls(files, ['write'], () => true, 'ENOSPC');
  const probed = {files: full, run: noTool, volume: volumeOf('disk'), wantsBatches: true};
  await t.throwsAsync(probeDestination(probed, folder, PROBE), {code: 'ENOSPC'});
  t.deepEqual(await readdir(folder), []);
});

test('a card is probed without a write', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const sample = join(folder, 'IMG.JPG');
  await writeFile(sample, 'x'.repeat(100));
  const calls: Call[] = [];
  await probeCard(
    {files: recordsCalls(files, calls), run: runTool, volume: volumeOf('disk')},
    sample,
  );
  t.deepEqual([...new Set(calls.map(({method}) => method))], ['openToRead', 'read', 'close']);
});

const pagesOf = async (path: string) => {
  const {stdout} = await execa('fincore', ['--bytes', '--noheadings', '--output', 'PAGES', path]);
  return Number(stdout);
};

test('evict-file really leaves no page of the file in memory', async (t) => {
  const {failed} = await execa('fincore', ['--version'], {reject: false});
  if (failed || platform() !== 'linux') return skip(t, 'no fincore here');
  const folder = await makeTemporaryFolder(t);
  const volume = await describeVolume(tmpdir(), realVolumeTools(platform()));
  if (volume.kind !== 'disk') return skip(t, `the temporary folder is ${volume.kind}`);
  for (const [name, size] of [
    ['A.JPG', 300_001],
    ["it's 写真 $HOME.JPG", 5000],
    ['-rf', 4096],
    ['empty', 0],
  ] as const) {
    const path = join(folder, name);
    await writeFile(path, Buffer.alloc(size, 7), {flush: true});
    await readFile(path);
    t.is((await pagesOf(path)) > 0, size > 0, `${name} is in memory first`);
    t.is(await evictBeforeRead(path, {kind: 'evict-file'}, runTool), 'evicted', name);
    t.is(await pagesOf(path), 0, name);
  }
});

test('an eviction that fails is a read through the cache', async (t) => {
  const missing = join(await makeTemporaryFolder(t), 'missing');
  t.is(await evictBeforeRead(missing, {kind: 'evict-file'}, runTool), 'cached');
  t.is(await evictBeforeRead('x', {kind: 'evict-file'}, tools({dd: '', fincore: '2'})), 'cached');
  const device: MediumMethod = {kind: 'evict-device', device: '/dev/no-such-device'};
  t.is(await evictBeforeRead('x', device, noTool), 'cached');
  t.is(await evictBeforeRead('x', device, tools({blockdev: ''})), 'evicted');
  t.is(await evictBeforeRead('x', {kind: 'direct'}, noTool), 'direct');
  t.is(
    await evictBeforeRead('x', {kind: 'cached', why: 'y'}, tools({dd: '', fincore: '0'})),
    'cached',
  );
});

test('what a person is told of each method, and how it is opened', (t) => {
  const methods: readonly MediumMethod[] = [
    {kind: 'direct'},
    {kind: 'evict-file'},
    {kind: 'evict-device', device: '/dev/sdb1'},
    {kind: 'cached', why: 'x'},
  ];
  t.deepEqual(methods.map(mediumReadOf), ['direct', 'evicted', 'evicted', 'cached']);
  t.deepEqual(methods.map(readsDirect), [true, false, true, false]);
});

/** A drive as Windows shows it: no handle without buffering gives a part of a sector. */
const asWindows = (isCutRefused: boolean, calls: Call[]): Files =>
  wrapOpened(recordsCalls(pretendsDirect(files), calls), (opened, _path, {direct}, how) =>
    overrideCalls(opened, {
      async read(buffer, length, position) {
        if (direct && length % 512 !== 0) throw Object.assign(new Error('x'), {code: 'EINVAL'});
        return await opened.read(buffer, length, position);
      },
      async truncate(size) {
        const isRefused = direct && how === 'create' && isCutRefused;
        if (isRefused) throw Object.assign(new Error('x'), {code: 'EINVAL'});
        await opened.truncate(size);
      },
    }),
  );

test('on Windows a read counts as direct only where a part of a sector is refused', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const onWindows = {run: runTool, volume: volumeOf('disk'), platform: 'win32'};
  const probed = {...onWindows, wantsBatches: true};
  const calls: Call[] = [];
  const honest = await probeDestination({...probed, files: asWindows(false, calls)}, folder, PROBE);
  t.deepEqual(honest, {writesDirect: true, method: {kind: 'direct'}, flushesFileSystem: false});
  t.true(calls.some(({method}) => method === 'truncate'));
  const ignored = await probeDestination({...probed, files: pretendsDirect(files)}, folder, PROBE);
  t.like(ignored, {writesDirect: true, method: {kind: 'cached'}, flushesFileSystem: false});
  t.deepEqual(await readdir(folder), []);
  const sample = join(folder, 'IMG.JPG');
  await writeFile(sample, 'x'.repeat(5000));
  t.is((await probeCard({...onWindows, files: asWindows(false, [])}, sample)).kind, 'direct');
  t.is((await probeCard({...onWindows, files: pretendsDirect(files)}, sample)).kind, 'cached');
});

test('on Windows a handle that cannot be cut to size is written through the cache', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const probed = {run: noTool, volume: volumeOf('disk'), wantsBatches: true, platform: 'win32'};
  const access = await probeDestination({...probed, files: asWindows(true, [])}, folder, PROBE);
  t.like(access, {writesDirect: false, method: {kind: 'direct'}});
  t.deepEqual(await readdir(folder), []);
});

test('programs that happen to have the names of Linux tools are not asked on other systems', async (t) => {
  const folder = await makeTemporaryFolder(t);
  for (const platform of ['win32', 'darwin']) {
    const asked: string[] = [];
    const run: RunTool = async (command) => {
      asked.push(command);
      return {ok: true, value: '0'};
    };
    for (const kind of ['disk', 'fuse'] as const) {
      const probed = {files: refusesDirect, run, volume: volumeOf(kind), wantsBatches: true};
      const access = await probeDestination({...probed, platform}, folder, PROBE);
      t.like(access, {method: {kind: 'cached'}, flushesFileSystem: false});
    }
    t.deepEqual(asked, [], platform);
  }
});
