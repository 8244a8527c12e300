import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import type {Symbols, TextStyle} from './theme.ts';

export interface CutProps {
  /** One printable line. */
  readonly text: string;
  /** Cells. */
  readonly width: number;
  readonly symbols: Symbols;
  readonly style?: TextStyle;
}

const ONLY_ASCII = /^[ -~]*$/;

/**
 * One line in exactly `width` cells, what is too long cut in the middle: the end of a file name tells more than its middle. Ink
 * measures the cells and marks the cut with `…`; terminals that show only ASCII get their own mark where the text is ASCII too.
 */
export function Cut({text, width, symbols, style = {}}: CutProps): ReactElement {
  const cells = Math.max(1, Math.floor(width));
  const short = ONLY_ASCII.test(symbols.ellipsis) ? cutAscii(text, cells, symbols.ellipsis) : text;
  return (
    <Box width={cells} height={1} flexShrink={0}>
      <Text {...style} wrap="truncate-middle">
        {short}
      </Text>
    </Box>
  );
}

function cutAscii(text: string, cells: number, mark: string): string {
  if (text.length <= cells || !ONLY_ASCII.test(text)) return text;
  const kept = Math.max(0, cells - mark.length);
  const head = Math.ceil(kept / 2);
  return text.slice(0, head) + mark + text.slice(text.length - (kept - head));
}
