import type {Picture} from './picture.ts';

/** Darker than this in all colours is a bar, with what the compression of the picture beside it leaves there. */
const DARK = 28;
/** A picture of 16:9 in the 4:3 of a thumbnail has bars of an eighth of the height; one of 3:2 of an eighteenth. */
const THINNEST = 0.02;
const THICKEST = 0.2;

/**
 * Thumbnails are 160x120 whatever the picture's form (DCF 2.0, CIPA DC-009): cameras fill up with black bars, above and below, and some at the sides too.
 * @returns the picture without its bars; the same picture where opposite sides do not have like ones.
 */
export function cropBars(picture: Picture): Picture {
  const {width, height} = picture;
  if (Math.abs(width / height - 4 / 3) > 0.02) return picture;
  const rows = findBars(height, (y) => isDark(picture, {x: 0, y, width, height: 1}));
  const inner = {y: rows.from, height: rows.to - rows.from};
  const columns = findBars(width, (x) => isDark(picture, {x, width: 1, ...inner}));
  const area = {x: columns.from, width: columns.to - columns.from, ...inner};
  return area.width === width && area.height === height ? picture : cutOut(picture, area);
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** @returns what lies between two like bars at the ends of a length; all of it where there are none. */
function findBars(length: number, darkAt: (at: number) => boolean): {from: number; to: number} {
  let before = 0;
  while (before < length && darkAt(before)) before++;
  let after = 0;
  while (after < length - before && darkAt(length - 1 - after)) after++;
  const isBar = (thick: number) => thick >= length * THINNEST && thick <= length * THICKEST;
  if (!isBar(before) || !isBar(after) || Math.abs(before - after) > 2) return {from: 0, to: length};
  // The line at the edge is half bar, half picture.
  return {from: before + 1, to: length - after - 1};
}

function isDark({width, rgb}: Picture, area: Area): boolean {
  for (let y = area.y; y < area.y + area.height; y++) {
    const start = (y * width + area.x) * 3;
    for (let at = start; at < start + area.width * 3; at++) {
      if ((rgb[at] ?? 0) > DARK) return false;
    }
  }
  return true;
}

function cutOut(picture: Picture, {x, y, width, height}: Area): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * picture.width + x) * 3;
    rgb.set(picture.rgb.subarray(from, from + width * 3), row * width * 3);
  }
  return {width, height, rgb};
}
