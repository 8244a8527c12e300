import {Box} from 'ink';
import type {ReactElement, ReactNode} from 'react';
import {sideMargin} from './grid.ts';

interface FullScreenProps {
  /** Cells of the terminal. */
  readonly columns: number;
  /** Lines that are filled, whatever is in them. */
  readonly rows: number;
  readonly children: ReactNode;
}

/** The frame of a screen: lines from top to bottom beside the margin. What has no room is cut off. */
export function FullScreen({columns, rows, children}: FullScreenProps): ReactElement {
  return (
    <Box
      flexDirection="column"
      width={columns}
      height={rows}
      overflow="hidden"
      paddingLeft={sideMargin(columns)}
    >
      {children}
    </Box>
  );
}
