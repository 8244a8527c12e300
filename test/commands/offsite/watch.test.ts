import test from 'ava';
import {runJobs} from '../../../src/commands/backup/index.ts';
import type {AlsoDue} from '../../../src/commands/backup/run-jobs.ts';
import type {RunEnd} from '../../../src/commands/offload.ts';
import {
  fakeMirror,
  HOUR,
  listen,
  makeBackupTrial,
  NOON,
  plug,
  programOf,
  pull,
  putJob,
} from '../backup/backup-trial.ts';
import {startWatching} from '../backup/watch-trial.ts';
import {addVault, DAY} from './offsite-trial.ts';

test('a drive of a set that comes is brought in step, and is told where to go', async (t) => {
  const trial = await makeBackupTrial(t);
  await addVault(trial);
  const watch = startWatching(t, trial);
  await watch.waitFor(() => watch.mirror.runs.length === 2);
  await pull(trial, trial.b);
  await pull(trial, trial.o);
  await watch.settle();
  trial.clock.set(NOON + 41 * DAY);
  await watch.waitFor(() => watch.told('offsite-swap').length === 1);
  t.regex(watch.told('offsite-swap')[0] ?? '', /Bring [BO] \(41 days old\) and connect it\.$/);
  await plug(trial, trial.o);
  await watch.waitFor(() => watch.mirror.runs.length === 3);
  await watch.waitFor(() => watch.told('offsite-swap').length === 2);
  await watch.settle();
  t.deepEqual(watch.told('offsite-swap').slice(1), [
    'SWAP the drives of vault. O is up to date: take it to the bank and bring B (41 days old).',
  ]);
  await pull(trial, trial.o);
  await watch.settle();
  trial.clock.set(NOON + 41 * DAY + HOUR);
  await plug(trial, trial.b);
  await watch.waitFor(() => watch.mirror.runs.length === 4);
  await watch.waitFor(() => watch.told('offsite-in-step').length === 3);
  t.regex(
    watch.told('offsite-in-step')[2] ?? '',
    /^B is up to date\. Swap the drives of vault every/,
  );
  t.deepEqual(watch.mirror.runs.slice(2), ['vault: W>O/', 'vault: W>B/']);
  t.deepEqual(await watch.stop(), {outcome: 'complete', exitCode: 0});
});

test('what else is due is run too, and how it ended is the end of the watch', async (t) => {
  const trial = await makeBackupTrial(t);
  const calls: string[] = [];
  let exitCode: RunEnd['exitCode'] = 0;
  const also =
    (name: string): AlsoDue =>
    async () => {
      calls.push(name);
      return {outcome: 'complete', exitCode: name === 'two' ? exitCode : 0};
    };
  const watch = startWatching(t, trial, {alsoDue: [also('one'), also('two')], pace: {othersMs: 0}});
  await watch.waitFor(() => calls.length >= 4);
  t.deepEqual(calls.slice(0, 4), ['one', 'two', 'one', 'two']);
  exitCode = 1;
  const before = calls.length;
  await watch.waitFor(() => calls.length >= before + 4);
  t.deepEqual(await watch.stop(), {outcome: 'complete', exitCode: 1});
});

test('what else is due is looked at now and then, and when a drive comes', async (t) => {
  const trial = await makeBackupTrial(t);
  await pull(trial, trial.o);
  let calls = 0;
  const also: AlsoDue = async () => {
    calls += 1;
    return {outcome: 'complete', exitCode: 0};
  };
  const watch = startWatching(t, trial, {alsoDue: [also], pace: {othersMs: 3_600_000}});
  await watch.waitFor(() => calls > 0);
  await watch.settle();
  const before = calls;
  await watch.settle();
  t.is(calls, before, 'ticks write nothing');
  await plug(trial, trial.o);
  await watch.waitFor(() => calls > before);
});

test('run --due runs what else is due, run does not', async (t) => {
  const trial = await makeBackupTrial(t);
  const calls: string[] = [];
  const alsoDue: readonly AlsoDue[] = [
    async () => {
      calls.push('cloud');
      return {outcome: 'complete', exitCode: calls.length > 1 ? 1 : 0};
    },
  ];
  const run = (due: boolean, names: readonly string[] = []) =>
    listen((emit) =>
      runJobs(
        programOf(trial),
        {names, due, preview: false, acceptDeletions: false, acceptChanges: false},
        {
          emit,
          signal: new AbortController().signal,
          runTarget: fakeMirror().runTarget,
          alsoDue,
        },
      ),
    );
  t.is((await run(true)).end.exitCode, 0);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b]});
  t.is((await run(false)).end.exitCode, 0);
  t.is((await run(true, ['photos'])).end.exitCode, 0);
  t.deepEqual(calls, ['cloud']);
  t.is((await run(true)).end.exitCode, 1);
  t.deepEqual(calls, ['cloud', 'cloud']);
});

test('that a cloud is overdue is said once, however often it is looked at', async (t) => {
  const trial = await makeBackupTrial(t);
  let looks = 0;
  const overdue: AlsoDue = async (_, {emit}) => {
    looks += 1;
    const cause = {code: 'backup-overdue', message: 'OVERDUE: cloud', next: 'Run it.'};
    emit({type: 'noticed', level: 'warning', ...cause});
    return {outcome: 'complete', exitCode: 1};
  };
  const watching = startWatching(t, trial, {alsoDue: [overdue], pace: {othersMs: 0}});
  await watching.waitFor(() => looks >= 3);
  t.is(watching.told('backup-overdue').length, 1);
  await watching.stop();
});
