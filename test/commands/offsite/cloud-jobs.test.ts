import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {
  addCloud,
  describeClouds,
  editCloud,
  listCloudNeeds,
  lookAtRclone,
  openShelf,
  removeCloud,
} from '../../../src/commands/offsite/cloud/index.ts';
import {idOf, listen} from '../backup/backup-trial.ts';
import {
  add,
  type CloudTrial,
  makeCloudTrial,
  programFor,
  readFar,
  run,
  textOf,
  typedCloud,
} from './cloud-trial.ts';

const readJobs = async ({home}: CloudTrial) =>
  JSON.parse(await readFile(join(home, 'cloud-jobs.json'), 'utf8'));

test('a job is made, told, and kept by volume and folder', async (t) => {
  const trial = await makeCloudTrial(t);
  const told = await add(trial, {
    every: '6h',
    quietHours: '22:00-07:00',
    bwLimit: '2M',
    place: 'Frankfurt',
    leaveOut: ['*.tmp'],
  });
  t.is(told.end.exitCode, 0);
  t.like(told.events.at(-1), {
    type: 'offsite-known',
    job: 'cloud',
    kind: 'cloud',
    place: 'Frankfurt',
  });
  const {jobs} = await readJobs(trial);
  t.like(jobs[0], {
    source: {volume: idOf(trial.w), folder: 'Photos'},
    remote: 'far:bucket',
    bwLimit: '2M',
    leaveOut: ['*.tmp'],
  });
});

test('what is refused is refused before anything is written', async (t) => {
  const trial = await makeCloudTrial(t);
  const cases = [
    [{remote: undefined}, 'usage'],
    [{remote: '/mnt/x'}, 'remote-path'],
    [{remote: ':sftp,host=h,pass=geheim:x'}, 'remote-secret'],
    [{bwLimit: 'fast'}, 'usage'],
    [{from: join(trial.folder, 'nowhere')}, 'source-missing'],
    [{leaveOut: ['*']}, 'bad-filter'],
  ] as const;
  for (const [change, code] of cases) {
    const told = await add(trial, change);
    t.deepEqual([told.end.exitCode, told.codes], [2, [code]]);
    t.false(JSON.stringify(told.events).includes('geheim'));
  }
  await t.throwsAsync(readJobs(trial));
});

test('rclone is looked at first: missing, too old, and what it says of the remote', async (t) => {
  const trial = await makeCloudTrial(t, {remote: {type: 'b2', isBucket: true}});
  t.deepEqual((await add(trial)).codes, ['rclone-old']);
  trial.rclone.version = 'rclone v1.73.1\n';
  t.is((await add(trial)).end.exitCode, 0);
  t.deepEqual(await listCloudNeeds(programFor(trial)), [
    {job: 'cloud', remote: 'far:bucket', type: 'b2'},
  ]);
  const none = await makeCloudTrial(t);
  const rclone = async () => ({kind: 'not-started', errno: 'ENOENT'}) as const;
  const told = await listen((emit) =>
    addCloud(
      programFor(none, {rclone}),
      {name: 'cloud', typed: typedCloud({from: none.source})},
      emit,
    ),
  );
  t.deepEqual([told.end.exitCode, told.codes], [2, ['rclone-missing']]);
  const version = await lookAtRclone(programFor(none));
  t.is(version.ok ? version.value.version : '', '1.60.1-DEV');
});

test('names and places are unique, over backups and clouds', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial);
  t.deepEqual((await add(trial, {remote: 'far:other'}, 'CLOUD')).codes, ['job-exists']);
  t.deepEqual((await add(trial, {remote: 'far:bucket/below'}, 'two')).codes, ['remotes-overlap']);
  t.is((await add(trial, {remote: 'far:other'}, 'two')).end.exitCode, 0);
});

test('without --from it is the one working drive', async (t) => {
  const trial = await makeCloudTrial(t);
  t.deepEqual((await add(trial, {from: undefined})).codes, ['source-missing']);
});

test('an edit changes what was typed; another remote is looked at anew', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial, {bwLimit: '2M', every: '6h'});
  await run(trial);
  const edit = (change: Parameters<typeof typedCloud>[0]) =>
    listen((emit) =>
      editCloud(
        programFor(trial),
        {name: 'cloud', typed: typedCloud({remote: undefined, ...change})},
        emit,
      ),
    );
  t.is((await edit({bwLimit: false, download: true})).end.exitCode, 0);
  const {jobs: before} = await readJobs(trial);
  t.like(before[0], {bwLimit: null, download: true, remote: 'far:bucket'});
  t.is((await edit({remote: 'far:elsewhere'})).end.exitCode, 0);
  const {jobs: after} = await readJobs(trial);
  t.not(after[0].id, before[0].id);
  t.like((await run(trial)).finished, {uploaded: 4, unchanged: 0});
  t.deepEqual((await edit({bwLimit: 'x'})).codes, ['usage']);
});

test('a removed job leaves what lies there', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial);
  await run(trial);
  const far = await readFar(trial);
  const told = await listen((emit) => removeCloud(programFor(trial), 'cloud', emit));
  t.deepEqual([told.end.exitCode, told.codes], [0, ['cloud-removed']]);
  t.deepEqual(await readFar(trial), far);
  const known = await describeClouds(programFor(trial));
  t.deepEqual(known.ok ? known.value : null, []);
});

test('a damaged file of jobs runs nothing and is not written over', async (t) => {
  const trial = await makeCloudTrial(t);
  await mkdir(trial.home, {recursive: true});
  await writeFile(join(trial.home, 'cloud-jobs.json'), '{"schema":');
  t.deepEqual((await add(trial)).codes, ['cloud-jobs-damaged']);
  t.is(await readFile(join(trial.home, 'cloud-jobs.json'), 'utf8'), '{"schema":');
});

test('a proved copy is found by its hash and fetched to a temporary name', async (t) => {
  const trial = await makeCloudTrial(t);
  await add(trial);
  await run(trial);
  const program = programFor(trial);
  const shelf = await openShelf(program);
  const hasher = program.hashEngine.create();
  hasher.update(Buffer.from('notes'));
  const [copy] = await shelf.find(hasher.digest());
  if (copy === undefined) throw new Error('no copy');
  t.is(copy.path, 'notes.txt');
  const to = join(trial.folder, 'back.part');
  const {signal} = new AbortController();
  t.deepEqual(await shelf.fetch(copy, to, signal), {ok: true, value: 'far:bucket/notes.txt'});
  t.is(await readFile(to, 'latin1'), await textOf(trial, 'notes.txt'));
  t.deepEqual(await shelf.find('0'.repeat(64)), []);
});
