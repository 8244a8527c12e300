import type {ReactElement} from 'react';
import type {LaneState} from '../../src/core/card-state.ts';
import {causeText} from '../../src/core/cause-text.ts';
import {type FailureGroup, groupFailures} from '../../src/core/failure-groups.ts';
import {
  type Again,
  chooseAgain,
  describeGroup,
  describeLost,
  findLostLanes,
  nameWhere,
} from '../../src/core/failure-words.ts';
import {formatCount} from '../../src/core/format-amounts.ts';
import {printable} from '../../src/core/printable.ts';
import {runCards} from '../../src/core/run-cards.ts';
import type {SessionFailure, SessionState} from '../../src/core/session/session-state.ts';
import {countCells, wrapWords} from '../../src/core/wrap-words.ts';
import {textWidth} from '../grid.ts';
import {spell} from '../ready/line.tsx';
import type {ScreenLine} from '../screen-line.tsx';
import type {Symbols, TextStyle} from '../theme.ts';
import {lastTextScroll, TextScreen} from './text-screen.tsx';

export interface FailureListProps {
  /** Oldest first. */
  readonly failures: readonly SessionFailure[];
  /** The first line shown. */
  readonly scroll: number;
  /** Cells of the terminal. */
  readonly columns: number;
  /** Lines that may be drawn. */
  readonly rows: number;
  readonly symbols: Symbols;
  /** Given, drives are named with their letters, and the title says what must stay in sight. */
  readonly state?: SessionState;
}

/** Everything that failed: lost drives, then which files, where, why and what to do. */
export function FailureList({failures, scroll, state, ...size}: FailureListProps): ReactElement {
  const title = describeCount(failures, state);
  return (
    <TextScreen
      place="failures"
      title={title}
      shortTitle={title}
      lines={failureLines({failures, state, ...size})}
      scroll={scroll}
      state={state ?? null}
      {...size}
    />
  );
}

/** @returns `What failed: 16`, `What failed: 1 drive, 16 files`. */
function describeCount(
  failures: readonly SessionFailure[],
  state: SessionState | undefined,
): string {
  const files = groupFailures(failures).reduce((sum, {paths}) => sum + paths.length, 0);
  const lost = findLostLanes(state?.run?.state.cards ?? []).length;
  if (lost === 0) return files === 0 ? 'No file failed' : `What failed: ${formatCount(files)}`;
  const drives = lost === 1 ? '1 drive' : `${formatCount(lost)} drives`;
  return files === 0
    ? `What failed: ${drives}`
    : `What failed: ${drives}, ${formatCount(files)} ${files === 1 ? 'file' : 'files'}`;
}

/** @returns the furthest `scroll` that shows anything new. */
export function lastFailureScroll({failures, state, ...size}: FailureListProps): number {
  const lines = failureLines({failures, state, ...size});
  return lastTextScroll(lines.length, size.rows);
}

interface Listing extends Pick<FailureListProps, 'failures' | 'columns' | 'symbols'> {
  readonly state: SessionState | undefined;
}

function failureLines(listing: Listing): readonly ScreenLine[] {
  const {failures, state, columns, symbols} = listing;
  const width = textWidth(columns);
  const text = (key: string, words: string, indent: number, style: TextStyle = {}) =>
    wrapWords(spell(words, symbols), width - indent).map(
      (line, number): ScreenLine => ({
        kind: 'text',
        key: `${key} ${number}`,
        text: line,
        indent,
        style,
      }),
    );
  const lost = findLostLanes(state?.run?.state.cards ?? []);
  const groups = groupFailures(failures);
  if (lost.length + groups.length === 0 && state?.screen === 'verdict') {
    return text('none', 'Why a card is not safe stands on the screen behind.', 0);
  }
  return [
    ...lost.flatMap((lane) =>
      text(
        `lost ${lane.to}`,
        describeLost(lane, state?.screen === 'verdict' ? 'now' : 'later'),
        0,
        symbols.styles.strong,
      ),
    ),
    ...groups.flatMap((group, index) => {
      const {where, again, lanes} = placeGroup(group, state);
      const {what, next} = describeGroup(group, lanes, again);
      const sentences = causeText({message: what, next});
      const [only = '', ...others] = group.paths;
      if (others.length === 0) {
        const isLong = countCells(where) + 2 + countCells(printable(only)) > width;
        const file = {key: `${index} file`, path: only, symbols};
        return [
          ...(isLong ? text(`${index} where`, `${where}:`, 0, symbols.styles.strong) : []),
          isLong
            ? fileLine({...file, where: '', indent: 2})
            : fileLine({...file, where, indent: 0}),
          ...text(`${index} words`, sentences, 2),
        ];
      }
      return [
        ...text(`${index} words`, `${where}: ${sentences}`, 0, symbols.styles.strong),
        ...group.paths.map((path) =>
          fileLine({key: `${index} file ${path}`, where: '', path, indent: 2, symbols}),
        ),
      ];
    }),
  ];
}

/** Drives are named as on the failure's card; the card is named where there are several. */
function placeGroup(
  group: FailureGroup,
  state: SessionState | undefined,
): {readonly where: string; readonly again: Again; readonly lanes: readonly LaneState[]} {
  const cards = state === undefined ? [] : runCards(state);
  const card = cards.find(({path}) => path === group.card.path);
  const lanes = card?.state?.lanes ?? [];
  const place = nameWhere(group, lanes);
  return {
    where: cards.length > 1 ? `${printable(group.card.label)}, ${place}` : place,
    again: state === undefined || card === undefined ? 'later' : chooseAgain(card.seen, state),
    lanes,
  };
}

interface FileLine {
  readonly key: string;
  readonly where: string;
  readonly path: string;
  readonly indent: number;
  readonly symbols: Symbols;
}

/** A file stands on a line of its own. */
function fileLine({key, where, path, indent, symbols}: FileLine): ScreenLine {
  const whereWidth = where === '' ? 0 : countCells(where) + 2;
  const style = where === '' ? {} : symbols.styles.strong;
  return {kind: 'file', key, indent, where, whereWidth, path: printable(path), style};
}
