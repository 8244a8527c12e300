import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {FolderPlaces} from '../../src/engine/folder-places.ts';
import {EXFAT, LINUX} from '../core/odd-names.ts';
import {failsCalls, interceptCalls, systemError} from '../helpers/faulty-files.ts';
import {makeTree, makeTrial, type Tree, testFiles} from '../helpers/run-offload.ts';

async function makePlaces(t: Parameters<typeof makeTrial>[0], tree: Tree, rules = LINUX) {
  const {w: root} = await makeTrial(t, {});
  await makeTree(root, tree);
  return new FolderPlaces({files: testFiles, root, rules});
}

test('a free name is claimed as it is, in a folder that need not be there', async (t) => {
  const places = await makePlaces(t, {});
  t.deepEqual(await places.claim('DCIM/A.JPG', 5), {target: 'DCIM/A.JPG', taken: false});
  t.deepEqual(await places.claim('A.JPG', 5), {target: 'A.JPG', taken: false});
});

test('a file of that size may be this one; of another size it is another file', async (t) => {
  const places = await makePlaces(t, {'DCIM/A.JPG': 5, 'DCIM/B.JPG': 5, 'DCIM/B-2.JPG': 7});
  t.deepEqual(await places.claim('DCIM/A.JPG', 5), {target: 'DCIM/A.JPG', taken: true});
  t.deepEqual(await places.claim('DCIM/B.JPG', 6), {target: 'DCIM/B-3.JPG', taken: false});
});

test('the number that an earlier run gave is found again by its size', async (t) => {
  const places = await makePlaces(t, {'A.JPG': 5, 'A-2.JPG': 7});
  t.deepEqual(await places.claim('A.JPG', 7), {target: 'A-2.JPG', taken: true});
});

test('no name is claimed twice, at the same time either', async (t) => {
  const places = await makePlaces(t, {'A.JPG': 5});
  const claims = await Promise.all(Array.from({length: 20}, () => places.claim('A.JPG', 5)));
  t.is(new Set(claims.map(({target}) => target)).size, 20);
  t.is(claims.filter(({taken}) => taken).length, 1);
  t.false(places.claimExactly('A-7.JPG'));
  t.true(places.claimExactly('A-99.JPG'));
  t.is((await places.claim('A-99.JPG', 1)).target, 'A-99-2.JPG');
});

test('names that are one on the drive are one here', async (t) => {
  const places = await makePlaces(t, {'dcim.jpg': 5}, EXFAT);
  t.deepEqual(await places.claim('DCIM.JPG', 5), {target: 'dcim.jpg', taken: true});
  t.deepEqual(await places.claim('Dcim.Jpg', 5), {target: 'Dcim-2.Jpg', taken: false});
  const linux = await makePlaces(t, {'dcim.jpg': 5});
  t.deepEqual(await linux.claim('DCIM.JPG', 5), {target: 'DCIM.JPG', taken: false});
});

test('folders, links and special files are never taken for a copy', async (t) => {
  const places = await makePlaces(t, {'A.JPG/': 0, 'B.JPG': {link: 'C.JPG'}, 'C.JPG': 5});
  t.is((await places.claim('A.JPG', 4096)).target, 'A-2.JPG');
  t.is((await places.claim('B.JPG', 5)).target, 'B-2.JPG');
});

test('a size that no file has passes over every taken name', async (t) => {
  const places = await makePlaces(t, {'A.JPG': 5, 'A-2.JPG': 5});
  t.is((await places.claim('A.JPG', Number.NaN)).target, 'A-3.JPG');
});

test('a folder that cannot be listed is an error; a file in its place is not', async (t) => {
  const {w: root} = await makeTrial(t, {});
  await makeTree(root, {'DCIM/A.JPG': 5, MISC: 'a file'});
  await mkdir(join(root, 'locked'));
  const locked = join(root, 'locked');
  const files = failsCalls(testFiles, ['list'], (path) => path === locked, 'EACCES');
  const places = new FolderPlaces({files, root, rules: LINUX});
  await t.throwsAsync(places.claim('locked/A.JPG', 5), {code: 'EACCES'});
  t.deepEqual(await places.claim('MISC/A.JPG', 5), {target: 'MISC/A.JPG', taken: false});
});

test('what could not be looked at once is looked at again; only when it still cannot be, its file fails', async (t) => {
  const {w: root} = await makeTrial(t, {});
  await makeTree(root, {'A.JPG': 5});
  let isThere = false;
  const files = interceptCalls(testFiles, async (call, proceed) => {
    if (call.method === 'look' && call.path === join(root, 'A.JPG') && !isThere) {
      throw systemError('EIO', call);
    }
    return await proceed();
  });
  const places = new FolderPlaces({files, root, rules: LINUX});
  await t.throwsAsync(places.claim('A.JPG', 5), {code: 'EIO'});
  isThere = true;
  const claims = await Promise.all([places.claim('A.JPG', 5), places.claim('A.JPG', 5)]);
  t.deepEqual(
    claims.toSorted((a, b) => (a.target < b.target ? -1 : 1)),
    [
      {target: 'A-2.JPG', taken: false},
      {target: 'A.JPG', taken: true},
    ],
  );
});
