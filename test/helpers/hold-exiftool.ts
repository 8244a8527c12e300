/** A program that holds exiftool until it is killed, and prints the number of its process when it has answered. Linux. */
import {readFile} from 'node:fs/promises';
import {shootSingle} from '../../samples/camera-roll.ts';
import {clockTime} from '../../samples/card-time.ts';
import {askExiftool, holdExiftool} from '../../src/system/exiftool.ts';

const picture = shootSingle(1, 'DCIM/IMG_0001.JPG', clockTime(10, 0)).bytes;

await holdExiftool(async () => {
  await askExiftool(picture, 'IMG_0001.JPG', ['-Model']);
  const {pid} = process;
  process.stdout.write(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'));
  process.stdout.write('\n');
  return await new Promise<never>(() => setInterval(() => {}, 60_000));
});
