/** The mirror when sources cannot be read, drives are full, lie or go away, and runs die. */
import {mkdir, readdir, readFile, rename, rm, stat, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import test from 'ava';
import {BlockPool} from '../../../src/system/block-pool.ts';
import {SeededRandom} from '../../faults/seeded-random.ts';
import {
  below,
  type Call,
  Death,
  failsCalls,
  failsReading,
  flipsFirstWrites,
  flipsLastByte,
  flipsOnRead,
  givesShort,
  growsWhileRead,
  interceptCalls,
  lyingSync,
  type Match,
  movesDevice,
  recordsCalls,
  vanishesAfter,
} from '../../helpers/faulty-files.ts';
import {
  type BackupScene,
  changeSome,
  copyScene,
  DAY_MS,
  FIRST_RUN,
  findBackupLitter,
  findLosses,
  type MirrorTruth,
  makeBackup,
  readArchive,
  readMirror,
  runBackup,
  statePathOf,
} from '../../helpers/run-backup.ts';
import {readTree, runningPids, seededBytes, testFiles} from '../../helpers/run-offload.ts';

/** Other moments each time. */
const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);

/** Copies while they are written. */
const partsBelow =
  (folder: string): Match =>
  (path) =>
    path.startsWith(`${folder}/`) && /\/\.offload-mirror-[^/]*\.part$/.test(path);

test('a source that cannot be read, or that changes while it is read, never replaces a good copy', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  const before = await readMirror(scene);
  await changeSome(scene);
  const notes = join(scene.source, 'Shoot/notes.txt');
  const is = (path: string) => path === notes;
  for (const files of [
    failsReading(testFiles, is, 'EIO', 70_000),
    failsCalls(testFiles, ['openToRead'], is, 'EACCES'),
    growsWhileRead(testFiles, is),
  ]) {
    const {end, steps} = await runBackup(scene, {files});
    t.like(end, {result: 'incomplete', failed: 1, replaced: 0});
    t.deepEqual(
      steps.filter(({state}) => state === 'failed').map(({path}) => path),
      ['Shoot/notes.txt'],
    );
    t.is((await readMirror(scene))['Shoot/notes.txt'], before['Shoot/notes.txt']);
  }
  const mirror = await readMirror(scene);
  t.truthy(mirror['Shoot/new.jpg']);
  t.truthy(mirror['Shoot/top.tif']);
  t.deepEqual(await findBackupLitter(scene), []);
  t.like((await runBackup(scene)).end, {result: 'good', replaced: 1});
  t.deepEqual(await readMirror(scene), await readTree(scene.source));
});

test('a file that was moved and cannot be read under its new name keeps its copy', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  await rename(join(scene.source, 'top.tif'), join(scene.source, 'Shoot/top.tif'));
  const moved = join(scene.source, 'Shoot/top.tif');
  const files = failsReading(testFiles, (path) => path === moved, 'EIO');
  t.like((await runBackup(scene, {files})).end, {result: 'incomplete', failed: 1, archived: 0});
  t.truthy((await readMirror(scene))['top.tif']);
  t.like((await runBackup(scene)).end, {result: 'good', moved: 1, bytesWritten: 0});
});

test('a folder that cannot be listed holds deletions back: what was moved may lie there', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  await rename(join(scene.source, 'top.tif'), join(scene.source, 'Old/deep/top.tif'));
  const deep = join(scene.source, 'Old/deep');
  const files = failsCalls(testFiles, ['lookAll', 'list'], (path) => path === deep, 'EIO');
  const {end} = await runBackup(scene, {files});
  t.like(end, {result: 'incomplete', failed: 1, archived: 0, held: 1});
  t.truthy((await readMirror(scene))['top.tif']);
  t.like((await runBackup(scene)).end, {result: 'good', moved: 1, archived: 0});
});

test('bytes that come to the disk wrong never get a final name, and the old copy stays', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  const before = await readMirror(scene);
  await changeSome(scene);
  for (const spoil of [flipsLastByte, lyingSync]) {
    const files = spoil(testFiles, partsBelow(scene.target));
    const {end, warnings} = await runBackup(scene, {files});
    t.like(end, {result: 'incomplete', failed: 2, copied: 0, replaced: 0, code: 'mismatch'});
    t.true(warnings.includes('drive-suspect'));
    const mirror = await readMirror(scene);
    t.is(mirror['Shoot/notes.txt'], before['Shoot/notes.txt']);
    t.is(mirror['Shoot/new.jpg'], undefined);
    t.deepEqual(await findBackupLitter(scene), []);
  }
  const once = flipsFirstWrites(testFiles, partsBelow(scene.target), 1);
  t.like((await runBackup(scene, {files: once})).end, {result: 'good', copied: 1, replaced: 1});
  t.deepEqual(await readMirror(scene), await readTree(scene.source));
});

