/** Backups that start by themselves while the terminal UI is open. */
import {mkdir, readdir, rename, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleepFor} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {addJob} from '../../../src/commands/backup/index.ts';
import type {Program} from '../../../src/commands/program.ts';
import {ok} from '../../../src/core/cause.ts';
import type {SessionState} from '../../../src/core/session/session-state.ts';
import {
  diskVolume,
  makeTree,
  type Trial,
  testFiles,
  testProgram,
  tickingClock,
} from '../../helpers/run-offload.ts';
import {
  Gate,
  labelled,
  makeReadyTrial,
  noticesOf,
  onScreen,
  reads,
  type SessionTrial,
  startSession,
  verdictsOf,
} from './session-run.ts';

interface BackupTrial extends Trial {
  readonly program: Partial<Program>;
}

/** A job that runs when its drives come, made before the session. */
async function makeJobTrial(t: ExecutionContext, quietHours?: string): Promise<BackupTrial> {
  const trial = await makeReadyTrial(t);
  const {w, b, folder} = trial;
  await makeTree(join(w, 'Photos'), {'shoot/a.jpg': 5000, 'shoot/b.jpg': 6000});
  await mkdir(join(b, 'Photos'));
  const home = join(folder, 'home');
  await mkdir(home);
  const program: Partial<Program> = {
    configFolder: ok(home),
    dataFolder: ok(home),
    timeZone: 'UTC',
    clock: {...tickingClock(), sleep: () => sleepFor(3)},
  };
  const volumes = [diskVolume(w, 'w'), diskVolume(b, 'b')];
  const made = testProgram(
    {cards: [], to: [w, b], program: {...program, listVolumes: async () => volumes}},
    testFiles,
  );
  const typed = {
    from: join(w, 'Photos'),
    to: [join(b, 'Photos')],
    every: undefined,
    onArrival: true,
    quietHours,
    leaveOut: undefined,
    grace: undefined,
    alarmAfter: undefined,
    rename: undefined,
  };
  t.is((await addJob(made, {name: 'photos', typed}, () => {})).exitCode, 0);
  return {...trial, program};
}

const isOver = ({backup}: SessionState) => backup !== null && backup.endedMs !== null;
const resultOf = ({backup}: SessionState) =>
  backup?.targets.map(({finished}) => finished?.result).join();
const isComing = ({coming}: SessionState) => coming === 'photos';
const hasJobs = ({jobs}: SessionState) =>
  jobs?.[0]?.source.connected === true && jobs[0].targets[0]?.connected === true;
const copiesOf = ({b}: Trial) => readdir(join(b, 'Photos', 'shoot')).catch(() => []);

/** W is there from the start, and known; B comes. */
async function plugLate(run: SessionTrial, {w, b}: Trial): Promise<void> {
  await rename(b, `${b}-away`);
  run.plug(w);
  await run.waitFor(({drives, jobs}) => drives.length === 1 && jobs !== null);
  // The look for what is due comes after that for the screen.
  await sleepFor(100);
  await plugBack(run, b);
}

async function plugBack(run: SessionTrial, b: string): Promise<void> {
  await rename(`${b}-away`, b);
  run.plug(b);
}

test('a job whose drive comes is told, starts by itself, and ends well', async (t) => {
  const trial = await makeJobTrial(t);
  const run = startSession(t, {program: trial.program});
  await plugLate(run, trial);
  await run.waitFor(isComing);
  t.true(noticesOf(run.state()).includes('backup-coming'));
  t.deepEqual(await copiesOf(trial), []);
  await run.waitFor(isOver);
  t.is(resultOf(run.state()), 'good');
  t.true(run.state().backup?.byItself);
  t.deepEqual([...(await copiesOf(trial))].sort(), ['a.jpg', 'b.jpg']);
  // It has come once.
  await sleepFor(300);
  t.is(run.told.filter(({type}) => type === 'backup-begun').length, 1);
  await rename(trial.b, `${trial.b}-away`);
  run.pull(trial.b);
  await run.waitFor(({jobs}) => jobs?.[0]?.targets[0]?.connected === false);
  await sleepFor(100);
  await plugBack(run, trial.b);
  await run.waitFor((state) => isComing(state));
  run.press('q');
  t.is((await run.done).exitCode, 0);
});

test('drives that were there at the start have not come, and quiet hours hold', async (t) => {
  const there = await makeJobTrial(t);
  const run = startSession(t, {program: there.program});
  run.plug(there.w);
  run.plug(there.b);
  await run.waitFor(hasJobs);
  const quiet = await makeJobTrial(t, '00:00-23:59');
  const other = startSession(t, {program: quiet.program});
  await plugLate(other, quiet);
  await other.waitFor(hasJobs);
  await sleepFor(400);
  for (const {told} of [run, other]) t.false(told.some(({type}) => type === 'backup-coming'));
});

test('a key stops it until the drive comes again', async (t) => {
  const trial = await makeJobTrial(t);
  const run = startSession(t, {program: trial.program});
  await plugLate(run, trial);
  await run.waitFor(isComing);
  run.press('x');
  t.deepEqual(noticesOf(run.state()), ['backup-not-begun']);
  await sleepFor(400);
  t.is(run.state().backup, null);
  t.deepEqual(await copiesOf(trial), []);
});

test('a card goes first: the backup is put aside, and goes on when the card is safe', async (t) => {
  const trial = await makeJobTrial(t);
  await writeFile(join(trial.w, 'Photos/shoot/BIG.MP4'), Buffer.alloc(400_000, 7));
  const gate = new Gate(reads('BIG.MP4'));
  const run = startSession(t, {program: trial.program, files: gate.files});
  run.plug(trial.card, labelled('EOS'));
  await plugLate(run, trial);
  await run.waitFor(({cards}) => cards[0]?.survey !== null && cards.length === 1);
  await gate.reached;
  run.press('enter');
  t.is(run.state().screen, 'working');
  gate.open();
  await run.waitFor(onScreen('verdict'));
  t.deepEqual(verdictsOf(run.state()), [true]);
  await run.waitFor(
    ({backup}) =>
      backup !== null && backup.endedMs !== null && backup.targets[0]?.finished?.result === 'good',
  );
  t.is(run.told.filter(({type}) => type === 'backup-begun').length, 2);
  t.deepEqual([...(await copiesOf(trial))].sort(), ['BIG.MP4', 'a.jpg', 'b.jpg']);
});

test('leaving while it is told leaves, and nothing is written', async (t) => {
  const trial = await makeJobTrial(t);
  const run = startSession(t, {program: trial.program});
  await plugLate(run, trial);
  await run.waitFor(isComing);
  run.press('q');
  t.is((await run.done).exitCode, 0);
  t.deepEqual(await copiesOf(trial), []);
});
