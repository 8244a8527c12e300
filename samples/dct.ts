/** The discrete cosine transform of ITU-T T.81, A.3.3, in whole numbers, with the quantisation of A.3.4. */
import type {Plane} from './ycbcr.ts';

const SCALE = 2048;

/** Row `u`, column `x`: C(u)/2 * cos((2x + 1) * u * pi / 16), times SCALE. Rounded, so that the last bit of a cosine cannot matter. */
const COSINES = Float64Array.from({length: 64}, (_, index) => {
  const u = index >> 3;
  const x = index & 7;
  const factor = u === 0 ? Math.SQRT1_2 / 2 : 0.5;
  return Math.round(factor * Math.cos(((2 * x + 1) * u * Math.PI) / 16) * SCALE);
});

const rows = new Float64Array(64);

/** @returns the quantised coefficients of the 8x8 samples at x, y; row by row, the mean first. */
export function transformBlock(
  plane: Plane,
  x: number,
  y: number,
  steps: readonly number[],
): Int16Array {
  for (let row = 0; row < 8; row++) {
    const start = (y + row) * plane.width + x;
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let column = 0; column < 8; column++) {
        // T.81, A.3.1: samples are shifted to lie around zero.
        sum += ((plane.samples[start + column] ?? 0) - 128) * (COSINES[u * 8 + column] ?? 0);
      }
      rows[row * 8 + u] = sum;
    }
  }
  const block = new Int16Array(64);
  for (let v = 0; v < 8; v++) {
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let row = 0; row < 8; row++) {
        sum += (rows[row * 8 + u] ?? 0) * (COSINES[v * 8 + row] ?? 0);
      }
      block[v * 8 + u] = Math.round(sum / ((steps[v * 8 + u] ?? 1) * SCALE * SCALE));
    }
  }
  return block;
}
