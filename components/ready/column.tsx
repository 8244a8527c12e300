import {Box} from 'ink';
import type {ReactElement, ReactNode} from 'react';
import type {Symbols} from '../theme.ts';
import {Line} from './line.tsx';
import {POINTER_CELLS} from './pointer.tsx';

export interface ColumnProps {
  /** Null where there is no height for one. */
  readonly heading: string | null;
  /** What the figures at the right are. */
  readonly figures?: string;
  /** Cells. */
  readonly width: number;
  /** Lines, the heading among them. */
  readonly room: number;
  readonly symbols: Symbols;
  readonly children: ReactNode;
}

/** A list with its heading, in exactly the lines that it was given. */
export function Column(props: ColumnProps): ReactElement {
  const {heading, figures = '', width, room, symbols, children} = props;
  const style = symbols.styles.quiet;
  const right = figures === '' ? 0 : figures.length + 1;
  return (
    <Box
      flexDirection="column"
      flexShrink={0}
      width={width}
      height={Math.max(0, room)}
      overflow="hidden"
    >
      {heading === null ? null : (
        <Box height={1} flexShrink={0} paddingLeft={POINTER_CELLS}>
          <Line
            text={heading}
            width={width - POINTER_CELLS - right}
            symbols={symbols}
            style={style}
          />
          {right === 0 ? null : (
            <Line text={figures} width={right} symbols={symbols} style={style} align="right" />
          )}
        </Box>
      )}
      {children}
    </Box>
  );
}
