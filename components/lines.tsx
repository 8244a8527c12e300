import {Box} from 'ink';
import type {ReactElement} from 'react';
import {formatCount} from '../src/core/format-amounts.ts';
import {DrawnLine, type ScreenLine} from './screen-line.tsx';
import type {Symbols, TextStyle} from './theme.ts';

export interface LinesProps {
  readonly lines: readonly ScreenLine[];
  /** Cells. */
  readonly width: number;
  readonly symbols: Symbols;
}

/** Lines that were laid out before, below each other. */
export function Lines({lines, width, symbols}: LinesProps): ReactElement {
  return (
    <Box flexDirection="column" flexShrink={0} width={width}>
      {lines.map((line) => (
        <DrawnLine key={line.key} line={line} width={width} symbols={symbols} />
      ))}
    </Box>
  );
}

/** Below this a line that only says that there are more would take the place of what matters. */
const ROOM_TO_COUNT = 3;

/** @returns the lines that have room. Where there are more, the last one says how many; where room is short, it runs on, so that it is seen to be cut. */
export function clipLines(
  lines: readonly ScreenLine[],
  room: number,
  style: TextStyle = {},
): readonly ScreenLine[] {
  if (lines.length <= room) return lines;
  if (room >= ROOM_TO_COUNT) {
    const shown = lines.slice(0, room - 1);
    const text = `+ ${formatCount(lines.length - shown.length)} more lines`;
    return [...shown, {kind: 'text', key: 'more', text, indent: 0, style}];
  }
  const shown = lines.slice(0, Math.max(0, room));
  const last = shown.at(-1);
  const rest = lines
    .slice(shown.length)
    .flatMap((line) => (line.kind === 'text' ? [line.text.trim()] : []));
  if (last?.kind !== 'text') return shown;
  return [...shown.slice(0, -1), {...last, text: [last.text, ...rest].join(' ')}];
}

/** Blank lines. */
export function Gap({lines}: {readonly lines: number}): ReactElement | null {
  return lines <= 0 ? null : <Box height={lines} flexShrink={0} />;
}