test('a medium that gives other bytes for a copy that is to be adopted makes no record', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  await rm(join(scene.target, '.offload-mirror'), {recursive: true});
  const raw = join(scene.target, 'Shoot/DCIM/IMG_0001.CR3');
  const files = flipsOnRead(testFiles, (path) => path === raw);
  const {end} = await runBackup(scene, {files});
  t.like(end, {result: 'incomplete', alarms: 1, adopted: 11, archived: 0});
  t.like((await runBackup(scene)).end, {result: 'good', adopted: 1, unchanged: 11});
});

test('a full target says how much is missing, keeps what it has, and copies what fits', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  const before = await readMirror(scene);
  await writeFile(join(scene.source, 'Shoot/notes.txt'), seededBytes('big', 150_000));
  await writeFile(join(scene.source, 'Shoot/small.txt'), 'small');
  await rm(join(scene.source, 'Old/a.jpg'));
  // So many bytes are free that one of the two fits, whichever comes first.
  const isTarget = below(join(scene.target, 'Shoot'));
  const files = interceptCalls(testFiles, async (call, proceed) => {
    const {method, path, position = 0, length = 0} = call;
    if (method === 'write' && isTarget(path) && position + length > 100_000)
      throw Object.assign(new Error('ENOSPC'), {code: 'ENOSPC'});
    return await proceed();
  });
  const {end} = await runBackup(scene, {files});
  t.like(end, {result: 'incomplete', code: 'target-full', failed: 1, copied: 1, archived: 1});
  t.regex(end.message ?? '', /150 kB did not fit/);
  const mirror = await readMirror(scene);
  t.is(mirror['Shoot/notes.txt'], before['Shoot/notes.txt']);
  t.is((await readArchive(scene))['Old/a.jpg'], before['Old/a.jpg']);
  t.like((await runBackup(scene)).end, {result: 'good', replaced: 1});
});

test('a target that cannot be tried out is left as it is, a damaged state too', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  await changeSome(scene);
  const files = failsCalls(
    testFiles,
    ['createFile'],
    (path) => /\/\.offload-probe-[^/]*\.part$/.test(path),
    'ENOSPC',
  );
  for (const spoil of [async () => {}, () => writeFile(statePathOf(scene), 'no state\n')]) {
    await spoil();
    const before = await readTree(scene.target);
    const {end, steps} = await runBackup(scene, {files});
    t.like(end, {result: 'refused', code: 'ENOSPC'});
    t.deepEqual(steps, []);
    t.deepEqual(await readTree(scene.target), before);
  }
  const {warnings} = await runBackup(scene);
  t.true(warnings.includes('state-damaged'), 'the next run tells it');
});

test('a drive that is pulled out, at any moment: told once, no wrong name, and the same run goes on', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  const before = await readMirror(scene);
  await changeSome(scene);
  const wanted = await readTree(scene.source);
  const random = new SeededRandom(seed);
  let lost = 0;
  for (const [fault, root] of [
    [vanishesAfter, scene.b],
    [vanishesAfter, scene.w],
    [movesDevice, scene.b],
    [movesDevice, scene.w],
  ] as const) {
    for (let n = random.whole(1, 40); n < 200; n += 40) {
      const trial = await copyScene(scene);
      const hit = root === scene.b ? trial.b : trial.w;
      const {end, events} = await runBackup(trial, {files: fault(testFiles, hit, n)});
      if (end.result !== 'good') lost += 1;
      const told = events.filter(
        (event) => event.type === 'noticed' && /ENODEV|ENOENT|source-gone/.test(event.code),
      );
      t.true(told.length <= 1, `${told.length} told after ${n} calls`);
      t.deepEqual(await findLosses(trial, {before, wanted}), []);
      t.is((await runBackup(trial)).end.result, 'good', `after ${n} calls`);
      t.deepEqual(await readMirror(trial), wanted);
      t.deepEqual(await findBackupLitter(trial), []);
      await rm(trial.folder, {recursive: true});
    }
  }
  t.true(lost > 4, `FAULT_SEED=${seed}`);
});

test('killed at any call, the same run ends good, and copies nothing that has its name', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  const before = await readMirror(scene);
  await changeSome(scene);
  const wanted = await readTree(scene.source);
  let pid = 700_000;
  let deaths = 0;
  const random = new SeededRandom(seed);
  for (let n = random.whole(1, 9); ; n += random.whole(5, 15)) {
    const trial = await copyScene(scene);
    const death = new Death();
    const blocks = {copyBlocks: new BlockPool(8, 65_536), proofBlocks: new BlockPool(4, 65_536)};
    const running = runBackup(trial, {
      files: death.comesAt(testFiles, n),
      program: blocks,
      pid: ++pid,
      atMs: FIRST_RUN + DAY_MS,
    });
    const ended = await Promise.race([running, death.happened.then(() => 'dead' as const)]);
    await death.bury();
    runningPids.delete(pid);
    if (ended !== 'dead') {
      t.is(ended.end.result, 'good');
      break;
    }
    deaths += 1;
    t.deepEqual(await findLosses(trial, {before, wanted}), []);
    const named = await listInodes(trial, wanted);
    const calls: Call[] = [];
    const files = recordsCalls(testFiles, calls);
    const again = await runBackup(trial, {files, atMs: FIRST_RUN + 2 * DAY_MS});
    t.is(again.end.result, 'good', `killed at call ${n}: ${again.end.message}`);
    t.deepEqual(await readMirror(trial), wanted, `killed at call ${n}`);
    t.deepEqual(await findLosses(trial, {before, wanted}), []);
    // What had its name was proved: it is the same file still.
    for (const [path, inode] of named)
      t.is((await stat(join(trial.target, path))).ino, inode, `${path}, killed at call ${n}`);
    t.deepEqual(await findBackupLitter(trial), [], `killed at call ${n}`);
    await rm(trial.folder, {recursive: true});
  }
  t.true(deaths > 5, `${deaths} deaths, FAULT_SEED=${seed}`);
});

