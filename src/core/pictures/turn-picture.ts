import type {Picture} from './picture.ts';

/** EXIF 2.32 (CIPA DC-008), 4.6.4, Orientation: where the picture's row 0 and column 0 are to be seen. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** @returns the orientation of a metadata field; 1, which is upright, for what is none. */
export function toOrientation(value: unknown): Orientation {
  const number = Number(value);
  switch (number) {
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
      return number;
    default:
      return 1;
  }
}

/** How a pixel's place in the turned picture is found: rows and columns exchanged, then counted from the other side. */
interface Turn {
  readonly exchanges: boolean;
  readonly fromRight: boolean;
  readonly fromBottom: boolean;
}

const turn = (exchanges: boolean, fromRight: boolean, fromBottom: boolean): Turn => ({
  exchanges,
  fromRight,
  fromBottom,
});

const TURNS: Readonly<Record<Orientation, Turn>> = {
  1: turn(false, false, false),
  2: turn(false, true, false),
  3: turn(false, true, true),
  4: turn(false, false, true),
  5: turn(true, false, false),
  6: turn(true, false, true),
  7: turn(true, true, true),
  8: turn(true, true, false),
};

/** @returns the picture as it is to be seen. */
export function turnPicture(picture: Picture, orientation: Orientation): Picture {
  if (orientation === 1) return picture;
  const {exchanges, fromRight, fromBottom} = TURNS[orientation];
  const width = exchanges ? picture.height : picture.width;
  const height = exchanges ? picture.width : picture.height;
  const rgb = new Uint8Array(picture.rgb.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [column, row] = exchanges ? [y, x] : [x, y];
      const fromX = fromRight ? picture.width - 1 - column : column;
      const fromY = fromBottom ? picture.height - 1 - row : row;
      const from = (fromY * picture.width + fromX) * 3;
      rgb.set(picture.rgb.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return {width, height, rgb};
}
