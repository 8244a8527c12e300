/** Weeks of a rotating set with the real mirror on real folders; only the clock is set. */
import {rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openDesk} from '../../../src/commands/backup/backup-desk.ts';
import {runJobs} from '../../../src/commands/backup/run-jobs.ts';
import {runTarget} from '../../../src/commands/backup/run-target.ts';
import {chooseSets} from '../../../src/commands/offsite/change-sets.ts';
import {tellSet} from '../../../src/commands/offsite/tell-sets.ts';
import type {OffsiteKnown} from '../../../src/core/events.ts';
import {makeTree, readTree} from '../../helpers/run-offload.ts';
import {
  type BackupTrial,
  HOUR,
  listen,
  makeBackupTrial,
  NOON,
  plug,
  programOf,
  pull,
} from '../backup/backup-trial.ts';
import {addVault, DAY} from './offsite-trial.ts';

async function makeVault(t: ExecutionContext): Promise<BackupTrial> {
  const trial = await makeBackupTrial(t);
  const shoot = Object.fromEntries(
    Array.from({length: 12}, (_, index) => [`Shoot/IMG_${1000 + index}.CR3`, 3000 + index]),
  );
  await makeTree(trial.w, shoot);
  await addVault(trial, {job: {grace: '30'}});
  return trial;
}

const run = (
  trial: BackupTrial,
  options: {readonly due?: boolean; readonly name?: string} = {},
) => {
  const {due = true, name} = options;
  return listen((emit) =>
    runJobs(
      programOf(trial),
      {
        names: name === undefined ? [] : [name],
        due,
        preview: false,
        acceptDeletions: false,
        acceptChanges: false,
      },
      {emit, signal: new AbortController().signal, runTarget},
    ),
  );
};

async function look(trial: BackupTrial): Promise<OffsiteKnown> {
  const desk = await openDesk(programOf(trial), () => {});
  if (!desk.ok) throw new Error(desk.cause.message);
  const sets = chooseSets(desk.value, []);
  const job = sets.ok ? sets.value[0] : undefined;
  if (job === undefined) throw new Error('no set');
  return tellSet(job, desk.value.knowledge(await desk.value.look()), []);
}

const files = async (drive: string) =>
  Object.entries(await readTree(drive))
    .filter(([name, what]) => what !== 'folder' && !/^[._]/.test(name))
    .map(([name]) => name);

const archived = async (drive: string) =>
  Object.keys(await readTree(join(drive, '_archive')).catch(() => ({})))
    .filter((name) => name.endsWith('.CR3'))
    .map((name) => name.slice(name.indexOf('/') + 1));

const noticeOf = (told: Awaited<ReturnType<typeof run>>, code: string) =>
  told.events.find((event) => event.type === 'noticed' && event.code === code);

test('two drives take turns for three months', async (t) => {
  const trial = await makeVault(t);
  const {w, b, o, clock} = trial;
  // Both are here on the first day, and are filled.
  const first = await run(trial);
  t.is(first.end.exitCode, 0);
  t.deepEqual(
    first.finished.map(({target, result}) => [target, result]),
    [
      ['B', 'good'],
      ['O', 'good'],
    ],
  );
  t.regex((await look(trial)).next ?? '', /^Take [BO] to the bank: B and O are both here/);

  // B goes to the bank. Two weeks later there is more, and something was deleted.
  await pull(trial, b);
  clock.set(NOON + 14 * DAY);
  await writeFile(join(w, 'Shoot/IMG_2000.CR3'), 'more');
  await rm(join(w, 'Shoot/IMG_1000.CR3'));
  t.deepEqual((await run(trial)).finished, [], 'nothing came, nothing is due');
  await pull(trial, o);
  clock.set(NOON + 15 * DAY);
  const none = await run(trial);
  t.deepEqual([none.end.exitCode, none.finished, none.codes], [0, [], []]);
  await plug(trial, o);
  clock.set(NOON + 16 * DAY);
  const back = await run(trial);
  t.deepEqual(
    back.finished.map(({target, result, copied, archived}) => [target, result, copied, archived]),
    [['O', 'good', 1, 1]],
  );
  t.like(noticeOf(back, 'offsite-in-step'), {level: 'info', message: 'O is up to date'});
  t.like(await look(trial), {swap: false, next: null, overdue: false});
  t.true((await files(o)).includes('Shoot/IMG_2000.CR3'));
  t.deepEqual(await archived(o), ['Shoot/IMG_1000.CR3']);
  t.false((await files(`${b}-away`)).includes('Shoot/IMG_2000.CR3'), 'the bank has what it had');

  // The copy in the bank is 41 days old: it is said what to carry where.
  clock.set(NOON + 41 * DAY);
  const late = await look(trial);
  t.like(late, {swap: true, overdue: false});
  t.is(
    late.next,
    'Run offload offsite run vault, then take O to the bank and bring B (41 days old).',
  );
  const due = await run(trial, {due: false, name: 'vault'});
  t.is(due.end.exitCode, 0, 'that B is away is no error');
  t.deepEqual(
    due.finished.map(({target, result}) => [target, result]),
    [['O', 'good']],
  );
  t.like(noticeOf(due, 'offsite-swap'), {
    level: 'warning',
    message: 'SWAP the drives of vault',
    next: 'O is up to date: take it to the bank and bring B (41 days old).',
  });

  // They are swapped: B gets all that it missed, and has an archive and an age of its own.
  await pull(trial, o);
  await plug(trial, b);
  clock.set(NOON + 41 * DAY + 3 * HOUR);
  const swapped = await run(trial);
  t.deepEqual(
    swapped.finished.map(({target, result, copied, archived, purged}) => [
      target,
      result,
      copied,
      archived,
      purged,
    ]),
    [['B', 'good', 1, 1, 0]],
  );
  t.deepEqual(await archived(b), ['Shoot/IMG_1000.CR3']);
  t.like(await look(trial), {swap: false, next: null});

  // O comes back two months later: what it archived on day 16 is over its grace time and is purged on this visit; B has it until day 71.
  await pull(trial, b);
  await plug(trial, o);
  clock.set(NOON + 70 * DAY);
  const purged = await run(trial);
  t.deepEqual(
    purged.finished.map(({target, result, purged}) => [target, result, purged]),
    [['O', 'good', 1]],
  );
  t.deepEqual(await archived(o), []);
  t.deepEqual(await archived(`${b}-away`), ['Shoot/IMG_1000.CR3']);
  await pull(trial, o);
  await plug(trial, b);
  clock.set(NOON + 75 * DAY);
  const last = await run(trial);
  t.like(last.finished[0], {target: 'B', result: 'good', purged: 1});
  t.deepEqual(await archived(b), []);
  const source = Object.entries(await readTree(w)).filter(([name]) => name.startsWith('Shoot/'));
  for (const drive of [b, `${o}-away`]) {
    const copies = Object.entries(await readTree(drive));
    t.deepEqual(
      copies.filter(([name]) => name.startsWith('Shoot/')),
      source,
    );
  }
});

