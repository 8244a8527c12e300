import test from 'ava';
import {addJob} from '../../../src/commands/backup/index.ts';
import {runJobs} from '../../../src/commands/backup/run-jobs.ts';
import {runDueLightroom} from '../../../src/commands/lightroom/index.ts';
import type {Program} from '../../../src/commands/program.ts';
import {openAsLightroom} from '../../helpers/make-lrcat.ts';
import {
  fakeMirror,
  HOUR,
  listen,
  NOON,
  plug,
  programOf,
  pull,
  typed,
  writeOwn,
} from '../backup/backup-trial.ts';
import {add, type LightroomTrial, makeLightroomTrial, resultsOf} from './lightroom-trial.ts';

/** A clock on the wall and one that goes forward, both set by hand. */
function standing(trial: LightroomTrial): {program: Program; pass: (ms: number) => void} {
  let ms = 0;
  let at = NOON;
  const clock = {...trial.clock, monotonic: () => ms};
  return {
    program: programOf(trial, {clock}),
    pass(more) {
      ms += more;
      at += more;
      trial.clock.set(at);
    },
  };
}

const due = (program: Program) =>
  listen((emit) => runDueLightroom(program, {emit, signal: new AbortController().signal}));

test('who looks every half a minute looks for drives every two minutes, and is told once', async (t) => {
  const trial = await makeLightroomTrial(t);
  await add(trial, {to: [trial.b, trial.o]});
  await pull(trial, trial.o);
  const {program, pass} = standing(trial);
  t.deepEqual(resultsOf(await due(program)), ['B taken']);
  await plug(trial, trial.o);
  pass(30_000);
  t.deepEqual((await due(program)).events, []);
  pass(90_000);
  t.deepEqual(resultsOf(await due(program)), ['O taken'], 'the drive that came');
  pass(24 * HOUR);
  const lightroom = openAsLightroom(trial.catalog);
  lightroom.add({path: 'c.cr3'});
  lightroom.close();
  t.deepEqual(resultsOf(await due(program)), ['B taken', 'O taken'], 'as time goes by');
});

test('what is overdue is told once by a process that runs for days', async (t) => {
  const trial = await makeLightroomTrial(t);
  await add(trial, {to: [trial.b]});
  await pull(trial, trial.b);
  const {program, pass} = standing(trial);
  t.deepEqual((await due(program)).codes, []);
  pass(8 * 24 * HOUR);
  const late = await due(program);
  t.deepEqual(late.codes, ['lightroom-overdue']);
  t.is(late.end.exitCode, 1);
  pass(HOUR);
  const again = await due(program);
  t.deepEqual(again.codes, []);
  t.is(again.end.exitCode, 1);
});

test('jobs that cannot be read are told once, and read again', async (t) => {
  const trial = await makeLightroomTrial(t);
  await writeOwn(trial, 'lightroom-jobs.json', '{');
  const {program, pass} = standing(trial);
  t.deepEqual((await due(program)).codes, ['lightroom-jobs-damaged']);
  pass(HOUR);
  t.deepEqual((await due(program)).codes, []);
});

test('backup run --due takes what is due of the catalogs too, with or without backup jobs', async (t) => {
  const trial = await makeLightroomTrial(t);
  await add(trial, {to: [trial.b]});
  const mirror = fakeMirror();
  const options = {
    names: [],
    due: true,
    preview: false,
    acceptDeletions: false,
    acceptChanges: false,
  };
  const signal = new AbortController().signal;
  const run = () =>
    listen((emit) =>
      runJobs(programOf(trial), options, {
        emit,
        signal,
        runTarget: mirror.runTarget,
        alsoDue: [runDueLightroom],
      }),
    );
  const first = await run();
  t.deepEqual(resultsOf(first), ['B taken']);
  t.is(first.end.exitCode, 0);
  await listen((emit) =>
    addJob(
      programOf(trial),
      {name: 'photos', typed: typed({from: trial.w, to: [trial.b], every: '1h'})},
      emit,
    ),
  );
  trial.clock.set(NOON + 25 * HOUR);
  t.deepEqual(resultsOf(await run()), ['B unchanged']);
  t.deepEqual(mirror.runs, ['photos: W>B/']);
});
