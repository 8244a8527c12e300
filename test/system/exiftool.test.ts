import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import test from 'ava';
import {shootSingle} from '../../samples/camera-roll.ts';
import {clockTime} from '../../samples/card-time.ts';
import {CAMERA} from '../../samples/exif.ts';
import {askExiftool, holdExiftool} from '../../src/system/exiftool.ts';

const {bytes} = shootSingle(1, 'DCIM/IMG_0001.JPG', clockTime(10, 0));
const ask = async () => (await askExiftool(bytes, 'IMG_0001.JPG', ['-Model'])).Model;

/** Children of this process as Linux lists them (proc(5)). */
const CHILDREN = `/proc/${process.pid}/task/${process.pid}/children`;

async function countProcesses(): Promise<number> {
  const pids = (await readFile(CHILDREN, 'utf8')).split(' ').filter((pid) => pid !== '');
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes('exiftool')).length;
}

const onLinux = existsSync(CHILDREN) ? test.serial : test.serial.skip;

onLinux(
  'one process answers while it is held, two those who ask at once, and they are then ended',
  async (t) => {
    await holdExiftool(async () => {
      t.is(await countProcesses(), 0);
      t.is(await ask(), CAMERA.model);
      t.is(await countProcesses(), 1);
      t.deepEqual(await Promise.all([ask(), holdExiftool(ask)]), [CAMERA.model, CAMERA.model]);
      t.true((await countProcesses()) <= 2);
    });
    t.is(await countProcesses(), 0);
  },
);

onLinux('who asks without holding it ends it too, and it can be started again', async (t) => {
  t.deepEqual(await Promise.all([ask(), ask()]), [CAMERA.model, CAMERA.model]);
  t.is(await countProcesses(), 0);
  t.is(await ask(), CAMERA.model);
  t.is(await countProcesses(), 0);
});

onLinux('a fault in the work ends it as well', async (t) => {
  const work = async () => {
    await ask();
    throw new Error('a fault');
  };
  await t.throwsAsync(holdExiftool(work), {message: 'a fault'});
  t.is(await countProcesses(), 0);
});
