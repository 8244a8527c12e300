/**
 * Signs that are drawn as shapes, because fonts disagree about them: blocks and lines must meet at the edges of their cells, and signs that a font
 * lacks come from another one, too wide, or as a coloured picture.
 */

/** Pixels of a cell: near the letters of 15 pixels of DejaVu Sans Mono, Menlo and Consolas, and whole, so that edges are sharp. */
export const CELL = {width: 9, height: 20} as const;

export interface Shape {
  /** Lines or outlines, in pixels from the cell's left upper corner. */
  readonly points: readonly (readonly Point[])[];
  /** Width of the lines between the points; null where the points are the corners of an area. */
  readonly pen: number | null;
  /** How strong it is drawn, 0 to 1. */
  readonly strength: number;
}

export type Point = readonly [x: number, y: number];

interface Rectangle {
  readonly left?: number;
  readonly top?: number;
  readonly right?: number;
  readonly bottom?: number;
}

const {width: W, height: H} = CELL;

function corners({left = 0, top = 0, right = W, bottom = H}: Rectangle): readonly Point[] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

const area = (points: readonly (readonly Point[])[], strength = 1): Shape => ({
  points,
  pen: null,
  strength,
});
const block = (rectangle: Rectangle, strength = 1): Shape => area([corners(rectangle)], strength);
const lines = (pen: number, ...points: readonly (readonly Point[])[]): Shape => ({
  points,
  pen,
  strength: 1,
});

// Lines run through the middle of the cell, 1 or 3 pixels strong.
const MIDDLE = {x: 4, y: 10} as const;
type Arm = 'left' | 'right' | 'up' | 'down';

function box(heavy: boolean, ...arms: readonly Arm[]): Shape {
  const more = heavy ? 1 : 0;
  const [left, right] = [MIDDLE.x - more, MIDDLE.x + 1 + more];
  const [top, bottom] = [MIDDLE.y - more, MIDDLE.y + 1 + more];
  const ends: Readonly<Record<Arm, Rectangle>> = {
    left: {top, bottom, right},
    right: {top, bottom, left},
    up: {left, right, bottom},
    down: {left, right, top},
  };
  return area(arms.map((arm) => corners(ends[arm])));
}

const PEN = 1.6;

const SHAPES: ReadonlyMap<string, Shape> = new Map([
  ['█', block({})],
  ['▓', block({}, 0.7)],
  ['▒', block({}, 0.4)],
  ['░', block({}, 0.2)],
  ['▌', block({right: W / 2})],
  ['▐', block({left: W / 2})],
  ['▀', block({bottom: H / 2})],
  ['▄', block({top: H / 2})],
  ['▏', block({right: 2})],
  ['─', area([corners({top: MIDDLE.y, bottom: MIDDLE.y + 1})])],
  ['│', box(false, 'up', 'down')],
  ['━', area([corners({top: MIDDLE.y - 1, bottom: MIDDLE.y + 2})])],
  ['┃', box(true, 'up', 'down')],
  ['┏', box(true, 'right', 'down')],
  ['┓', box(true, 'left', 'down')],
  ['┗', box(true, 'right', 'up')],
  ['┛', box(true, 'left', 'up')],
  [
    '╳',
    lines(
      1.2,
      [
        [0, 0],
        [W, H],
      ],
      [
        [W, 0],
        [0, H],
      ],
    ),
  ],
  [
    '✔',
    lines(2.2, [
      [0.5, 10.5],
      [3.4, 15],
      [8.5, 4.5],
    ]),
  ],
  [
    '✘',
    lines(
      2.2,
      [
        [0.5, 5.5],
        [8.5, 15.5],
      ],
      [
        [8.5, 5.5],
        [0.5, 15.5],
      ],
    ),
  ],
  [
    '▸',
    area([
      [
        [2, 6],
        [7.5, 10.5],
        [2, 15],
      ],
    ]),
  ],
  [
    '▹',
    lines(1.2, [
      [2.5, 6.5],
      [7, 10.5],
      [2.5, 14.5],
      [2.5, 6.5],
    ]),
  ],
  [
    '⏎',
    lines(
      1.4,
      [
        [8, 5],
        [8, 11.5],
        [1, 11.5],
      ],
      [
        [4, 8],
        [0.8, 11.5],
        [4, 15],
      ],
    ),
  ],
  ['→', arrow((along, across) => [4.5 + along, 10.5 + across])],
  ['←', arrow((along, across) => [4.5 - along, 10.5 + across])],
  ['↓', arrow((along, across) => [4.5 + across, 10.5 + along])],
  ['↑', arrow((along, across) => [4.5 + across, 10.5 - along])],
]);

function arrow(turn: (along: number, across: number) => Point): Shape {
  return lines(PEN, [turn(-3.8, 0), turn(3.6, 0)], [turn(1, -2.8), turn(3.8, 0), turn(1, 2.8)]);
}

/** @returns undefined for signs that the font draws. */
export function shapeOf(sign: string): Shape | undefined {
  return SHAPES.get(sign);
}
