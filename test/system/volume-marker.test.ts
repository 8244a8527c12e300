import {mkdir, readFile, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {realFiles} from '../../src/system/real-files.ts';
import {findMarker, giveRole, MARKER_NAME, makeMarker} from '../../src/system/volume-marker.ts';
import {failsCalls} from '../helpers/faulty-files.ts';
import {diskVolume} from '../helpers/run-offload.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

const made = {
  id: '0b0f4f0e-5a8e-4d2c-9a57-6f1f3a2b1c0d',
  name: 'Working',
  role: 'working',
  createdAt: '2026-11-22T19:00:00.000Z',
  fsUuid: '7BE3-BF62',
  sizeBytes: 64_000_000_000,
} as const;

test('a marker is found from below, up to the root of its volume', async (t) => {
  const root = await makeTemporaryFolder(t);
  const deep = join(root, 'a', 'b', 'c');
  await mkdir(deep, {recursive: true});
  const volume = diskVolume(root, 'sda');
  t.is(await findMarker(realFiles, deep, volume), undefined);
  const marker = await makeMarker(realFiles, root, made);
  t.deepEqual(marker, {schema: 'offload-volume/1', ...made});
  for (const folder of [root, deep]) {
    t.deepEqual(await findMarker(realFiles, folder, volume), {marker, folder: root});
  }
});

test('the nearest marker counts, and none above the mount point', async (t) => {
  const root = await makeTemporaryFolder(t);
  const mountPoint = join(root, 'mounted');
  const folder = join(mountPoint, 'photos');
  await mkdir(folder, {recursive: true});
  await makeMarker(realFiles, root, made);
  const volume = diskVolume(mountPoint, 'sda');
  t.is(await findMarker(realFiles, folder, volume), undefined);
  await makeMarker(realFiles, mountPoint, {...made, name: 'Volume'});
  await makeMarker(realFiles, folder, {...made, name: 'Folder'});
  t.like(await findMarker(realFiles, folder, volume), {folder, marker: {name: 'Folder'}});
  t.like(await findMarker(realFiles, mountPoint, volume), {marker: {name: 'Volume'}});
});

const good = JSON.stringify({schema: 'offload-volume/1', ...made});
const unreadable: ReadonlyArray<readonly [what: string, text: string]> = [
  ['empty', ''],
  ['cut', good.slice(0, -9)],
  ['of a newer form', good.replace('volume/1', 'volume/2')],
  ['with an id that is none', good.replace('0b0f4f0e-', '../../')],
  ['with another role', good.replace('working', 'king')],
  ['something else', '[1,2]'],
];
for (const [what, text] of unreadable) {
  test(`a marker that is ${what} is none, and is left as it is`, async (t) => {
    const root = await makeTemporaryFolder(t);
    await writeFile(join(root, MARKER_NAME), text);
    t.is(await findMarker(realFiles, root, diskVolume(root, 'sda')), undefined);
    t.is(await makeMarker(realFiles, root, made), undefined);
    t.is(await readFile(join(root, MARKER_NAME), 'utf8'), text);
  });
}

test('a link or a folder of that name is no marker', async (t) => {
  const root = await makeTemporaryFolder(t);
  const [linked, folder] = [join(root, 'linked'), join(root, 'folder')];
  await mkdir(linked);
  await mkdir(join(folder, MARKER_NAME), {recursive: true});
  await writeFile(join(root, 'real.json'), good);
  await symlink(join(root, 'real.json'), join(linked, MARKER_NAME));
  for (const place of [linked, folder]) {
    t.is(await findMarker(realFiles, place, diskVolume(place, 'sda')), undefined);
    t.is(await makeMarker(realFiles, place, made), undefined);
  }
});

test('a marker that could not be written whole does not stand in the way of the next one', async (t) => {
  const root = await makeTemporaryFolder(t);
  const full = failsCalls(realFiles, ['sync'], () => true, 'ENOSPC');
  await t.throwsAsync(makeMarker(full, root, made), {code: 'ENOSPC'});
  t.truthy(await makeMarker(realFiles, root, made));
});

test('a role is given and taken away in one step, and the id stays', async (t) => {
  const root = await makeTemporaryFolder(t);
  const volume = diskVolume(root, 'sda');
  const marker = await makeMarker(realFiles, root, made);
  if (marker === undefined) return t.fail();
  await writeFile(join(root, '.offload-volume-left.part'), 'of a run that died');
  for (const role of ['backup', null, 'working'] as const) {
    await giveRole(realFiles, {marker, folder: root}, role);
    const found = await findMarker(realFiles, root, volume);
    t.deepEqual(found, {marker: {...marker, role}, folder: root});
    t.deepEqual(await realFiles.list(root), [MARKER_NAME]);
  }
  const broken = failsCalls(realFiles, ['replace'], () => true, 'EIO');
  await t.throwsAsync(giveRole(broken, {marker, folder: root}, 'backup'), {code: 'EIO'});
  t.like(await findMarker(realFiles, root, volume), {marker: {role: 'working'}});
});
