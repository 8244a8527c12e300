import {readdir, readFile, rename, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import type {Files} from '../../../src/system/files.ts';
import {MARKER_NAME} from '../../../src/system/volume-marker.ts';
import {below, failsCalls, interceptCalls, vanishesAfter} from '../../helpers/faulty-files.ts';
import {makeTrial, testFiles} from '../../helpers/run-offload.ts';
import {markDrive} from '../watch/watch-run.ts';
import {
  cardIds,
  Gate,
  isReady,
  noticesOf,
  onScreen,
  startSession,
  verdictsOf,
} from './session-run.ts';

const markerOf = async (folder: string) =>
  JSON.parse(await readFile(join(folder, MARKER_NAME), 'utf8'));

test('w and b give roles that are known again at another mount point', async (t) => {
  const {card, w, b, folder} = await makeTrial(t);
  const run = startSession(t);
  run.plug(w, {uuid: 'WWWW-1111'});
  await run.waitFor(isReady(0, 1));
  run.plug(b);
  run.plug(card, cardIds);
  await run.waitFor(isReady(1, 2));
  run.press('enter');
  t.deepEqual(noticesOf(run.state()), ['no-working-drive']);
  t.is(run.state().focus, 'drives');
  t.is(run.state().selectedDrive, w);
  run.press('w');
  await run.waitFor(({drives}) => drives.some(({role}) => role === 'working'));
  run.press('down', 'b');
  await run.waitFor(({drives}) => drives.some(({role}) => role === 'backup'));
  t.deepEqual(
    run.state().drives.map(({path, role, letter}) => [path, role, letter]),
    [
      [w, 'working', 'W'],
      [b, 'backup', 'B'],
    ],
  );
  const marker = await markerOf(w);
  t.like(marker, {role: 'working', name: 'W', fsUuid: 'WWWW-1111', sizeBytes: 64_000_000_000});
  t.is((await markerOf(b)).role, 'backup');

  run.pull(w);
  await run.waitFor(isReady(1, 1));
  const moved = join(folder, 'elsewhere');
  await rename(w, moved);
  run.plug(moved, {uuid: 'WWWW-1111'});
  await run.waitFor(isReady(1, 2));
  t.like(run.state().drives[0], {path: moved, role: 'working', name: 'W'});

  run.press('enter');
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true]);
  run.press('enter');
  // Pressed again it is taken away, and the marker keeps its id.
  run.press('up', 'w');
  await run.waitFor(({drives}) => drives.every(({role}) => role !== 'working'));
  t.deepEqual(await markerOf(moved), {...marker, role: null});
  run.press('q');
  t.is((await run.done).exitCode, 0);
});

test('two keys one after the other: the last one holds', async (t) => {
  const {w} = await makeTrial(t);
  const run = startSession(t);
  run.plug(w);
  await run.waitFor(({looked, drives}) => looked && drives.length === 1);
  run.press('w', 'b');
  await run.waitFor(({drives}) => drives[0]?.role === 'backup');
  t.is((await markerOf(w)).role, 'backup');
  t.deepEqual(noticesOf(run.state()), []);
  t.deepEqual(await readdir(w), [MARKER_NAME]);
  run.press('q');
  await run.done;
});

test('another program that makes the marker in this moment does not keep its role', async (t) => {
  const {w} = await makeTrial(t);
  const files = interceptCalls(testFiles, async (call, proceed) => {
    if (call.method === 'publish') await markDrive(w, 'working');
    return await proceed();
  });
  const newVolumeId = () => '00000000-0000-4000-8000-0000000000ff';
  const run = startSession(t, {files, program: {newVolumeId}});
  run.plug(w);
  await run.waitFor(({looked, drives}) => looked && drives.length === 1);
  run.press('b');
  await run.waitFor(({drives}) => drives[0]?.role === 'backup');
  t.like(await markerOf(w), {id: '00000000-0000-4000-8000-000000000001', role: 'backup'});
  run.press('q');
  await run.done;
});

test('a drive that is read-only is told', async (t) => {
  const {w} = await makeTrial(t);
  const files = failsCalls(testFiles, ['createFile'], below(w), 'EROFS');
  const run = startSession(t, {files});
  run.plug(w);
  await run.waitFor(({looked, drives}) => looked && drives.length === 1);
  run.press('w');
  await run.waitFor(({notices}) => notices.length > 0);
  t.like(run.state().notices[0], {code: 'EROFS', message: 'giving W its role failed (EROFS)'});
  t.like(run.state().drives[0], {role: null});
  t.deepEqual(await readdir(w), []);
  run.press('q');
  t.is((await run.done).exitCode, 0);
});

