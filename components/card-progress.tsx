import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import type {CardState} from '../src/core/card-state.ts';
import {cardPerCent, perCentOf} from '../src/core/figures.ts';
import {formatBytes, formatTimeLeft} from '../src/core/format-amounts.ts';
import {printable} from '../src/core/printable.ts';
import {verdictHeadline} from '../src/core/verdict-text.ts';
import {countFiles, describePhase} from '../src/core/words.ts';
import {CardFailures} from './card-failures.tsx';
import {Cut} from './cut.tsx';
import type {Grid} from './grid.ts';
import {describeSpeed, Lane, Right, Row} from './lane.tsx';
import type {Symbols} from './theme.ts';

export interface CardProgressProps {
  readonly card: CardState;
  readonly grid: Grid;
  readonly symbols: Symbols;
}

/** One card: what it is, a lane for each destination, what failed; one line when its verdict is reached. */
export function CardProgress({card, grid, symbols}: CardProgressProps): ReactElement {
  if (card.verdict !== null) return <VerdictLine card={card} grid={grid} symbols={symbols} />;
  const Head = grid.note === 0 ? NarrowHead : WideHead;
  const lanes = isPlanned(card) ? card.lanes : [];
  return (
    <Box flexDirection="column" flexShrink={0} width={grid.total}>
      <Head card={card} grid={grid} symbols={symbols} />
      {lanes.map((lane) => (
        <Lane key={lane.to} lane={lane} bytes={card.bytes} grid={grid} symbols={symbols} />
      ))}
      {grid.note === 0 ? null : <NowLine card={card} grid={grid} symbols={symbols} />}
      <CardFailures card={card} grid={grid} symbols={symbols} />
    </Box>
  );
}

/** True when there is something to draw bars of. */
function isPlanned({plan, movingSinceMs}: CardState): boolean {
  return plan !== null || movingSinceMs !== null;
}

function WideHead({card, grid, symbols}: CardProgressProps): ReactElement {
  const size = describeSize(card);
  return (
    <>
      <Box flexShrink={0} height={1}>
        <Cut
          text={printable(card.card.label)}
          width={grid.total - size.length - 2}
          symbols={symbols}
          style={symbols.styles.strong}
        />
        <Right width={size.length + 2} text={size} />
      </Box>
      {isPlanned(card) ? (
        <Row
          grid={grid}
          symbols={symbols}
          name="  read"
          total={card.bytes}
          proved={card.read}
          copied={card.read}
          figure={`${perCentOf(card.read, card.bytes)} %`}
          note={card.read < card.bytes ? describeSpeed(card.readRate) : ''}
        />
      ) : null}
    </>
  );
}

function NarrowHead({card, grid, symbols}: CardProgressProps): ReactElement {
  const figures = describeFigures(card);
  return (
    <Box flexShrink={0} height={1}>
      <Cut
        text={printable(card.card.label)}
        width={grid.total - figures.length - 2}
        symbols={symbols}
        style={symbols.styles.strong}
      />
      <Right width={figures.length + 2} text={figures} />
    </Box>
  );
}

function describeFigures(card: CardState): string {
  if (card.movingSinceMs === null) return describeDoing(card);
  return `${cardPerCent(card)} %  ${formatTimeLeft(card.timeLeftMs)}`;
}

function describeSize({plan, bytes}: CardState): string {
  return plan === null ? '' : `${countFiles(plan.files)}  ${formatBytes(bytes)}`;
}

function describeDoing({phase}: CardState): string {
  return phase === null ? 'waiting' : describePhase(phase);
}

/** @returns the file that is being read, or what is done when none is. That nothing is copied yet is said with the file. */
export function describeNow(card: CardState): string {
  if (card.now === null) return describeDoing(card);
  const file = printable(card.now);
  return card.phase === 'compare' ? `${describeDoing(card)}: ${file}` : file;
}

/** What is done now; the legend of the bars at its right. */
export function NowLine({card, grid, symbols}: CardProgressProps): ReactElement {
  const legend = isPlanned(card) ? `${symbols.proved} proved  ${symbols.copied} copied` : '';
  const label = Math.min(grid.name, '  now'.length + 2);
  return (
    <Box flexShrink={0} height={1}>
      <Cut text="  now" width={label} symbols={symbols} style={symbols.styles.quiet} />
      <Cut
        text={describeNow(card)}
        width={grid.total - label - legend.length - 2}
        symbols={symbols}
      />
      <Right width={legend.length + 2} text={legend} style={symbols.styles.quiet} />
    </Box>
  );
}

function VerdictLine({card, grid, symbols}: CardProgressProps): ReactElement | null {
  if (card.verdict === null) return null;
  const {safe} = card.verdict;
  const words = verdictHeadline(card.verdict).replace('–', symbols.dash);
  return (
    <Box flexShrink={0} width={grid.total}>
      <Text {...(safe ? symbols.styles.safe : symbols.styles.failure)}>
        {`${safe ? symbols.safe : symbols.notSafe} ${words}: ${printable(card.card.label)}`}
      </Text>
    </Box>
  );
}
