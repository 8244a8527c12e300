import {mkdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {addSet, editSet, type TypedSet} from '../../../src/commands/offsite/change-sets.ts';
import {changeMarker, MARKER_NAME} from '../../../src/system/volume-marker.ts';
import {below, failsCalls} from '../../helpers/faulty-files.ts';
import {readTree, testFiles} from '../../helpers/run-offload.ts';
import {
  type BackupTrial,
  idOf,
  listen,
  makeBackupTrial,
  programOf,
  pull,
  readOwn,
} from '../backup/backup-trial.ts';
import {addVault, typedSet} from './offsite-trial.ts';

const readMarker = async (folder: string) =>
  JSON.parse(await readFile(join(folder, MARKER_NAME), 'utf8'));

async function readJob(trial: BackupTrial) {
  const {jobs} = await readOwn(trial, 'backup-jobs.json');
  return Array.isArray(jobs) ? jobs[0] : undefined;
}

const edit = (trial: BackupTrial, typed: TypedSet) =>
  listen((emit) => editSet(programOf(trial), {name: 'vault', typed}, emit));

test('a set is a job whose drives are off-site and have a place', async (t) => {
  const trial = await makeBackupTrial(t);
  const told = await addVault(trial);
  t.is(told.end.exitCode, 0);
  t.like(await readJob(trial), {
    name: 'vault',
    source: {volume: idOf(trial.w), folder: ''},
    trigger: {arrival: true, everyHours: null, quiet: null},
    alarmDays: 45,
    offsite: {swapAfterDays: 30, place: 'bank'},
  });
  t.like(
    told.events.find(({type}) => type === 'job-known'),
    {job: 'vault', offsite: {place: 'bank', swap: null}},
  );
  for (const drive of [trial.b, trial.o])
    t.like(await readMarker(drive), {id: idOf(drive), role: 'off-site', place: 'bank'});
  t.like(await readMarker(trial.w), {role: null});
});

test('without --from the source is the one connected working drive', async (t) => {
  const trial = await makeBackupTrial(t);
  const none = await addVault(trial, {job: {from: undefined}});
  t.deepEqual([none.end.exitCode, none.codes], [2, ['source-missing']]);
  await changeMarker(testFiles, trial.w, {role: 'working'});
  t.is((await addVault(trial, {job: {from: undefined}})).end.exitCode, 0);
  t.like(await readJob(trial), {source: {volume: idOf(trial.w), folder: ''}});
});

test('two working drives are one too many', async (t) => {
  const trial = await makeBackupTrial(t);
  for (const drive of [trial.w, trial.o]) await changeMarker(testFiles, drive, {role: 'working'});
  const told = await addVault(trial, {job: {from: undefined, to: [trial.b]}});
  t.deepEqual([told.end.exitCode, told.codes], [2, ['source-ambiguous']]);
});

test('the working drive and backups are refused, and nothing is written', async (t) => {
  const trial = await makeBackupTrial(t);
  for (const role of ['working', 'backup'] as const) {
    await changeMarker(testFiles, trial.o, {role});
    const before = [await readTree(trial.b), await readTree(trial.o)];
    const told = await addVault(trial);
    t.deepEqual([told.end.exitCode, told.codes], [2, ['target-has-role']]);
    t.deepEqual([await readTree(trial.b), await readTree(trial.o)], before);
  }
});

test('what makes no sense is refused before a drive is written', async (t) => {
  const trial = await makeBackupTrial(t);
  const before = [await readTree(trial.b), await readTree(trial.o)];
  const swap = await addVault(trial, {swapAfter: 'monthly'});
  t.deepEqual([swap.end.exitCode, swap.codes], [2, ['usage']]);
  const every = await addVault(trial, {job: {every: 'often'}});
  t.deepEqual([every.end.exitCode, every.codes], [2, ['usage']]);
  const nowhere = await addVault(trial, {job: {to: [join(trial.b, 'nothing')]}});
  t.deepEqual([nowhere.end.exitCode, nowhere.codes], [2, ['target-missing']]);
  const self = await addVault(trial, {job: {to: [trial.w]}});
  t.is(self.end.exitCode, 2);
  t.deepEqual([await readTree(trial.b), await readTree(trial.o)], before);
  await addVault(trial);
  const twice = await addVault(trial);
  t.deepEqual([twice.end.exitCode, twice.codes], [2, ['job-exists']]);
});

test('a drive without a marker gets one', async (t) => {
  const trial = await makeBackupTrial(t);
  const bare = join(trial.folder, 'BARE');
  await mkdir(bare);
  trial.plugged.set(bare, {});
  t.is((await addVault(trial, {job: {to: [trial.b, bare]}})).end.exitCode, 0);
  t.like(await readMarker(bare), {role: 'off-site', place: 'bank'});
});

test('a set without a place says how to give one', async (t) => {
  const trial = await makeBackupTrial(t);
  const told = await addVault(trial, {place: undefined});
  t.is(told.end.exitCode, 0);
  t.true(told.codes.includes('offsite-no-place'));
});

test('edit changes what is typed; an alarm that nobody typed follows the swap', async (t) => {
  const trial = await makeBackupTrial(t);
  await addVault(trial);
  t.is((await edit(trial, typedSet({swapAfter: '8w'}))).end.exitCode, 0);
  t.like(await readJob(trial), {
    offsite: {swapAfterDays: 56, place: 'bank'},
    alarmDays: 71,
    trigger: {arrival: true},
  });
  await edit(trial, typedSet({job: {alarmAfter: '100'}}));
  await edit(trial, typedSet({swapAfter: '30d'}));
  t.like(await readJob(trial), {offsite: {swapAfterDays: 30}, alarmDays: 100});
});

test('another place goes to the drives that are here, and the others are told', async (t) => {
  const trial = await makeBackupTrial(t);
  await addVault(trial);
  await pull(trial, trial.o);
  const told = await edit(trial, typedSet({place: 'parents'}));
  t.is(told.end.exitCode, 0);
  t.true(told.codes.includes('offsite-place-later'));
  t.like(await readJob(trial), {offsite: {place: 'parents'}});
  t.like(await readMarker(trial.b), {place: 'parents'});
  t.like(await readMarker(`${trial.o}-away`), {place: 'bank'});
  await edit(trial, typedSet({place: ''}));
  t.like(await readJob(trial), {offsite: {place: null}});
  t.like(await readMarker(trial.b), {place: null});
});

test('drives join and leave one by one, those that are away stay', async (t) => {
  const trial = await makeBackupTrial(t);
  await addVault(trial, {job: {to: [trial.b]}});
  await pull(trial, trial.b);
  const joined = await edit(trial, typedSet({add: [trial.o]}));
  t.is(joined.end.exitCode, 0);
  const targets = async () => {
    const job = await readJob(trial);
    return job.targets.map(({volume}: {volume: string}) => volume);
  };
  t.deepEqual(await targets(), [idOf(trial.b), idOf(trial.o)]);
  t.like(await readMarker(trial.o), {role: 'off-site', place: 'bank'});
  t.is((await edit(trial, typedSet({add: [trial.o]}))).end.exitCode, 0, 'it is in it already');
  t.is((await targets()).length, 2);
  const unknown = await edit(trial, typedSet({drop: ['X']}));
  t.deepEqual([unknown.end.exitCode, unknown.codes], [2, ['volume-unknown']]);
  t.is((await edit(trial, typedSet({drop: ['B']}))).end.exitCode, 0);
  t.deepEqual(await targets(), [idOf(trial.o)]);
  const last = await edit(trial, typedSet({drop: ['O']}));
  t.deepEqual([last.end.exitCode, last.codes], [2, ['usage']]);
});

test('a drive that cannot be written: the set is made and it is told; one that has no marker is refused first', async (t) => {
  const trial = await makeBackupTrial(t);
  const bare = join(trial.folder, 'BARE');
  await mkdir(bare);
  trial.plugged.set(bare, {});
  const add = (to: readonly string[], place: string) =>
    listen((emit) =>
      addSet(
        programOf(trial, {}, failsCalls(testFiles, ['createFile'], below(place), 'EROFS')),
        {name: 'vault', typed: typedSet({place: 'bank', job: {from: trial.w, to}})},
        emit,
      ),
    );
  const refused = await add([trial.b, bare], bare);
  t.deepEqual([refused.end.exitCode, refused.codes], [2, ['EROFS']]);
  t.is(await readJob(trial).catch(() => undefined), undefined);
  const told = await add([trial.b, trial.o], trial.o);
  t.is(told.end.exitCode, 1);
  t.true(told.codes.includes('EROFS'));
  t.false(
    told.events.some(({type}) => type === 'refused'),
    'the set is there',
  );
  t.is((await readJob(trial)).targets.length, 2);
  t.like(await readMarker(trial.b), {role: 'off-site', place: 'bank'});
  t.like(await readMarker(trial.o), {role: null});
});

test('the file of the jobs cannot be written: refused, and the drives keep their roles', async (t) => {
  const trial = await makeBackupTrial(t);
  const files = failsCalls(testFiles, ['createFile'], below(trial.home), 'ENOSPC');
  const told = await listen((emit) =>
    addSet(
      programOf(trial, {}, files),
      {name: 'vault', typed: typedSet({place: 'bank', job: {from: trial.w, to: [trial.b]}})},
      emit,
    ),
  );
  t.deepEqual([told.end.exitCode, told.codes], [2, ['ENOSPC']]);
  t.like(await readMarker(trial.b), {role: null});
});

test('a backup is no set', async (t) => {
  const trial = await makeBackupTrial(t);
  const told = await edit(trial, typedSet({swapAfter: '3w'}));
  t.deepEqual([told.end.exitCode, told.codes], [2, ['job-unknown']]);
});
