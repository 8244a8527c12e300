/** What `backup watch` and `backup run --due` do with sets, and what else they run. */
import {setTimeout as sleepFor} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {addJob, runJobs} from '../../../src/commands/backup/index.ts';
import type {AlsoDue} from '../../../src/commands/backup/run-jobs.ts';
import {watchJobs} from '../../../src/commands/backup/watch-jobs.ts';
import type {RunEnd} from '../../../src/commands/offload.ts';
import {ok} from '../../../src/core/cause.ts';
import type {OffloadEvent} from '../../../src/core/events.ts';
import {watchVolumes} from '../../../src/system/volumes/watch-volumes.ts';
import {diskVolume} from '../../helpers/run-offload.ts';
import {
  type BackupTrial,
  fakeMirror,
  HOUR,
  listen,
  makeBackupTrial,
  NOON,
  plug,
  programOf,
  pull,
  typed,
} from '../backup/backup-trial.ts';
import {addVault, DAY} from './offsite-trial.ts';

function startWatching(
  t: ExecutionContext,
  trial: BackupTrial,
  alsoDue: readonly AlsoDue[] = [],
  othersMs = 0,
) {
  const mirror = fakeMirror();
  const stop = new AbortController();
  const events: OffloadEvent[] = [];
  let mounts = 0;
  const marks = new Map<string, string>();
  const program = programOf(trial, {
    watchVolumes: (listening) =>
      watchVolumes({
        ...listening,
        everyMs: 3,
        knowsAll: true,
        async readSignature() {
          for (const drive of trial.plugged.keys())
            if (!marks.has(drive)) marks.set(drive, `mount ${mounts++}`);
          for (const drive of marks.keys()) if (!trial.plugged.has(drive)) marks.delete(drive);
          return ok(new Map(marks));
        },
        listVolumes: async () => [...trial.plugged.keys()].map((root) => diskVolume(root, root)),
        sleep: () => sleepFor(2),
        monotonic: () => performance.now(),
      }),
  });
  const done: Promise<RunEnd> = watchJobs(program, {
    emit: (event) => events.push(event),
    signal: stop.signal,
    runTarget: mirror.runTarget,
    alsoDue,
    pace: {napMs: 1, napsToTick: 4, othersMs},
  });
  t.teardown(async () => {
    stop.abort();
    await done.catch(() => {});
  });
  const told = (code: string) =>
    events.flatMap((event) =>
      event.type === 'noticed' && event.code === code ? [`${event.message}. ${event.next}`] : [],
    );
  return {
    mirror,
    told,
    async waitFor(what: () => boolean) {
      const end = performance.now() + 20_000;
      while (!what()) {
        if (performance.now() > end) throw new Error(`waited in vain: ${mirror.runs.join('; ')}`);
        await Promise.race([sleepFor(3), done]);
      }
    },
    settle: () => sleepFor(150),
    stop() {
      stop.abort();
      return done;
    },
  };
}

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
  const watch = startWatching(t, trial, [also('one'), also('two')]);
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
  const watch = startWatching(t, trial, [also], 3_600_000);
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
  const job = typed({from: trial.w, to: [trial.b]});
  await listen((emit) => addJob(programOf(trial), {name: 'photos', typed: job}, emit));
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
  const watching = startWatching(t, trial, [overdue]);
  await watching.waitFor(() => looks >= 3);
  t.is(watching.told('backup-overdue').length, 1);
  await watching.stop();
});
