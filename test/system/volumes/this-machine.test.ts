import {mkdir, mkdtemp, rm, symlink} from 'node:fs/promises';
import {platform, tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {describeVolume, listVolumes, realVolumeTools} from '../../../src/system/volumes/index.ts';

const tools = realVolumeTools(platform());
const {failed: noLsblk} = await execa('lsblk', ['--version'], {reject: false});

test('the temporary folder lies on a disk that is known', async (t) => {
  if (platform() !== 'linux' || noLsblk) {
    t.log('skipped: lsblk is not here');
    t.pass();
    return;
  }
  const volume = await describeVolume(tmpdir(), tools);
  if (volume.kind === 'ram' || volume.kind === 'unknown') {
    t.log(`skipped: the temporary folder is on ${volume.fileSystem}`);
    t.pass();
    return;
  }
  t.is(volume.kind, 'disk');
  t.true(volume.physical.known);
  t.true(volume.physical.known && volume.physical.ids.every((id) => /^disk:\w+$/.test(id)));
  t.true((volume.size ?? 0) > 0);
});

test('/dev/shm is memory', async (t) => {
  if (platform() !== 'linux') {
    t.log('skipped: not Linux');
    t.pass();
    return;
  }
  t.like(await describeVolume('/dev/shm', tools), {kind: 'ram', physical: {known: false}});
});

test('a link is followed to the volume it leads to', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'volumes-'));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  await mkdir(join(folder, 'real'));
  await symlink(platform() === 'linux' ? '/dev/shm' : join(folder, 'real'), join(folder, 'link'));
  const [straight, byLink] = await Promise.all([
    describeVolume(platform() === 'linux' ? '/dev/shm' : join(folder, 'real'), tools),
    describeVolume(join(folder, 'link'), tools),
  ]);
  t.deepEqual(byLink, straight);
});

test('a path that is not there, or cannot be one, is described and not thrown', async (t) => {
  t.is(typeof (await describeVolume('/not/there/at/all', tools)).mountPoint, 'string');
  t.is(typeof (await describeVolume('/nul\0', tools)).mountPoint, 'string');
});

test('the list has no file system of the system itself', async (t) => {
  for (const {kind, mountPoint} of await listVolumes(tools)) {
    t.true(kind !== 'ram' || mountPoint !== '/dev/shm', mountPoint);
    t.notRegex(mountPoint, /^\/(proc|sys|dev|boot)(\/|$)/);
  }
});

test('a tool that is missing or fails is a failure that names it', async (t) => {
  t.like(await tools.run('no-such-tool-here', []), {ok: false, cause: {code: 'ENOENT'}});
  t.like(await tools.run('node', ['-e', 'throw 1']), {ok: false, cause: {code: 'tool-failed'}});
  t.like(await tools.readText(join(tmpdir(), 'no-such-file-here')), {cause: {code: 'ENOENT'}});
});
