/** How a mirror could lose a file that somebody wants: each of these once could. */
import {
  link,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {failsCalls, failsReading, interceptCalls, systemError} from '../../helpers/faulty-files.ts';
import {
  type BackupScene,
  DAY_MS,
  FIRST_RUN,
  listRuns,
  makeBackup,
  readArchive,
  readMirror,
  runBackup,
  statePathOf,
  TWELVE,
} from '../../helpers/run-backup.ts';
import {makeTree, readTree, seededBytes, type Tree, testFiles} from '../../helpers/run-offload.ts';

/** Enough files that a few may vanish without a question. */
const MANY: Tree = {
  ...TWELVE,
  ...Object.fromEntries(Array.from({length: 40}, (_, n) => [`Keep/k${n}.txt`, `k${n}`])),
  'Shoot/DCIM/IMG_0003.CR3': 90_001,
};

const inSource = ({source}: BackupScene, path: string) => join(source, path);

test('a raw file that was renamed onto another one: the copy of its bytes does not go while the other is an alarm', async (t) => {
  const scene = await makeBackup(t, MANY);
  await runBackup(scene);
  const before = await readMirror(scene);
  const [one, three] = ['Shoot/DCIM/IMG_0001.CR3', 'Shoot/DCIM/IMG_0003.CR3'];
  await rename(inSource(scene, one), inSource(scene, three));
  const {end} = await runBackup(scene);
  t.like(end, {result: 'incomplete', alarms: 1, archived: 0});
  t.deepEqual(await readMirror(scene), before);
  const yes = await runBackup(scene, {acceptChanges: true});
  t.like(yes.end, {result: 'good', alarms: 0, archived: 2, replaced: 1});
  t.deepEqual(await readMirror(scene), await readTree(scene.source));
});

test('a file that was renamed onto another one and cannot be read there keeps the copy of its bytes', async (t) => {
  const scene = await makeBackup(t, {...MANY, 'Old/b2.jpg': 4096});
  await runBackup(scene);
  const before = await readMirror(scene);
  await rename(inSource(scene, 'Old/a.jpg'), inSource(scene, 'Old/b2.jpg'));
  const unreadable = failsReading(
    testFiles,
    (path) => path === inSource(scene, 'Old/b2.jpg'),
    'EIO',
  );
  const {end} = await runBackup(scene, {files: unreadable});
  t.like(end, {result: 'incomplete', failed: 1, archived: 0});
  t.deepEqual(await readMirror(scene), before);
  t.like((await runBackup(scene)).end, {result: 'good', archived: 2});
});

test('a raw file of another size under a name that no record knows is an alarm: one of the two may be cut off', async (t) => {
  const scene = await makeBackup(t, MANY);
  const whole = seededBytes('whole', 120_000);
  await makeTree(scene.target, {'Shoot/DCIM/IMG_0001.CR3': whole, 'Old/a.jpg': 'other'});
  const ahead = await runBackup(scene, {preview: true});
  t.like(ahead.end, {result: 'incomplete', alarms: 1, replaced: 1, code: 'raw-changed'});
  const {end} = await runBackup(scene);
  t.like(end, {result: 'incomplete', alarms: 1, replaced: 1, archived: 1, code: 'raw-changed'});
  t.deepEqual(await readFile(join(scene.target, 'Shoot/DCIM/IMG_0001.CR3')), whole);
  t.like((await runBackup(scene, {acceptChanges: true})).end, {result: 'good', replaced: 1});
});

test('after a state was lost, a raw file that is cut off does not replace its copy', async (t) => {
  const scene = await makeBackup(t, MANY);
  await runBackup(scene);
  const before = await readMirror(scene);
  await writeFile(statePathOf(scene), 'torn');
  await writeFile(inSource(scene, 'Shoot/DCIM/IMG_0001.CR3'), seededBytes('cut', 30_000));
  await runBackup(scene);
  const {end} = await runBackup(scene);
  t.like(end, {result: 'incomplete', alarms: 1, archived: 0, code: 'raw-changed'});
  t.deepEqual(await readMirror(scene), before);
});

test('a folder that is empty and was not touched since its files were copied is an unmounted one', async (t) => {
  const scene = await makeBackup(t, {...MANY, 'Mount/one.tif': 3000, 'Mount/deep/two.tif': 4000});
  // The empty folder below the mount was made before.
  const below = join(scene.folder, 'below');
  await mkdir(below);
  const later = Date.now() + DAY_MS;
  await runBackup(scene, {atMs: later});
  const before = await readMirror(scene);
  await rename(inSource(scene, 'Mount'), join(scene.folder, 'mounted'));
  await rename(below, inSource(scene, 'Mount'));
  for (const preview of [true, false]) {
    const {end} = await runBackup(scene, {preview, atMs: later + DAY_MS});
    t.like(end, {result: 'waiting', held: 2, archived: 0, code: 'source-emptied'});
    t.deepEqual(await readMirror(scene), before);
  }
  const yes = await runBackup(scene, {acceptDeletions: true, atMs: later + 2 * DAY_MS});
  t.like(yes.end, {result: 'good', archived: 2});
});

test('files that were deleted out of a folder that stays are deletions', async (t) => {
  const scene = await makeBackup(t, {...MANY, 'Out/one.tif': 3000, 'Out/two.tif': 4000});
  const earlier = Date.now() - DAY_MS;
  await runBackup(scene, {atMs: earlier});
  await rm(inSource(scene, 'Out/one.tif'));
  await rm(inSource(scene, 'Out/two.tif'));
  t.like((await runBackup(scene, {atMs: earlier + 1000})).end, {result: 'good', archived: 2});
});

test('what lies behind a link whose drive is away was not deleted', async (t) => {
  const scene = await makeBackup(t, {...MANY, 'Out/one.tif': 3000});
  await runBackup(scene);
  const away = join(scene.folder, 'away');
  await rename(inSource(scene, 'Out'), away);
  await symlink(away, inSource(scene, 'Out'));
  const {end, warnings} = await runBackup(scene);
  t.like(end, {archived: 0});
  t.true(warnings.includes('left-out'));
  await rename(away, `${away}-pulled`);
  t.like((await runBackup(scene)).end, {archived: 0});
  t.truthy((await readMirror(scene))['Out/one.tif']);
});

test('an archive of a run whose clock was years behind stays for its days', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  await rm(inSource(scene, 'Old/a.jpg'));
  // A computer without a battery for its clock: two runs before it hears the time.
  const wrong = Date.UTC(2020, 0, 1);
  t.like((await runBackup(scene, {atMs: wrong})).end, {result: 'good', archived: 1});
  await rm(inSource(scene, 'Old/b.jpg'));
  t.like((await runBackup(scene, {atMs: wrong + DAY_MS})).end, {archived: 1});
  for (const days of [1, 2, 3]) {
    t.like((await runBackup(scene, {atMs: FIRST_RUN + days * DAY_MS})).end, {purged: 0});
  }
  t.is(Object.keys(await readArchive(scene)).length, 2);
  t.like((await runBackup(scene, {atMs: FIRST_RUN + 32 * DAY_MS})).end, {result: 'good'});
  t.deepEqual(await listRuns(scene), []);
});