/** Files of the target that are as they should be. */
async function listInodes(
  {target}: BackupScene,
  wanted: MirrorTruth['wanted'],
): Promise<ReadonlyMap<string, number>> {
  const inodes = new Map<string, number>();
  for (const [path, hash] of Object.entries(await readTree(target))) {
    if (hash === 'folder' || wanted[path] !== hash) continue;
    inodes.set(path, (await stat(join(target, path))).ino);
  }
  return inodes;
}

test('stopped by a signal it says so, keeps what is done, and goes on later', async (t) => {
  const scene = await makeBackup(t);
  const stop = new AbortController();
  const isSource = below(scene.source);
  let reads = 0;
  const files = interceptCalls(testFiles, (call, proceed) => {
    if (call.method === 'read' && isSource(call.path) && ++reads === 9) stop.abort();
    return proceed();
  });
  const stopped = await runBackup(scene, {stop, files});
  t.is(stopped.end.result, 'stopped');
  t.true(stopped.end.copied > 0 && stopped.end.copied < 12, `${stopped.end.copied}`);
  t.deepEqual(await findBackupLitter(scene), []);
  const again = await runBackup(scene);
  t.like(again.end, {result: 'good', adopted: 0, unchanged: stopped.end.copied});
  t.deepEqual(await readMirror(scene), await readTree(scene.source));
});

test('short reads and short writes change nothing', async (t) => {
  const scene = await makeBackup(t);
  t.is((await runBackup(scene, {files: givesShort(testFiles)})).end.result, 'good');
  await changeSome(scene);
  t.is((await runBackup(scene, {files: givesShort(testFiles)})).end.result, 'good');
  t.deepEqual(await readMirror(scene), await readTree(scene.source));
});

test('no call changes anything on the source', async (t) => {
  const scene = await makeBackup(t);
  const calls: Call[] = [];
  await runBackup(scene);
  await changeSome(scene);
  await runBackup(scene, {files: recordsCalls(testFiles, calls)});
  const isSource = below(scene.w);
  const reading = new Set(['openToRead', 'read', 'close', 'facts', 'look', 'lookAll', 'list']);
  const others = calls.filter(
    ({method, path}) =>
      isSource(path) && !reading.has(method) && !/^(?:follow|resolve|freeBytes)$/.test(method),
  );
  t.deepEqual(others, []);
});

test('what a run that died left under temporary names is removed, and nothing else', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  await changeSome(scene);
  const left = join(scene.target, 'Shoot/.offload-mirror-20261101T000000Z-abc-7.part');
  const other = join(scene.target, 'Shoot/.offload-mirror-notes.part');
  await writeFile(left, 'x');
  await writeFile(other, 'x');
  t.is((await runBackup(scene)).end.result, 'good');
  const names = await readdir(join(scene.target, 'Shoot'));
  t.false(names.includes('.offload-mirror-20261101T000000Z-abc-7.part'));
  t.is(await readFile(other, 'utf8'), 'x');
});

test('so it is where nothing is copied any more: in folders that were renamed since, and in those that are in step', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  await rename(join(scene.source, 'Old'), join(scene.source, 'New'));
  const name = '.offload-mirror-20261101T000000Z-abc-7.part';
  const folders = ['', 'Shoot/DCIM', 'Old', 'Old/deep', 'Before/it/was/renamed'];
  for (const folder of folders) {
    await mkdir(join(scene.target, folder), {recursive: true});
    await writeFile(join(scene.target, folder, name), 'x');
  }
  const archived = join(scene.target, '_archive/20261101T000000Z-abc', name);
  await mkdir(dirname(archived), {recursive: true});
  await writeFile(archived, 'a run put it there');
  const partsOf = async () =>
    (await readdir(scene.b, {recursive: true})).filter((path) => path.endsWith(name)).length;
  await runBackup(scene, {preview: true});
  t.is(await partsOf(), folders.length + 1);
  const {end, warnings} = await runBackup(scene, {acceptDeletions: true});
  t.deepEqual([end.result, warnings], ['good', []]);
  t.is(await partsOf(), 1);
  t.is(await readFile(archived, 'utf8'), 'a run put it there');
});