test('a set is overdue only when no drive of it was in step for long', async (t) => {
  const trial = await makeVault(t);
  await run(trial);
  await pull(trial, trial.b);
  trial.clock.set(NOON + 40 * DAY);
  await run(trial, {due: false, name: 'vault'});
  trial.clock.set(NOON + 60 * DAY);
  const told = await run(trial);
  t.is(told.end.exitCode, 0);
  t.false(told.codes.includes('backup-overdue'));
  t.like(await look(trial), {overdue: false, swap: true});
  trial.clock.set(NOON + 86 * DAY);
  const late = await run(trial);
  t.is(late.end.exitCode, 1);
  t.like(noticeOf(late, 'backup-overdue'), {
    message: 'OVERDUE: no drive of vault was in step for 46 days',
  });
});

test('where no drive of a named set is here, it is told, and is an error', async (t) => {
  const trial = await makeVault(t);
  await run(trial);
  await pull(trial, trial.b);
  await pull(trial, trial.o);
  const named = await run(trial, {due: false, name: 'vault'});
  t.is(named.end.exitCode, 1);
  t.deepEqual(
    named.finished.map(({result}) => result),
    ['away', 'away'],
  );
  t.is((await run(trial, {due: false})).end.exitCode, 0);
});

test('all drives at home for more than three days: one is to be taken away', async (t) => {
  const trial = await makeVault(t);
  await run(trial);
  await pull(trial, trial.b);
  trial.clock.set(NOON + 10 * DAY);
  await run(trial);
  await plug(trial, trial.b);
  trial.clock.set(NOON + 10 * DAY + HOUR);
  const back = await run(trial);
  t.like(noticeOf(back, 'offsite-in-step'), {
    message: 'B is up to date',
    next: 'Take B to the bank: B and O are both here, so no copy is elsewhere.',
  });
  t.false((await look(trial)).swap);
  trial.clock.set(NOON + 13 * DAY + 2 * HOUR);
  t.true((await look(trial)).swap);
  t.like(noticeOf(await run(trial), 'offsite-swap'), {level: 'warning'});
});

test('that a drive is away is written down twice a day at the most', async (t) => {
  const trial = await makeVault(t);
  await run(trial);
  await pull(trial, trial.b);
  const noted = async () => {
    const desk = await openDesk(programOf(trial), () => {});
    if (!desk.ok) throw new Error(desk.cause.message);
    return desk.value.history.targets.map(({targetAway}) => targetAway ?? null);
  };
  const times: unknown[] = [];
  for (const hours of [1, 2, 12, 14, 30]) {
    trial.clock.set(NOON + hours * HOUR);
    await run(trial);
    times.push((await noted()).find((at) => at !== null));
  }
  t.deepEqual(times, [
    '2026-11-23T12:00:00.000Z',
    '2026-11-23T12:00:00.000Z',
    '2026-11-23T12:00:00.000Z',
    '2026-11-24T01:00:00.000Z',
    '2026-11-24T17:00:00.000Z',
  ]);
});
