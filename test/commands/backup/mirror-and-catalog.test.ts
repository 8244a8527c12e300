/** What a mirror tells the catalog, so that `offload status` counts its copies. */
import {rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Catalog} from '../../../src/catalog/catalog.ts';
import type {MirrorChange, MirrorChanges} from '../../../src/catalog/mirrored.ts';
import {failed, ok} from '../../../src/core/cause.ts';
import {forgetfulCatalog} from '../../helpers/forgetful-catalog.ts';
import {DAY_MS, FIRST_RUN, makeBackup, runBackup} from '../../helpers/run-backup.ts';
import {hashOfBytes} from '../../helpers/run-offload.ts';

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
