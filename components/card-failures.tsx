import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import type {CardState, Failure} from '../src/core/card-state.ts';
import {causeText} from '../src/core/cause-text.ts';
import {formatCount} from '../src/core/format-amounts.ts';
import {printable} from '../src/core/printable.ts';
import {Cut} from './cut.tsx';
import type {Grid} from './grid.ts';
import type {Symbols} from './theme.ts';

export interface CardFailuresProps {
  readonly card: CardState;
  readonly grid: Grid;
  readonly symbols: Symbols;
}

const WHERE = '  card  '.length;

/** How much failed so far; where there is room, the newest files and what to do about the last one. */
export function CardFailures({card, grid, symbols}: CardFailuresProps): ReactElement | null {
  const {failures, failureCount, lanes} = card;
  const newest = failures.at(-1);
  if (newest === undefined) return null;
  const style = symbols.styles.failure;
  const count = `${symbols.trouble} ${formatCount(failureCount)} failed so far`;
  if (grid.note === 0) return <Text {...style}>{count}</Text>;
  return (
    <Box flexDirection="column" flexShrink={0} width={grid.total}>
      <Text {...style}>
        {failureCount > failures.length ? `${count}, the newest:` : `${count}:`}
      </Text>
      {failures.map((failure) => (
        <Box key={`${failure.to}\n${failure.path}`} height={1} flexShrink={0}>
          <Cut text={`  ${nameWhere(failure, lanes)}`} width={WHERE} symbols={symbols} />
          <Cut text={printable(failure.path)} width={grid.total - WHERE} symbols={symbols} />
        </Box>
      ))}
      <Box paddingLeft={2} flexShrink={0}>
        <Text>{causeText({message: newest.message, next: newest.next})}</Text>
      </Box>
    </Box>
  );
}

function nameWhere({to}: Failure, lanes: CardState['lanes']): string {
  if (to === null) return 'card';
  return lanes.find((lane) => lane.to === to)?.letter ?? '?';
}
