import type {Picture} from './picture.ts';

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** @returns the largest size of the same form that fits into the box; never larger than the picture, never without a pixel. */
export function fitInto({width, height}: Box, box: Box): Box {
  const scale = Math.min(1, box.width / width, box.height / height);
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** @returns `width * height` colours, row by row, each 0xRRGGBB and the mean of the pixels that it covers. */
export function shrinkPicture(picture: Picture, {width, height}: Box): readonly number[] {
  const pixels: number[] = [];
  for (let y = 0; y < height; y++) {
    const rows = share(y, height, picture.height);
    for (let x = 0; x < width; x++) {
      pixels.push(meanColour(picture, rows, share(x, width, picture.width)));
    }
  }
  return pixels;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The `index`-th of `parts` equal shares of a length, in whole pixels, at least one. */
function share(index: number, parts: number, length: number): Span {
  const from = Math.floor((index * length) / parts);
  return {from, to: Math.max(from + 1, Math.floor(((index + 1) * length) / parts))};
}

function meanColour({width, rgb}: Picture, rows: Span, columns: Span): number {
  const count = (rows.to - rows.from) * (columns.to - columns.from);
  let [red, green, blue] = [0, 0, 0];
  for (let row = rows.from; row < rows.to; row++) {
    for (let at = (row * width + columns.from) * 3; at < (row * width + columns.to) * 3; at += 3) {
      red += rgb[at] ?? 0;
      green += rgb[at + 1] ?? 0;
      blue += rgb[at + 2] ?? 0;
    }
  }
  const mean = (sum: number) => Math.round(sum / count);
  return (mean(red) << 16) | (mean(green) << 8) | mean(blue);
}
