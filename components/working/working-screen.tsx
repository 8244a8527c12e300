import {Box} from 'ink';
import type {ReactElement} from 'react';
import {printable} from '../../src/core/printable.ts';
import {type RunCard, runCards} from '../../src/core/run-cards.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {roundRunTime} from '../../src/core/steady-time.ts';
import {countCells} from '../../src/core/wrap-words.ts';
import {Footer} from '../footer.tsx';
import {FullScreen} from '../full-screen.tsx';
import {type Grid, innerWidth, layOutGrid} from '../grid.ts';
import {Line} from '../ready/line.tsx';
import {DrawnLine} from '../screen-line.tsx';
import type {Symbols} from '../theme.ts';
import {troubleLines} from './trouble-lines.ts';
import {WorkingCard} from './working-card.tsx';
import {
  cardHeight,
  describeHidden,
  hasGapBefore,
  layOutWorking,
  type WorkingLayout,
} from './working-layout.ts';
import {workingNotes} from './working-notes.ts';
import {WorkingTitle} from './working-title.tsx';

export interface WorkingScreenProps {
  readonly state: SessionState;
  /** Cells of the terminal. */
  readonly columns: number;
  /** Lines that may be drawn. */
  readonly rows: number;
  readonly symbols: Symbols;
  /** ms until all is done as `followRun` keeps it steady; null while it is measured. Without it the last estimate is rounded. */
  readonly timeLeftMs?: number | null;
  /** False where something else stands below. @default true */
  readonly hasFooter?: boolean;
}

/** What is copied and proved now, what went wrong, and what waits. */
export function WorkingScreen(props: WorkingScreenProps): ReactElement {
  const {state, columns, symbols, hasFooter = true} = props;
  const rows = Math.max(2, Math.floor(props.rows));
  const grid = layOutGrid(innerWidth(columns), true);
  const cards = runCards(state);
  const trouble = troubleLines({state, cards, width: grid.total, symbols});
  const notes = workingNotes(state, grid.total, symbols);
  const layout = layOutWorking({
    cards,
    rows: hasFooter ? rows : rows + 1,
    wide: grid.note > 0,
    trouble: {
      long: trouble.long.length,
      medium: trouble.medium.length,
      short: trouble.short.length,
    },
    notes: notes.length,
  });
  const troubles = trouble[layout.trouble];
  const timeLeftMs =
    props.timeLeftMs === undefined && state.run !== null
      ? roundRunTime(state.run.state)
      : (props.timeLeftMs ?? null);
  return (
    <FullScreen columns={columns} rows={rows}>
      <WorkingTitle
        state={state}
        cards={cards}
        timeLeftMs={timeLeftMs}
        width={grid.total}
        symbols={symbols}
      />
      {layout.gaps ? <Gap /> : null}
      <Cards layout={layout} grid={grid} symbols={symbols} />
      {layout.gaps && troubles.length > 0 ? <Gap /> : null}
      {troubles.map((line) => (
        <DrawnLine key={line.key} line={line} width={grid.total} symbols={symbols} />
      ))}
      <Box flexGrow={1} />
      {notes.slice(0, layout.notes).map((line) => (
        <DrawnLine key={line.key} line={line} width={grid.total} symbols={symbols} />
      ))}
      {hasFooter ? (
        <Footer place="working" state={state} width={grid.total} symbols={symbols} />
      ) : null}
    </FullScreen>
  );
}

interface CardsProps {
  readonly layout: WorkingLayout;
  readonly grid: Grid;
  readonly symbols: Symbols;
}

function Cards({layout, grid, symbols}: CardsProps): ReactElement {
  const {cards, detail, gaps, hidden} = layout;
  const heights = cards.map((card) => cardHeight(card, detail, grid.note > 0));
  const labelWidth = widthOfLabels(cards, grid);
  return (
    <>
      {cards.map((card, index) => (
        <Box
          key={card.path}
          flexShrink={0}
          marginTop={gaps && hasGapBefore(heights, index) ? 1 : 0}
        >
          <WorkingCard
            card={card}
            detail={detail}
            grid={grid}
            labelWidth={labelWidth}
            symbols={symbols}
          />
        </Box>
      ))}
      {hidden.length === 0 ? null : (
        <Line text={describeHidden(hidden)} width={grid.total} symbols={symbols} />
      )}
    </>
  );
}

/** Labels stand in one column, which takes a third of the screen at the most. */
function widthOfLabels(cards: readonly RunCard[], {total}: Grid): number {
  const longest = Math.max(8, ...cards.map(({label}) => countCells(printable(label))));
  return Math.min(longest, Math.floor(total / 3));
}

function Gap(): ReactElement {
  return <Box height={1} flexShrink={0} />;
}
