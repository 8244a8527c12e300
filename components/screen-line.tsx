import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import {unreachable} from '../src/core/unreachable.ts';
import {countCells} from '../src/core/wrap-words.ts';
import {Cut} from './cut.tsx';
import {Line} from './ready/line.tsx';
import type {FrameSymbols, Symbols, TextStyle} from './theme.ts';

/** One line of a text that may be longer than the screen, laid out and not drawn yet. */
export type ScreenLine =
  | {
      readonly kind: 'text';
      readonly key: string;
      readonly text: string;
      /** Cells. */
      readonly indent: number;
      readonly style: TextStyle;
    }
  /** A file and where it failed; its name is cut in the middle. */
  | {
      readonly kind: 'file';
      readonly key: string;
      readonly indent: number;
      readonly where: string;
      /** Cells of the column of `where`; 0 where it is told elsewhere. */
      readonly whereWidth: number;
      readonly path: string;
      readonly style: TextStyle;
    }
  /** A key and what it does, in two columns. */
  | {
      readonly kind: 'pair';
      readonly key: string;
      readonly left: string;
      /** Cells of the left column. */
      readonly leftWidth: number;
      readonly right: string;
    }
  /** The upper or lower edge of a frame. */
  | (Framed & {readonly kind: 'edge'; readonly at: 'top' | 'bottom'})
  /** A line between two edges. */
  | (Framed & {
      readonly kind: 'framed';
      readonly indent: number;
      readonly text: string;
      readonly textStyle: TextStyle;
      /** At the right end; empty where there is none. */
      readonly right: string;
    });

interface Framed {
  readonly key: string;
  readonly frame: FrameSymbols;
  readonly style: TextStyle;
  /** Blank cells inside each side. */
  readonly padding: number;
}

export interface DrawnLineProps {
  readonly line: ScreenLine;
  /** Cells. */
  readonly width: number;
  readonly symbols: Symbols;
}

/** Draws one line in exactly `width` cells: what is too long is cut, and the sides of a frame stay where they are. */
export function DrawnLine({line, width, symbols}: DrawnLineProps): ReactElement {
  switch (line.kind) {
    case 'text':
      return (
        <Box width={width} height={1} flexShrink={0} paddingLeft={line.indent}>
          <Line text={line.text} width={width - line.indent} symbols={symbols} style={line.style} />
        </Box>
      );
    case 'file': {
      const whereWidth = Math.min(line.whereWidth, Math.floor(width / 2));
      return (
        <Box width={width} height={1} flexShrink={0} paddingLeft={line.indent}>
          {whereWidth === 0 ? null : (
            <Line text={line.where} width={whereWidth} symbols={symbols} />
          )}
          <Cut
            text={line.path}
            width={width - line.indent - whereWidth}
            symbols={symbols}
            style={line.style}
          />
        </Box>
      );
    }
    case 'pair':
      return (
        <Box width={width} height={1} flexShrink={0}>
          <Line
            text={line.left}
            width={line.leftWidth}
            symbols={symbols}
            style={symbols.styles.strong}
          />
          <Line text={line.right} width={width - line.leftWidth} symbols={symbols} />
        </Box>
      );
    case 'edge':
      return <Edge line={line} width={width} symbols={symbols} />;
    case 'framed':
      return <FramedLine line={line} width={width} symbols={symbols} />;
    default:
      return unreachable(line);
  }
}

function Edge({
  line: {frame, at, style},
  width,
}: DrawnLineProps & {readonly line: ScreenLine & {readonly kind: 'edge'}}): ReactElement {
  const {topLeft, topRight, bottomLeft, bottomRight, fill} = frame;
  const [left, right] = at === 'top' ? [topLeft, topRight] : [bottomLeft, bottomRight];
  return (
    <Box width={width} height={1} flexShrink={0}>
      <Text {...style} wrap="truncate-end">
        {left + fill.repeat(Math.max(0, width - 2)) + right}
      </Text>
    </Box>
  );
}

function FramedLine({
  line: {frame, style, padding, indent, text, textStyle, right},
  width,
  symbols,
}: DrawnLineProps & {readonly line: ScreenLine & {readonly kind: 'framed'}}): ReactElement {
  const rightWidth = right === '' ? 0 : countCells(right) + 2;
  const textWidth = width - 2 - padding * 2 - indent - rightWidth;
  return (
    <Box width={width} height={1} flexShrink={0}>
      <Text {...style}>{frame.sides}</Text>
      <Box width={padding + indent} flexShrink={0} />
      <Line text={text} width={textWidth} symbols={symbols} style={textStyle} />
      {right === '' ? null : (
        <Box width={rightWidth} flexShrink={0} paddingLeft={2}>
          <Cut
            text={right}
            width={rightWidth - 2}
            symbols={symbols}
            style={symbols.styles.strong}
          />
        </Box>
      )}
      <Box width={padding} flexShrink={0} />
      <Text {...style}>{frame.sides}</Text>
    </Box>
  );
}
