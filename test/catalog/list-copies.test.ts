import test from 'ava';
import type {CopyChoice} from '../../src/catalog/list-copies.ts';
import {makeRecord, openTrial, unwrap} from './made-records.ts';

test('copies are listed with their drives; a target that leads out of a shoot is not', async (t) => {
  const catalog = await openTrial(t);
  const record = makeRecord({
    shoot: 'Marta',
    files: [
      {path: 'DCIM/a.CR3'},
      {path: 'DCIM/b.CR3', target: '../../b.CR3'},
      {path: 'DCIM/c.CR3', blake3: null},
      {path: 'DCIM/d.CR3', on: []},
      {path: 'DCIM/e.CR3', on: ['backup'], target: 'other/e-2.CR3'},
    ],
  });
  unwrap(await catalog.recordManifest(record));
  const list = async (wants: (path: string) => boolean) =>
    unwrap(
      await catalog.listCopies({timeZone: 'Europe/Vienna', wants: ({path}) => wants(path)}),
    ).map(({file, drive, place}) => [file.shoot, file.target, drive.volume, place]);
  const [w, b] = record.destinations;
  const all = await list(() => true);
  t.deepEqual(all, [
    ['Marta', `${record.folder}/DCIM/a.CR3`, w?.id, `${w?.shoot}/${record.folder}/DCIM/a.CR3`],
    ['Marta', `${record.folder}/DCIM/a.CR3`, b?.id, `${b?.shoot}/${record.folder}/DCIM/a.CR3`],
    ['Marta', 'other/e-2.CR3', b?.id, `${b?.shoot}/other/e-2.CR3`],
  ]);
  t.is((await list((path) => path.endsWith('e.CR3'))).length, 1);
});

test('an index finds what a look at every file finds', async (t) => {
  const catalog = await openTrial(t);
  const shoot = (number: number) =>
    makeRecord({
      offload: `2026112${number}T174207Z-x3k9ab`,
      endedAt: `2026-11-2${number}T18:00:00.000Z`,
      startedAt: `2026-11-2${number}T17:00:00.000Z`,
      shoot: `Shoot ${number}`,
      files: Array.from({length: 40}, (_, index) => ({
        path: `DCIM/${index}.CR3`,
        size: 100 + (index % 7),
        blake3: index === 9 ? null : (index * number).toString(16).padStart(64, '0'),
      })),
    });
  for (const number of [2, 1, 3]) unwrap(await catalog.recordManifest(shoot(number)));
  const list = async (choice: Pick<CopyChoice, 'wants' | 'among'>) =>
    unwrap(await catalog.listCopies({timeZone: 'UTC', ...choice}));
  const sizes = new Set([101, 104, 999]);
  const bySize = await list({wants: ({size}) => sizes.has(size), among: {sizes}});
  t.deepEqual(bySize, await list({wants: ({size}) => sizes.has(size)}));
  t.true(bySize.length > 60);
  const hashes = new Set([6, 12, 9999].map((one) => one.toString(16).padStart(64, '0')));
  const byHash = await list({wants: ({hash}) => hashes.has(hash), among: {hashes}});
  t.deepEqual(byHash, await list({wants: ({hash}) => hashes.has(hash)}));
  t.true(byHash.length > 6);
  t.deepEqual(await list({wants: () => true, among: {sizes: new Set()}}), []);
});
