import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {CardState} from '../../src/core/card-state.ts';
import {cardSpeed, lanePerCent} from '../../src/core/figures.ts';
import {formatBytes} from '../../src/core/format-amounts.ts';
import {printable} from '../../src/core/printable.ts';
import type {RunCard} from '../../src/core/run-cards.ts';
import {verdictHeadline} from '../../src/core/verdict-text.ts';
import {countFiles, describePhase} from '../../src/core/words.ts';
import {countCells} from '../../src/core/wrap-words.ts';
import {Cut} from '../cut.tsx';
import type {Grid} from '../grid.ts';
import {describeSpeed, Right} from '../lane.tsx';
import {Line, spell} from '../ready/line.tsx';
import type {Symbols} from '../theme.ts';
import type {Detail} from './working-layout.ts';

export interface WorkingCardProps {
  readonly card: RunCard;
  readonly detail: Detail;
  readonly grid: Grid;
  /** Cells of the column of labels. */
  readonly labelWidth: number;
  readonly symbols: Symbols;
}

/** What is to be done with a card that is gone before it is done. */
export const PULLED = 'Put it in again: it was pulled out';

/** @returns `1,224 files  18.4 GB`; empty until it is counted. */
export function describeSize({files, bytes}: RunCard): string {
  return files === null || bytes === null ? '' : `${countFiles(files)}  ${formatBytes(bytes)}`;
}

/** A card on one line: its verdict, how far it is, or what it waits for. */
export function CardLine(props: WorkingCardProps): ReactElement {
  const {card} = props;
  const isWide = props.grid.note > 0;
  if (card.stage === 'done') return <VerdictLine {...props} />;
  if (card.stage === 'busy' && card.state !== null)
    return <Labelled {...props} right={describeFigures(card.state, isWide)} middle="" />;
  const doing = describeWaiting(card, isWide);
  return isWide ? (
    <Labelled {...props} middle={doing} right={describeSize(card)} />
  ) : (
    <Labelled {...props} middle="" right={doing} />
  );
}

function describeWaiting({stage, state, seen}: RunCard, isWide: boolean): string {
  if (seen === null) return isWide ? PULLED : 'put it in again';
  if (stage === 'waiting') return isWide ? "waiting for this reader's turn" : 'waiting';
  const phase = state === null || state.verdict !== null ? null : state.phase;
  return phase === null ? 'waiting' : describePhase(phase);
}

/** @returns `284 MB/s  W  71 %  B  lost`, each in its place; without the speed where there is no room for it. */
function describeFigures(card: CardState, isWide: boolean): string {
  const perCent = (value: number) => `${String(value).padStart(3)} %`;
  const lanes = card.lanes.map(
    (lane) => `  ${lane.letter} ${lane.lost ? ' lost' : perCent(lanePerCent(lane, card.bytes))}`,
  );
  const speed = isWide ? describeSpeed(cardSpeed(card)) : '';
  return speed + lanes.join('');
}

function Labelled({
  card,
  grid,
  labelWidth,
  symbols,
  middle,
  right,
}: WorkingCardProps & {readonly middle: string; readonly right: string}): ReactElement {
  const rightWidth = Math.min(countCells(right) + 2, grid.total - 10);
  const rest = grid.total - rightWidth;
  const label = middle === '' ? rest : Math.min(labelWidth, rest - 2);
  return (
    <Box flexShrink={0} height={1}>
      <Cut
        text={printable(card.label)}
        width={label}
        symbols={symbols}
        style={symbols.styles.strong}
      />
      {middle === '' ? null : (
        <>
          <Box width={2} flexShrink={0} />
          <Line
            text={middle}
            width={rest - label - 2}
            symbols={symbols}
            style={symbols.styles.quiet}
          />
        </>
      )}
      <Right width={rightWidth} text={right} />
    </Box>
  );
}

/** The words come first; what was waived follows the label where there is room. */
function VerdictLine({card, grid, symbols}: WorkingCardProps): ReactElement | null {
  const {verdict} = card;
  if (verdict === null) return null;
  const {safe, waived} = verdict;
  const style = safe ? symbols.styles.safe : symbols.styles.failure;
  const sign = safe ? symbols.safe : symbols.notSafe;
  const words = spell(verdictHeadline({safe, waived: []}), symbols);
  const head = `${sign} ${words}: `;
  const label = printable(card.label);
  const waiver = verdictHeadline({safe, waived}).slice(words.length);
  const rest = grid.total - countCells(head);
  const labelWidth = Math.min(countCells(label), rest);
  return (
    <Box flexShrink={0} height={1}>
      <Line text={head} width={countCells(head)} symbols={symbols} style={style} />
      <Cut text={label} width={labelWidth} symbols={symbols} style={style} />
      {safe && waiver !== '' && rest - labelWidth > 0 ? (
        <Line
          text={waiver}
          width={rest - labelWidth}
          symbols={symbols}
          style={symbols.styles.decision}
        />
      ) : null}
    </Box>
  );
}