/** Files that become others; what is open stays what it is. */
function switchesOver(first: Files, second: Files, isSecond: () => boolean): Files {
  const now = () => (isSecond() ? second : first);
  return {
    knowsDirect: first.knowsDirect,
    openToRead: (path, options) => now().openToRead(path, options),
    createFile: (path, options) => now().createFile(path, options),
    openToUpdate: (path) => now().openToUpdate(path),
    list: (path) => now().list(path),
    look: (path) => now().look(path),
    lookAll: (folder) => now().lookAll(folder),
    follow: (path) => now().follow(path),
    resolve: (path) => now().resolve(path),
    makeFolder: (path) => now().makeFolder(path),
    publish: (from, to) => now().publish(from, to),
    replace: (from, to) => now().replace(from, to),
    removeFile: (path) => now().removeFile(path),
    removeFolder: (path) => now().removeFolder(path),
    syncFolder: (path) => now().syncFolder(path),
    hold: (path) => now().hold(path),
    freeBytes: (path) => now().freeBytes(path),
    checkWritable: (path) => now().checkWritable(path),
  };
}

test('a drive that vanishes at any call while it gets its role is told, and does not come back', async (t) => {
  for (let calls = 0; ; calls++) {
    const {w} = await makeTrial(t);
    const vanishing = vanishesAfter(testFiles, w, calls);
    let isVanishing = false;
    // The look at the drive goes well.
    const files = switchesOver(testFiles, vanishing, () => isVanishing);
    const run = startSession(t, {files});
    run.plug(w);
    await run.waitFor(({looked, drives}) => looked && drives.length === 1);
    isVanishing = true;
    run.press('w');
    const seen = () => run.told.filter(({type}) => type === 'drive-seen').length;
    await run.waitFor(({notices}) => notices.length > 0 || seen() === 2);
    const isTold = run.state().notices.length > 0;
    const isGiven = run.state().drives[0]?.role === 'working';
    if (isTold) t.regex(run.state().notices[0]?.code ?? '', /^E/, `after ${calls} calls`);
    run.pull(w);
    await run.waitFor(({drives}) => drives.length === 0);
    run.press('q');
    t.is((await run.done).exitCode, 0);
    await run.watching();
    t.deepEqual(run.state().drives, [], `after ${calls} calls`);
    if (isGiven) {
      t.true(calls > 5);
      return;
    }
  }
});

test('a drive that was unmounted and not seen to go gets no marker in its empty folder', async (t) => {
  const {w} = await makeTrial(t);
  let isUnmounted = false;
  const run = startSession(t, {
    program: {
      async describeVolume(path) {
        const {volume} = run.state().drives[0] ?? {};
        if (volume !== undefined && !isUnmounted) return volume;
        return {...system, mountPoint: path.startsWith('/home') ? '/home' : '/'};
      },
    },
  });
  run.plug(w);
  await run.waitFor(({looked, drives}) => looked && drives.length === 1);
  isUnmounted = true;
  run.press('w');
  await run.waitFor(({notices}) => notices.length > 0);
  t.deepEqual(noticesOf(run.state()), ['drive-gone']);
  t.deepEqual(await readdir(w), []);
  run.press('q');
  await run.done;
});

const system = {
  device: '/dev/own1',
  fileSystem: 'ext4',
  kind: 'disk',
  label: null,
  uuid: null,
  size: 1e12,
  physical: {known: true, ids: ['disk:own']},
  rotating: false,
  model: null,
  removable: false,
} as const;

test('a role is refused for drives that were given with --to', async (t) => {
  const {w, b} = await makeTrial(t);
  const run = startSession(t, {to: [w, b]});
  run.plug(w);
  run.plug(b);
  await run.waitFor(({looked, drives}) => looked && drives.length === 2);
  run.press('tab', 'b');
  await run.waitFor(({notices}) => notices.length > 0);
  t.deepEqual(noticesOf(run.state()), ['destinations-given']);
  t.deepEqual(await readdir(w), []);
  run.press('q');
  await run.done;
});

test('a marker that this version cannot read is told and left alone', async (t) => {
  const {w} = await makeTrial(t);
  await writeFile(join(w, MARKER_NAME), '{"schema": "offload-volume/9"}');
  const run = startSession(t);
  run.plug(w);
  await run.waitFor(({looked, drives}) => looked && drives.length === 1);
  run.press('w');
  await run.waitFor(({notices}) => notices.length > 0);
  t.deepEqual(noticesOf(run.state()), ['marker-unreadable']);
  t.is(await readFile(join(w, MARKER_NAME), 'utf8'), '{"schema": "offload-volume/9"}');
  t.deepEqual(await readdir(w), [MARKER_NAME]);
  run.press('q');
  await run.done;
});

test('a drive that goes while its marker is written is not shown again', async (t) => {
  const {w} = await makeTrial(t);
  const gate = new Gate(({method}) => method === 'publish');
  const run = startSession(t, {files: gate.files});
  run.plug(w);
  await run.waitFor(({looked, drives}) => looked && drives.length === 1);
  run.press('w');
  await gate.reached;
  run.pull(w);
  await run.waitFor(({drives}) => drives.length === 0);
  gate.open();
  run.plug(w);
  await run.waitFor(({drives}) => drives.length === 1);
  run.press('q');
  await run.done;
  await run.watching();
  t.is(run.state().drives.length, 1);
});
