import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {type RunOptions, runJobs} from '../../../src/commands/backup/run-jobs.ts';
import type {Program} from '../../../src/commands/program.ts';
import {failsCalls, recordsCalls} from '../../helpers/faulty-files.ts';
import {testFiles} from '../../helpers/run-offload.ts';
import {
  type BackupTrial,
  type FakeMirror,
  fakeMirror,
  HOUR,
  listen,
  makeBackupTrial,
  NOON,
  plug,
  programOf,
  pull,
  putJob,
  readOwn,
  writeOwn,
} from './backup-trial.ts';

const ALL: RunOptions = {
  names: [],
  due: false,
  preview: false,
  acceptDeletions: false,
  acceptChanges: false,
};

interface Setting {
  readonly options?: Partial<RunOptions>;
  readonly program?: Program;
  readonly stop?: AbortController;
}

const run = (trial: BackupTrial, mirror: FakeMirror, setting: Setting = {}) =>
  listen((emit) =>
    runJobs(
      setting.program ?? programOf(trial),
      {...ALL, ...setting.options},
      {emit, signal: (setting.stop ?? new AbortController()).signal, runTarget: mirror.runTarget},
    ),
  );

const due = (trial: BackupTrial, mirror: FakeMirror) => run(trial, mirror, {options: {due: true}});

test('jobs are run one after the other on all targets, and remembered', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {
    from: trial.w,
    to: [trial.b, join(trial.o, 'Photos')],
    every: '6h',
  });
  await putJob(trial, 'more', {from: join(trial.o, 'Photos'), to: [join(trial.w, 'Photos')]}).catch(
    () => {},
  );
  const mirror = fakeMirror();
  mirror.results.push('good', 'incomplete');
  const told = await run(trial, mirror);
  t.deepEqual(mirror.runs, ['photos: W>B/', 'photos: W>O/Photos']);
  t.deepEqual(told.end, {outcome: 'complete', exitCode: 1});
  const {targets} = await readOwn(trial, 'backup-history.json');
  t.like(Array.isArray(targets) && targets[0], {lastGood: '2026-11-23T11:00:00.000Z', failures: 0});
  t.like(Array.isArray(targets) && targets[1], {
    lastGood: null,
    failures: 1,
    lastRun: {result: 'incomplete'},
  });
  t.deepEqual((await readdir(trial.home)).sort(), ['backup-history.json', 'backup-jobs.json']);
});

test('names choose jobs; flags are handed on; an unknown name runs nothing', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b]});
  await putJob(trial, 'other', {from: trial.w, to: [trial.o]});
  const mirror = fakeMirror();
  await run(trial, mirror, {
    options: {names: ['OTHER'], acceptDeletions: true, acceptChanges: true},
  });
  t.deepEqual(mirror.runs, ['other: W>O/ acceptDeletions acceptChanges']);
  const unknown = await run(trial, mirror, {options: {names: ['photos', 'x']}});
  t.deepEqual([unknown.end.exitCode, unknown.codes, mirror.runs.length], [2, ['job-unknown'], 1]);
});

test('a yes is one to a job that was named, and to no more than its last run held back', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b]});
  await putJob(trial, 'other', {from: trial.w, to: [trial.o]});
  const mirror = fakeMirror();
  for (const options of [
    {acceptDeletions: true},
    {acceptChanges: true},
    {names: ['other'], due: true, acceptDeletions: true},
  ]) {
    const {end, codes} = await run(trial, mirror, {options});
    t.deepEqual([end.exitCode, codes], [2, ['usage']]);
  }
  t.deepEqual(mirror.runs, []);
  const limits: (number | undefined)[] = [];
  const holding: FakeMirror = {
    ...mirror,
    async runTarget(program, about, listening) {
      limits.push(about.mostDeletions);
      const finished = await mirror.runTarget(program, about, listening);
      return {...finished, result: 'waiting', held: 7};
    },
  };
  const options = {names: ['other'], acceptDeletions: true};
  await run(trial, holding, {options});
  await run(trial, holding, {options});
  await run(trial, holding, {options: {names: ['other']}});
  t.deepEqual(limits, [undefined, 7, undefined]);
});

