/** Draws what stands on a terminal as an SVG without scripts and fonts of its own: every cell has its place, whatever the font is. */
import {type Cell, type Row, readAnsi, type Style} from './read-ansi.ts';
import {CELL, type Point, type Shape, shapeOf} from './sign-shapes.ts';
import {EDGE, GROUND, INK} from './terminal-colours.ts';

export interface Window {
  /** Width of the terminal: longer lines go on in the next row, as they do there. */
  readonly columns: number;
  /** Height of the terminal; as many as there are lines without it. */
  readonly rows?: number;
  /** What the picture shows, for who cannot see it. */
  readonly title: string;
}

const FONT = {
  families: "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace",
  size: 15,
  /** Pixels from the top of a cell to the line that letters stand on. */
  ascent: 15,
} as const;
const MARGIN = 16;
/** How strong dim cells are drawn. */
const DIM = 0.65;

/**
 * @param output lines joined by newlines, with SGR sequences.
 * @throws for sequences and styles that the screens do not use, and when there are more lines than the terminal has.
 */
export function ansiToSvg(output: string, {columns, rows, title}: Window): string {
  const lines = readAnsi(output.replace(/\n$/, ''), columns);
  if (rows !== undefined && lines.length > rows) {
    throw new Error(`${lines.length} lines in a terminal of ${rows}`);
  }
  const width = columns * CELL.width + 2 * MARGIN;
  const height = (rows ?? lines.length) * CELL.height + 2 * MARGIN;
  const grounds = new Paths();
  const shapes = new Paths();
  const texts = lines.flatMap((line, row) => drawRow(line, {row, grounds, shapes}));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${GROUND}" stroke="${EDGE}"/>`,
    `<g transform="translate(${MARGIN} ${MARGIN})" font-family="${FONT.families}" font-size="${FONT.size}" fill="${INK}" xml:space="preserve">`,
    ...grounds.draw(),
    ...shapes.draw(),
    ...texts,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** Areas and lines of one look are one path, in the order in which the looks came. */
class Paths {
  readonly #byLook = new Map<string, string[]>();

  add(look: string, path: string): void {
    const paths = this.#byLook.get(look);
    if (paths === undefined) this.#byLook.set(look, [path]);
    else paths.push(path);
  }

  draw(): readonly string[] {
    return [...this.#byLook].map(([look, paths]) => `<path ${look} d="${paths.join('')}"/>`);
  }
}

interface Layers {
  readonly row: number;
  readonly grounds: Paths;
  readonly shapes: Paths;
}

/** Neighbouring cells that are drawn as one. */
interface Stretch {
  readonly cells: readonly Cell[];
  /** Cells of the terminal on the left of it. */
  readonly column: number;
}

function drawRow(line: Row, {row, grounds, shapes}: Layers): readonly string[] {
  const top = row * CELL.height;
  for (const {cells, column} of joinCells(line, hasSameGround)) {
    const ground = cells[0]?.style.ground ?? null;
    if (ground === null) continue;
    const box = {left: column * CELL.width, top, width: countWidth(cells), height: CELL.height};
    grounds.add(`fill="${ground}"`, drawBox(box));
  }
  return joinCells(line, belongTogether).flatMap((stretch) => {
    const [first] = stretch.cells;
    const shape = first && shapeOf(first.sign);
    if (first === undefined || shape === undefined) return drawText(stretch, top);
    drawShape(shape, {stretch, style: first.style, top, shapes});
    return [];
  });
}

/** @param joins tells whether a cell goes on with the one before. */
function joinCells(line: Row, joins: (before: Cell, cell: Cell) => boolean): readonly Stretch[] {
  const stretches: {cells: Cell[]; column: number}[] = [];
  let column = 0;
  for (const cell of line) {
    const last = stretches.at(-1);
    const before = last?.cells.at(-1);
    if (last !== undefined && before !== undefined && joins(before, cell)) last.cells.push(cell);
    else stretches.push({cells: [cell], column});
    column += cell.width;
  }
  return stretches;
}

const hasSameGround = (before: Cell, cell: Cell): boolean =>
  before.style.ground === cell.style.ground;

function hasSameInk({style: a}: Cell, {style: b}: Cell): boolean {
  return a.colour === b.colour && a.bold === b.bold && a.dim === b.dim;
}

/** Letters and the blanks between them, and shapes of one sign. Wide signs stand alone: fonts disagree most about their width. */
function belongTogether(before: Cell, cell: Cell): boolean {
  if (!hasSameInk(before, cell) || before.width !== 1 || cell.width !== 1) return false;
  const isShape = shapeOf(before.sign) !== undefined || shapeOf(cell.sign) !== undefined;
  return !isShape || before.sign === cell.sign;
}

const countWidth = (cells: readonly Cell[]): number =>
  cells.reduce((sum, {width}) => sum + width, 0) * CELL.width;

interface ShapePlace {
  readonly stretch: Stretch;
  readonly style: Style;
  readonly top: number;
  readonly shapes: Paths;
}

function drawShape(shape: Shape, {stretch, style, top, shapes}: ShapePlace): void {
  const {points, pen, strength} = shape;
  const colour = style.colour ?? INK;
  const opacity = strength * (style.dim ? DIM : 1);
  const left = stretch.column * CELL.width;
  const width = countWidth(stretch.cells);
  if (pen === null && spansCell(points)) {
    // Shapes that reach from edge to edge are one area, without seams.
    const ys = points.flat().map(([, y]) => y);
    const box = {
      left,
      top: top + Math.min(...ys),
      width,
      height: Math.max(...ys) - Math.min(...ys),
    };
    shapes.add(lookOf('fill', colour, opacity), drawBox(box));
    return;
  }
  const look =
    pen === null
      ? lookOf('fill', colour, opacity)
      : `${lookOf('stroke', colour, opacity)} fill="none" stroke-width="${pen}"`;
  const end = pen === null ? 'z' : '';
  stretch.cells.forEach((_, index) => {
    for (const line of points) {
      const place = line.map(([x, y]): Point => [left + index * CELL.width + x, top + y]);
      shapes.add(look, `M${place.map(([x, y]) => `${x} ${y}`).join('L')}${end}`);
    }
  });
}

/** True for one rectangle from the left edge of its cell to the right one. */
function spansCell(points: Shape['points']): boolean {
  const xs = points.flat().map(([x]) => x);
  return points.length === 1 && xs.length === 4 && xs.every((x) => x === 0 || x === CELL.width);
}

function lookOf(way: 'fill' | 'stroke', colour: string, opacity: number): string {
  const strength = Math.round(opacity * 1000) / 1000;
  return `${way}="${colour}"${strength === 1 ? '' : ` ${way}-opacity="${strength}"`}`;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const drawBox = ({left, top, width, height}: Box): string =>
  `M${left} ${top}h${width}v${height}h${-width}z`;

/** One text for each word or row of words: where there are two blanks, columns begin. */
function drawText({cells, column}: Stretch, top: number): readonly string[] {
  const [first] = cells;
  if (first === undefined) return [];
  const {colour, bold, dim} = first.style;
  const look = [
    ...(colour === null ? [] : [`fill="${colour}"`]),
    ...(dim ? [`fill-opacity="${DIM}"`] : []),
    ...(bold ? ['font-weight="bold"'] : []),
  ];
  const widths = cells.map(({width}) => width);
  // Of the same length as the cells, so that places in it are places of cells.
  const marks = cells.map(({sign}) => (sign === ' ' ? ' ' : 'x')).join('');
  return [...marks.matchAll(/x+(?: x+)*/g)].map(({index, 0: {length}}) => {
    const text = cells.slice(index, index + length).map(({sign}) => sign);
    const x = (column + sum(widths.slice(0, index))) * CELL.width;
    const width = sum(widths.slice(index, index + length)) * CELL.width;
    // The length is forced, so that columns stand under each other in any font. One letter would only be stretched.
    const forced = ` textLength="${width}" lengthAdjust="spacingAndGlyphs"`;
    const place = `x="${x}" y="${top + FONT.ascent}"${width > CELL.width ? forced : ''}`;
    return `<text ${[place, ...look].join(' ')}>${escapeXml(text.join(''))}</text>`;
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
