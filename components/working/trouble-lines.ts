import {causeText} from '../../src/core/cause-text.ts';
import {findLostLanes, nameWhere, sayAgain} from '../../src/core/failure-words.ts';
import {formatCount} from '../../src/core/format-amounts.ts';
import {noticeText} from '../../src/core/notice-words.ts';
import {printable} from '../../src/core/printable.ts';
import type {RunCard} from '../../src/core/run-cards.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {chooseForm, countCells, wrapWords} from '../../src/core/wrap-words.ts';
import {spell} from '../ready/line.tsx';
import type {ScreenLine} from '../screen-line.tsx';
import type {Symbols, TextStyle} from '../theme.ts';

/** How much is said of what went wrong, most first. */
export const TROUBLE_LENGTHS = ['long', 'medium', 'short'] as const;
export type TroubleLength = (typeof TROUBLE_LENGTHS)[number];

/** A sentence is cut after so many lines; the list of failures has it whole. */
const LONGEST_SENTENCE = 3;
const NEWEST = 3;

interface Trouble {
  readonly state: SessionState;
  readonly cards: readonly RunCard[];
  /** Cells. */
  readonly width: number;
  readonly symbols: Symbols;
}

/** What went wrong so far, in three lengths; no lines when nothing did. */
export function troubleLines(trouble: Trouble): Readonly<Record<TroubleLength, ScreenLine[]>> {
  return {
    long: [...lostLines(trouble), ...failureLines(trouble, true), ...noticeLines(trouble, true)],
    medium: [
      ...lostLines(trouble),
      ...failureLines(trouble, false),
      ...noticeLines(trouble, false),
    ],
    short: shortLine(trouble),
  };
}

function text(key: string, words: string, style: TextStyle, indent = 0): ScreenLine {
  return {kind: 'text', key, text: words, indent, style};
}

const findLost = (cards: readonly RunCard[]) =>
  findLostLanes(cards.flatMap(({state}) => (state === null ? [] : [state])));

function lostLines({cards, width, symbols}: Trouble): ScreenLine[] {
  return findLost(cards).map(({to, letter, name}) => {
    const lost = `${symbols.trouble} ${letter} ${printable(name)} is lost`;
    const words = chooseForm([`${lost}: it gets nothing more`, lost], width);
    return text(`lost ${to}`, words, symbols.styles.failure);
  });
}

function countFailures(cards: readonly RunCard[]): number {
  return cards.reduce((sum, {state}) => sum + (state?.failureCount ?? 0), 0);
}

function failureLines({state, cards, width, symbols}: Trouble, isLong: boolean): ScreenLine[] {
  const count = countFailures(cards);
  if (count === 0) return [];
  const {failure} = symbols.styles;
  const head = text('failed', `${symbols.trouble} ${formatCount(count)} failed so far`, failure);
  const failures = state.run?.failures ?? [];
  const newest = failures.at(-1);
  if (newest === undefined) return [head];
  const lanes = cards.flatMap((card) => card.state?.lanes ?? []);
  const shown = failures.slice(isLong ? -NEWEST : -1).map((one) => ({
    where: nameWhere(one, lanes),
    path: printable(one.path),
  }));
  const whereWidth = Math.max(...shown.map(({where}) => countCells(where))) + 2;
  const files = shown.map(
    (one, index): ScreenLine => ({
      kind: 'file',
      key: `file ${index}`,
      indent: 2,
      ...one,
      whereWidth,
      style: {},
    }),
  );
  if (!isLong) return [head, ...files];
  const {message, next} = newest;
  return [
    head,
    ...files,
    ...sentence('why', sayAgain(causeText({message, next}), 'later'), {width, symbols}),
  ];
}

function sentence(
  key: string,
  words: string,
  {width, symbols, style = {}}: Pick<Trouble, 'width' | 'symbols'> & {readonly style?: TextStyle},
): ScreenLine[] {
  const lines = wrapWords(spell(words, symbols), width - 2);
  const kept = lines.slice(0, LONGEST_SENTENCE);
  const rest = lines.slice(LONGEST_SENTENCE).join(' ');
  return kept.map((line, index) => {
    // What runs on is seen to be cut.
    const isCut = index === LONGEST_SENTENCE - 1 && rest !== '';
    return text(`${key} ${index}`, isCut ? `${line} ${rest}` : line, style, 2);
  });
}

function noticeLines({state, width, symbols}: Trouble, isLong: boolean): ScreenLine[] {
  const style = symbols.styles.decision;
  const notices = isLong ? state.notices : state.notices.slice(-1);
  return notices.flatMap((notice, index) => {
    const words = noticeText(notice, 'later');
    if (!isLong) return [text('notice', `${symbols.trouble} ${words}`, style)];
    const [first, ...rest] = sentence(`notice ${index}`, words, {
      width,
      symbols,
      style,
    });
    if (first?.kind !== 'text') return [];
    return [{...first, text: `${symbols.trouble} ${first.text}`, indent: 0}, ...rest];
  });
}

function shortLine({state, cards, symbols}: Trouble): ScreenLine[] {
  const count = countFailures(cards);
  const parts = [
    ...(count === 0 ? [] : [`${formatCount(count)} failed so far`]),
    ...findLost(cards).map(({letter}) => `${letter} is lost`),
  ];
  if (parts.length > 0) {
    const words = `${symbols.trouble} ${parts.join(', ')}`;
    return [text('short', words, symbols.styles.failure)];
  }
  const newest = state.notices.at(-1);
  if (newest === undefined) return [];
  return [
    text('short', `${symbols.trouble} ${noticeText(newest, 'later')}`, symbols.styles.decision),
  ];
}
