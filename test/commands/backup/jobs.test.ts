import {mkdir, readdir, readFile, rename, symlink} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {addJob, editJob, listJobs, removeJob} from '../../../src/commands/backup/index.ts';
import type {TypedJob} from '../../../src/commands/backup/job-words.ts';
import {failsCalls} from '../../helpers/faulty-files.ts';
import {readTree, testFiles} from '../../helpers/run-offload.ts';
import {
  type BackupTrial,
  HOUR,
  idOf,
  listen,
  makeBackupTrial,
  NOON,
  programOf,
  pull,
  readOwn,
  typed,
  writeOwn,
} from './backup-trial.ts';

const add = (trial: BackupTrial, name: string, change: Partial<TypedJob>) =>
  listen((emit) => addJob(programOf(trial), {name, typed: typed(change)}, emit));
const edit = (trial: BackupTrial, name: string, change: Partial<TypedJob>) =>
  listen((emit) => editJob(programOf(trial), {name, typed: typed(change)}, emit));
const list = (trial: BackupTrial) => listen((emit) => listJobs(programOf(trial), emit));
const remove = (trial: BackupTrial, name: string) =>
  listen((emit) => removeJob(programOf(trial), name, emit));

const readJobs = async (trial: BackupTrial) => {
  const {jobs} = await readOwn(trial, 'backup-jobs.json');
  return Array.isArray(jobs) ? jobs : [];
};

test('a job is made, told, kept by volume and folder, and nothing is written on a drive', async (t) => {
  const trial = await makeBackupTrial(t);
  const before = [await readTree(trial.w), await readTree(trial.b)];
  const told = await add(trial, 'photos', {
    from: join(trial.w, 'Photos'),
    to: [join(trial.b, 'Photos'), trial.o],
    every: '6h',
    onArrival: true,
    quietHours: '22:00-07:00',
    leaveOut: ['*.tmp', '*.tmp', 'Cache/'],
    grace: '10',
    alarmAfter: '3',
  });
  t.deepEqual([told.end.exitCode, told.codes], [0, []]);
  t.like(told.events[0], {
    type: 'job-known',
    job: 'photos',
    source: {volume: idOf(trial.w), name: 'W', folder: 'Photos', connected: true},
    trigger: 'every 6 h, on arrival, quiet 22:00-07:00',
    leaveOut: ['*.tmp', 'Cache/'],
  });
  const [job] = await readJobs(trial);
  t.like(job, {
    name: 'photos',
    source: {volume: idOf(trial.w), folder: 'Photos'},
    targets: [
      {volume: idOf(trial.b), folder: 'Photos', graceDays: 10},
      {volume: idOf(trial.o), folder: '', graceDays: 10},
    ],
    alarmDays: 3,
  });
  t.deepEqual(await readdir(trial.home), ['backup-jobs.json']);
  t.deepEqual([await readTree(trial.w), await readTree(trial.b)], before);
});

test('what cannot be a job is refused, and nothing is written', async (t) => {
  const trial = await makeBackupTrial(t);
  const bare = join(trial.folder, 'BARE');
  await mkdir(bare);
  trial.plugged.set(bare, {});
  const good = {from: trial.w, to: [trial.b]};
  for (const [change, code] of [
    [{...good, from: join(trial.w, 'nothing')}, 'source-missing'],
    [{...good, to: [join(trial.b, 'nothing')]}, 'target-missing'],
    [{...good, from: bare}, 'volume-unmarked'],
    [{...good, to: [trial.b, bare]}, 'volume-unmarked'],
    [{...good, to: [join(trial.w, 'Photos')]}, 'source-target-overlap'],
    [{...good, to: [trial.b, join(trial.b, 'Photos')]}, 'target-twice'],
    [{...good, every: 'often'}, 'usage'],
    [{...good, quietHours: '22'}, 'usage'],
    [{...good, grace: '-1'}, 'usage'],
    [{...good, alarmAfter: '0'}, 'usage'],
    [{...good, leaveOut: ['/etc/x']}, 'bad-filter'],
    [{...good, leaveOut: ['[']}, 'bad-filter'],
    [{...good, to: []}, 'usage'],
  ] as const) {
    const told = await add(trial, 'photos', change);
    t.deepEqual([told.end.exitCode, told.codes], [2, [code]], JSON.stringify(change));
  }
  t.deepEqual((await add(trial, 'a/b', good)).codes, ['job-name']);
  await t.throwsAsync(() => readJobs(trial), {code: 'ENOENT'});
  const help = await add(trial, 'photos', {...good, from: bare});
  t.true(JSON.stringify(help.events).includes('offload volumes name'));
});

