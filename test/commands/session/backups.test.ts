import {mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {addJob} from '../../../src/commands/backup/index.ts';
import type {Program} from '../../../src/commands/program.ts';
import {ok} from '../../../src/core/cause.ts';
import {isBackingUp} from '../../../src/core/session/backup-run.ts';
import type {SessionState} from '../../../src/core/session/session-state.ts';
import {
  diskVolume,
  makeTree,
  readTree,
  type Trial,
  testFiles,
  testProgram,
} from '../../helpers/run-offload.ts';
import {
  catalogIn,
  Gate,
  makeReadyTrial,
  noticesOf,
  onScreen,
  plugAll,
  reads,
  type SessionTrial,
  startSession,
} from './session-run.ts';

interface BackupTrial extends Trial {
  readonly program: Partial<Program>;
}

/** The photos of W in step on B, as a job that was made before the session. */
async function makeJobTrial(t: ExecutionContext): Promise<BackupTrial> {
  const trial = await makeReadyTrial(t);
  const {w, b, folder} = trial;
  await makeTree(
    join(w, 'Photos'),
    Object.fromEntries(Array.from({length: 6}, (_, index) => [`shoot/IMG_000${index}.JPG`, 5000])),
  );
  const home = join(folder, 'home');
  await mkdir(home);
  await mkdir(join(b, 'Photos'));
  const refused: string[] = [];
  const program = {configFolder: ok(home), dataFolder: ok(home)};
  const volumes = [diskVolume(w, 'w'), diskVolume(b, 'b')];
  const end = await addJob(
    testProgram(
      {cards: [], to: [w, b], program: {...program, listVolumes: async () => volumes}},
      testFiles,
    ),
    {
      name: 'photos',
      typed: {
        from: join(w, 'Photos'),
        to: [join(b, 'Photos')],
        every: '24h',
        onArrival: undefined,
        quietHours: undefined,
        leaveOut: undefined,
        grace: undefined,
        alarmAfter: undefined,
        rename: undefined,
      },
    },
    (event) => {
      if (event.type === 'refused') refused.push(event.message);
    },
  );
  t.deepEqual(refused, []);
  t.is(end.exitCode, 0);
  return {...trial, program};
}

const hasJobs = ({jobs}: SessionState) =>
  jobs?.[0]?.source.connected === true && jobs[0].targets[0]?.connected === true;
const isOver = ({backup}: SessionState) => backup !== null && backup.endedMs !== null;
const resultOf = ({backup}: SessionState) =>
  backup?.targets.map(({finished}) => finished?.result).join();

async function openJobs(run: SessionTrial, trial: Trial): Promise<void> {
  await plugAll(run, trial);
  await run.waitFor(hasJobs);
  run.press('u');
}

test('a job is run from the screen: its copies stand on the target, and its age is told anew', async (t) => {
  const trial = await makeJobTrial(t);
  const run = startSession(t, {program: trial.program});
  await openJobs(run, trial);
  t.is(run.state().jobs?.[0]?.targets[0]?.lastGood, null);
  run.press('enter');
  await run.waitFor((state) => isOver(state) && state.jobs?.[0]?.targets[0]?.lastGood !== null);
  t.is(resultOf(run.state()), 'good');
  t.like(run.state().backup?.targets[0]?.finished, {copied: 6, failed: 0});
  const source = await readTree(join(trial.w, 'Photos'));
  const target = await readTree(join(trial.b, 'Photos', 'shoot'));
  t.is(Object.keys(target).length, 6);
  for (const [path, hash] of Object.entries(target)) {
    t.is<string | undefined, string>(source[`shoot/${path}`], hash, path);
  }
  // What came of it is told in plain words after the session; progress is not.
  const told = run.emitted.map(({type}) => type);
  t.true(told.includes('backup-finished'));
  t.false(told.includes('backup-progress'));
  run.press('escape', 'q');
  t.is((await run.done).exitCode, 0);
});

test('a preview lists what would be done and writes nothing', async (t) => {
  const trial = await makeJobTrial(t);
  const run = startSession(t, {program: trial.program});
  await openJobs(run, trial);
  const before = await readTree(trial.b);
  run.press('p');
  await run.waitFor(isOver);
  const {backup} = run.state();
  t.true(backup?.preview);
  t.is(
    backup?.steps.filter(({action, state}) => action === 'copy' && state === 'planned').length,
    6,
  );
  t.deepEqual(await readTree(trial.b), before);
  t.is(run.state().jobs?.[0]?.targets[0]?.lastRun, null);
  t.deepEqual(run.emitted, []);
});

test('held deletions wait for a yes to their number; more of them by then are held again', async (t) => {
  const trial = await makeJobTrial(t);
  const run = startSession(t, {program: trial.program});
  await openJobs(run, trial);
  run.press('enter');
  await run.waitFor(isOver);
  const file = (name: string) => join(trial.w, 'Photos', 'shoot', name);
  const copy = (name: string) => join(trial.b, 'Photos', 'shoot', name);
  const startsAnew = async () => {
    await run.waitFor((state) => isBackingUp(state.backup));
    await run.waitFor(isOver);
  };
  for (const name of ['IMG_0000.JPG', 'IMG_0001.JPG']) await rm(file(name));
  run.press('enter');
  await startsAnew();
  t.is(resultOf(run.state()), 'waiting');
  t.is(run.state().backup?.targets[0]?.finished?.held, 2);
  await readFile(copy('IMG_0000.JPG'));
  // One more goes while the question stands.
  run.press('y');
  await rm(file('IMG_0002.JPG'));
  run.press('a');
  await startsAnew();
  t.is(resultOf(run.state()), 'waiting');
  t.true(run.state().backup?.causes.some(({code}) => code === 'more-deletions'));
  await readFile(copy('IMG_0000.JPG'));
  run.press('y', 'a');
  await startsAnew();
  t.is(resultOf(run.state()), 'good');
  await t.throwsAsync(readFile(copy('IMG_0000.JPG')), {code: 'ENOENT'});
  const archived = Object.keys(await readTree(join(trial.b, 'Photos', '_archive')));
  t.is(archived.filter((path) => path.endsWith('.JPG')).length, 3);
});

test('a drive that is pulled is away in the list, and nothing is run to it', async (t) => {
  const trial = await makeJobTrial(t);
  const run = startSession(t, {program: trial.program});
  await openJobs(run, trial);
  await rename(trial.b, `${trial.b}-away`);
  run.pull(trial.b);
  await run.waitFor(({jobs}) => jobs?.[0]?.targets[0]?.connected === false);
  run.press('enter');
  t.is(run.state().backup, null);
  t.like(run.state().overlay, {type: 'backups', told: {code: 'drive-away'}});
});

test('a backup that is stopped ends, and the session goes on or leaves as was asked', async (t) => {
  const trial = await makeJobTrial(t);
  const big = join(trial.w, 'Photos', 'shoot', 'BIG.MP4');
  await writeFile(big, Buffer.alloc(400_000, 7));
  const gate = new Gate(reads('BIG.MP4'));
  const run = startSession(t, {program: trial.program, files: gate.files});
  await openJobs(run, trial);
  run.press('enter');
  await gate.reached;
  // No card is started beside it.
  run.plug(trial.card);
  run.press('escape');
  await run.waitFor(({cards}) => cards[0]?.survey !== null && cards.length === 1);
  run.press('enter');
  t.is(run.state().screen, 'ready');
  t.true(noticesOf(run.state()).includes('backup-running'));
  run.press('u', 'q', 'y');
  gate.open();
  t.is((await run.done).exitCode, 0);
  t.true(
    run.emitted.some((event) => event.type === 'backup-finished' && event.result === 'stopped'),
  );
});

test('how shoots are kept is told on the screen, also without any', async (t) => {
  const trial = await makeReadyTrial(t);
  const run = startSession(t, {program: {openCatalog: catalogIn(t, trial)}});
  await plugAll(run, trial, trial.card);
  const isComplete = ({overlay}: SessionState) => overlay?.type === 'status' && overlay.complete;
  run.press('t');
  await run.waitFor(isComplete);
  t.like(run.state().overlay, {type: 'status', problem: null});
  t.is(shootsOf(run).length, 0);
  run.press('escape', 'enter');
  await run.waitFor(onScreen('verdict'));
  run.press('enter', 't');
  await run.waitFor(isComplete);
  const [shoot] = shootsOf(run);
  t.like(shoot, {shoot: 'Shoot', files: 4, copies: 2, reached: false});
});

const shootsOf = (run: SessionTrial) => {
  const {overlay} = run.state();
  return overlay?.type === 'status' ? overlay.shoots : [];
};

test('a catalog that cannot be had is told on the screen', async (t) => {
  const trial = await makeReadyTrial(t);
  const cause = {code: 'catalog-damaged', message: 'm', next: 'n'};
  const run = startSession(t, {program: {openCatalog: async () => ({ok: false, cause})}});
  await plugAll(run, trial);
  run.press('t');
  await run.waitFor(({overlay}) => overlay?.type === 'status' && overlay.complete);
  t.like(run.state().overlay, {problem: cause});
});
