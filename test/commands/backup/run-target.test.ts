/** The mirror: what comes to the target, what goes to its archive, and what is never touched. */
import {mkdir, readFile, rename, rm, stat, symlink, utimes, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import test from 'ava';
import {type Call, changes, recordsCalls} from '../../helpers/faulty-files.ts';
import {
  type BackupScene,
  DAY_MS,
  FIRST_RUN,
  findBackupLitter,
  listRuns,
  makeBackup,
  readArchive,
  readMirror,
  runBackup,
  statePathOf,
} from '../../helpers/run-backup.ts';
import {
  FIRST_MTIME_MS,
  hashOfBytes,
  makeTree,
  readTree,
  seededBytes,
  testFiles,
} from '../../helpers/run-offload.ts';

const hashOf = (text: string | Buffer) => hashOfBytes(Buffer.from(text));

/** Writes a file of the source anew; its times change. */
async function change(scene: BackupScene, path: string, bytes: string | Buffer): Promise<void> {
  await mkdir(dirname(join(scene.source, path)), {recursive: true});
  await writeFile(join(scene.source, path), bytes);
}

/** Writes the state of the target with one text in the place of another. */
async function damageState(scene: BackupScene, from: string, to: string): Promise<void> {
  const state = statePathOf(scene);
  const text = await readFile(state, 'utf8');
  await writeFile(state, text.replace(from, to));
}

test('a first run copies all, with times, and the second has nothing to do', async (t) => {
  const scene = await makeBackup(t);
  const before = await readTree(scene.w);
  const {end, done} = await runBackup(scene);
  t.like(end, {result: 'good', files: 12, copied: 12, failed: 0, unchanged: 0, strangers: 0});
  t.is(end.bytesWritten, end.bytes);
  t.is(done.length, 12);
  t.deepEqual(await readMirror(scene), await readTree(scene.source));
  const {mtimeMs} = await stat(join(scene.target, 'Shoot/DCIM/IMG_0001.CR3'));
  t.is(Math.round(mtimeMs), FIRST_MTIME_MS);
  const again = await runBackup(scene, {atMs: FIRST_RUN + DAY_MS});
  t.like(again.end, {result: 'good', unchanged: 12, copied: 0, bytesWritten: 0, adopted: 0});
  t.deepEqual(again.steps, []);
  t.deepEqual(await readTree(scene.w), before);
  t.deepEqual(await findBackupLitter(scene), []);
});

test('new, changed and deleted files: what was replaced or deleted lies in the archive of its run', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  const old = await readMirror(scene);
  await change(scene, 'Shoot/DCIM/IMG_0002.xmp', 'rating 5, more words');
  await change(scene, 'Shoot/new.jpg', seededBytes('new', 3000));
  await rm(join(scene.source, 'Old/a.jpg'));
  const {end, done} = await runBackup(scene, {atMs: FIRST_RUN + DAY_MS});
  t.like(end, {result: 'good', copied: 1, replaced: 1, archived: 2, held: 0, unchanged: 10});
  t.deepEqual(done, [
    'archive Old/a.jpg',
    'archive Shoot/DCIM/IMG_0002.xmp',
    'copy Shoot/new.jpg',
    'replace Shoot/DCIM/IMG_0002.xmp',
  ]);
  t.deepEqual(await readMirror(scene), await readTree(scene.source));
  t.deepEqual(await readArchive(scene), {
    'Old/a.jpg': old['Old/a.jpg'] ?? '',
    'Shoot/DCIM/IMG_0002.xmp': old['Shoot/DCIM/IMG_0002.xmp'] ?? '',
  });
  const [run = ''] = await listRuns(scene);
  t.regex(run, /^20261124T0800\d\dZ-\w+$/);
  t.like((await runBackup(scene, {atMs: FIRST_RUN + 2 * DAY_MS})).end, {
    result: 'good',
    unchanged: 12,
    bytesWritten: 0,
  });
});