test('a preview writes nothing, not even what is remembered', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b]});
  const before = await readFile(join(trial.home, 'backup-jobs.json'), 'utf8');
  const mirror = fakeMirror();
  const told = await run(trial, mirror, {options: {preview: true}});
  t.deepEqual([told.end.exitCode, mirror.runs], [0, ['photos: W>B/ preview']]);
  await pull(trial, trial.b);
  t.is((await run(trial, mirror, {options: {preview: true}})).finished[0]?.result, 'away');
  t.deepEqual(await readdir(trial.home), ['backup-jobs.json']);
  t.is(await readFile(join(trial.home, 'backup-jobs.json'), 'utf8'), before);
});

test('drives that are away are no fault, unless they were asked for by name', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b]});
  await pull(trial, trial.b);
  const mirror = fakeMirror();
  const all = await run(trial, mirror);
  t.deepEqual([all.end.exitCode, all.finished[0]?.result], [0, 'away']);
  t.like(all.finished[0], {target: 'B', to: '', code: 'target-away'});
  const named = await run(trial, mirror, {options: {names: ['photos']}});
  t.is(named.end.exitCode, 1);
  t.deepEqual(mirror.runs, []);
});

test('a drive on another place is the same drive, and another drive on its place is not', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], every: '6h'});
  const {rename} = await import('node:fs/promises');
  const elsewhere = join(trial.folder, 'E');
  await rename(trial.b, elsewhere);
  await rename(trial.o, trial.b);
  trial.plugged.delete(trial.o);
  trial.plugged.set(elsewhere, {});
  const mirror = fakeMirror();
  const told = await run(trial, mirror);
  t.is(told.finished[0]?.to, elsewhere);
  const {volumes} = await readOwn(trial, 'backup-jobs.json');
  t.true(JSON.stringify(volumes).includes(elsewhere));
});

test('--due runs what is due and nothing else', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], every: '6h'});
  await putJob(trial, 'hand', {from: trial.w, to: [trial.o]});
  const mirror = fakeMirror();
  t.is((await due(trial, mirror)).end.exitCode, 0);
  trial.clock.set(NOON + 5 * HOUR);
  t.deepEqual((await due(trial, mirror)).finished, []);
  t.deepEqual(mirror.runs, ['photos: W>B/']);
  trial.clock.set(NOON + 6 * HOUR);
  await due(trial, mirror);
  t.is(mirror.runs.length, 2);
});

test('--due finds out that drives came back, and that they are overdue', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], onArrival: true});
  const mirror = fakeMirror();
  await due(trial, mirror);
  t.is(mirror.runs.length, 1);
  trial.clock.set(NOON + HOUR);
  await due(trial, mirror);
  t.is(mirror.runs.length, 1, 'it was there all the time');
  await pull(trial, trial.b);
  trial.clock.set(NOON + 2 * HOUR);
  const away = await due(trial, mirror);
  t.deepEqual([away.end.exitCode, away.finished], [0, []]);
  const history = await readFile(join(trial.home, 'backup-history.json'), 'utf8');
  trial.clock.set(NOON + 3 * HOUR);
  await due(trial, mirror);
  t.is(await readFile(join(trial.home, 'backup-history.json'), 'utf8'), history, 'noted once');
  await plug(trial, trial.b);
  trial.clock.set(NOON + 4 * HOUR);
  await due(trial, mirror);
  t.is(mirror.runs.length, 2);
  await pull(trial, trial.b);
  trial.clock.set(NOON + 20 * 24 * HOUR);
  const late = await due(trial, mirror);
  t.is(late.end.exitCode, 1);
  t.true(late.codes.includes('backup-overdue'));
});

test('a job that became wrong in the file is refused, and the others are run', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b]});
  await putJob(trial, 'other', {from: trial.w, to: [trial.o]});
  const file = await readFile(join(trial.home, 'backup-jobs.json'), 'utf8');
  const jobs = JSON.parse(file);
  jobs.jobs[0].leaveOut = ['../x'];
  await writeOwn(trial, 'backup-jobs.json', JSON.stringify(jobs));
  const mirror = fakeMirror();
  const told = await run(trial, mirror);
  t.deepEqual(mirror.runs, ['other: W>O/']);
  t.deepEqual(
    told.finished.map(({result}) => result),
    ['refused', 'good'],
  );
  t.is(told.end.exitCode, 1);
  t.is((await run(trial, mirror, {options: {names: ['photos']}})).end.exitCode, 2);
});

