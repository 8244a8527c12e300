import test from 'ava';
import {cropBars} from '../../../src/core/pictures/crop-bars.ts';
import type {Picture} from '../../../src/core/pictures/picture.ts';

interface Bars {
  readonly top?: number;
  readonly bottom?: number;
  readonly left?: number;
  readonly right?: number;
}

/** 160x120 of one grey, with nearly black bars. */
function withBars(bars: Bars, width = 160, height = 120): Picture {
  const {top = 0, bottom = 0, left = 0, right = 0} = bars;
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const dark = y < top || y >= height - bottom || x < left || x >= width - right;
      rgb.fill(dark ? 12 : 120, (y * width + x) * 3, (y * width + x + 1) * 3);
    }
  }
  return {width, height, rgb};
}

const isGrey = ({rgb}: Picture) => rgb.every((value) => value === 120);

test('bars above and below are cut off, with the line that is half of both', (t) => {
  const cropped = cropBars(withBars({top: 7, bottom: 7}));
  t.deepEqual([cropped.width, cropped.height], [160, 104]);
  t.is(cropped.rgb.length, 160 * 104 * 3);
  t.true(isGrey(cropped));
});

test('bars at the sides too', (t) => {
  const cropped = cropBars(withBars({top: 7, bottom: 8, left: 4, right: 4}));
  t.deepEqual([cropped.width, cropped.height], [150, 103]);
  t.true(isGrey(cropped));
});

const kept: ReadonlyArray<readonly [what: string, picture: Picture]> = [
  ['without bars', withBars({})],
  ['with a dark sky only', withBars({top: 15})],
  ['with unlike dark ends', withBars({top: 20, bottom: 8})],
  ['with dark halves', withBars({top: 40, bottom: 40})],
  ['all black', withBars({top: 120})],
  ['of another form', withBars({top: 10, bottom: 10}, 150, 100)],
];
for (const [what, picture] of kept) {
  test(`a picture ${what} stays as it is`, (t) => {
    t.is(cropBars(picture), picture);
  });
}
