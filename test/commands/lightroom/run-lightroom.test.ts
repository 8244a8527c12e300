import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {copyFile, mkdir, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {readLrcat} from '../../../src/system/lightroom/open-lrcat.ts';
import {realFiles} from '../../../src/system/real-files.ts';
import {fullAfter} from '../../helpers/faulty-files.ts';
import {makeLrcat, openAsLightroom} from '../../helpers/make-lrcat.ts';
import {testFiles} from '../../helpers/run-offload.ts';
import {HOUR, NOON, plug, programOf, pull} from '../backup/backup-trial.ts';
import {
  add,
  addCompanions,
  checkSums,
  list,
  listPlace,
  lookBeside,
  makeLightroomTrial,
  placeOf,
  readRecords,
  restore,
  resultsOf,
  run,
  snapshotsOf,
} from './lightroom-trial.ts';

const DAY = 24 * HOUR;

const countImages = async (path: string) => {
  const counted = await readLrcat(realFiles, path, (lrcat) =>
    lrcat.rows(['count(*)'], 'Adobe_images'),
  );
  return counted.ok ? counted.value[0]?.[0] : counted.cause.code;
};

test('a closed catalog goes to every drive with a role for copies, with what belongs to it', async (t) => {
  const trial = await makeLightroomTrial(t);
  await addCompanions(trial);
  const before = await lookBeside(trial);
  t.is((await add(trial)).end.exitCode, 0);
  const told = await run(trial);
  t.deepEqual(told.end, {outcome: 'complete', exitCode: 0});
  t.deepEqual(resultsOf(told), ['B taken', 'O taken']);
  t.is(told.events.at(-1)?.type, 'lightroom-finished');
  for (const drive of [trial.b, trial.o]) {
    const [record, ...others] = await readRecords(drive);
    t.deepEqual(others, []);
    t.deepEqual(
      record?.files.map(({path}) => path),
      [
        'Main Smart Previews.lrdata/0/p.dng',
        'Main Sync.lrdata/Sync.db',
        'Main.lrcat',
        'Main.lrcat-data/ab/mask',
      ],
    );
    t.like(record, {number: 1, method: 'closed', data: 'copied', catalog: {version: '1300000'}});
    t.is(record?.catalog.rows.Adobe_images, 2);
    t.deepEqual(await checkSums(join(placeOf(drive), record?.name ?? '')), []);
    t.is(record?.files[2]?.hash, (await readRecords(trial.b))[0]?.files[2]?.hash, 'the same bytes');
  }
  t.deepEqual(await readdir(trial.w), ['.offload-volume.json', 'Photos'], 'W has another role');
  t.is(await lookBeside(trial), before, 'nothing is written beside the catalog');
  t.deepEqual(await readdir(join(trial.home, 'lightroom')), [], 'nothing is left on the computer');
});

test('what did not change is not taken again; what did is, and shares what is the same', async (t) => {
  const trial = await makeLightroomTrial(t);
  await addCompanions(trial);
  await add(trial, {to: [trial.b]});
  await run(trial);
  trial.clock.set(NOON + DAY);
  const same = await run(trial);
  t.deepEqual(resultsOf(same), ['B unchanged']);
  t.is(snapshotsOf(same)[0]?.newest, new Date(NOON).toISOString());
  t.is((await listPlace(trial.b)).length, 1);
  const lightroom = openAsLightroom(trial.catalog);
  lightroom.add({path: 'c.cr3'});
  lightroom.close();
  const told = await run(trial);
  t.deepEqual(resultsOf(told), ['B taken']);
  t.like(snapshotsOf(told)[0], {files: 4, shared: 3, pictures: 3, kept: 2, removed: []});
  const [first = '', second = ''] = await listPlace(trial.b);
  for (const name of [first, second])
    t.deepEqual(await checkSums(join(placeOf(trial.b), name)), []);
  const [one, two] = await Promise.all(
    [first, second].map((name) =>
      stat(join(placeOf(trial.b), name, 'Main.lrcat-data', 'ab', 'mask')),
    ),
  );
  t.is(one?.size, two?.size);
});

test('a snapshot of which something is gone keeps nothing: the next run takes another one', async (t) => {
  const trial = await makeLightroomTrial(t);
  await addCompanions(trial);
  await add(trial, {to: [trial.b]});
  await run(trial);
  const [first = ''] = await listPlace(trial.b);
  await rm(join(placeOf(trial.b), first, 'Main.lrcat'));
  trial.clock.set(NOON + DAY);
  t.deepEqual(resultsOf(await run(trial)), ['B taken']);
  const [, second = ''] = await listPlace(trial.b);
  t.deepEqual(await checkSums(join(placeOf(trial.b), second)), []);
  await writeFile(join(placeOf(trial.b), second, 'Main.lrcat-data', 'ab', 'mask'), 'cut');
  trial.clock.set(NOON + 2 * DAY);
  t.deepEqual(resultsOf(await run(trial)), ['B taken']);
  trial.clock.set(NOON + 3 * DAY);
  t.deepEqual(resultsOf(await run(trial)), ['B unchanged']);
});

test('bytes that the drive lost are not shared: they are copied anew', async (t) => {
  const trial = await makeLightroomTrial(t);
  await addCompanions(trial);
  await add(trial, {to: [trial.b]});
  await run(trial);
  const [first = ''] = await listPlace(trial.b);
  const mask = join(placeOf(trial.b), first, 'Main.lrcat-data', 'ab', 'mask');
  const bytes = await readFile(mask);
  bytes[77] = (bytes[77] ?? 0) ^ 1;
  await writeFile(mask, bytes);
  const lightroom = openAsLightroom(trial.catalog);
  lightroom.add({path: 'c.cr3'});
  lightroom.close();
  trial.clock.set(NOON + DAY);
  const told = await run(trial);
  t.like(snapshotsOf(told)[0], {result: 'taken', files: 4, shared: 2});
  const second = (await listPlace(trial.b)).at(-1) ?? '';
  t.deepEqual(await checkSums(join(placeOf(trial.b), second)), []);
});

for (const journal of ['wal', 'delete'] as const) {
  test(`while Lightroom has the catalog open no committed row is lost, and the data waits: ${journal}`, async (t) => {
    const trial = await makeLightroomTrial(t, {journal, pictures: [{path: 'a.cr3'}]});
    await addCompanions(trial);
    await add(trial, {to: [trial.b]});
    const lightroom = openAsLightroom(trial.catalog);
    t.teardown(() => lightroom.close());
    lightroom.add({path: 'b.cr3'}, {path: 'c.cr3', virtualCopies: [{rating: 5}]});
    const told = await run(trial);
    t.is(told.end.exitCode, 0);
    t.like(snapshotsOf(told)[0], {result: 'taken', data: 'left-out', pictures: 4});
    t.true(told.codes.includes('lrcat-data-left-out'));
    const [name = ''] = await listPlace(trial.b);
    const folder = join(placeOf(trial.b), name);
    t.is(await countImages(join(folder, 'Main.lrcat')), 4);
    t.deepEqual((await readRecords(trial.b))[0]?.method, 'online');
    t.false((await readdir(folder)).includes('Main.lrcat-data'));
    t.true((await readdir(folder)).includes('Main Smart Previews.lrdata'));
    if (journal === 'wal') {
      await copyFile(trial.catalog, join(trial.folder, 'naive.lrcat'));
      t.is(await countImages(join(trial.folder, 'naive.lrcat')), 1, 'a copy of the file alone');
    }
    t.deepEqual(resultsOf(await run(trial)), ['B unchanged'], 'what is open stays left out');
    lightroom.close();
    trial.clock.set(NOON + HOUR);
    const closed = await run(trial);
    t.like(snapshotsOf(closed)[0], {result: 'taken', data: 'copied', pictures: 4});
  });
}

test('a writer that never stops: the snapshot is one state of the catalog', async (t) => {
  const trial = await makeLightroomTrial(t, {pictures: [{path: 'a.cr3'}], history: 4000});
  await add(trial, {to: [trial.b]});
  const writer = spawn('node', ['--input-type=module', '-e', WRITER, trial.catalog]);
  t.teardown(() => writer.kill('SIGKILL'));
  await once(writer.stdout, 'data');
  await writeFile(`${trial.catalog}.lock`, '');
  const told = await run(trial);
  t.deepEqual(resultsOf(told), ['B taken']);
  const [record] = await readRecords(trial.b);
  const counted = await readLrcat(
    realFiles,
    join(placeOf(trial.b), record?.name ?? '', 'Main.lrcat'),
    (lrcat) => [
      lrcat.rows(['count(*)'], 'AgLibraryKeyword')[0]?.[0],
      lrcat.rows(['count(*)'], 'AgLibraryCollection')[0]?.[0],
    ],
  );
  // The writer adds one of each in one transaction; the keywords have a root besides.
  const [keywords, collections] = counted.ok ? counted.value : [];
  t.is(Number(keywords), Number(collections) + 1);
  t.is(keywords, record?.catalog.rows.AgLibraryKeyword);
});

const WRITER = `
const {DatabaseSync} = await import('@photostructure/sqlite');
globalThis.db = new DatabaseSync(process.argv[1]);
let made = 0;
setInterval(() => {
  made++;
  db.exec("BEGIN IMMEDIATE; INSERT INTO AgLibraryKeyword (id_global) VALUES ('k" + made + "'); INSERT INTO AgLibraryCollection (name) VALUES ('c'); COMMIT");
  if (made === 3) console.log('writing');
}, 1);
`;

const HOLDER = `
const {DatabaseSync} = await import('@photostructure/sqlite');
globalThis.db = new DatabaseSync(process.argv[1]);
db.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; INSERT INTO AgLibraryCollection (name) VALUES ('held'); COMMIT");
console.log('held');
setInterval(() => db.isOpen, 1000);
`;

test('a catalog that Lightroom holds alone waits, is told once, and is taken when it can be', async (t) => {
  const trial = await makeLightroomTrial(t);
  await add(trial, {to: [trial.b]});
  const holder = spawn('node', ['--input-type=module', '-e', HOLDER, trial.catalog]);
  t.teardown(() => holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  await writeFile(`${trial.catalog}.lock`, '');
  const first = await run(trial, {due: true});
  t.deepEqual(resultsOf(first), ['B deferred']);
  t.is(first.end.exitCode, 0, 'a schedule asks again');
  t.deepEqual(await listPlace(trial.b), []);
  trial.clock.set(NOON + HOUR);
  const second = await run(trial, {due: true});
  t.deepEqual(second.events, [], 'it was told');
  const [job] = (await list(trial)).events.filter((event) => event.type === 'lightroom-known');
  t.is(job?.targets[0]?.deferredSince, new Date(NOON).toISOString());
  const asked = await run(trial);
  t.deepEqual(asked.end, {outcome: 'complete', exitCode: 1});
  t.deepEqual(resultsOf(asked), ['B deferred']);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  // The lock of a crash stays where it lies, and is no reason to wait.
  const taken = await run(trial, {due: true});
  t.deepEqual(resultsOf(taken), ['B taken']);
  t.true((await readdir(trial.pictures)).includes('Main.lrcat.lock'));
});

test('a damaged catalog gets no snapshot, and no older one goes', async (t) => {
  const trial = await makeLightroomTrial(t, {history: 3000});
  await add(trial, {to: [trial.b]});
  await run(trial);
  const bytes = await readFile(trial.catalog);
  // In the middle of the file lie pages of a table.
  bytes.fill(0xa5, 4096 * 200, 4096 * 203);
  await writeFile(trial.catalog, bytes);
  trial.clock.set(NOON + DAY);
  const told = await run(trial);
  t.deepEqual(resultsOf(told), ['B sick']);
  t.is(told.end.exitCode, 1);
  t.true(told.codes.includes('lrcat-sick'));
  t.is((await listPlace(trial.b)).length, 1);
  const back = await restore(trial, {what: 'Main', to: join(trial.folder, 'back')});
  t.is(back.end.exitCode, 0);
});

test('a full drive keeps what it has, and nothing half', async (t) => {
  const trial = await makeLightroomTrial(t, {history: 2000});
  await addCompanions(trial);
  await add(trial, {to: [trial.b]});
  await run(trial);
  const lightroom = openAsLightroom(trial.catalog);
  lightroom.add({path: 'c.cr3'});
  lightroom.close();
  trial.clock.set(NOON + DAY);
  const files = fullAfter(testFiles, trial.b, 200_000);
  const told = await run(trial, {program: programOf(trial, {}, files)});
  t.deepEqual(resultsOf(told), ['B failed']);
  t.true(told.codes.includes('ENOSPC'));
  t.is((await listPlace(trial.b)).length, 1);
  t.deepEqual(resultsOf(await run(trial)), ['B taken']);
  for (const name of await listPlace(trial.b))
    t.deepEqual(await checkSums(join(placeOf(trial.b), name)), []);
});

test('a drive that is away is told with the age of its snapshot, and made up when it comes', async (t) => {
  const trial = await makeLightroomTrial(t);
  await add(trial, {to: [trial.b, trial.o]});
  await run(trial);
  await pull(trial, trial.o);
  const lightroom = openAsLightroom(trial.catalog);
  lightroom.add({path: 'c.cr3'});
  lightroom.close();
  trial.clock.set(NOON + 2 * DAY);
  const told = await run(trial);
  t.deepEqual(resultsOf(told), ['B taken', 'O away']);
  t.is(snapshotsOf(told)[1]?.newest, new Date(NOON).toISOString());
  t.is(told.end.exitCode, 0);
  t.is((await run(trial, {names: ['Main']})).end.exitCode, 1, 'who names the job wants it');
  t.deepEqual((await run(trial, {due: true})).events, [], 'a schedule says nothing of it');
  await plug(trial, trial.o);
  t.deepEqual(resultsOf(await run(trial, {due: true})), ['O taken']);
});

test('drives that never had one are told as overdue, those that take turns are not', async (t) => {
  const trial = await makeLightroomTrial(t);
  await add(trial);
  await run(trial);
  await pull(trial, trial.o);
  trial.clock.set(NOON + 6 * DAY);
  await run(trial);
  trial.clock.set(NOON + 9 * DAY);
  const one = await list(trial);
  t.is(one.end.exitCode, 0, 'B is kept');
  trial.clock.set(NOON + 20 * DAY);
  const all = await list(trial);
  t.is(all.end.exitCode, 1);
  await pull(trial, trial.b);
  await rm(trial.catalog);
  await makeLrcat(trial.catalog);
  t.true((await run(trial, {due: true})).codes.includes('lightroom-overdue'));
});

test('what is no snapshot of the job is never removed', async (t) => {
  const trial = await makeLightroomTrial(t);
  await add(trial, {to: [trial.b]});
  for (let month = 0; month < 3; month++) await takeMany(trial, month);
  const names = await listPlace(trial.b);
  const records = await readRecords(trial.b);
  t.is(records.length, 12, 'ten, and one of each month before');
  // A stranger in the oldest one, a folder of somebody, a copy under another name.
  const [oldest = ''] = names;
  await writeFile(join(placeOf(trial.b), oldest, 'my notes.txt'), 'mine');
  await mkdir(join(placeOf(trial.b), '2026-01-01T00-00-00-zzzzzz'));
  await takeMany(trial, 3);
  const after = await listPlace(trial.b);
  t.true(after.includes(oldest));
  t.true(after.includes('2026-01-01T00-00-00-zzzzzz'));
});

/** Nine snapshots, a day apart. */
async function takeMany(
  trial: Awaited<ReturnType<typeof makeLightroomTrial>>,
  month: number,
): Promise<void> {
  for (let day = 0; day < 9; day++) {
    trial.clock.set(Date.UTC(2026, month, 2 + day, 12));
    const lightroom = openAsLightroom(trial.catalog);
    lightroom.add({path: `${month}-${day}.cr3`});
    lightroom.close();
    await run(trial);
  }
}
