import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {Now} from '../../src/core/format-dates.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import type {Symbols} from '../theme.ts';
import {CardColumn} from './card-column.tsx';
import {DriveColumn, measureDriveColumn} from './drive-column.tsx';
import type {ReadyFacts} from './ready-facts.ts';
import {
  type CardStyle,
  chooseCardStyle,
  FULLEST,
  layOutColumns,
  measureCards,
  type ReadyLayout,
  type Split,
  splitRoom,
} from './ready-layout.ts';

export interface ListsProps {
  readonly state: SessionState;
  readonly facts: ReadyFacts;
  readonly layout: ReadyLayout;
  readonly symbols: Symbols;
  readonly now: Now;
}

/** Cards at the left and drives at the right, or one below the other. */
export function Lists(props: ListsProps): ReactElement {
  const {state, facts, layout, symbols, now} = props;
  const {body, low, stacked} = layout;
  const columns = layOutColumns(layout);
  const heading = low ? 0 : 1;
  const most = shareBody(props, layout.calmBody, FULLEST);
  const cardStyle = chooseCardStyle(most.cards - heading);
  const rooms = shareBody(props, body, cardStyle);
  return (
    <Box
      flexDirection={stacked ? 'column' : 'row'}
      flexShrink={0}
      height={body}
      overflow="hidden"
      columnGap={columns.between}
      rowGap={rooms.between}
    >
      <CardColumn
        state={state}
        now={now}
        width={columns.cards}
        room={rooms.cards}
        headed={!low}
        cardStyle={cardStyle}
        symbols={symbols}
      />
      <DriveColumn
        state={state}
        facts={facts}
        width={columns.drives}
        room={rooms.drives}
        low={low}
        symbols={symbols}
      />
    </Box>
  );
}

/** @returns the lines of both lists: all of them for each where they stand beside each other. */
function shareBody(
  {state, facts, layout, symbols}: ListsProps,
  body: number,
  cardStyle: CardStyle,
): Split {
  const {stacked, low, width} = layout;
  if (!stacked) return {cards: body, between: 0, drives: body};
  const heading = low ? 0 : 1;
  const cards = measureCards(Math.max(1, state.cards.length), cardStyle);
  const drives = measureDriveColumn({state, facts, width, low, symbols});
  return splitRoom(body, heading + cards, heading + drives);
}
