import test from 'ava';
import type {Picture} from '../../../src/core/pictures/picture.ts';
import {
  type Orientation,
  toOrientation,
  turnPicture,
} from '../../../src/core/pictures/turn-picture.ts';

const draw = (...rows: readonly string[]): Picture => ({
  width: rows[0]?.length ?? 0,
  height: rows.length,
  rgb: Uint8Array.from([...rows.join('')].flatMap((letter) => [letter.charCodeAt(0), 1, 2])),
});

/** An F, as the sensor had it for each way of holding the camera; to be seen is always the first (EXIF 2.32, 4.6.4, and the drawings of TIFF 6.0's Orientation). */
const HELD: Readonly<Record<Orientation, readonly string[]>> = {
  1: ['FEE', 'F..', 'FE.', 'F..'],
  2: ['EEF', '..F', '.EF', '..F'],
  3: ['..F', '.EF', '..F', 'EEF'],
  4: ['F..', 'FE.', 'F..', 'FEE'],
  5: ['FFFF', 'E.E.', 'E...'],
  6: ['E...', 'E.E.', 'FFFF'],
  7: ['...E', '.E.E', 'FFFF'],
  8: ['FFFF', '.E.E', '...E'],
};

for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
  test(`orientation ${orientation} is turned upright`, (t) => {
    t.deepEqual(turnPicture(draw(...HELD[orientation]), orientation), draw(...HELD[1]));
  });
}

test('what is no orientation is upright', (t) => {
  t.deepEqual(
    [6, '8', 0, 9, 'x', undefined, null, 2.5].map(toOrientation),
    [6, 8, 1, 1, 1, 1, 1, 1],
  );
});
