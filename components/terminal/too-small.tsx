import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import {describeBackupShort} from '../../src/core/backup-words.ts';
import type {CardState} from '../../src/core/card-state.ts';
import {cardPerCent} from '../../src/core/figures.ts';
import {printable} from '../../src/core/printable.ts';
import {isBackingUp, targetAtWork} from '../../src/core/session/backup-run.ts';
import {placeOf} from '../../src/core/session/press-key.ts';
import {isRunning} from '../../src/core/session/session-run.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {verdictHeadline} from '../../src/core/verdict-text.ts';
import type {Symbols} from '../theme.ts';
import type {TerminalSize} from '../use-terminal-size.ts';

export interface TooSmallProps {
  readonly state: SessionState;
  readonly smallest: TerminalSize;
  readonly symbols: Symbols;
}

/** What a terminal that is too small for the screens still tells: the verdicts or how far the copying is, the question, and what it needs. */
export function TooSmall({state, smallest, symbols}: TooSmallProps): ReactElement {
  const {run, backup} = state;
  const place = placeOf(state);
  const cards = run?.state.cards ?? [];
  const goesOn = isRunning(run) ? '; copying goes on' : '';
  return (
    <Box flexDirection="column">
      {cards.map((card) => (
        <CardWord key={card.card.path} card={card} symbols={symbols} />
      ))}
      {isBackingUp(backup) ? (
        <Text>{describeBackupShort(backup, targetAtWork(backup))}</Text>
      ) : null}
      {place === 'confirm-stop' || place === 'confirm-backup-stop' ? (
        <Text {...symbols.styles.decision}>stop? y stop, n go on</Text>
      ) : null}
      {place === 'confirm-deletions' ? (
        <Text {...symbols.styles.decision}>held deletions: n keep them</Text>
      ) : null}
      <Text>{`offload needs ${smallest.columns}x${smallest.rows}${goesOn}`}</Text>
    </Box>
  );
}

function CardWord(props: {readonly card: CardState; readonly symbols: Symbols}): ReactElement {
  const {card, symbols} = props;
  const {safe, failure} = symbols.styles;
  const label = printable(card.card.label);
  if (card.verdict === null) return <Text>{`${cardPerCent(card)} % ${label}`}</Text>;
  const words = verdictHeadline(card.verdict).replace('–', symbols.dash);
  return <Text {...(card.verdict.safe ? safe : failure)}>{`${words}: ${label}`}</Text>;
}
