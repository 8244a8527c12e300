import {mkdir, mkdtemp, realpath, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test from 'ava';
import {clockTime} from '../../../samples/card-time.ts';
import {type Shot, writeExif} from '../../../samples/exif.ts';
import {encodeJpeg} from '../../../samples/jpeg.ts';
import {makeSampleCard, type SampleCard} from '../../../samples/make-card.ts';
import {makeThumbnail, turnLeft} from '../../../samples/picture.ts';
import {
  makeThumbnails,
  type ThumbnailRequest,
} from '../../../src/commands/survey/make-thumbnails.ts';
import type {Thumbnail} from '../../../src/core/thumbnail.ts';
import {scanCard} from '../../../src/engine/scan-card.ts';
import type {Files} from '../../../src/system/files.ts';
import {realFiles} from '../../../src/system/real-files.ts';
import {type Call, failsCalls, recordsCalls} from '../../helpers/faulty-files.ts';
import {claimSize, differenceFromQuadrants, paintQuadrants} from '../../helpers/quadrants.ts';
import {testProgram} from '../../helpers/run-offload.ts';
import {makeTemporaryFolder} from '../../helpers/temporary-folder.ts';

let cardFolder: string;
let card: SampleCard;
test.before('make a card', async () => {
  cardFolder = await realpath(await mkdtemp(join(tmpdir(), 'offload-test-')));
  card = await makeSampleCard({into: cardFolder, seed: 1});
});
test.after.always('remove it', () => rm(cardFolder, {recursive: true, force: true}));

async function make(
  root: string,
  files: Files = realFiles,
  change: Partial<ThumbnailRequest> = {},
) {
  const thumbnails: Thumbnail[] = [];
  await makeThumbnails(testProgram({cards: [], to: []}, files), {
    real: root,
    listing: await scanCard(realFiles, root),
    width: 26,
    height: 16,
    signal: new AbortController().signal,
    onThumbnail: (thumbnail) => thumbnails.push(thumbnail),
    ...change,
  });
  return thumbnails;
}

const shot: Shot = {
  takenAt: clockTime(14, 2),
  orientation: 1,
  exposure: [1, 60],
  fNumber: [4, 1],
  iso: 100,
  focalLength: 50,
};

async function put(root: string, path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, path)), {recursive: true});
  await writeFile(join(root, path), bytes);
}

const difference = ({width, height, pixels}: Thumbnail) =>
  differenceFromQuadrants((x, y) => pixels?.[y * width + x] ?? 0, {width, height});

test('every picture of a card gets one, in order; RAW and JPEG share it, bars are off, upright stands', async (t) => {
  const calls: Call[] = [];
  const thumbnails = await make(card.path, recordsCalls(realFiles, calls));
  const pictures = card.files.filter(({path, junk}) => !junk && path.endsWith('.JPG'));
  t.deepEqual(
    thumbnails.map(({path}) => path),
    pictures.map(({path}) => path),
  );
  for (const {path, width, height, pixels} of thumbnails) {
    const isUpright = /_000[49]\./.test(path);
    t.deepEqual([width, height], isUpright ? [11, 16] : [24, 16], path);
    t.is(pixels?.length, width * height, path);
    t.true(new Set(pixels).size > 20, path);
  }
  t.deepEqual([...new Set(calls.map(({method}) => method))].sort(), [
    'close',
    'openToRead',
    'read',
  ]);
});

