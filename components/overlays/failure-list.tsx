import type {ReactElement} from 'react';
import type {LaneState} from '../../src/core/card-state.ts';
import {causeText} from '../../src/core/cause-text.ts';
import {formatCount} from '../../src/core/format-amounts.ts';
import {printable} from '../../src/core/printable.ts';
import type {SessionFailure, SessionState} from '../../src/core/session/session-state.ts';
import {nameWhere} from '../../src/core/verdict-block.ts';
import {countCells, wrapWords} from '../../src/core/wrap-words.ts';
import {textWidth} from '../grid.ts';
import {spell} from '../ready/line.tsx';
import type {ScreenLine} from '../screen-line.tsx';
import type {Symbols} from '../theme.ts';
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

/** Everything that failed: which file, where, why and what to do. */
export function FailureList({failures, scroll, state, ...size}: FailureListProps): ReactElement {
  const title =
    failures.length === 0 ? 'Nothing failed' : `What failed: ${formatCount(failures.length)}`;
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

/** @returns the furthest `scroll` that shows anything new. */
export function lastFailureScroll({failures, state, ...size}: FailureListProps): number {
  const lines = failureLines({failures, state, ...size});
  return lastTextScroll(lines.length, size.rows);
}

/** Drives are named as on the failure's card; the card is named where there are several. */
function describeWhere(failure: SessionFailure, state: SessionState | undefined): string {
  const cards = state?.run?.state.cards ?? [];
  const lanes: readonly LaneState[] =
    cards.find(({card}) => card.path === failure.card.path)?.lanes ?? [];
  const where = nameWhere(failure, lanes);
  return cards.length > 1 ? `${printable(failure.card.label)}, ${where}` : where;
}

interface Listing extends Pick<FailureListProps, 'failures' | 'columns' | 'symbols'> {
  readonly state: SessionState | undefined;
}

/** The file on a line of its own, the sentences below it. */
function failureLines({failures, state, columns, symbols}: Listing): readonly ScreenLine[] {
  const width = textWidth(columns);
  return failures.flatMap((failure, index): ScreenLine[] => {
    const {path, message, next} = failure;
    const where = describeWhere(failure, state);
    const sentences = wrapWords(spell(causeText({message, next}), symbols), width - 2);
    return [
      {
        kind: 'file',
        key: `${index} file`,
        indent: 0,
        where,
        whereWidth: countCells(where) + 2,
        path: printable(path),
        style: symbols.styles.strong,
      },
      ...sentences.map(
        (text, number): ScreenLine => ({
          kind: 'text',
          key: `${index} ${number}`,
          text,
          indent: 2,
          style: {},
        }),
      ),
    ];
  });
}
