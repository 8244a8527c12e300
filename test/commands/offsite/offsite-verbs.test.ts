/** The verbs that take sets and clouds alike: list, status, run, verify, remove. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {runTarget} from '../../../src/commands/backup/run-target.ts';
import type {RunEnd} from '../../../src/commands/offload.ts';
import {
  addOffsite,
  editOffsite,
  removeOffsite,
  runOffsite,
  type TypedOffsite,
  tellOffsite,
  verifyOffsite,
} from '../../../src/commands/offsite/index.ts';
import type {Emit} from '../../../src/core/events.ts';
import {makeTree} from '../../helpers/run-offload.ts';
import {
  type BackupTrial,
  fakeMirror,
  idOf,
  listen,
  makeBackupTrial,
  NOON,
  programOf,
  pull,
  putJob,
  readOwn,
  typed,
  writeOwn,
} from '../backup/backup-trial.ts';
import {addVault, DAY} from './offsite-trial.ts';

const signal = new AbortController().signal;

const ALL = {
  names: [],
  due: false,
  preview: false,
  acceptDeletions: false,
  acceptChanges: false,
} as const;

const typedOffsite = (change: Partial<TypedOffsite> = {}): TypedOffsite => ({
  ...typed(),
  remote: undefined,
  place: undefined,
  swapAfter: undefined,
  add: [],
  drop: [],
  bwLimit: undefined,
  download: undefined,
  ...change,
});

/** A cloud that nobody asks: it has no run, and is not due. */
async function putCloud(trial: BackupTrial, name: string): Promise<void> {
  const cloud = {
    id: '00000000-0000-4000-8000-0000000000aa',
    name,
    source: {volume: idOf(trial.w), folder: 'Photos'},
    remote: 'b2:bucket/photos',
    place: 'b2',
    trigger: {},
    createdAt: '2026-11-22T12:00:00.000Z',
  };
  await writeOwn(
    trial,
    'cloud-jobs.json',
    JSON.stringify({schema: 'offload-cloud-jobs/1', jobs: [cloud]}),
  );
}

async function makeBoth(t: ExecutionContext): Promise<BackupTrial> {
  const trial = await makeBackupTrial(t);
  await makeTree(trial.w, {'Photos/IMG_1.CR3': 4000, 'Photos/IMG_2.CR3': 5000});
  await addVault(trial);
  await putCloud(trial, 'cloud');
  return trial;
}

const tell = (trial: BackupTrial, ...names: readonly string[]) =>
  listen((emit) => tellOffsite(programOf(trial), names, emit));

const known = ({events}: {readonly events: readonly {readonly type: string}[]}) =>
  events.flatMap((event) =>
    event.type === 'offsite-known' && 'job' in event ? [String(event.job)] : [],
  );

test('sets and clouds are told, all of them or those that are named', async (t) => {
  const trial = await makeBoth(t);
  const all = await tell(trial);
  t.is(all.end.exitCode, 0);
  t.deepEqual(known(all), ['vault', 'cloud']);
  t.deepEqual(known(await tell(trial, 'CLOUD')), ['cloud']);
  const unknown = await tell(trial, 'vault', 'nothing');
  t.deepEqual([unknown.end.exitCode, unknown.codes], [2, ['job-unknown']]);
  t.like(
    all.events.find((event) => event.type === 'offsite-known'),
    {
      kind: 'drives',
      place: 'bank',
      swapAfterDays: 30,
      source: {name: 'W', connected: true},
      copies: [
        {name: 'B', place: 'bank', connected: true, lastSeen: null, lastGood: null, files: null},
        {name: 'O', place: 'bank', connected: true},
      ],
    },
  );
});

test('without any there is a word of how to make one', async (t) => {
  const trial = await makeBackupTrial(t);
  const none = await tell(trial);
  t.deepEqual([none.end.exitCode, none.codes], [0, ['no-offsite']]);
  const ran = await listen((emit) =>
    runOffsite(programOf(trial), ALL, {emit, signal, runTarget: fakeMirror().runTarget}),
  );
  t.deepEqual([ran.end.exitCode, ran.codes], [0, ['no-offsite']]);
});

test('a file of jobs that is damaged is refused by every verb', async (t) => {
  const trial = await makeBackupTrial(t);
  await writeOwn(trial, 'backup-jobs.json', '{');
  const program = programOf(trial);
  const verbs: readonly ((emit: Emit) => Promise<RunEnd>)[] = [
    (emit) => tellOffsite(program, [], emit),
    (emit) => runOffsite(program, ALL, {emit, signal, runTarget: fakeMirror().runTarget}),
    (emit) =>
      verifyOffsite(
        program,
        {names: [], part: undefined, heal: false, download: false},
        {
          emit,
          signal,
        },
      ),
    (emit) => removeOffsite(program, 'vault', emit),
    (emit) => editOffsite(program, {name: 'vault', typed: typedOffsite({place: 'x'})}, emit),
  ];
  for (const verb of verbs) {
    const told = await listen(verb);
    t.deepEqual([told.end.exitCode, told.codes], [2, ['jobs-damaged']]);
  }
});