test('pictures are the right way up and in their colours, from a thumbnail and from the picture itself', async (t) => {
  const root = await makeTemporaryFolder(t);
  const seen = paintQuadrants(600, 400);
  const held = turnLeft(paintQuadrants(400, 600));
  const upright: Shot = {...shot, orientation: 6};
  const small = (picture: typeof seen) =>
    encodeJpeg({picture: makeThumbnail(picture), quality: 90});
  const jpeg = (picture: typeof seen, taken: Shot, thumbnail?: Uint8Array) =>
    encodeJpeg({
      picture,
      quality: 90,
      app1: writeExif({shot: taken, ...picture, ...(thumbnail && {thumbnail})}),
    });
  await put(root, 'DCIM/1.JPG', jpeg(seen, shot, small(seen)));
  await put(root, 'DCIM/2.JPG', jpeg(seen, shot));
  await put(root, 'DCIM/3.JPG', jpeg(held, upright, small(held)));
  await put(root, 'DCIM/4.JPG', jpeg(held, upright));
  const thumbnails = await make(root);
  t.deepEqual(
    thumbnails.map(({width, height}) => [width, height]),
    [
      [24, 16],
      [24, 16],
      [11, 16],
      [11, 16],
    ],
  );
  for (const thumbnail of thumbnails) t.true(difference(thumbnail) <= 8, thumbnail.path);
});

test('a picture that cannot be shown has no pixels, and the raw file beside it is tried', async (t) => {
  const root = await makeTemporaryFolder(t);
  const app1 = writeExif({shot, width: 160, height: 120});
  const whole = encodeJpeg({picture: paintQuadrants(160, 120), quality: 90, app1});
  await put(root, 'DCIM/1.JPG', claimSize(whole, 60_000, 60_000));
  await put(root, 'DCIM/2.JPG', whole.subarray(0, whole.length / 2));
  await put(root, 'DCIM/3.CR3', Buffer.from('no picture'));
  await put(root, 'DCIM/4.HIF', Buffer.alloc(5000));
  await put(root, 'DCIM/5.JPG', Buffer.from('broken'));
  const thumbnails = await make(root);
  t.deepEqual(
    thumbnails.map(({path, width, height, pixels}) => [path, width, height, pixels]),
    ['1.JPG', '2.JPG', '3.CR3', '4.HIF', '5.JPG'].map((name) => [`DCIM/${name}`, 24, 16, null]),
  );
  const raw = card.files.find(({path}) => path.endsWith('IMG_0001.CR2'));
  const mixed = await makeTemporaryFolder(t);
  const file = await realFiles.openToRead(join(card.path, raw?.path ?? ''), {direct: false});
  const bytes = Buffer.alloc(raw?.size ?? 0);
  await file.read(bytes, bytes.length, 0);
  await file.close();
  await put(mixed, 'DCIM/IMG_0001.CR2', bytes);
  await put(mixed, 'DCIM/IMG_0001.JPG', Buffer.from('broken'));
  const [thumbnail] = await make(mixed);
  t.is(thumbnail?.path, 'DCIM/IMG_0001.JPG');
  t.is(thumbnail?.pixels?.length, 24 * 16);
});

test('without a decoder, and from a card that is gone, there are no pixels and no fault', async (t) => {
  const blind = await make(card.path, realFiles, {decode: async () => undefined});
  t.is(blind.length, 10);
  t.true(blind.every(({pixels}) => pixels === null));
  const gone = failsCalls(realFiles, ['openToRead', 'read'], () => true, 'ENODEV');
  const lost = await make(card.path, gone);
  t.is(lost.length, 10);
  t.true(lost.every(({pixels}) => pixels === null));
});

test('the signal stops it, and nothing is told afterwards', async (t) => {
  t.deepEqual(await make(card.path, realFiles, {signal: AbortSignal.abort()}), []);
  const stop = new AbortController();
  const told: string[] = [];
  const onThumbnail = ({path}: Thumbnail) => {
    told.push(path);
    if (told.length === 2) stop.abort();
  };
  await make(card.path, realFiles, {signal: stop.signal, onThumbnail});
  t.is(told.length, 2);
});

test('a large card gets twenty-four', async (t) => {
  const root = await makeTemporaryFolder(t);
  await mkdir(join(root, 'DCIM'));
  for (let number = 1000; number < 1100; number++) {
    await writeFile(join(root, 'DCIM', `IMG_${number}.JPG`), 'x');
  }
  const previews = {async *read() {}};
  const paths = (await make(root, realFiles, {previews})).map(({path}) => path);
  t.is(paths.length, 24);
  t.deepEqual([paths[0], paths.at(-1)], ['DCIM/IMG_1000.JPG', 'DCIM/IMG_1099.JPG']);
});
