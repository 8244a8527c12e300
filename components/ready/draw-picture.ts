/** Pixels as cells of a terminal. Pure. */
import type {Thumbnail} from '../../src/core/thumbnail.ts';

/** Colours of a picture, row by row, each 0xRRGGBB. */
export interface Picture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly pixels: readonly number[];
}

/** Cells beside each other that look the same. */
export interface Run {
  readonly text: string;
  /** `#rrggbb`. */
  readonly color?: string;
  readonly backgroundColor?: string;
}

/** Two rows of pixels are one line. */
const ROWS_PER_LINE = 2;

/** @returns the lines that a picture of that height takes. */
export function countLines(height: number): number {
  return Math.ceil(height / ROWS_PER_LINE);
}

/** @returns the picture of a thumbnail; null when it has none. */
export function pictureOf({width, height, pixels}: Thumbnail): Picture | null {
  return pixels === null || width < 1 || height < 1 ? null : {width, height, pixels};
}

/** @param room cells and lines. @returns the picture in the same shape, not larger than the room; never enlarged. */
export function shrinkPicture(
  picture: Picture,
  room: {readonly cells: number; readonly lines: number},
): Picture {
  const {width, height} = picture;
  const share = Math.min(1, room.cells / width, (room.lines * ROWS_PER_LINE) / height);
  if (share >= 1) return picture;
  const columns = Math.max(1, Math.floor(width * share));
  const rows = Math.max(1, Math.floor(height * share));
  const pixels = Array.from({length: columns * rows}, (_, index) => {
    const column = index % columns;
    const row = Math.floor(index / columns);
    return averageColour(picture, {
      left: Math.floor((column * width) / columns),
      right: Math.max(1, Math.floor(((column + 1) * width) / columns)),
      top: Math.floor((row * height) / rows),
      bottom: Math.max(1, Math.floor(((row + 1) * height) / rows)),
    });
  });
  return {width: columns, height: rows, pixels};
}

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function averageColour(picture: Picture, {left, right, top, bottom}: Area): number {
  let [red, green, blue, count] = [0, 0, 0, 0];
  for (let row = top; row < bottom; row += 1) {
    for (let column = left; column < right; column += 1) {
      const colour = pixelAt(picture, column, row);
      red += redOf(colour);
      green += greenOf(colour);
      blue += blueOf(colour);
      count += 1;
    }
  }
  const mean = (sum: number) => Math.round(sum / Math.max(1, count));
  return mean(red) * 0x10000 + mean(green) * 0x100 + mean(blue);
}

/** @param upperHalf the sign whose upper half is drawn. @returns runs of each line: two pixels in a cell. */
export function drawColours(picture: Picture, upperHalf: string): readonly (readonly Run[])[] {
  return eachLine(picture, (column, row) => {
    const color = toHex(pixelAt(picture, column, row));
    if (row + 1 >= picture.height) return {text: upperHalf, color};
    return {text: upperHalf, color, backgroundColor: toHex(pixelAt(picture, column, row + 1))};
  });
}

/** From dark to bright, for light text on a dark ground. */
const SHADES = ' .:-=+*#%@';

/** @returns one run for each line: two pixels in a cell as one shade. */
export function drawShades(picture: Picture): readonly (readonly Run[])[] {
  return eachLine(picture, (column, row) => {
    const upper = brightnessOf(pixelAt(picture, column, row));
    const lower =
      row + 1 >= picture.height ? upper : brightnessOf(pixelAt(picture, column, row + 1));
    const level = Math.round(((upper + lower) / 2) * (SHADES.length - 1));
    return {text: SHADES[level] ?? ' '};
  });
}

function eachLine(
  {width, height}: Picture,
  draw: (column: number, row: number) => Run,
): readonly (readonly Run[])[] {
  return Array.from({length: countLines(height)}, (_, line) =>
    joinRuns(Array.from({length: width}, (_, column) => draw(column, line * ROWS_PER_LINE))),
  );
}

function joinRuns(cells: readonly Run[]): readonly Run[] {
  const runs: Run[] = [];
  for (const cell of cells) {
    const last = runs.at(-1);
    const isSame = last?.color === cell.color && last?.backgroundColor === cell.backgroundColor;
    if (last !== undefined && isSame)
      runs[runs.length - 1] = {...last, text: last.text + cell.text};
    else runs.push(cell);
  }
  return runs;
}

/** Black where a picture has fewer pixels than it says. */
const pixelAt = ({width, pixels}: Picture, column: number, row: number): number =>
  pixels[row * width + column] ?? 0;

const redOf = (colour: number): number => (colour >> 16) & 0xff;
const greenOf = (colour: number): number => (colour >> 8) & 0xff;
const blueOf = (colour: number): number => colour & 0xff;
const toHex = (colour: number): string => `#${(colour & 0xffffff).toString(16).padStart(6, '0')}`;

/** Luma of ITU-R BT.709, from 0 to 1. */
function brightnessOf(colour: number): number {
  return (0.2126 * redOf(colour) + 0.7152 * greenOf(colour) + 0.0722 * blueOf(colour)) / 255;
}
