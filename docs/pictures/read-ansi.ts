/** Reads what a program wrote to a terminal, or what tmux says stands on one: lines with styles. Knows no cursor movements. */
import {countCells} from '../../src/core/wrap-words.ts';
import {numberedColour, toHex} from './terminal-colours.ts';

export interface Style {
  /** `#rrggbb`; null for the terminal's own. */
  readonly colour: string | null;
  readonly ground: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
}

/** A sign with what stands on it, such as accents. */
export interface Cell {
  readonly sign: string;
  /** Cells of the terminal: 2 for wide signs. */
  readonly width: number;
  readonly style: Style;
}

/** From the left. */
export type Row = readonly Cell[];

const PLAIN: Style = {colour: null, ground: null, bold: false, dim: false};

/**
 * @param output lines joined by newlines, with SGR sequences (ECMA-48, 8.3.117); a style goes on in the next line, as it does there.
 * @param columns of the terminal: longer lines go on in the next row.
 * @throws for any other sequence, and for styles that the screens do not use.
 */
export function readAnsi(output: string, columns: number): readonly Row[] {
  let style = PLAIN;
  return output.split('\n').flatMap((line) => {
    const cells: Cell[] = [];
    for (const [whole, parameters, text] of line.matchAll(/\u001B\[([\d;]*)m|([^\p{Cc}]+)|./gu)) {
      if (text !== undefined) cells.push(...splitSigns(text, style));
      else if (parameters !== undefined) style = readParameters(parameters, style);
      else throw new Error(`no such sequence in the screens: ${JSON.stringify(whole)}`);
    }
    return wrap(cells, columns);
  });
}

function splitSigns(text: string, style: Style): Cell[] {
  const cells: Cell[] = [];
  for (const sign of text) {
    const width = countCells(sign);
    const before = cells.at(-1);
    if (width > 0 || before === undefined) cells.push({sign, width, style});
    else cells[cells.length - 1] = {...before, sign: before.sign + sign};
  }
  return cells;
}

function readParameters(parameters: string, before: Style): Style {
  const numbers = parameters.split(';').map(Number);
  let style = before;
  while (numbers.length > 0) style = readParameter(numbers, style);
  return style;
}

/** Takes one style, which may be several numbers, from the front. */
function readParameter(numbers: number[], style: Style): Style {
  const number = numbers.shift() ?? 0;
  const kind = Math.floor(number / 10);
  const rest = number % 10;
  switch (number) {
    case 0:
      return PLAIN;
    case 1:
      return {...style, bold: true};
    case 2:
      return {...style, dim: true};
    case 22:
      return {...style, bold: false, dim: false};
    case 38:
      return {...style, colour: readColour(numbers)};
    case 39:
      return {...style, colour: null};
    case 48:
      return {...style, ground: readColour(numbers)};
    case 49:
      return {...style, ground: null};
    default:
      if (rest < 8 && kind === 3) return {...style, colour: numberedColour(rest)};
      if (rest < 8 && kind === 4) return {...style, ground: numberedColour(rest)};
      if (rest < 8 && kind === 9) return {...style, colour: numberedColour(rest + 8)};
      if (rest < 8 && kind === 10) return {...style, ground: numberedColour(rest + 8)};
      throw new Error(`no such style in the screens: SGR ${number}`);
  }
}

/** What follows 38 and 48: `5;n`, or `2;red;green;blue` (ITU-T T.416, 13.1.8, with the separators that terminals use). */
function readColour(numbers: number[]): string {
  const form = numbers.shift();
  if (form === 5) return numberedColour(numbers.shift() ?? -1);
  const [red, green, blue] = form === 2 ? numbers.splice(0, 3) : [];
  if (red === undefined || green === undefined || blue === undefined) {
    throw new Error(`no such form of a colour: ${form}`);
  }
  return toHex(red, green, blue);
}

function wrap(cells: readonly Cell[], columns: number): readonly Row[] {
  const rows: Cell[][] = [[]];
  let used = 0;
  for (const cell of cells) {
    if (used + cell.width > columns) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)?.push(cell);
    used += cell.width;
  }
  return rows;
}
