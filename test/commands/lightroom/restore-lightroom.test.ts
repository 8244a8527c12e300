import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {readLrcat} from '../../../src/system/lightroom/open-lrcat.ts';
import {realFiles} from '../../../src/system/real-files.ts';
import {below, failsCalls} from '../../helpers/faulty-files.ts';
import {makeLrcat, openAsLightroom} from '../../helpers/make-lrcat.ts';
import {testFiles} from '../../helpers/run-offload.ts';
import {HOUR, NOON, programOf, writeOwn} from '../backup/backup-trial.ts';
import {
  add,
  addCompanions,
  type LightroomTrial,
  listPlace,
  makeLightroomTrial,
  placeOf,
  restore,
  run,
} from './lightroom-trial.ts';

const DAY = 24 * HOUR;

/** Snapshots of two days: two pictures, then three. */
async function keepTwoDays(trial: LightroomTrial): Promise<void> {
  await addCompanions(trial);
  await add(trial, {to: [trial.b]});
  await run(trial);
  const lightroom = openAsLightroom(trial.catalog);
  lightroom.add({path: 'c.cr3'});
  lightroom.close();
  trial.clock.set(NOON + DAY);
  await run(trial);
}

const countIn = async (folder: string) => {
  const counted = await readLrcat(realFiles, join(folder, 'Main.lrcat'), (lrcat) =>
    lrcat.rows(['count(*)'], 'Adobe_images'),
  );
  return counted.ok && counted.value[0]?.[0];
};

test('the newest snapshot comes back into a new folder, and so does an older one', async (t) => {
  const trial = await makeLightroomTrial(t);
  await keepTwoDays(trial);
  const to = join(trial.folder, 'back');
  const told = await restore(trial, {what: 'Main', to});
  t.deepEqual(told.end, {outcome: 'complete', exitCode: 0});
  t.like(told.events.at(-1), {
    type: 'lightroom-restored',
    good: true,
    files: 4,
    restored: 4,
    data: 'copied',
  });
  t.is(await countIn(to), 3);
  t.deepEqual((await readdir(to)).sort(), [
    'Main Smart Previews.lrdata',
    'Main Sync.lrdata',
    'Main.lrcat',
    'Main.lrcat-data',
  ]);
  t.is(
    await readFile(join(to, 'Main.lrcat-data', 'ab', 'mask'), 'utf8'),
    await readFile(join(trial.pictures, 'Main.lrcat-data', 'ab', 'mask'), 'utf8'),
  );
  const older = join(trial.folder, 'older');
  await mkdir(older);
  t.is((await restore(trial, {what: 'main', to: older, at: '2026-11-23'})).end.exitCode, 0);
  t.is(await countIn(older), 2);
  const [first = '', second = ''] = await listPlace(trial.b);
  const named = join(trial.folder, 'named');
  t.is((await restore(trial, {what: first, to: named})).end.exitCode, 0);
  t.is(await countIn(named), 2);
  const byPath = join(trial.folder, 'path');
  const what = join(placeOf(trial.b), second);
  t.is((await restore(trial, {what, to: byPath})).end.exitCode, 0);
  t.is(await countIn(byPath), 3);
});

test('the newest one of a drive is the last that was taken, though a clock was set back', async (t) => {
  const trial = await makeLightroomTrial(t);
  await add(trial, {to: [trial.b]});
  trial.clock.set(NOON + 40 * DAY);
  await run(trial);
  trial.clock.set(NOON);
  const lightroom = openAsLightroom(trial.catalog);
  lightroom.add({path: 'c.cr3'});
  lightroom.close();
  await run(trial);
  const to = join(trial.folder, 'back');
  t.is((await restore(trial, {what: 'Main', to})).end.exitCode, 0);
  t.is(await countIn(to), 3);
});