test('a clone and its original are refused', async (t) => {
  const trial = await makeBackupTrial(t);
  trial.plugged.set(trial.b, {size: 32_000_000_000});
  t.deepEqual((await add(trial, 'photos', {from: trial.w, to: [trial.b]})).codes, [
    'volume-doubtful',
  ]);
});

test('jobs that write over each other or go round in a ring are refused', async (t) => {
  const trial = await makeBackupTrial(t);
  t.is((await add(trial, 'one', {from: trial.w, to: [trial.b], every: '1d'})).end.exitCode, 0);
  const refused = async (name: string, change: Partial<TypedJob>) =>
    (await add(trial, name, change)).codes;
  t.deepEqual(await refused('ONE', {from: trial.w, to: [trial.o]}), ['job-exists']);
  t.deepEqual(await refused('two', {from: trial.o, to: [join(trial.b, 'Photos')]}), [
    'targets-overlap',
  ]);
  t.deepEqual(await refused('two', {from: trial.b, to: [trial.w]}), ['jobs-cycle']);
  t.is(
    (await add(trial, 'two', {from: trial.b, to: [trial.o], every: '1d'})).end.exitCode,
    0,
    'a chain',
  );
  t.deepEqual(await refused('three', {from: trial.o, to: [trial.w]}), ['jobs-cycle']);
  t.is((await readJobs(trial)).length, 2);
});

test('a volume that lies in another one through a mount is seen', async (t) => {
  const trial = await makeBackupTrial(t);
  // B is mounted below W: by its name a folder of its own, on the disk one in the other.
  const inner = join(trial.w, 'Photos', 'B');
  await rename(trial.b, inner);
  trial.plugged.delete(trial.b);
  trial.plugged.set(inner, {});
  t.deepEqual((await add(trial, 'photos', {from: trial.w, to: [inner]})).codes, [
    'source-target-overlap',
  ]);
  const link = join(trial.folder, 'LINK');
  await symlink(inner, link);
  t.deepEqual((await add(trial, 'photos', {from: trial.w, to: [link]})).codes, [
    'source-target-overlap',
  ]);
});

test('one physical drive for both is told', async (t) => {
  const trial = await makeBackupTrial(t);
  for (const drive of [trial.w, trial.b])
    trial.plugged.set(drive, {physical: {known: true, ids: ['disk:one']}});
  const told = await add(trial, 'photos', {from: trial.w, to: [trial.b]});
  t.deepEqual([told.end.exitCode, told.codes], [0, ['backup-same-drive', 'backup-by-hand']]);
});

test('a job is changed: what was not typed stays, its id too', async (t) => {
  const trial = await makeBackupTrial(t);
  await add(trial, 'photos', {
    from: trial.w,
    to: [trial.b],
    every: '6h',
    quietHours: '22:00-07:00',
    leaveOut: ['*.tmp'],
    grace: '5',
  });
  const [before] = await readJobs(trial);
  t.is(
    (await edit(trial, 'Photos', {every: '1d', rename: 'pictures', to: [trial.b, trial.o]})).end
      .exitCode,
    0,
  );
  const [after] = await readJobs(trial);
  t.deepEqual(after, {
    ...before,
    name: 'pictures',
    trigger: {...before.trigger, everyHours: 24},
    targets: [...before.targets, {volume: idOf(trial.o), folder: '', graceDays: 5}],
  });
  const off = {
    every: false,
    quietHours: false,
    leaveOut: false,
    onArrival: true,
    grace: '7',
  } as const;
  t.is((await edit(trial, 'pictures', off)).end.exitCode, 0);
  const [last] = await readJobs(trial);
  t.like(last, {leaveOut: [], trigger: {arrival: true, everyHours: null, quiet: null}});
  t.deepEqual(
    last.targets.map(({graceDays}: {graceDays: number}) => graceDays),
    [7, 7],
  );
  t.deepEqual((await edit(trial, 'nobody', {every: '1h'})).codes, ['job-unknown']);
  t.deepEqual((await edit(trial, 'pictures', {to: [join(trial.w, 'Photos')]})).codes, [
    'source-target-overlap',
  ]);
  t.deepEqual(await readJobs(trial), [last]);
});