test('moved files and a renamed folder are renamed on the target, and no byte is copied', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  await rename(join(scene.source, 'Old'), join(scene.source, 'Older'));
  await rename(join(scene.source, 'top.tif'), join(scene.source, 'Shoot/top.tif'));
  const {end, done} = await runBackup(scene, {atMs: FIRST_RUN + DAY_MS});
  t.like(end, {result: 'good', moved: 6, copied: 0, archived: 0, bytesWritten: 0, held: 0});
  t.true(done.includes('move Shoot/top.tif'));
  t.deepEqual(await readMirror(scene), await readTree(scene.source));
  t.deepEqual(await readArchive(scene), {});
  t.like((await runBackup(scene)).end, {result: 'good', unchanged: 12});
});

test('two files of the same bytes that were moved get one copy each', async (t) => {
  const scene = await makeBackup(t);
  const same = seededBytes('same', 9000);
  await change(scene, 'twin-1.jpg', same);
  await change(scene, 'twin-2.jpg', same);
  await runBackup(scene);
  await rename(join(scene.source, 'twin-1.jpg'), join(scene.source, 'Shoot/one.jpg'));
  await rename(join(scene.source, 'twin-2.jpg'), join(scene.source, 'Shoot/two.jpg'));
  const {end} = await runBackup(scene);
  t.like(end, {result: 'good', moved: 2, copied: 0, archived: 0});
  t.deepEqual(await readMirror(scene), await readTree(scene.source));
});

test('all times shifted by an hour copy nothing', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  const before = await readMirror(scene);
  for (const [path, what] of Object.entries(await readTree(scene.source))) {
    if (what === 'folder') continue;
    const place = join(scene.source, path);
    const {mtimeMs} = await stat(place);
    await utimes(place, mtimeMs / 1000 + 3600, mtimeMs / 1000 + 3600);
  }
  const {end} = await runBackup(scene);
  t.like(end, {result: 'good', retimed: 12, copied: 0, replaced: 0, alarms: 0, bytesWritten: 0});
  t.deepEqual(await readMirror(scene), before);
  t.like((await runBackup(scene)).end, {unchanged: 12, retimed: 0});
});

test('times of the copies that were shifted are found out by their bytes', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  await utimes(join(scene.target, 'top.tif'), 1e9, 1e9);
  const altered = join(scene.target, 'Old/b.jpg');
  await writeFile(altered, seededBytes('altered', 5000));
  const {end} = await runBackup(scene);
  t.like(end, {result: 'good', retimed: 1, replaced: 1, archived: 1});
  t.deepEqual(await readMirror(scene), await readTree(scene.source));
  t.is((await readArchive(scene))['Old/b.jpg'], hashOf(seededBytes('altered', 5000)));
});

test('a raw file that changed is an alarm, and its old copy stays until it is accepted', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  const copies = await readMirror(scene);
  // One with the same size, one with another.
  await change(scene, 'Shoot/DCIM/IMG_0001.CR3', seededBytes('bad', 90_001));
  await change(scene, 'Shoot/DCIM/IMG_0002.CR3', seededBytes('worse', 60_000));
  const {end, steps} = await runBackup(scene);
  t.like(end, {result: 'incomplete', alarms: 2, replaced: 0, archived: 0, code: 'raw-changed'});
  t.deepEqual(steps.map(({action, code, path}) => [action, code, path]).sort(), [
    ['hold', 'raw-changed', 'Shoot/DCIM/IMG_0001.CR3'],
    ['hold', 'raw-changed', 'Shoot/DCIM/IMG_0002.CR3'],
  ]);
  t.deepEqual(await readMirror(scene), copies);
  const accepted = await runBackup(scene, {acceptChanges: true, atMs: FIRST_RUN + DAY_MS});
  t.like(accepted.end, {result: 'good', alarms: 0, replaced: 2, archived: 2});
  t.deepEqual(await readMirror(scene), await readTree(scene.source));
  t.is((await readArchive(scene))['Shoot/DCIM/IMG_0001.CR3'], copies['Shoot/DCIM/IMG_0001.CR3']);
});