test('a clone of the target is refused', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b]});
  trial.plugged.set(trial.b, {size: 32_000_000_000});
  const told = await run(trial, fakeMirror());
  t.like(told.finished[0], {result: 'refused', code: 'volume-doubtful'});
  t.is(told.end.exitCode, 2);
});

test('never two at once: the second one is refused, and --due leaves it to the first', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], every: '1h'});
  const mirror = fakeMirror();
  const meanwhile: string[] = [];
  mirror.during = async () => {
    mirror.during = () => {};
    const second = await run(trial, mirror);
    const third = await due(trial, mirror);
    meanwhile.push(
      ...second.codes,
      String(second.end.exitCode),
      ...third.codes,
      String(third.end.exitCode),
    );
  };
  await run(trial, mirror);
  t.deepEqual(meanwhile, ['backup-running', '2', 'backup-running', '0']);
  t.is(mirror.runs.length, 1);
  t.is((await run(trial, mirror)).end.exitCode, 0, 'and free again');
});

test('a signal ends the run: 130, and the next targets are not begun', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b, trial.o], every: '1h'});
  const mirror = fakeMirror();
  const stop = new AbortController();
  mirror.during = () => stop.abort();
  const told = await run(trial, mirror, {stop});
  t.deepEqual(told.end, {outcome: 'cancelled', exitCode: 130});
  t.is(mirror.runs.length, 1);
  t.is((await due(trial, fakeMirror())).finished.length, 2, 'made up at the next occasion');
});

test('a damaged history is put aside, told, and everything is due', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], every: '6h'});
  await writeOwn(trial, 'backup-history.json', '{"schema":');
  const mirror = fakeMirror();
  const told = await due(trial, mirror);
  t.deepEqual(told.codes, ['history-damaged']);
  t.is(mirror.runs.length, 1);
  const names = await readdir(trial.home);
  t.is(names.filter((name) => name.startsWith('backup-history.json.damaged-')).length, 1);
  t.deepEqual((await due(trial, mirror)).codes, []);
});

test('a history of a newer version stays as it is', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], every: '6h'});
  const text = '{"schema": "offload-backup-history/2", "moon": []}';
  await writeOwn(trial, 'backup-history.json', text);
  const mirror = fakeMirror();
  t.deepEqual((await run(trial, mirror)).codes, ['history-newer']);
  t.is(await readFile(join(trial.home, 'backup-history.json'), 'utf8'), text);
});

test('a history that cannot be written is told, and the run counts all the same', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], every: '6h'});
  const files = failsCalls(testFiles, ['replace'], () => true, 'ENOSPC');
  const told = await run(trial, fakeMirror(), {program: programOf(trial, {}, files)});
  t.deepEqual([told.end.exitCode, told.finished[0]?.result, told.codes], [0, 'good', ['ENOSPC']]);
  t.deepEqual(await readdir(trial.home), ['backup-jobs.json']);
});

test('the computer is kept awake while something is copied, and not otherwise', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], every: '6h'});
  let [held, released] = [0, 0];
  const program = programOf(trial, {
    keepAwake() {
      held += 1;
      return {
        state: Promise.resolve({type: 'held'}),
        async release() {
          released += 1;
        },
      };
    },
  });
  await run(trial, fakeMirror(), {program, options: {preview: true}});
  t.is(held, 0);
  const mirror = fakeMirror();
  mirror.during = () => {
    t.deepEqual([held, released], [1, 0]);
  };
  await run(trial, mirror, {program});
  t.is(mirror.runs.length, 1);
  t.deepEqual([held, released], [1, 1]);
  await run(trial, fakeMirror(), {program, options: {due: true}});
  t.is(held, 1);
});

test('what compares many files is told how many a job had the last time, when it is run and not before', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], every: '6h'});
  const expected: number[] = [];
  const files = Object.assign(recordsCalls(testFiles, []), {
    expectMatch: (count: number) => expected.push(count),
  });
  const told = async (options: Partial<RunOptions> = {}) => {
    expected.length = 0;
    await run(trial, fakeMirror(), {program: programOf(trial, {}, files), options});
    return [...expected];
  };
  t.deepEqual(await told(), [0]);
  t.deepEqual(await told(), [1]);
  t.deepEqual(await told({due: true}), []);
  trial.clock.set(NOON + 7 * HOUR);
  t.deepEqual(await told({due: true}), [1]);
  await pull(trial, trial.b);
  t.deepEqual(await told(), []);
});
