import type {Picture} from './picture.ts';

/** Samples of one component, a byte each, row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly samples: Uint8Array;
}

/** Brightness in full size, both colours in half the width and height. */
export interface Planes {
  readonly brightness: Plane;
  readonly blue: Plane;
  readonly red: Plane;
}

/**
 * Splits pixels into brightness and two colours with the factors of ITU-R BT.601 (EXIF 2.32, annex E), in 65,536ths. The planes are
 * filled up to whole 16x16 blocks with the pixels of the edge, and each colour sample is the mean of 2x2 pixels.
 */
export function toPlanes(picture: Picture): Planes {
  const width = Math.ceil(picture.width / 16) * 16;
  const height = Math.ceil(picture.height / 16) * 16;
  const brightness = makePlane(width, height);
  const blue = makePlane(width / 2, height / 2);
  const red = makePlane(width / 2, height / 2);
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      let redSum = 0;
      let greenSum = 0;
      let blueSum = 0;
      for (let corner = 0; corner < 4; corner++) {
        const column = x + (corner & 1);
        const row = y + (corner >> 1);
        const at =
          (Math.min(row, picture.height - 1) * picture.width +
            Math.min(column, picture.width - 1)) *
          3;
        const r = picture.rgb[at] ?? 0;
        const g = picture.rgb[at + 1] ?? 0;
        const b = picture.rgb[at + 2] ?? 0;
        brightness.samples[row * width + column] = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
        redSum += r;
        greenSum += g;
        blueSum += b;
      }
      const at = (y / 2) * blue.width + x / 2;
      blue.samples[at] = toColour(-11059 * redSum - 21709 * greenSum + 32768 * blueSum);
      red.samples[at] = toColour(32768 * redSum - 27439 * greenSum - 5329 * blueSum);
    }
  }
  return {brightness, blue, red};
}

/** From the sum of four pixels, in 65,536ths, to a byte around 128. */
function toColour(sum: number): number {
  return Math.min(255, Math.round(sum / 4 / 65536 + 128));
}

function makePlane(width: number, height: number): Plane {
  return {width, height, samples: new Uint8Array(width * height)};
}