test('a raw file whose copy is gone is not copied anew from a source that rotted', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  const place = join(scene.source, 'Shoot/DCIM/IMG_0001.CR3');
  const {mtimeMs} = await stat(place);
  await rm(join(scene.target, 'Shoot/DCIM/IMG_0001.CR3'));
  await change(scene, 'Shoot/DCIM/IMG_0001.CR3', seededBytes('rot', 90_001));
  await utimes(place, mtimeMs / 1000, mtimeMs / 1000);
  t.like((await runBackup(scene)).end, {result: 'incomplete', alarms: 1, copied: 0});
});

test('a copy that is gone is made again', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  await rm(join(scene.target, 'Old'), {recursive: true});
  const {end} = await runBackup(scene);
  t.like(end, {result: 'good', copied: 5, archived: 0});
  t.deepEqual(await readMirror(scene), await readTree(scene.source));
});

test('many deletions wait for a yes, and everything else is done', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  const copies = await readMirror(scene);
  await rm(join(scene.source, 'Old'), {recursive: true});
  await change(scene, 'Shoot/new.jpg', 'new');
  const {end} = await runBackup(scene);
  t.like(end, {result: 'waiting', held: 5, archived: 0, copied: 1, code: 'many-deletions'});
  t.deepEqual(await readMirror(scene), {...copies, 'Shoot/new.jpg': hashOf('new')});
  const ahead = await runBackup(scene, {preview: true});
  t.like(ahead.end, {result: 'waiting', held: 5, preview: true});
  t.deepEqual(ahead.done.slice(0, 1), ['hold Old/a.jpg']);
  const yes = await runBackup(scene, {acceptDeletions: true});
  t.like(yes.end, {result: 'good', archived: 5, held: 0});
  t.deepEqual(await readMirror(scene), await readTree(scene.source));
  t.is(Object.keys(await readArchive(scene)).length, 5);
});

test('an empty source is refused, and nothing is written', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  const before = await readTree(scene.b);
  await rm(scene.source, {recursive: true});
  await mkdir(scene.source);
  for (const setting of [{}, {preview: true}, {acceptDeletions: true}]) {
    const {end} = await runBackup(scene, setting);
    t.like(end, {result: 'refused', code: 'source-empty'});
    t.deepEqual(await readTree(scene.b), before);
  }
});

test('a source or a target that is not the marked volume is refused, and nothing is written', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  const before = await readTree(scene.b);
  t.is((await runBackup(scene, {trust: 'twin'})).end.code, 'volume-doubted');
  await rename(join(scene.w, '.offload-volume.json'), join(scene.folder, 'marker'));
  t.like((await runBackup(scene)).end, {result: 'refused', code: 'source-not-marked'});
  await rename(join(scene.folder, 'marker'), join(scene.w, '.offload-volume.json'));
  await rename(scene.source, `${scene.source}-away`);
  t.is((await runBackup(scene)).end.code, 'source-missing');
  await symlink(scene.folder, scene.source);
  t.is((await runBackup(scene)).end.code, 'source-elsewhere');
  t.deepEqual(await readTree(scene.b), before);
});

test('files of the target that nobody recorded stay as they are; the same bytes are adopted', async (t) => {
  const scene = await makeBackup(t);
  await makeTree(scene.target, {
    'mine.txt': 'mine',
    'Old/mine too.jpg': 100,
    'Old/a.jpg': await readFile(join(scene.source, 'Old/a.jpg')),
  });
  const {end, done} = await runBackup(scene);
  t.like(end, {result: 'good', strangers: 2, adopted: 1, copied: 11, archived: 0});
  t.true(done.includes('adopt Old/a.jpg'));
  const mirror = await readMirror(scene);
  t.is(mirror['mine.txt'], hashOf('mine'));
  t.truthy(mirror['Old/mine too.jpg']);
  await rm(join(scene.source, 'Old/a.jpg'));
  t.like((await runBackup(scene)).end, {result: 'good', archived: 1, strangers: 2});
});