test('a folder that only the system may look into is no fault of a whole volume', async (t) => {
  const scene = await makeBackup(t, {...TWELVE, 'lost+found/': 0});
  await makeTree(scene.target, {'lost+found/': 0});
  const files = failsCalls(
    testFiles,
    ['lookAll', 'list'],
    (path) => path.endsWith('/lost+found'),
    'EACCES',
  );
  t.like((await runBackup(scene, {files})).end, {result: 'good', failed: 0});
  await rm(inSource(scene, 'Old/a.jpg'));
  t.like((await runBackup(scene, {files})).end, {result: 'good', archived: 1});
});

test('a yes to deletions is none to parts of the source that cannot be listed', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  await rename(inSource(scene, 'top.tif'), inSource(scene, 'Old/deep/top.tif'));
  const deep = inSource(scene, 'Old/deep');
  const files = failsCalls(testFiles, ['lookAll', 'list'], (path) => path === deep, 'EIO');
  const {end} = await runBackup(scene, {files, acceptDeletions: true});
  t.like(end, {result: 'incomplete', archived: 0, held: 1});
  t.truthy((await readMirror(scene))['top.tif']);
});

test('times that a drive can hardly hold', async (t) => {
  const scene = await makeBackup(t);
  const [old, far] = ['Old/a.jpg', 'Old/b.jpg'];
  const before1970 = new Date(-86_400_500);
  await utimes(inSource(scene, old), before1970, before1970);
  await utimes(inSource(scene, far), 15_000_000_000, 15_000_000_000);
  t.like((await runBackup(scene)).end, {result: 'good', copied: 12});
  for (const [path, ms] of [
    [old, -86_400_500],
    [far, 15_000_000_000_000],
  ] as const) {
    t.is((await stat(join(scene.target, path))).mtimeMs, ms);
  }
  t.like((await runBackup(scene)).end, {result: 'good', unchanged: 12, retimed: 0});
});

