import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import {causeText} from '../src/core/cause-text.ts';
import type {Noticed} from '../src/core/events.ts';
import {runTimeLeft} from '../src/core/figures.ts';
import {formatTimeLeft} from '../src/core/format-amounts.ts';
import {printable} from '../src/core/printable.ts';
import type {RunState} from '../src/core/run-state.ts';
import {CardProgress} from './card-progress.tsx';
import {Cut} from './cut.tsx';
import {type Grid, layOutGrid} from './grid.ts';
import {Right} from './lane.tsx';
import type {Symbols} from './theme.ts';

export interface RunProgressProps {
  readonly state: RunState;
  /** Cells of the terminal. */
  readonly columns: number;
  /** Lines of the terminal; without it the height is not limited. */
  readonly rows?: number;
  readonly symbols: Symbols;
}

/**
 * The run as it is now, for a terminal of any width. It stays below `rows` lines, because Ink empties the whole terminal and its
 * history when a frame is as high as the terminal.
 */
export function RunProgress({state, columns, rows, symbols}: RunProgressProps): ReactElement {
  const room = rows === undefined ? Number.POSITIVE_INFINITY : Math.max(1, rows - 1);
  const grid = layOutGrid(columns, countWideLines(state) <= room);
  const wide = grid.note > 0;
  const tooHigh = !wide && countNarrowLines(state) > room;
  const warnings = state.notices.filter(({level}) => level === 'warning').slice(wide ? -3 : -1);
  const block = {marginBottom: wide ? 1 : 0, flexShrink: 0};
  return (
    <Box
      flexDirection="column"
      width={grid.total}
      {...(tooHigh ? {height: room, overflowY: 'hidden'} : {})}
    >
      {wide ? <Header state={state} grid={grid} symbols={symbols} /> : null}
      {state.cards.map((card) => (
        <Box key={card.card.path} {...block}>
          <CardProgress card={card} grid={grid} symbols={symbols} />
        </Box>
      ))}
      {warnings.map((notice) => (
        <Warning key={causeText(notice)} notice={notice} grid={grid} symbols={symbols} />
      ))}
      {state.ended === null ? <Hint state={state} grid={grid} symbols={symbols} /> : null}
    </Box>
  );
}

interface PartProps {
  readonly state: RunState;
  readonly grid: Grid;
  readonly symbols: Symbols;
}

function Header({state, grid, symbols}: PartProps): ReactElement {
  const shoot = state.cards.find(({plan}) => plan !== null)?.plan?.shoot;
  const title =
    shoot === undefined ? 'offload' : `offload ${symbols.separator} ${printable(shoot)}`;
  const timeLeft = describeTimeLeft(state);
  return (
    <Box marginBottom={1} flexShrink={0} height={1}>
      <Cut text={title} width={grid.total - timeLeft.length - 2} symbols={symbols} />
      <Right width={timeLeft.length + 2} text={timeLeft} />
    </Box>
  );
}

function describeTimeLeft(state: RunState): string {
  const busy = state.cards.some((card) => card.movingSinceMs !== null && card.verdict === null);
  if (!busy || state.ended !== null) return '';
  const timeLeftMs = runTimeLeft(state);
  const words = formatTimeLeft(timeLeftMs);
  return timeLeftMs === null ? words : `${words} left`;
}

interface WarningProps {
  readonly notice: Noticed;
  readonly grid: Grid;
  readonly symbols: Symbols;
}

function Warning({notice, grid, symbols}: WarningProps): ReactElement {
  const text = `${symbols.trouble} ${causeText(notice)}`;
  const style = symbols.styles.decision;
  if (grid.note === 0)
    return <Cut text={text} width={grid.total} symbols={symbols} style={style} />;
  return (
    <Box marginBottom={1} flexShrink={0}>
      <Text {...style}>{text}</Text>
    </Box>
  );
}

function Hint({state, grid, symbols}: PartProps): ReactElement {
  const asked = state.cancelRequested !== null;
  const calm = grid.note === 0 ? 'Ctrl-C stops' : 'Ctrl-C stops after the block in hand';
  const text = asked ? 'stopping, Ctrl-C again stops at once' : calm;
  const style = asked ? symbols.styles.decision : symbols.styles.quiet;
  return <Cut text={text} width={grid.total} symbols={symbols} style={style} />;
}

/** Lines of the wide screen, at most: long sentences are counted as three. */
function countWideLines(state: RunState): number {
  const cards = state.cards.map((card) => {
    if (card.verdict !== null) return 2;
    const failures = card.failures.length === 0 ? 0 : card.failures.length + 4;
    return card.lanes.length + 4 + failures;
  });
  return sum(cards) + state.notices.length * 4 + 3;
}

function countNarrowLines(state: RunState): number {
  const cards = state.cards.map((card) =>
    card.verdict === null ? card.lanes.length + 1 + Math.min(1, card.failures.length) : 2,
  );
  return sum(cards) + Math.min(1, state.notices.length) + 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
