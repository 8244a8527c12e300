/** What a mirror tells the catalog, so that `offload status` counts its copies. */
import {readFile, rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Catalog} from '../../../src/catalog/catalog.ts';
import type {MirrorChange, MirrorChanges} from '../../../src/catalog/mirrored.ts';
import {failed, ok} from '../../../src/core/cause.ts';
import {makeRecord, openTrial, unwrap} from '../../catalog/made-records.ts';
import {forgetfulCatalog} from '../../helpers/forgetful-catalog.ts';
import {DAY_MS, FIRST_RUN, IDS, makeBackup, runBackup} from '../../helpers/run-backup.ts';
import {hashOfBytes} from '../../helpers/run-offload.ts';
import {madeXmp} from '../../helpers/selection-scene.ts';

function listeningCatalog() {
  const told: MirrorChanges[] = [];
  const catalog: Catalog = {
    ...forgetfulCatalog,
    noteMirror: async (changes) => {
      told.push(changes);
      return ok(undefined);
    },
  };
  return {told, program: {openCatalog: async () => ok(catalog)}};
}

const nameOf = (change: MirrorChange) =>
  'put' in change ? `put ${change.put.path}` : `drop ${change.drop}`;

async function tell(t: ExecutionContext) {
  const scene = await makeBackup(t);
  const {told, program} = listeningCatalog();
  await runBackup(scene, {program});
  return {scene, first: told.splice(0), told, program};
}

test('every proved copy is told, with its path below the marker of the target', async (t) => {
  const {first} = await tell(t);
  const [one, ...others] = first;
  t.deepEqual(others, []);
  t.is(one?.changes.length, 12);
  const notes = one?.changes.find((change) => nameOf(change) === 'put Mirror/Shoot/notes.txt');
  t.like(notes, {
    put: {size: 5, hash: hashOfBytes(Buffer.from('notes')), mediumRead: 'direct'},
  });
});

test('what was moved, replaced and archived is told in its order; nothing to do tells nothing', async (t) => {
  const {scene, told, program} = await tell(t);
  await runBackup(scene, {program, atMs: FIRST_RUN + DAY_MS});
  t.deepEqual(told, []);
  await rename(join(scene.source, 'Old/a.jpg'), join(scene.source, 'Old/z.jpg'));
  await rm(join(scene.source, 'Old/b.jpg'));
  await writeFile(join(scene.source, 'Shoot/notes.txt'), 'other notes');
  await runBackup(scene, {program, atMs: FIRST_RUN + 2 * DAY_MS});
  const changes = told.flatMap((one) => one.changes.map(nameOf));
  t.deepEqual([...changes].sort(), [
    'drop Mirror/Old/a.jpg',
    'drop Mirror/Old/b.jpg',
    'put Mirror/Old/z.jpg',
    'put Mirror/Shoot/notes.txt',
  ]);
  t.true(changes.indexOf('put Mirror/Old/z.jpg') < changes.indexOf('drop Mirror/Old/a.jpg'));
});

test('a catalog that cannot be had is told once and stops nothing', async (t) => {
  const scene = await makeBackup(t);
  const cause = {code: 'catalog-locked', message: 'it is locked', next: 'Wait.'};
  const {end, warnings} = await runBackup(scene, {
    program: {openCatalog: async () => failed(cause)},
  });
  t.is(end.result, 'good');
  t.deepEqual(
    warnings.filter((code) => code === 'catalog-locked'),
    ['catalog-locked'],
  );
});

/** Twelve pictures of four stars, of which the catalog knows `IMG_10.CR3` on the working drive. */
async function makeRated(t: ExecutionContext) {
  const tree: Record<string, number | string> = {};
  for (let at = 10; at < 22; at++) {
    tree[`IMG_${at}.CR3`] = 3000 + at;
    tree[`IMG_${at}.xmp`] = madeXmp({rating: 4});
  }
  const scene = await makeBackup(t, tree);
  const catalog = await openTrial(t);
  const path = 'IMG_10.CR3';
  const bytes = await readFile(join(scene.source, path));
  const record = makeRecord({
    files: [{path, size: bytes.length, blake3: hashOfBytes(bytes), on: ['working']}],
  });
  unwrap(await catalog.recordManifest(record));
  const count = async () =>
    unwrap(await catalog.countCopies(record.shoot, {destinations: [], volumes: []}));
  return {
    scene,
    catalog,
    path,
    bytes,
    count,
    selection: {rule: 'rating >= 3', catalog: null},
    program: {openCatalog: async () => ok(catalog)},
  };
}

test('a picture that a rule chooses no more lies on the working drive alone: it is not let go, and lacks copies', async (t) => {
  const {scene, catalog, path, bytes, count, selection, program} = await makeRated(t);
  const setting = {selection, program};
  await runBackup(scene, setting);
  t.is((await count()).groups[0]?.destinations.length, 2);
  await writeFile(join(scene.source, 'IMG_10.xmp'), madeXmp({rating: 1}));
  const {end} = await runBackup(scene, {...setting, atMs: FIRST_RUN + DAY_MS});
  t.is(end.archived, 2);
  const {groups, letGo} = await count();
  t.deepEqual([groups.map(({destinations}) => destinations), letGo], [[['working']], 0]);
  const copy = {path: `Mirror/${path}`, hash: hashOfBytes(bytes)};
  const [gone] = unwrap(await catalog.recallGone({volume: IDS.b, copies: [copy]}));
  t.not(gone, null, 'verify knows that it is in the archive');
  // Deleted on the working drive later: the backup has no word of it any more.
  await writeFile(join(scene.source, 'IMG_10.xmp'), madeXmp({rating: 5}));
  await runBackup(scene, {...setting, atMs: FIRST_RUN + 2 * DAY_MS});
  t.is((await count()).groups[0]?.destinations.length, 2, 'it was chosen again');
  await rm(join(scene.source, path));
  await rm(join(scene.source, 'IMG_10.xmp'));
  await runBackup(scene, {...setting, atMs: FIRST_RUN + 3 * DAY_MS});
  t.deepEqual([(await count()).groups, (await count()).letGo], [[], 1], 'and deleted');
});

test('the same after a run that died before it had told it', async (t) => {
  const {scene, count, selection, program} = await makeRated(t);
  await runBackup(scene, {selection, program});
  await writeFile(join(scene.source, 'IMG_10.xmp'), madeXmp({rating: 1}));
  const silent = {openCatalog: async () => ok(forgetfulCatalog)};
  await runBackup(scene, {selection, program: silent, atMs: FIRST_RUN + DAY_MS});
  await runBackup(scene, {selection, program, atMs: FIRST_RUN + 2 * DAY_MS});
  const {groups, letGo} = await count();
  t.deepEqual([groups.map(({destinations}) => destinations), letGo], [[['working']], 0]);
});