test('names that change places, in a ring and in a chain', async (t) => {
  const scene = await makeBackup(t, {
    ...MANY,
    'x/a.txt': 'aaaa',
    'x/b.txt': 'bbbb',
    'x/c.txt': 'cc',
  });
  await runBackup(scene);
  const before = await readMirror(scene);
  const place = (name: string) => inSource(scene, `x/${name}`);
  await rename(place('a.txt'), place('t'));
  await rename(place('b.txt'), place('a.txt'));
  await rename(place('t'), place('b.txt'));
  await rename(place('c.txt'), place('d.txt'));
  t.is((await runBackup(scene)).end.result, 'good');
  t.deepEqual(await readMirror(scene), await readTree(scene.source));
  await rename(place('b.txt'), place('e.txt'));
  await rename(place('a.txt'), place('b.txt'));
  const {end} = await runBackup(scene);
  t.is(end.result, 'good');
  t.deepEqual(await readMirror(scene), await readTree(scene.source));
  const kept = new Set([
    ...Object.values(await readMirror(scene)),
    ...Object.values(await readArchive(scene)),
  ]);
  t.deepEqual(
    Object.values(before).filter((hash) => !kept.has(hash)),
    [],
  );
});

test('a file and a folder change places', async (t) => {
  const scene = await makeBackup(t, {...MANY, 'p/in.txt': 'in', q: 'q file'});
  await runBackup(scene);
  await rename(inSource(scene, 'p'), inSource(scene, 't'));
  await rename(inSource(scene, 'q'), inSource(scene, 'p'));
  await rename(inSource(scene, 't'), inSource(scene, 'q'));
  for (let n = 0; n < 3; n++) await runBackup(scene);
  const hashes = Object.values(await readMirror(scene));
  for (const hash of Object.values(await readTree(scene.source))) t.true(hashes.includes(hash));
  t.like((await runBackup(scene)).end, {result: 'good', copied: 0, moved: 0, archived: 0});
});

test('a yes to some deletions is none to more of them', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  const before = await readMirror(scene);
  await rm(inSource(scene, 'Old'), {recursive: true});
  for (const preview of [true, false]) {
    const {end} = await runBackup(scene, {acceptDeletions: true, mostDeletions: 4, preview});
    t.like(end, {result: 'waiting', held: 5, archived: 0, code: 'many-deletions'});
    t.deepEqual(await readMirror(scene), before);
  }
  const {end} = await runBackup(scene, {acceptDeletions: true, mostDeletions: 5});
  t.like(end, {result: 'good', archived: 5});
});

test('an old copy whose new one gets no name stands under its own name again', async (t) => {
  const scene = await makeBackup(t, MANY);
  await runBackup(scene);
  const before = await readMirror(scene);
  await writeFile(inSource(scene, 'Shoot/notes.txt'), 'other notes');
  const name = join(scene.target, 'Shoot/notes.txt');
  const files = interceptCalls(testFiles, async (call, proceed) => {
    if (call.method === 'publish' && call.to === name && call.path.endsWith('.part'))
      throw systemError('EIO', call);
    return await proceed();
  });
  const {end} = await runBackup(scene, {files});
  t.like(end, {result: 'incomplete', failed: 1, archived: 0});
  t.deepEqual(await readMirror(scene), before);
  t.like((await runBackup(scene)).end, {result: 'good', replaced: 1, archived: 1});
});

test('a second name of the file of the source is no copy of it', async (t) => {
  const scene = await makeBackup(t, MANY);
  await makeTree(scene.target, {'Old/b.jpg': await readFile(inSource(scene, 'Old/b.jpg'))});
  await link(inSource(scene, 'Old/a.jpg'), join(scene.target, 'Old/a.jpg'));
  const {end} = await runBackup(scene);
  t.like(end, {result: 'incomplete', failed: 1, adopted: 1, code: 'same-file'});
});

// Only listing it tells whose it is: what cannot be listed may be the photographer's own.
test('a folder called like the archive that cannot be listed is not left out in silence', async (t) => {
  const scene = await makeBackup(t, {...MANY, '_archive/1998.tif': 3000});
  const own = inSource(scene, '_archive');
  const files = failsCalls(testFiles, ['lookAll', 'list'], (path) => path === own, 'EACCES');
  t.like((await runBackup(scene, {files})).end, {result: 'incomplete', failed: 1});
});
