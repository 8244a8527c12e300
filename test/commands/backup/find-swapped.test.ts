/** Another drive stands in the place of a target when its turn comes. */
import {cp, mkdir, rename} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {changeMarker} from '../../../src/system/volume-marker.ts';
import {makeBackup, runBackup} from '../../helpers/run-backup.ts';
import {diskVolume, readTree, testFiles} from '../../helpers/run-offload.ts';

test('a drive with the same marker and another file system, or another size, is refused before anything is written', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  await changeMarker(testFiles, scene.b, {fsUuid: '11aa-22bb', sizeBytes: 64_000_000_000});
  const before = await readTree(scene.b);
  for (const change of [{uuid: '33CC-44DD'}, {size: 32_000_000_000}]) {
    const describeVolume = async (path: string) =>
      path.startsWith(scene.b) ? diskVolume(scene.b, 'b', change) : diskVolume(scene.w, 'w');
    for (const preview of [true, false]) {
      const {end, done} = await runBackup(scene, {preview, program: {describeVolume}});
      t.like(end, {result: 'refused', code: 'volume-swapped'}, JSON.stringify(change));
      t.deepEqual(done, []);
    }
  }
  t.deepEqual(await readTree(scene.b), before);
  const describeVolume = async (path: string) =>
    path.startsWith(scene.b)
      ? diskVolume(scene.b, 'b', {uuid: '11AA-22BB'})
      : diskVolume(scene.w, 'w');
  t.is((await runBackup(scene, {program: {describeVolume}})).end.result, 'good');
});

test('a clone that was connected meanwhile is told, and neither of the two is written', async (t) => {
  const scene = await makeBackup(t);
  await runBackup(scene);
  const clone = join(scene.folder, 'Clone');
  await cp(scene.b, clone, {recursive: true});
  const before = [await readTree(scene.b), await readTree(clone)];
  const listVolumes = async () => [diskVolume(scene.b, 'b'), diskVolume(clone, 'c')];
  const {end} = await runBackup(scene, {program: {listVolumes}});
  t.like(end, {result: 'refused', code: 'volume-swapped'});
  t.regex(end.message ?? '', /^a second drive with the marker of B /);
  t.deepEqual([await readTree(scene.b), await readTree(clone)], before);
});

test('so is a drive of another name in its place', async (t) => {
  const scene = await makeBackup(t);
  await rename(scene.b, `${scene.b}-away`);
  await mkdir(scene.b);
  t.is((await runBackup(scene)).end.result, 'refused');
  t.deepEqual(await readTree(scene.b), {});
});