test('jobs are listed with drives that are away by their names, and what is overdue is told', async (t) => {
  const trial = await makeBackupTrial(t);
  t.deepEqual((await list(trial)).codes, ['no-jobs']);
  await add(trial, 'photos', {from: trial.w, to: [trial.b], every: '6h'});
  await pull(trial, trial.b);
  const soon = await list(trial);
  t.is(soon.end.exitCode, 0);
  t.like(soon.events[0], {
    job: 'photos',
    targets: [{name: 'B', connected: false, lastRun: null, due: true, overdue: false}],
  });
  trial.clock.set(NOON + 8 * 24 * HOUR);
  const late = await list(trial);
  t.deepEqual([late.end.exitCode, late.codes], [1, ['backup-overdue']]);
  t.like(late.events[0], {targets: [{overdue: true}]});
});

test('a job is removed, and it is said what stays', async (t) => {
  const trial = await makeBackupTrial(t);
  await add(trial, 'photos', {from: trial.w, to: [trial.b], every: '6h'});
  t.deepEqual((await remove(trial, 'x')).codes, ['job-unknown']);
  const told = await remove(trial, 'photos');
  t.deepEqual([told.end.exitCode, told.codes], [0, ['job-removed']]);
  t.true(JSON.stringify(told.events).includes('On B everything stays'));
  t.deepEqual(await readJobs(trial), []);
});

test('a damaged file of jobs is told by every verb, and never written over', async (t) => {
  const trial = await makeBackupTrial(t);
  const text = '{"schema": "offload-jobs/1", "jobs": [{"name": "photos"';
  await writeOwn(trial, 'backup-jobs.json', text);
  const told = [
    await add(trial, 'photos', {from: trial.w, to: [trial.b]}),
    await edit(trial, 'photos', {every: '1h'}),
    await list(trial),
    await remove(trial, 'photos'),
  ];
  for (const {end, codes} of told) t.deepEqual([end.exitCode, codes], [2, ['jobs-damaged']]);
  t.is(await readFile(join(trial.home, 'backup-jobs.json'), 'utf8'), text);
});

for (const method of ['createFile', 'replace', 'syncFolder'] as const) {
  test(`jobs that cannot be written stay as they were: ${method}`, async (t) => {
    const trial = await makeBackupTrial(t);
    await add(trial, 'photos', {from: trial.w, to: [trial.b], every: '6h'});
    const before = await readJobs(trial);
    const files = failsCalls(testFiles, [method], (path) => !path.endsWith('.lock'), 'EIO');
    const told = await listen((emit) =>
      addJob(
        programOf(trial, {}, files),
        {name: 'x', typed: typed({from: trial.w, to: [trial.o]})},
        emit,
      ),
    );
    t.deepEqual([told.end.exitCode, told.codes], [2, ['EIO']]);
    // A folder that cannot be flushed may lose the new names when the power goes, not before.
    t.is((await readJobs(trial)).length, method === 'syncFolder' ? 2 : before.length);
    t.deepEqual(await readdir(trial.home), ['backup-jobs.json']);
  });
}

test('many processes add jobs at the same time, and none is lost', async (t) => {
  const trial = await makeBackupTrial(t);
  const names = Array.from({length: 8}, (_, index) => `job ${index}`);
  for (const name of names) await mkdir(join(trial.b, name));
  const told = await Promise.all(
    names.map((name) => add(trial, name, {from: trial.w, to: [join(trial.b, name)], every: '1d'})),
  );
  t.deepEqual(
    told.map(({end}) => end.exitCode),
    names.map(() => 0),
  );
  t.deepEqual((await readJobs(trial)).map(({name}) => name).sort(), names);
  t.deepEqual(await readdir(trial.home), ['backup-jobs.json']);
});
