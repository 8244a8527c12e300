/** What a verify tells the catalog, and what `offload status` makes of it. */
import {cp, rm} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Catalog} from '../../../src/catalog/catalog.ts';
import {status} from '../../../src/commands/status/status.ts';
import {failed} from '../../../src/core/cause.ts';
import type {ShootStatus} from '../../../src/core/events.ts';
import {openTrial, unwrap} from '../../catalog/made-records.ts';
import {
  makeTrial,
  offloadTrial,
  readManifests,
  readTree,
  type Trial,
  testFiles,
  tickingClock,
} from '../../helpers/run-offload.ts';
import {flipBit, runVerify, verifyProgram} from './verify-run.ts';

const FILM = 'Shoot/EOS/DCIM/101CANON/MVI_0003.MP4';
const PICTURE = 'Shoot/EOS/DCIM/100CANON/IMG_0001.JPG';
const clock = tickingClock(Date.UTC(2026, 11, 24, 20));

async function makeStage(t: ExecutionContext): Promise<{trial: Trial; catalog: Catalog}> {
  const trial = await makeTrial(t);
  await offloadTrial(trial);
  return {trial, catalog: await openTrial(t)};
}

async function askStatus(
  trial: Trial,
  catalog: Catalog,
  connected?: readonly string[],
): Promise<ShootStatus> {
  const setting = {catalog, ...(connected === undefined ? {} : {connected})};
  const found: ShootStatus[] = [];
  await status(verifyProgram(trial, setting, testFiles), {
    emit: (event) => {
      if (event.type === 'shoot-status') found.push(event);
    },
    signal: new AbortController().signal,
  });
  const [first] = found;
  if (first === undefined) throw new Error('no shoot');
  return first;
}

const filesOn = ({volumes}: ShootStatus, name: string) =>
  volumes.find((volume) => volume.name === name)?.files;

test('a good reading is the last proof, of that drive and no other', async (t) => {
  const {trial, catalog} = await makeStage(t);
  const before = await askStatus(trial, catalog);
  t.regex(before.lastProof ?? '', /^2026-11-22/);
  t.is((await runVerify(trial, {catalog, program: {clock}})).end.exitCode, 0);
  const after = await askStatus(trial, catalog);
  t.regex(after.lastProof ?? '', /^2026-12-24/);
  t.regex(after.oldestProof ?? '', /^2026-11-22/);
  t.regex(after.volumes.find(({name}) => name === 'W')?.lastProof ?? '', /^2026-12-24/);
  const {destinations} = unwrap(await catalog.recallVolumes());
  const proofs = destinations.map(({name, lastProof}) => [name, lastProof?.slice(0, 10)]);
  t.deepEqual(proofs.sort(), [
    ['B', '2026-11-22'],
    ['W', '2026-12-24'],
  ]);
  t.is((await runVerify(trial, {catalog, paths: [trial.b], program: {clock}})).end.exitCode, 0);
  t.regex((await askStatus(trial, catalog)).oldestProof ?? '', /^2026-12-24/);
});

test('what rotted, went or was edited is no proved copy until it is healed or good again', async (t) => {
  const {trial, catalog} = await makeStage(t);
  await flipBit(join(trial.w, PICTURE));
  await rm(join(trial.w, FILM));
  t.like(await askStatus(trial, catalog), {copies: 2});
  t.is((await runVerify(trial, {catalog})).end.exitCode, 1);
  const found = await askStatus(trial, catalog);
  t.deepEqual([found.copies, filesOn(found, 'W'), filesOn(found, 'B')], [1, 2, 4]);
  // Known while the drive is away too, and from the file on the disk.
  t.is(filesOn(await askStatus(trial, catalog, [trial.b]), 'W'), 2);
  t.is((await runVerify(trial, {catalog, heal: true, program: {clock}})).end.exitCode, 0);
  const healed = await askStatus(trial, catalog);
  t.deepEqual([healed.copies, filesOn(healed, 'W')], [2, 4]);
});

test('a copy that several offloads list is bad in all of them', async (t) => {
  const {trial, catalog} = await makeStage(t);
  t.is((await offloadTrial(trial)).end.exitCode, 0);
  await flipBit(join(trial.w, PICTURE));
  await runVerify(trial, {catalog});
  t.is(filesOn(await askStatus(trial, catalog), 'W'), 3);
});

test('a slice tells what it read and nothing of the rest', async (t) => {
  const {trial, catalog} = await makeStage(t);
  for (const part of [1, 2]) {
    await runVerify(trial, {
      catalog,
      part: {kind: 'exact', slice: {part, of: 2}},
      program: {clock},
    });
    const {oldestProof, volumes} = await askStatus(trial, catalog);
    t.regex(oldestProof ?? '', /^2026-11-22/);
    t.regex(volumes.find(({name}) => name === 'W')?.lastProof ?? '', /^2026-12-24/);
  }
});

