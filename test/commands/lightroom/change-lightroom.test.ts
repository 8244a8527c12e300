import {rename, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {lightroomAges} from '../../../src/commands/lightroom/index.ts';
import {makeLrcat} from '../../helpers/make-lrcat.ts';
import {HOUR, idOf, NOON, programOf, pull, readOwn, writeOwn} from '../backup/backup-trial.ts';
import {
  add,
  list,
  listPlace,
  makeLightroomTrial,
  remove,
  resultsOf,
  run,
} from './lightroom-trial.ts';

test('a job is written beside the backup jobs, with the drives as their markers call them', async (t) => {
  const trial = await makeLightroomTrial(t);
  const told = await add(trial, {
    to: [trial.b, join(trial.o, 'Photos')],
    every: '6h',
    name: 'weddings',
  });
  t.is(told.end.exitCode, 0);
  t.like(told.events.at(-1), {
    type: 'lightroom-known',
    job: 'weddings',
    catalog: trial.catalog,
    connected: true,
    everyHours: 6,
    byRole: false,
  });
  const {schema, jobs, volumes} = await readOwn(trial, 'lightroom-jobs.json');
  t.is(schema, 'offload-lightroom-jobs/1');
  t.like(Array.isArray(jobs) && jobs[0], {
    name: 'weddings',
    catalog: {volume: null, path: trial.catalog},
    everyHours: 6,
  });
  t.deepEqual(Array.isArray(jobs) && jobs[0].targets, [
    {volume: idOf(trial.b), folder: ''},
    {volume: idOf(trial.o), folder: 'Photos'},
  ]);
  t.like(volumes, {[idOf(trial.b)]: {name: 'B', path: trial.b}});
});

test('a catalog on a drive with a marker is known by it, wherever the drive is next', async (t) => {
  const trial = await makeLightroomTrial(t);
  const catalog = join(trial.w, 'Lightroom', 'Travel.lrcat');
  await makeLrcat(catalog);
  await add(trial, {catalog, to: [trial.b]});
  const {jobs} = await readOwn(trial, 'lightroom-jobs.json');
  t.like(Array.isArray(jobs) && jobs[0], {
    name: 'Travel',
    catalog: {volume: idOf(trial.w), path: 'Lightroom/Travel.lrcat'},
  });
  const elsewhere = join(trial.folder, 'W2');
  await rename(trial.w, elsewhere);
  trial.plugged.delete(trial.w);
  trial.plugged.set(elsewhere, {});
  t.deepEqual(resultsOf(await run(trial)), ['B taken']);
  await rename(elsewhere, join(trial.folder, 'drawer'));
  trial.plugged.delete(elsewhere);
  const away = await run(trial);
  t.deepEqual(away.end, {outcome: 'refused', exitCode: 2});
  t.true(away.codes.includes('lrcat-away'));
  trial.clock.set(NOON + 48 * HOUR);
  t.deepEqual((await run(trial, {due: true})).events, [], 'a drive in a drawer is waited for');
});

test('the drive of the catalog itself is none of those with a role', async (t) => {
  const trial = await makeLightroomTrial(t);
  const catalog = join(trial.b, 'Lightroom', 'Main.lrcat');
  await makeLrcat(catalog);
  await add(trial, {catalog});
  t.deepEqual(resultsOf(await run(trial)), ['O taken']);
  const named = await add(trial, {catalog, to: [trial.b], name: 'near'});
  t.true(named.codes.includes('backup-same-drive'), 'who names it is warned');
});

test('what makes no job is refused, and nothing is written', async (t) => {
  const trial = await makeLightroomTrial(t);
  await writeFile(join(trial.pictures, 'notes.txt'), 'no catalog');
  await writeFile(join(trial.pictures, 'fake.lrcat'), 'no catalog '.repeat(50));
  await symlink(trial.catalog, join(trial.pictures, 'link.lrcat'));
  const refusals: readonly (readonly [string, Parameters<typeof add>[1]])[] = [
    ['lrcat-missing', {catalog: join(trial.pictures, 'notes.txt')}],
    ['lrcat-missing', {catalog: join(trial.pictures, 'none.lrcat')}],
    ['lrcat-damaged', {catalog: join(trial.pictures, 'fake.lrcat')}],
    ['volume-unmarked', {to: [trial.pictures]}],
    ['target-missing', {to: [join(trial.b, 'nowhere')]}],
    ['target-twice', {to: [trial.b, join(trial.b, 'Photos')]}],
    ['usage', {every: '1 minute'}],
    ['job-name', {name: '../x'}],
  ];
  for (const [code, change] of refusals) {
    const told = await add(trial, change);
    t.deepEqual(told.end, {outcome: 'refused', exitCode: 2}, code);
    t.deepEqual(told.codes, [code]);
  }
  await t.throwsAsync(readOwn(trial, 'lightroom-jobs.json'), {code: 'ENOENT'});
  t.is((await add(trial, {catalog: join(trial.pictures, 'link.lrcat')})).end.exitCode, 0);
  t.deepEqual((await add(trial, {name: 'MAIN'})).codes, ['job-exists'], 'the link leads to Main');
});

test('a job that is removed leaves its snapshots', async (t) => {
  const trial = await makeLightroomTrial(t);
  await add(trial, {to: [trial.b]});
  await run(trial);
  t.deepEqual((await remove(trial, 'nix')).codes, ['lightroom-unknown']);
  t.deepEqual((await remove(trial, 'main')).codes, ['lightroom-removed']);
  t.is((await listPlace(trial.b)).length, 1);
  t.deepEqual((await list(trial)).codes, ['no-lightroom-jobs']);
  t.deepEqual((await readOwn(trial, 'lightroom-history.json')).targets, []);
});

test('a file of jobs that is damaged or newer is not used and not written over', async (t) => {
  const trial = await makeLightroomTrial(t);
  for (const [text, code] of [
    ['{', 'lightroom-jobs-damaged'],
    ['{"schema": "offload-lightroom-jobs/2", "jobs": []}', 'lightroom-jobs-newer'],
  ] as const) {
    await writeOwn(trial, 'lightroom-jobs.json', text);
    for (const told of [await add(trial), await run(trial), await list(trial)]) {
      t.is(told.end.exitCode, 2);
      t.deepEqual(told.codes, [code]);
    }
  }
});

test('a damaged history makes every job due, and is put aside', async (t) => {
  const trial = await makeLightroomTrial(t);
  await add(trial, {to: [trial.b]});
  await run(trial);
  t.deepEqual((await run(trial, {due: true})).events, []);
  await writeOwn(trial, 'lightroom-history.json', 'nonsense');
  t.deepEqual(resultsOf(await run(trial, {due: true})), ['B unchanged']);
});

test('ages are told of every drive, without asking the drives', async (t) => {
  const trial = await makeLightroomTrial(t);
  t.deepEqual(await lightroomAges(programOf(trial)), {ok: true, value: []});
  await add(trial, {to: [trial.b, trial.o]});
  await pull(trial, trial.o);
  await run(trial);
  trial.clock.set(NOON + HOUR);
  const ages = await lightroomAges(programOf(trial));
  const about = {job: 'Main', catalog: trial.catalog, overdue: false, message: null};
  t.deepEqual(ages, {
    ok: true,
    value: [
      {...about, target: 'B', connected: true, newest: new Date(NOON).toISOString()},
      {...about, target: 'O', connected: false, newest: null},
    ],
  });
});
