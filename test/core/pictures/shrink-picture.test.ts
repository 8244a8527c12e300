import test from 'ava';
import fc from 'fast-check';
import {fitInto, shrinkPicture} from '../../../src/core/pictures/shrink-picture.ts';

test('a picture keeps its form and fits', (t) => {
  const box = {width: 26, height: 16};
  t.deepEqual(fitInto({width: 160, height: 120}, box), {width: 21, height: 16});
  t.deepEqual(fitInto({width: 120, height: 160}, box), {width: 12, height: 16});
  t.deepEqual(fitInto({width: 1000, height: 100}, box), {width: 26, height: 3});
  t.deepEqual(fitInto({width: 8, height: 4}, box), {width: 8, height: 4});
  t.deepEqual(fitInto({width: 60_000, height: 1}, box), {width: 26, height: 1});
});

test('a pixel is the mean of those that it covers', (t) => {
  const rgb = Uint8Array.from([
    ...[255, 0, 0, 255, 0, 0, 0, 10, 20, 0, 30, 40],
    ...[255, 0, 0, 255, 0, 0, 0, 50, 60, 0, 70, 80],
  ]);
  const picture = {width: 4, height: 2, rgb};
  t.deepEqual(shrinkPicture(picture, {width: 2, height: 1}), [0xff0000, 0x002832]);
  t.deepEqual(
    shrinkPicture(picture, {width: 4, height: 2}).slice(4),
    [0xff0000, 0xff0000, 0x00323c, 0x004650],
  );
});

test('one colour stays one colour in every size', (t) => {
  const side = fc.integer({min: 1, max: 40});
  fc.assert(
    fc.property(side, side, side, side, fc.integer({min: 0, max: 0xffffff}), (a, b, c, d, rgb) => {
      const colour = [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
      const pixels = Uint8Array.from({length: a * b * 3}, (_, index) => colour[index % 3] ?? 0);
      const shrunk = shrinkPicture({width: a, height: b, rgb: pixels}, {width: c, height: d});
      return shrunk.length === c * d && shrunk.every((pixel) => pixel === rgb);
    }),
  );
  t.pass();
});