test('a record of another drive that was copied here proves nothing of that drive', async (t) => {
  const {trial, catalog} = await makeStage(t);
  await rm(join(trial.b, 'Shoot'), {recursive: true});
  await cp(join(trial.w, 'Shoot'), join(trial.b, 'Shoot'), {
    recursive: true,
    preserveTimestamps: true,
  });
  const report = await runVerify(trial, {catalog, paths: [trial.b], program: {clock}});
  t.is(report.end.exitCode, 0);
  for (const {lastProof} of (await askStatus(trial, catalog)).volumes)
    t.regex(lastProof, /^2026-11-22/);
});

test('a reading that a cache may have answered is no proof, and what is bad stays bad', async (t) => {
  const {trial, catalog} = await makeStage(t);
  await askStatus(trial, catalog);
  const [manifest] = await readManifests(join(trial.w, 'Shoot'));
  if (manifest === undefined) return t.fail();
  const note = async (mediumRead: 'cached' | 'direct' | null, at: string) =>
    unwrap(
      await catalog.noteReadings({
        offload: manifest.offload,
        destination: manifest.writtenTo,
        at,
        copies: manifest.files.flatMap(({path, blake3}, number) =>
          blake3 === null ? [] : [{number, path, hash: blake3, mediumRead}],
        ),
      }),
    );
  const ofW = async () => {
    const {volumes} = await askStatus(trial, catalog);
    return volumes.find(({name}) => name === 'W')?.lastProof.slice(0, 10);
  };
  await note('cached', '2026-12-01T00:00:00.000Z');
  t.is(await ofW(), '2026-11-22');
  await note(null, '2026-12-02T00:00:00.000Z');
  t.is(await ofW(), undefined);
  await note('cached', '2026-12-03T00:00:00.000Z');
  await note('direct', '2026-12-01T00:00:00.000Z');
  t.is(await ofW(), undefined);
  await note('direct', '2026-12-04T00:00:00.000Z');
  t.is(await ofW(), '2026-12-04');
  // What the catalog has no such record of is passed over.
  const strange = {number: 0, path: 'x', hash: 'a'.repeat(64), mediumRead: null};
  const {offload, writtenTo: destination} = manifest;
  const at = '2026-12-05T00:00:00.000Z';
  unwrap(await catalog.noteReadings({offload, destination, at, copies: [strange]}));
  unwrap(await catalog.noteReadings({offload: 'x', destination, at, copies: [strange]}));
  t.is(await ofW(), '2026-12-04');
});

test('what a mirror put there counts no more when its bytes are lost, and again when they are back', async (t) => {
  const {trial, catalog} = await makeStage(t);
  await askStatus(trial, catalog);
  const [manifest] = await readManifests(join(trial.w, 'Shoot'));
  const [volume] = unwrap(await catalog.recallVolumes()).seen.filter(({name}) => name === 'B');
  if (manifest === undefined || volume === undefined) return t.fail();
  // The mirror has found the copies of the offload there and takes them for its own.
  const changes = manifest.files.flatMap(({path, size, blake3}) => {
    const copy = {path: `Shoot/EOS/${path}`, size, provedAt: '2026-11-22T21:00:00.000Z'};
    return blake3 === null ? [] : [{put: {...copy, hash: blake3, mediumRead: 'direct' as const}}];
  });
  const at = '2026-11-22T21:00:00.000Z';
  unwrap(await catalog.noteMirror({volume: volume.id, at, changes}));
  await flipBit(join(trial.b, PICTURE));
  t.is(filesOn(await askStatus(trial, catalog), 'B'), 4);
  const late = tickingClock(Date.UTC(2026, 10, 23));
  const options = {catalog, paths: [trial.b], program: {clock: late}};
  t.is((await runVerify(trial, options)).end.exitCode, 1);
  const found = await askStatus(trial, catalog);
  t.deepEqual([found.copies, found.files, filesOn(found, 'B')], [1, 4, 3]);
  t.is((await runVerify(trial, {...options, heal: true})).end.exitCode, 0);
  t.is(filesOn(await askStatus(trial, catalog), 'B'), 4);
});

test('a catalog that cannot be had is told once and stops nothing', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial, {options: {shoot: 'One'}});
  await offloadTrial(trial, {options: {shoot: 'Two'}});
  const before = await readTree(trial.folder);
  const cause = {code: 'catalog-locked', message: 'm', next: 'n'};
  const report = await runVerify(trial, {program: {openCatalog: async () => failed(cause)}});
  t.deepEqual([report.end.exitCode, report.codes], [0, ['catalog-locked']]);
  t.deepEqual(await readTree(trial.folder), before);
});
