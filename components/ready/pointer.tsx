import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import type {Symbols} from '../theme.ts';

/** Cells of the sign before a row and the blank after it. */
export const POINTER_CELLS = 2;

export interface PointerProps {
  readonly selected: boolean;
  /** True in the column that the arrow keys move in. */
  readonly focused: boolean;
  readonly symbols: Symbols;
}

/** Marks the selected row, with another sign where the arrow keys move elsewhere. */
export function Pointer({selected, focused, symbols}: PointerProps): ReactElement {
  const sign = focused ? symbols.pointer : symbols.restingPointer;
  const style = focused ? symbols.styles.accent : symbols.styles.quiet;
  return (
    <Box width={POINTER_CELLS} height={1} flexShrink={0}>
      <Text {...style}>{selected ? sign : ' '}</Text>
    </Box>
  );
}
