import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import type {LaneState} from '../src/core/card-state.ts';
import {lanePerCent, laneSpeed} from '../src/core/figures.ts';
import {formatWholeRate} from '../src/core/format-amounts.ts';
import {printable} from '../src/core/printable.ts';
import {Cut} from './cut.tsx';
import type {Grid} from './grid.ts';
import {ProgressBar} from './progress-bar.tsx';
import type {Symbols, TextStyle} from './theme.ts';

interface RowProps {
  readonly grid: Grid;
  readonly symbols: Symbols;
  readonly name: string;
  /** Bytes. */
  readonly total: number;
  readonly proved: number;
  readonly copied: number;
  /** Per cent, or `lost`. */
  readonly figure: string;
  /** Speed or state, at most `grid.note` cells. */
  readonly note: string;
  readonly style?: TextStyle;
}

/**
 * Name, bar, per cent and speed in fixed columns. Each stands in a `<Text>` of its own: Ink keeps the measure of every text it has
 * ever seen, and whole lines would never repeat.
 */
export function Row({grid, symbols, style = {}, ...row}: RowProps): ReactElement {
  const {name, total, proved, copied, figure, note} = row;
  return (
    <Box flexShrink={0} height={1}>
      <Cut text={name} width={grid.name} symbols={symbols} style={style} />
      <Box width={1} flexShrink={0} />
      <Box width={grid.bar} flexShrink={0}>
        <ProgressBar
          width={grid.bar}
          total={total}
          proved={proved}
          copied={copied}
          symbols={symbols}
        />
      </Box>
      <Right width={grid.perCent} text={figure} style={style} />
      {grid.note === 0 ? null : <Right width={grid.note} text={note} style={style} />}
    </Box>
  );
}

/** A number in its column, with its end always in the same place. */
export function Right(props: {
  readonly width: number;
  readonly text: string;
  readonly style?: TextStyle;
}): ReactElement {
  return (
    <Box width={props.width} flexShrink={0} justifyContent="flex-end">
      <Text {...props.style} wrap="truncate-end">
        {props.text}
      </Text>
    </Box>
  );
}

export interface LaneProps {
  readonly lane: LaneState;
  /** Bytes of all files that are to be kept. */
  readonly bytes: number;
  readonly grid: Grid;
  readonly symbols: Symbols;
}

/** How far one destination is: copied and proved drawn apart, 100 % only when all is proved. */
export function Lane({lane, bytes, grid, symbols}: LaneProps): ReactElement {
  const full = `${lane.letter} ${printable(lane.name)}`;
  const narrow = grid.note === 0;
  const done = !lane.lost && bytes > 0 && lane.proved >= bytes;
  return (
    <Row
      grid={grid}
      symbols={symbols}
      name={narrow ? lane.letter : full}
      total={bytes}
      proved={lane.proved}
      copied={lane.written}
      figure={narrow && lane.lost ? 'lost' : `${lanePerCent(lane, bytes)} %`}
      note={done ? 'proved' : lane.lost ? 'lost' : describeSpeed(laneSpeed(lane, bytes))}
      {...(lane.lost ? {style: symbols.styles.failure} : {})}
    />
  );
}

/** @returns the speed, or nothing while it is measured. */
export function describeSpeed(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? '' : formatWholeRate(bytesPerSecond);
}