test('many strangers in the way are held; one of them goes to the archive', async (t) => {
  const scene = await makeBackup(t);
  await makeTree(scene.target, {'Old/a.jpg': 'other', 'Old/b.jpg': 'other', 'Old/c.jpg': 'other'});
  const {end} = await runBackup(scene);
  t.like(end, {result: 'waiting', held: 3, copied: 9, code: 'many-replacements'});
  t.is((await readMirror(scene))['Old/a.jpg'], hashOf('other'));
  t.like((await runBackup(scene, {acceptDeletions: true})).end, {
    result: 'good',
    replaced: 3,
    archived: 3,
  });
  t.is((await readArchive(scene))['Old/c.jpg'], hashOf('other'));
  const other = await makeBackup(t);
  await makeTree(other.target, {'Old/a.jpg': seededBytes('x', 4096)});
  t.like((await runBackup(other)).end, {result: 'good', replaced: 1, archived: 1, copied: 11});
});

test('a state that is damaged archives nothing, and all is adopted by its bytes', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  await damageState(scene, '"records":', '"Records":');
  await rm(join(scene.source, 'Old/a.jpg'));
  await change(scene, 'Shoot/notes.txt', 'other notes');
  const {end, warnings} = await runBackup(scene);
  t.like(end, {adopted: 10, copied: 0, archived: 0, held: 1, strangers: 1, code: 'state-lost'});
  t.true(warnings.includes('state-damaged'));
  t.like((await runBackup(scene)).end, {result: 'good', replaced: 1, unchanged: 10, strangers: 1});
});

test('a state of which some records are damaged archives nothing, and those are adopted', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  await damageState(scene, 'IMG_0001', 'IMG_0009');
  await rm(join(scene.source, 'Old/a.jpg'));
  await change(scene, 'Shoot/DCIM/IMG_0003.xmp', 'new');
  const {end, warnings} = await runBackup(scene);
  t.like(end, {archived: 0, held: 1, code: 'state-lost', result: 'incomplete'});
  t.true(end.adopted > 0 && end.adopted < 10);
  t.true(warnings.includes('state-damaged'));
  const again = await runBackup(scene);
  t.like(again.end, {result: 'good', archived: 1, adopted: 0});
  t.false(again.warnings.includes('state-damaged'));
});

test('the archive is purged when its days are over, and not before', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  await rm(join(scene.source, 'Old/a.jpg'));
  await runBackup(scene, {atMs: FIRST_RUN + DAY_MS});
  const [run = ''] = await listRuns(scene);
  await makeTree(join(scene.target, '_archive'), {'kept by me/x.txt': 'x'});
  await symlink(scene.source, join(scene.target, '_archive', run, 'link'));
  await runBackup(scene, {atMs: FIRST_RUN + 30 * DAY_MS});
  t.deepEqual(await listRuns(scene), [run, 'kept by me']);
  const ahead = await runBackup(scene, {atMs: FIRST_RUN + 32 * DAY_MS, preview: true});
  t.deepEqual(ahead.done, [`purge _archive/${run}`]);
  t.deepEqual(await listRuns(scene), [run, 'kept by me']);
  const {end, done} = await runBackup(scene, {atMs: FIRST_RUN + 32 * DAY_MS});
  t.like(end, {result: 'good', purged: 1});
  t.deepEqual(done, [`purge _archive/${run}`]);
  t.deepEqual(await listRuns(scene), ['kept by me']);
  t.is(Object.keys(await readTree(scene.source)).length, 16);
});

test('a clock that was set back, or is far ahead, purges nothing', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  await rm(join(scene.source, 'Old/a.jpg'));
  await runBackup(scene, {atMs: FIRST_RUN + DAY_MS});
  await runBackup(scene, {atMs: FIRST_RUN + 20 * DAY_MS});
  const back = await runBackup(scene, {atMs: FIRST_RUN + 10 * DAY_MS, graceDays: 3});
  t.like(back.end, {result: 'good', purged: 0});
  t.true(back.warnings.includes('clock-set-back'));
  const ahead = await runBackup(scene, {atMs: FIRST_RUN + 600 * DAY_MS, graceDays: 3});
  t.like(ahead.end, {result: 'good', purged: 0});
  t.true(ahead.warnings.includes('clock-far-ahead'));
  t.is((await listRuns(scene)).length, 1);
});

