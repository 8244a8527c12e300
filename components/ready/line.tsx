import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import {cutEnd, cutMiddle} from '../../src/core/wrap-words.ts';
import type {Symbols, TextStyle} from '../theme.ts';

export interface LineProps {
  /** One printable line. */
  readonly text: string;
  /** Cells. */
  readonly width: number;
  readonly symbols: Symbols;
  readonly style?: TextStyle;
  /** Where it stands when it is shorter. @default 'left' */
  readonly align?: 'left' | 'right';
}

/** Words in exactly `width` cells, what is too long cut at the end: sentences begin with what matters. */
export function Line({text, width, symbols, style = {}, align = 'left'}: LineProps): ReactElement {
  const cells = Math.max(1, Math.floor(width));
  const shown = cutEnd(spell(text, symbols), cells, symbols.ellipsis);
  return (
    <Fixed cells={cells} align={align} style={style}>
      {shown}
    </Fixed>
  );
}

/** A name in exactly `width` cells, cut in the middle when it is too long. Ink's own cut lets wide signs stand over the edge. */
export function Name({text, width, symbols, style = {}}: Omit<LineProps, 'align'>): ReactElement {
  const cells = Math.max(1, Math.floor(width));
  return (
    <Fixed cells={cells} align="left" style={style}>
      {cutMiddle(text, cells, symbols.ellipsis)}
    </Fixed>
  );
}

interface FixedProps {
  readonly cells: number;
  readonly align: 'left' | 'right';
  readonly style: TextStyle;
  readonly children: string;
}

/** Ink cuts here only what it measures wider than we do. */
function Fixed({cells, align, style, children}: FixedProps): ReactElement {
  return (
    <Box
      width={cells}
      height={1}
      flexShrink={0}
      justifyContent={align === 'left' ? 'flex-start' : 'flex-end'}
    >
      <Text {...style} wrap="truncate-end">
        {children}
      </Text>
    </Box>
  );
}

/** @returns our own words in the signs that the terminal shows. */
export function spell(text: string, {unicode, dash}: Pick<Symbols, 'unicode' | 'dash'>): string {
  return unicode ? text : text.replaceAll('–', dash).replaceAll('…', '...');
}
