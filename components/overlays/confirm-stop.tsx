import {Box} from 'ink';
import type {ReactElement} from 'react';
import {wrapWords} from '../../src/core/wrap-words.ts';
import {Footer} from '../footer.tsx';
import {sideMargin, textWidth} from '../grid.ts';
import {Line} from '../ready/line.tsx';
import type {Symbols} from '../theme.ts';

export interface ConfirmStopProps {
  /** True when the program ends then. */
  readonly leaves: boolean;
  /** Cells of the terminal. */
  readonly columns: number;
  readonly symbols: Symbols;
}

/** Asks whether to stop, and says what that does and how to go on later. Stands below what goes on meanwhile. */
export function ConfirmStop({leaves, columns, symbols}: ConfirmStopProps): ReactElement {
  const width = textWidth(columns);
  const {decision} = symbols.styles;
  return (
    <Box flexDirection="column" flexShrink={0} width={columns} paddingLeft={sideMargin(columns)}>
      <Line text={symbols.rest.repeat(width)} width={width} symbols={symbols} style={decision} />
      <Line
        text={leaves ? 'Stop and leave?' : 'Stop?'}
        width={width}
        symbols={symbols}
        style={{...decision, bold: true}}
      />
      {explain(leaves, width).map((text) => (
        <Line key={text} text={text} width={width} symbols={symbols} />
      ))}
      <Footer place="confirm-stop" width={width} symbols={symbols} />
    </Box>
  );
}

/** @returns lines that `ConfirmStop` takes: what stands above has the others. */
export function countConfirmLines({
  leaves,
  columns,
}: Pick<ConfirmStopProps, 'leaves' | 'columns'>): number {
  return explain(leaves, textWidth(columns)).length + 3;
}

function explain(leaves: boolean, width: number): readonly string[] {
  const later = leaves ? 'Start it again with the same cards' : 'Run it again';
  return wrapWords(
    `The block in hand is finished first. What is proved stays. ${later} and it goes on. Until then no card that is not done is safe to format.`,
    width,
  );
}
