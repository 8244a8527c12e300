import test from 'ava';
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
