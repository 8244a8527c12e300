import {Box} from 'ink';
import type {ReactElement, ReactNode} from 'react';
import {formatCount} from '../../src/core/format-amounts.ts';
import type {Symbols} from '../theme.ts';
import {Line} from './line.tsx';
import {type WindowOptions, windowRows} from './window.ts';

export interface ScrolledRowsProps extends WindowOptions {
  /** Cells. */
  readonly width: number;
  readonly symbols: Symbols;
  /** Draws a row, in as many lines as its height says. */
  readonly draw: (index: number) => ReactNode;
}

/** The rows around the selected one, and how many are not shown above and below. */
export function ScrolledRows({width, symbols, draw, ...options}: ScrolledRowsProps): ReactElement {
  const {first, end, scrolls} = windowRows(options);
  const indexes = options.heights.map((_, index) => index).slice(first, end);
  const below = options.heights.length - end;
  return (
    <Box
      flexDirection="column"
      flexShrink={0}
      width={width}
      height={Math.max(0, options.room)}
      overflow="hidden"
    >
      <Box flexDirection="column" flexShrink={0} rowGap={options.gap}>
        {indexes.map(draw)}
      </Box>
      {scrolls ? (
        <Line
          text={`  ${describeMore(first, below)}`}
          width={width}
          symbols={symbols}
          style={symbols.styles.quiet}
        />
      ) : null}
    </Box>
  );
}

/** @returns how many rows are not shown, and where: `+ 12 more below`, `+ 3 above, 9 below`. */
export function describeMore(above: number, below: number): string {
  if (above === 0) return `+ ${formatCount(below)} more below`;
  if (below === 0) return `+ ${formatCount(above)} more above`;
  return `+ ${formatCount(above)} above, ${formatCount(below)} below`;
}
