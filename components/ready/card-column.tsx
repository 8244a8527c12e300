import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import type {Now} from '../../src/core/format-dates.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {joinWithAnd} from '../../src/core/words.ts';
import {wrapWords} from '../../src/core/wrap-words.ts';
import type {Symbols} from '../theme.ts';
import {CardRows} from './card-rows.tsx';
import {Column} from './column.tsx';
import {spell} from './line.tsx';
import type {CardStyle} from './ready-layout.ts';

export interface CardColumnProps {
  readonly state: SessionState;
  readonly now: Now;
  readonly width: number;
  /** Lines, the heading among them. */
  readonly room: number;
  readonly headed: boolean;
  readonly cardStyle: CardStyle;
  readonly symbols: Symbols;
}

/** The cards, or what is waited for. */
export function CardColumn(props: CardColumnProps): ReactElement {
  const {state, now, width, room, headed, cardStyle, symbols} = props;
  const inner = room - (headed ? 1 : 0);
  return (
    <Column heading={headed ? 'CARDS' : null} width={width} room={room} symbols={symbols}>
      {state.cards.length === 0 ? (
        <Waiting words={describeWaiting(state)} width={width} room={inner} symbols={symbols} />
      ) : (
        <CardRows
          cards={state.cards}
          selected={state.selectedCard}
          focused={state.focus === 'cards'}
          now={now}
          width={width}
          room={inner}
          cardStyle={cardStyle}
          symbols={symbols}
        />
      )}
    </Column>
  );
}

/** @returns what a screen without cards says. */
export function describeWaiting({looked, drives}: SessionState): string {
  if (!looked) return 'Looking for cards and drives…';
  const letters = drives.flatMap(({letter}) => (letter === null ? [] : [letter]));
  return letters.length === 0
    ? 'Insert a card.'
    : `Insert a card. Watching ${joinWithAnd(letters)}.`;
}

interface WaitingProps {
  readonly words: string;
  readonly width: number;
  readonly room: number;
  readonly symbols: Symbols;
}

/** In the middle, and nothing blinks. */
function Waiting({words, width, room, symbols}: WaitingProps): ReactElement {
  return (
    <Box
      flexDirection="column"
      flexShrink={0}
      width={width}
      height={Math.max(0, room)}
      overflow="hidden"
      justifyContent="center"
      alignItems="center"
    >
      {wrapWords(spell(words, symbols), width - 2).map((line) => (
        <Text key={line} wrap="truncate-end">
          {line}
        </Text>
      ))}
    </Box>
  );
}
