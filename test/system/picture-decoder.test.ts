import test from 'ava';
import {encodeJpeg} from '../../samples/jpeg.ts';
import type {Picture} from '../../src/core/pictures/picture.ts';
import {decodeJpeg} from '../../src/system/picture-decoder.ts';
import {claimSize, differenceFromQuadrants, paintQuadrants} from '../helpers/quadrants.ts';

const encode = (width: number, height: number) =>
  encodeJpeg({picture: paintQuadrants(width, height), quality: 90});

const colourOf =
  ({width, rgb}: Picture) =>
  (x: number, y: number) =>
    Buffer.from(rgb).readUIntBE((y * width + x) * 3, 3);

test('a small JPEG is decoded as it is, in its colours', async (t) => {
  const picture = await decodeJpeg(encode(160, 120));
  t.deepEqual([picture?.width, picture?.height], [160, 120]);
  t.true(picture !== undefined && differenceFromQuadrants(colourOf(picture), picture) <= 6);
});

test('a large one is made smaller', async (t) => {
  const picture = await decodeJpeg(encode(900, 1200));
  t.deepEqual([picture?.width, picture?.height], [192, 256]);
  t.true(picture !== undefined && differenceFromQuadrants(colourOf(picture), picture) <= 6);
});

test('broken, cut and foreign data give no picture', async (t) => {
  const whole = encode(160, 120);
  t.is(await decodeJpeg(new Uint8Array()), undefined);
  t.is(await decodeJpeg(Buffer.from('no picture')), undefined);
  t.is(await decodeJpeg(whole.subarray(0, whole.length / 2)), undefined);
  const head = whole.indexOf(Buffer.from([0xff, 0xda]));
  t.true(head > 0);
  t.is(await decodeJpeg(whole.subarray(0, head + 14)), undefined);
  // The smallest PNG that there is.
  const png =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  t.is(await decodeJpeg(Buffer.from(png, 'base64')), undefined);
});

test.serial('a JPEG that claims 60000 x 60000 pixels takes neither time nor memory', async (t) => {
  const hostile = claimSize(encode(160, 120), 60_000, 60_000);
  // The decoder itself is loaded before anything is measured.
  await decodeJpeg(encode(16, 16));
  const before = process.resourceUsage().maxRSS;
  t.is(await decodeJpeg(hostile), undefined);
  t.true(process.resourceUsage().maxRSS - before < 50_000);
});

test.serial('one that claims what is just allowed stays small in memory', async (t) => {
  const hostile = claimSize(encode(160, 120), 12_600, 12_600);
  await decodeJpeg(encode(16, 16));
  const before = process.resourceUsage().maxRSS;
  await decodeJpeg(hostile);
  t.true(process.resourceUsage().maxRSS - before < 100_000);
});
