import {setTimeout as sleepFor} from 'node:timers/promises';
import test from 'ava';
import type {RunEnd} from '../../../src/commands/offload.ts';
import {
  HOUR,
  makeBackupTrial,
  NOON,
  plug,
  pull,
  putJob,
  readOwn,
  writeOwn,
} from './backup-trial.ts';
import {startWatching} from './watch-trial.ts';

test('what was missed is made up once at the start, and told', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {
    from: trial.w,
    to: [trial.b, trial.o],
    every: '1h',
    onArrival: true,
  });
  trial.clock.set(NOON + 20 * 24 * HOUR);
  const watch = startWatching(t, trial);
  await watch.waitFor(() => watch.mirror.runs.length >= 2);
  await watch.settle();
  t.deepEqual(watch.mirror.runs, ['photos: W>B/', 'photos: W>O/']);
  t.is(watch.events.filter(({type}) => type === 'job-known').length, 1);
  t.deepEqual(await watch.stop(), {outcome: 'complete', exitCode: 0});
});

test('a job runs as time goes by', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], every: '6h'});
  const watch = startWatching(t, trial);
  await watch.waitFor(() => watch.mirror.runs.length === 1);
  trial.clock.set(NOON + 5 * HOUR);
  await watch.settle();
  t.is(watch.mirror.runs.length, 1);
  trial.clock.set(NOON + 6 * HOUR);
  await watch.waitFor(() => watch.mirror.runs.length === 2);
  await watch.settle();
  t.is(watch.mirror.runs.length, 2);
});

test('a job runs when its drives come, each time they come', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], onArrival: true});
  await pull(trial, trial.b);
  const watch = startWatching(t, trial);
  await watch.waitFor(() => watch.events.some(({type}) => type === 'job-known'));
  await watch.settle();
  t.deepEqual(watch.mirror.runs, []);
  trial.clock.set(NOON + HOUR);
  await plug(trial, trial.b);
  await watch.waitFor(() => watch.mirror.runs.length === 1);
  trial.clock.set(NOON + 2 * HOUR);
  await watch.settle();
  t.is(watch.mirror.runs.length, 1, 'once');
  await pull(trial, trial.b);
  await watch.settle();
  trial.clock.set(NOON + 3 * HOUR);
  await plug(trial, trial.b);
  await watch.waitFor(() => watch.mirror.runs.length === 2);
});

test('a drive that is plugged in again while a job runs has arrived', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], onArrival: true});
  await putJob(trial, 'other', {from: trial.w, to: [trial.o], every: '1h'});
  const watch = startWatching(t, trial);
  await watch.waitFor(() => watch.mirror.runs.length === 2);
  watch.mirror.during = async () => {
    watch.mirror.during = () => {};
    await pull(trial, trial.b);
    await sleepFor(200);
    await plug(trial, trial.b);
    await sleepFor(200);
  };
  trial.clock.set(NOON + HOUR);
  await watch.waitFor(() => watch.mirror.runs.length === 4);
  t.deepEqual(watch.mirror.runs.slice(2), ['other: W>O/', 'photos: W>B/']);
});

test('never two at once, and quiet hours hold', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'one', {from: trial.w, to: [trial.b], every: '1h'});
  await putJob(trial, 'two', {
    from: trial.w,
    to: [trial.o],
    every: '1h',
    quietHours: '10:00-13:00',
  });
  const watch = startWatching(t, trial);
  let [now, most] = [0, 0];
  watch.mirror.during = async () => {
    now += 1;
    most = Math.max(most, now);
    await sleepFor(20);
    now -= 1;
  };
  await watch.waitFor(() => watch.mirror.runs.length === 1);
  await watch.settle();
  t.deepEqual(watch.mirror.runs, ['one: W>B/']);
  trial.clock.set(NOON + 2 * HOUR);
  await watch.waitFor(() => watch.mirror.runs.length === 3);
  t.is(most, 1);
});

test('a run that failed is tried again after a pause, and the watch says so at its end', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], every: '6h'});
  const watch = startWatching(t, trial);
  watch.mirror.results.push('incomplete', 'incomplete');
  await watch.waitFor(() => watch.mirror.runs.length === 1);
  trial.clock.set(NOON + 9 * 60_000);
  await watch.settle();
  t.is(watch.mirror.runs.length, 1);
  trial.clock.set(NOON + 10 * 60_000);
  await watch.waitFor(() => watch.mirror.runs.length === 2);
  trial.clock.set(NOON + 25 * 60_000);
  await watch.settle();
  t.is(watch.mirror.runs.length, 2);
  t.deepEqual(await watch.stop(), {outcome: 'complete', exitCode: 1});
  const {targets} = await readOwn(trial, 'backup-history.json');
  t.like(Array.isArray(targets) && targets[0], {failures: 2});
});

test('jobs that are made meanwhile are heard of; a file that is damaged meanwhile is told once', async (t) => {
  const trial = await makeBackupTrial(t);
  const watch = startWatching(t, trial);
  await watch.waitFor(() => watch.codes().includes('no-jobs'));
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], every: '6h'});
  await watch.waitFor(() => watch.mirror.runs.length === 1);
  await writeOwn(trial, 'backup-jobs.json', '{');
  await watch.waitFor(() => watch.codes().includes('jobs-damaged'));
  await watch.settle();
  t.is(watch.codes().filter((code) => code === 'jobs-damaged').length, 1);
});

test('what is overdue is told, and not at every tick', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b], every: '6h'});
  await pull(trial, trial.b);
  trial.clock.set(NOON + 10 * 24 * HOUR);
  const watch = startWatching(t, trial);
  await watch.waitFor(() => watch.codes().includes('backup-overdue'));
  await watch.settle();
  t.is(watch.codes().filter((code) => code === 'backup-overdue').length, 1);
});

test('a signal in the middle of a run: the run stops, 130', async (t) => {
  const trial = await makeBackupTrial(t);
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b, trial.o], every: '6h'});
  const watch = startWatching(t, trial);
  let end: Promise<RunEnd> | undefined;
  watch.mirror.during = () => {
    end = watch.stop();
  };
  await watch.waitFor(() => end !== undefined);
  t.deepEqual(await end, {outcome: 'cancelled', exitCode: 130});
  t.is(watch.mirror.runs.length, 1);
});

test('jobs that cannot be read at the start are refused', async (t) => {
  const trial = await makeBackupTrial(t);
  await writeOwn(trial, 'backup-jobs.json', '{');
  t.deepEqual(await startWatching(t, trial).stop(), {outcome: 'refused', exitCode: 2});
});