test('one that is overdue or to be swapped is exit code 1', async (t) => {
  const trial = await makeBoth(t);
  trial.clock.set(NOON + 4 * DAY);
  t.is((await tell(trial, 'vault')).end.exitCode, 1, 'both are here for days');
  await pull(trial, trial.b);
  trial.clock.set(NOON + 46 * DAY);
  const late = await tell(trial, 'vault');
  t.is(late.end.exitCode, 1);
  t.like(
    late.events.find(({type}) => type === 'offsite-known'),
    {overdue: true, swap: true},
  );
});

test('run takes sets and no backups, and says which drive is away only when none is here', async (t) => {
  const trial = await makeBackupTrial(t);
  await addVault(trial, {job: {to: [trial.o]}});
  await putJob(trial, 'photos', {from: trial.w, to: [trial.b]});
  const mirror = fakeMirror();
  const run = (names: readonly string[] = []) =>
    listen((emit) =>
      runOffsite(programOf(trial), {...ALL, names}, {emit, signal, runTarget: mirror.runTarget}),
    );
  t.is((await run()).end.exitCode, 0);
  t.deepEqual(mirror.runs, ['vault: W>O/']);
  const wrong = await run(['photos']);
  t.deepEqual([wrong.end.exitCode, wrong.codes], [2, ['job-unknown']]);
  await pull(trial, trial.o);
  t.is((await run()).end.exitCode, 0);
  const named = await run(['Vault']);
  t.deepEqual([named.end.exitCode, named.finished.map(({result}) => result)], [1, ['away']]);
});

test('verify reads the drives of a set that are here', async (t) => {
  const trial = await makeBackupTrial(t);
  await makeTree(trial.w, {'Photos/IMG_1.CR3': 4000, 'Photos/IMG_2.CR3': 5000});
  await addVault(trial);
  const program = () => programOf(trial);
  await listen((emit) => runOffsite(program(), ALL, {emit, signal, runTarget}));
  const verify = (...names: readonly string[]) =>
    listen((emit) =>
      verifyOffsite(
        program(),
        {names, part: undefined, heal: false, download: false},
        {emit, signal},
      ),
    );
  await pull(trial, trial.b);
  const good = await verify('vault');
  t.is(good.end.exitCode, 0, good.codes.join());
  t.like(
    good.events.find(({type}) => type === 'verify-finished'),
    {path: trial.o, files: 2, good: 2},
  );
  await writeFile(join(trial.o, 'Photos/IMG_1.CR3'), 'rotten');
  t.is((await verify()).end.exitCode, 1);
  await pull(trial, trial.o);
  const away = await verify('vault');
  t.deepEqual([away.end.exitCode, away.codes], [1, ['target-away']]);
  t.is((await verify()).end.exitCode, 0);
});

test('names are those of sets and clouds together', async (t) => {
  const trial = await makeBoth(t);
  const {o} = trial;
  const add = (name: string) =>
    listen((emit) =>
      addOffsite(programOf(trial), {name, typed: typedOffsite({from: trial.w, to: [o]})}, emit),
    );
  const taken = await add('Cloud');
  t.deepEqual([taken.end.exitCode, taken.codes], [2, ['job-exists']]);
  const rename = await listen((emit) =>
    editOffsite(programOf(trial), {name: 'vault', typed: typedOffsite({rename: 'cloud'})}, emit),
  );
  t.deepEqual([rename.end.exitCode, rename.codes], [2, ['job-exists']]);
  for (const [name, change] of [
    ['vault', {bwLimit: '2M'}],
    ['vault', {remote: 'b2:x'}],
    ['cloud', {swapAfter: '3w'}],
    ['cloud', {add: [o]}],
  ] as const) {
    const stray = await listen((emit) =>
      editOffsite(programOf(trial), {name, typed: typedOffsite(change)}, emit),
    );
    t.deepEqual([stray.end.exitCode, stray.codes], [2, ['usage']], JSON.stringify(change));
  }
});

test('a set is removed, and what lies on its drives stays', async (t) => {
  const trial = await makeBoth(t);
  const removed = await listen((emit) => removeOffsite(programOf(trial), 'vault', emit));
  t.deepEqual([removed.end.exitCode, removed.codes], [0, ['job-removed']]);
  const {jobs} = await readOwn(trial, 'backup-jobs.json');
  t.deepEqual(jobs, []);
  t.deepEqual(known(await tell(trial)), ['cloud']);
});
