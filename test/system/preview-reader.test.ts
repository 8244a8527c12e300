import {stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {clockTime} from '../../samples/card-time.ts';
import {writeCr2} from '../../samples/cr2.ts';
import {type Shot, writeExif} from '../../samples/exif.ts';
import {encodeJpeg} from '../../samples/jpeg.ts';
import {seedRandom} from '../../samples/seeded-random.ts';
import {exifPreviews, type Preview} from '../../src/system/preview-reader.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {type Call, recordsCalls} from '../helpers/faulty-files.ts';
import {paintQuadrants} from '../helpers/quadrants.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

const shot: Shot = {
  takenAt: clockTime(14, 2),
  orientation: 6,
  exposure: [1, 60],
  fNumber: [4, 1],
  iso: 100,
  focalLength: 50,
};
const picture = paintQuadrants(96, 64);
const thumbnail = encodeJpeg({picture: paintQuadrants(48, 32), quality: 60});
const preview = encodeJpeg({picture: paintQuadrants(80, 48), quality: 90});

async function readAll(t: ExecutionContext, name: string, bytes: Buffer, calls: Call[] = []) {
  const path = join(await makeTemporaryFolder(t), name);
  await writeFile(path, bytes);
  const {size} = await stat(path);
  const previews: Preview[] = [];
  for await (const one of exifPreviews.read(recordsCalls(realFiles, calls), {path, size})) {
    previews.push(one);
  }
  return previews;
}

const same = (found: Preview | undefined, jpeg: Buffer) =>
  found !== undefined && Buffer.compare(found.jpeg, jpeg) === 0;

test('a raw file gives its thumbnail first, then its preview, with its orientation', async (t) => {
  const grain = seedRandom(1, 'grain');
  const raw = writeCr2({
    shot,
    picture,
    preview: {width: 80, height: 48, jpeg: preview},
    thumbnail,
    grain,
  });
  const calls: Call[] = [];
  const found = await readAll(t, 'IMG_0001.CR2', raw, calls);
  t.is(found.length, 2);
  t.true(same(found[0], thumbnail));
  t.true(same(found[1], preview));
  t.deepEqual(
    found.map(({orientation}) => orientation),
    [6, 6],
  );
  t.deepEqual([...new Set(calls.map(({method}) => method))].sort(), [
    'close',
    'openToRead',
    'read',
  ]);
});

test('a JPEG gives its thumbnail, and itself', async (t) => {
  const app1 = writeExif({shot, width: 96, height: 64, thumbnail});
  const jpeg = encodeJpeg({picture, quality: 90, app1});
  const found = await readAll(t, 'IMG_0001.JPG', jpeg);
  t.is(found.length, 2);
  t.true(same(found[0], thumbnail));
  t.true(same(found[1], jpeg));
  t.is(found[1]?.orientation, 6);
});

test('a JPEG larger than a head is read whole when its thumbnail is not enough', async (t) => {
  const padded = Buffer.concat([encodeJpeg({picture, quality: 90}), Buffer.alloc(3_000_000)]);
  const found = await readAll(t, 'IMG_0002.JPG', padded);
  t.deepEqual(
    found.map(({jpeg}) => jpeg.length),
    [padded.length],
  );
});

test('what cannot be read, or is no picture, gives nothing', async (t) => {
  t.deepEqual(await readAll(t, 'IMG_0001.CR3', Buffer.from('no picture')), []);
  t.deepEqual(await readAll(t, 'IMG_0001.NEF', Buffer.alloc(2_000_000)), []);
  const missing = {path: join(await makeTemporaryFolder(t), 'missing.JPG'), size: 10};
  for await (const _ of exifPreviews.read(realFiles, missing)) t.fail();
});
