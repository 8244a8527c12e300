/** What a cloud job tells the catalog, so that `offload status` counts its copies. */
import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {openCatalog} from '../../../src/catalog/open-catalog.ts';
import {ok} from '../../../src/core/cause.ts';
import {relateVolumes} from '../../../src/core/volumes/drive-relations.ts';
import {listKnown} from '../../../src/core/volumes/known-volumes.ts';
import {makeRecord, unwrap} from '../../catalog/made-records.ts';
import {rot} from '../../helpers/fake-rclone.ts';
import {hashOfBytes} from '../../helpers/run-offload.ts';
import {idOf} from '../backup/backup-trial.ts';
import {add, type CloudTrial, makeCloudTrial, run, verify, write} from './cloud-trial.ts';

async function open(trial: CloudTrial, name = 'catalog.sqlite') {
  const catalog = unwrap(await openCatalog({path: join(trial.folder, name)}));
  const record = makeRecord({
    shoot: 'Shoot',
    files: [{path: 'notes.txt', size: 5, blake3: hashOfBytes(Buffer.from('notes'))}],
  });
  unwrap(await catalog.recordManifest(record));
  const count = async () => {
    const {groups, letGo} = unwrap(
      await catalog.countCopies('Shoot', {destinations: [], volumes: []}),
    );
    const {seen} = unwrap(await catalog.recallVolumes());
    const id = seen.find(({role}) => role === 'off-site')?.id;
    const inCloud = groups.filter(({destinations}) => destinations.includes(id ?? ''));
    return {inCloud: inCloud.reduce((sum, {files}) => sum + files, 0), letGo};
  };
  return {catalog, count, program: {openCatalog: async () => ok(catalog)}};
}

test('a proved copy counts, a damaged one does not, and a healed one does again', async (t) => {
  const trial = await makeCloudTrial(t);
  const {catalog, count, program} = await open(trial);
  await add(trial, {place: 'Frankfurt'});
  t.like((await run(trial, {program})).finished, {result: 'good'});
  t.deepEqual(await count(), {inCloud: 1, letGo: 0});
  const memory = unwrap(await catalog.recallVolumes());
  const cloud = memory.seen.find(({role}) => role === 'off-site');
  t.like(cloud, {role: 'off-site', place: 'Frankfurt', name: 'cloud'});
  const known = listKnown(memory, [], '2026-11-23T12:00:00.000Z');
  t.true(known.find(({id}) => id === cloud?.id)?.hasKnownDrive);
  const relate = relateVolumes(memory.pairs);
  t.is(relate(cloud?.id ?? '', idOf(trial.w)), 'different');

  await rot(trial.rclone, 'bucket/notes.txt');
  await verify(trial, {program});
  t.deepEqual(await count(), {inCloud: 0, letGo: 0});
  await run(trial, {program});
  t.deepEqual(await count(), {inCloud: 1, letGo: 0});
  await catalog.close();
});

test('a new catalog is told all by the next run, which has nothing to do', async (t) => {
  const trial = await makeCloudTrial(t);
  const old = await open(trial);
  await add(trial);
  await run(trial, {program: old.program});
  await old.catalog.close();
  const fresh = await open(trial, 'fresh.sqlite');
  t.like((await run(trial, {program: fresh.program})).finished, {unchanged: 4});
  t.deepEqual(await fresh.count(), {inCloud: 1, letGo: 0});
  await fresh.catalog.close();
});

test('what this computer lost its knowledge of and is not there any more is forgotten', async (t) => {
  const trial = await makeCloudTrial(t);
  const {catalog, count, program} = await open(trial);
  await add(trial);
  await run(trial, {program});
  await rm(join(trial.home, 'offsite'), {recursive: true});
  await rm(join(trial.rclone.root, 'bucket'), {recursive: true});
  trial.rclone.faults.refuse = (command) =>
    command === 'copy' ? 'dial tcp: connection refused' : undefined;
  await run(trial, {program});
  t.deepEqual(await count(), {inCloud: 0, letGo: 0});
  await catalog.close();
});

test('what was deleted here is let go and counts no more, until it is there again', async (t) => {
  const trial = await makeCloudTrial(t);
  const {catalog, count, program} = await open(trial);
  await add(trial);
  await run(trial, {program});
  await rm(join(trial.source, 'notes.txt'));
  t.like((await run(trial, {program})).finished, {kept: 1, proved: 3, files: 3});
  t.deepEqual(await count(), {inCloud: 0, letGo: 1});
  await write(trial, 'notes.txt', 'notes');
  await run(trial, {program});
  t.deepEqual(await count(), {inCloud: 1, letGo: 0});
  await catalog.close();
});
