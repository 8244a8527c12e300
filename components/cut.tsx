import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import {countCells} from '../src/core/wrap-words.ts';
import type {Symbols, TextStyle} from './theme.ts';

export interface CutProps {
  /** One printable line. */
  readonly text: string;
  /** Cells. */
  readonly width: number;
  readonly symbols: Symbols;
  readonly style?: TextStyle;
}

const graphemes = new Intl.Segmenter();

/**
 * One line in exactly `width` cells, what is too long cut in the middle: the end of a file name tells more than its middle. It is cut
 * here because Ink takes a sign that is made an emoji for narrower than it draws it.
 */
export function Cut({text, width, symbols, style = {}}: CutProps): ReactElement {
  const cells = Math.max(1, Math.floor(width));
  return (
    <Box width={cells} height={1} flexShrink={0}>
      <Text {...style} wrap="truncate-middle">
        {cutMiddle(text, cells, symbols.ellipsis)}
      </Text>
    </Box>
  );
}

function cutMiddle(text: string, cells: number, mark: string): string {
  if (countCells(text) <= cells) return text;
  const signs = Array.from(graphemes.segment(text), ({segment}) => segment);
  const kept = Math.max(0, cells - countCells(mark));
  const head = takeCells(signs, Math.ceil(kept / 2));
  const tail = takeCells(signs.reverse(), kept - Math.ceil(kept / 2));
  return [...head, mark, ...tail.reverse()].join('');
}

/** @returns as many of the first signs as have room. */
function takeCells(signs: readonly string[], cells: number): string[] {
  const taken: string[] = [];
  let room = cells;
  for (const sign of signs) {
    room -= countCells(sign);
    if (room < 0) break;
    taken.push(sign);
  }
  return taken;
}
