import {Box} from 'ink';
import type {ReactElement} from 'react';
import {formatCount} from '../src/core/format-amounts.ts';
import {countCells} from '../src/core/wrap-words.ts';
import {Line} from './ready/line.tsx';
import {DrawnLine, type ScreenLine} from './screen-line.tsx';
import type {Symbols} from './theme.ts';

export interface ScrolledLinesProps {
  readonly lines: readonly ScreenLine[];
  /** The first line shown; no further than to the end. */
  readonly scroll: number;
  /** Cells. */
  readonly width: number;
  /** Lines at most. */
  readonly rows: number;
  readonly symbols: Symbols;
  /** What stands at the right of how many lines there are more, where it has room. @default '' */
  readonly aside?: string;
}

/** Lines from `scroll` on, as many as have room; where there are more, the last line says how many. */
export function ScrolledLines(props: ScrolledLinesProps): ReactElement {
  const {lines, scroll, width, rows, symbols, aside = ''} = props;
  const room = roomFor(lines.length, rows);
  const first = Math.min(Math.max(0, scroll), lastScroll(lines.length, rows));
  const shown = lines.slice(first, first + room);
  const below = lines.length - first - shown.length;
  return (
    <Box flexDirection="column" flexShrink={0} width={width}>
      {shown.map((line) => (
        <DrawnLine key={line.key} line={line} width={width} symbols={symbols} />
      ))}
      {lines.length <= rows ? null : (
        <Line
          text={chooseRest(describeRest(first, below), aside, width)}
          width={width}
          symbols={symbols}
          style={symbols.styles.strong}
        />
      )}
    </Box>
  );
}

/** The word `lines` goes before what stands beside it does. */
function chooseRest(rest: string, aside: string, width: number): string {
  if (aside === '') return rest;
  const both = [rest, rest.replace(/ lines?(?=;|$)/, '')].map((text) => ({
    text,
    blanks: width - countCells(text) - countCells(aside),
  }));
  const fitting = both.find(({blanks}) => blanks >= 2);
  return fitting === undefined ? rest : fitting.text + ' '.repeat(fitting.blanks) + aside;
}

/** @returns the furthest `scroll` that shows anything new. */
export function lastScroll(lines: number, rows: number): number {
  return Math.max(0, lines - roomFor(lines, rows));
}

/** A screen of one line shows a line, and not that there are more. */
function roomFor(lines: number, rows: number): number {
  return lines <= rows ? lines : Math.max(1, rows - 1);
}

function describeRest(above: number, below: number): string {
  if (below === 0) return `the end; ${formatCount(above)} ${linesAre(above)} above`;
  const more = `more below: ${formatCount(below)} ${linesAre(below)}`;
  return above === 0 ? more : `${more}; ${formatCount(above)} above`;
}

const linesAre = (count: number): string => (count === 1 ? 'line' : 'lines');