test('a preview tells what a run does, and makes no call that changes anything', async (t) => {
  const scene = await makeBackup(t);
  const first = await runBackup(scene, {preview: true});
  t.like(first.end, {result: 'good', preview: true, copied: 12, bytesWritten: 0});
  await runBackup(scene);
  await change(scene, 'Shoot/new.jpg', 'new');
  await change(scene, 'Shoot/notes.txt', 'other notes');
  await rename(join(scene.source, 'Old'), join(scene.source, 'Older'));
  await rm(join(scene.source, 'top.tif'));
  const before = await readTree(scene.folder);
  const calls: Call[] = [];
  const setting = {preview: true, files: recordsCalls(testFiles, calls)};
  const {end, done, steps} = await runBackup(scene, setting);
  t.deepEqual(calls.filter(changes), []);
  t.deepEqual(await readTree(scene.folder), before);
  t.like(end, {result: 'good', copied: 1, replaced: 1, moved: 5, archived: 1});
  t.true(steps.every(({state}) => state === 'planned'));
  const real = await runBackup(scene);
  t.deepEqual(
    real.done.filter((one) => one !== 'archive Shoot/notes.txt'),
    done,
  );
});

test('links, special names and what the job leaves out are not copied', async (t) => {
  const scene = await makeBackup(t);
  await makeTree(scene.source, {
    'cache/x.bin': 10,
    'Shoot/.DS_Store': 'x',
    'Shoot/link': {link: '../top.tif'},
  });
  const {end, warnings} = await runBackup(scene, {leaveOut: ['cache/']});
  t.like(end, {result: 'good', copied: 12});
  t.true(warnings.includes('left-out'));
  const names = Object.keys(await readMirror(scene));
  t.false(names.some((name) => /cache|DS_Store|link/.test(name)));
});

test('names that the target cannot hold get names that it can, and keep them', async (t) => {
  const scene = await makeBackup(t);
  await makeTree(scene.source, {'Odd/a:b?.jpg': 'x', 'Odd/same.JPG': 'y', 'Odd/SAME.jpg': 'z'});
  const setting = {fileSystem: 'exfat'};
  t.like((await runBackup(scene, setting)).end, {result: 'good', copied: 15});
  const names = Object.keys(await readMirror(scene)).filter((name) => name.startsWith('Odd/'));
  t.deepEqual(names, ['Odd/SAME.jpg', 'Odd/a%3Ab%3F.jpg', 'Odd/same-2.JPG']);
  t.like((await runBackup(scene, setting)).end, {result: 'good', unchanged: 15});
  await change(scene, 'Odd/a:b?.jpg', 'changed');
  t.like((await runBackup(scene, setting)).end, {result: 'good', replaced: 1, archived: 1});
  t.is((await readMirror(scene))['Odd/a%3Ab%3F.jpg'], hashOf('changed'));
});

test('two runs at the same time: the second is refused', async (t) => {
  const scene = await makeBackup(t);
  let second: Promise<string | undefined> | undefined;
  const first = await runBackup(scene, {
    onEvent(event) {
      if (event.type === 'backup-progress' && event.phase === 'copy')
        second ??= runBackup(scene).then(({end}) => `${end.result} ${end.code}`);
    },
  });
  t.is(await second, 'refused target-locked');
  t.is(first.end.result, 'good');
});

test('a target inside the source is refused', async (t) => {
  const scene = await makeBackup(t);
  await symlink(scene.b, join(scene.source, 'B'));
  t.is((await runBackup(scene)).end.result, 'good');
  t.is((await runBackup(scene, {targetFolder: '../W/Photos/x'})).end.result, 'refused');
});
