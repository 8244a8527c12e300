import {mkdir, readdir, rename, writeFile} from 'node:fs/promises';
import {platform} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {realFiles} from '../../src/system/real-files.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

const onLinux = platform() === 'linux' ? test : test.skip;

/** A folder whose name another one takes while it is held, as a mount point is taken by the next drive. */
async function exchange(t: ExecutionContext) {
  const base = await makeTemporaryFolder(t);
  const drive = join(base, 'drive');
  const pulled = join(base, 'pulled');
  await mkdir(join(drive, 'shoot'), {recursive: true});
  await writeFile(join(drive, 'shoot/old'), 'old');
  const letGo = await realFiles.hold(drive);
  await rename(drive, pulled);
  await mkdir(join(drive, 'shoot'), {recursive: true});
  await writeFile(join(drive, 'shoot/old'), 'of the other drive');
  return {drive, pulled, letGo};
}

onLinux('what is made, named and removed below a held folder stays on its drive', async (t) => {
  const {drive, pulled, letGo} = await exchange(t);
  const file = await realFiles.createFile(join(drive, 'shoot/a.part'), {direct: false});
  await file.close();
  await realFiles.makeFolder(join(drive, 'shoot/new'));
  await realFiles.publish(join(drive, 'shoot/a.part'), join(drive, 'shoot/new/a'));
  await realFiles.replace(join(drive, 'shoot/new/a'), join(drive, 'shoot/new/b'));
  await realFiles.syncFolder(join(drive, 'shoot/new'));
  await realFiles.removeFile(join(drive, 'shoot/old'));
  await letGo();
  t.deepEqual(await readdir(join(pulled, 'shoot')), ['new']);
  t.deepEqual(await readdir(join(pulled, 'shoot/new')), ['b']);
  t.deepEqual(await readdir(join(drive, 'shoot')), ['old']);
});

onLinux('what is looked at follows the path, so that a loss is noticed', async (t) => {
  const {drive, pulled, letGo} = await exchange(t);
  const seen = await realFiles.look(join(drive, 'shoot/old'));
  t.is(seen.size, 'of the other drive'.length);
  await rename(drive, join(pulled, 'away'));
  await t.throwsAsync(realFiles.follow(drive), {code: 'ENOENT'});
  await letGo();
});

onLinux('only what lies below is held, and only until it is let go', async (t) => {
  const {drive, letGo} = await exchange(t);
  await mkdir(`${drive}-2`);
  await realFiles.makeFolder(`${drive}-2/beside`);
  t.deepEqual(await readdir(`${drive}-2`), ['beside']);
  await letGo();
  await realFiles.makeFolder(join(drive, 'after'));
  t.deepEqual((await readdir(drive)).sort(), ['after', 'shoot']);
});

onLinux(
  'the newest hold of a path counts, and names that are not UTF-8 go there too',
  async (t) => {
    const {drive, pulled, letGo} = await exchange(t);
    const letNewGo = await realFiles.hold(drive);
    await realFiles.makeFolder(join(drive, 'shoot/s\udcffcond'));
    await letNewGo();
    await realFiles.makeFolder(join(drive, 'shoot/first'));
    await letGo();
    t.deepEqual(await readdir(join(pulled, 'shoot')), ['first', 'old']);
    t.deepEqual([...(await realFiles.list(join(drive, 'shoot')))].sort(), ['old', 's\udcffcond']);
  },
);

test('a folder that is not there cannot be held', async (t) => {
  const base = await makeTemporaryFolder(t);
  await t.throwsAsync(realFiles.hold(join(base, 'none')), {code: 'ENOENT'});
});