test('it is found without any job, on a computer that never saw it', async (t) => {
  const trial = await makeLightroomTrial(t);
  await keepTwoDays(trial);
  await rm(trial.home, {recursive: true});
  const to = join(trial.folder, 'back');
  t.is((await restore(trial, {what: 'Main', to})).end.exitCode, 0);
  t.is(await countIn(to), 3);
  await writeOwn(trial, 'lightroom-jobs.json', '{');
  const told = await restore(trial, {what: 'Main', to: join(trial.folder, 'again')});
  t.deepEqual(told.codes, ['lightroom-jobs-damaged']);
  t.is(told.end.exitCode, 0);
});

test('nothing is restored over something, to a card, or from nowhere', async (t) => {
  const trial = await makeLightroomTrial(t);
  await keepTwoDays(trial);
  const full = join(trial.folder, 'full');
  await mkdir(full);
  await writeFile(join(full, 'mine.txt'), 'mine');
  const card = join(trial.folder, 'E');
  await mkdir(join(card, 'DCIM', '100CANON'), {recursive: true});
  trial.plugged.set(card, {removable: true});
  const to = join(trial.folder, 'back');
  const refusals = [
    ['destination-not-empty', {what: 'Main', to: full}],
    ['destination-not-empty', {what: 'Main', to: join(full, 'mine.txt')}],
    ['destination-missing', {what: 'Main', to: join(trial.folder, 'no', 'back')}],
    ['destination-is-card', {what: 'Main', to: join(card, 'back')}],
    ['snapshot-missing', {what: 'Other', to}],
    ['snapshot-missing', {what: 'Main', to, at: '2026-01-01'}],
    ['usage', {what: 'Main', to, at: 'yesterday'}],
  ] as const;
  for (const [code, typed] of refusals) {
    const told = await restore(trial, typed);
    t.deepEqual(told.codes, [code]);
    t.deepEqual(told.end, {outcome: 'refused', exitCode: 2});
  }
  t.deepEqual(await readdir(full), ['mine.txt']);
  t.false((await readdir(trial.folder)).includes('back'));
});

test('of two catalogs of one name the one of the named job comes back', async (t) => {
  const trial = await makeLightroomTrial(t);
  await add(trial, {to: [trial.b]});
  await run(trial);
  const other = join(trial.folder, 'Other');
  await mkdir(other);
  const catalog = join(other, 'Main.lrcat');
  await makeLrcat(catalog, {pictures: [{path: 'z.cr3'}]});
  await add({...trial, catalog}, {to: [trial.b], name: 'Second'});
  trial.clock.set(NOON + DAY);
  await run(trial);
  const to = join(trial.folder, 'back');
  t.is((await restore(trial, {what: 'Main', to})).end.exitCode, 0);
  t.is(await countIn(to), 2);
  const second = join(trial.folder, 'second');
  t.is((await restore(trial, {what: 'Second', to: second})).end.exitCode, 0);
  t.is(await countIn(second), 1);
});

test('a drive whose snapshots cannot be listed is told, and another one is taken', async (t) => {
  const trial = await makeLightroomTrial(t);
  await add(trial);
  await run(trial);
  const files = failsCalls(testFiles, ['list'], below(placeOf(trial.b)), 'EIO');
  const program = {...programOf(trial), files};
  const to = join(trial.folder, 'back');
  const told = await restore(trial, {what: 'Main', to, program});
  t.is(told.end.exitCode, 0);
  t.true(told.codes.includes('EIO'));
  t.is(await countIn(to), 2);
});

test('a file that the drive lost is told, and is not there under its name', async (t) => {
  const trial = await makeLightroomTrial(t);
  await keepTwoDays(trial);
  const newest = (await listPlace(trial.b)).at(-1) ?? '';
  const mask = join(placeOf(trial.b), newest, 'Main.lrcat-data', 'ab', 'mask');
  const bytes = await readFile(mask);
  bytes[5] = (bytes[5] ?? 0) ^ 1;
  await writeFile(mask, bytes);
  const to = join(trial.folder, 'back');
  const told = await restore(trial, {what: 'Main', to});
  t.is(told.end.exitCode, 1);
  t.like(told.events.at(-1), {good: false, files: 4, restored: 3, code: 'mismatch'});
  t.deepEqual(await readdir(join(to, 'Main.lrcat-data', 'ab')), []);
  t.is(await countIn(to), 3, 'the rest is there');
});
