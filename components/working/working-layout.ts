import {formatCount} from '../../src/core/format-amounts.ts';
import type {RunCard} from '../../src/core/run-cards.ts';
import {TROUBLE_LENGTHS, type TroubleLength} from './trouble-lines.ts';

/** How much is told of a card that is being copied: with the file in hand, with its destinations, or one line. */
export type Detail = 'full' | 'lanes' | 'line';

export interface WorkingLayout {
  readonly detail: Detail;
  /** Blank lines between what belongs together. */
  readonly gaps: boolean;
  readonly trouble: TroubleLength;
  /** How many of the notes at the bottom are shown. */
  readonly notes: number;
  readonly cards: readonly RunCard[];
  /** Cards that have no room. */
  readonly hidden: readonly RunCard[];
}

export interface WorkingContents {
  readonly cards: readonly RunCard[];
  /** Lines of the terminal. */
  readonly rows: number;
  /** False where a terminal has room for few words. */
  readonly wide: boolean;
  /** Lines of what went wrong, by how much is said of it. */
  readonly trouble: Readonly<Record<TroubleLength, number>>;
  /** Lines. */
  readonly notes: number;
}

const DETAILS: readonly Detail[] = ['full', 'lanes', 'line'];

/** From much room to little: the blank lines go first, then what is told of failures, then what is told of cards. */
const TRIALS: readonly Pick<WorkingLayout, 'detail' | 'gaps' | 'trouble'>[] = [
  {detail: 'full', gaps: true, trouble: 'long'},
  ...DETAILS.flatMap((detail) =>
    TROUBLE_LENGTHS.map((trouble) => ({detail, gaps: false, trouble})),
  ),
];

/** @returns the layout with most words that has room; where none has, the cards that matter most. */
export function layOutWorking(contents: WorkingContents): WorkingLayout {
  const {cards, rows, notes} = contents;
  const all = {cards, hidden: [], notes};
  const fitting = TRIALS.find((trial) => countLines({...trial, ...all}, contents) <= rows);
  if (fitting !== undefined) return {...fitting, ...all};
  const least = {detail: 'line', gaps: false, trouble: 'short'} as const;
  for (const fewer of [notes, Math.min(1, notes), 0]) {
    const fixed = countLines({...least, cards: [], hidden: [], notes: fewer}, contents);
    const room = rows - fixed - 1;
    if (room >= 1 || fewer === 0) return {...least, notes: fewer, ...chooseCards(cards, room)};
  }
  return {...least, ...all};
}

/** @returns lines of a layout, title and footer among them. */
export function countLines(layout: WorkingLayout, contents: WorkingContents): number {
  const {detail, gaps, cards, hidden, notes} = layout;
  const heights = cards.map((card) => cardHeight(card, detail, contents.wide));
  const between = gaps ? heights.filter((_, index) => hasGapBefore(heights, index)).length : 0;
  const trouble = contents.trouble[layout.trouble];
  const around = gaps ? 2 + (trouble > 0 ? 1 : 0) : 0;
  const blocks = heights.reduce((sum, height) => sum + height, between);
  return 2 + around + blocks + (hidden.length > 0 ? 1 : 0) + trouble + notes;
}

/** @returns lines of one card. */
export function cardHeight({stage, state}: RunCard, detail: Detail, wide: boolean): number {
  if (stage !== 'busy' || state === null || detail === 'line') return 1;
  const lanes = state.lanes.length + 1;
  if (detail === 'lanes') return lanes;
  return wide ? lanes + 2 : lanes + 1;
}

/** Cards of one line stand together. */
export function hasGapBefore(heights: readonly number[], index: number): boolean {
  return index > 0 && Math.max(heights[index] ?? 1, heights[index - 1] ?? 1) > 1;
}

/** What matters most is shown, in the order in which it always stands. */
function chooseCards(
  cards: readonly RunCard[],
  room: number,
): Pick<WorkingLayout, 'cards' | 'hidden'> {
  const ranked = [...cards].sort((a, b) => rankOf(a) - rankOf(b));
  const chosen = new Set(ranked.slice(0, Math.max(0, room)));
  return {
    cards: cards.filter((card) => chosen.has(card)),
    hidden: cards.filter((card) => !chosen.has(card)),
  };
}

function rankOf({stage, verdict}: RunCard): number {
  if (stage === 'busy') return 0;
  if (stage === 'done') return verdict?.safe === true ? 4 : 1;
  return stage === 'preparing' ? 2 : 3;
}

/** @returns `+ 3 more cards: 1 being copied, 2 safe`. */
export function describeHidden(hidden: readonly RunCard[]): string {
  const count = (words: string, belongs: (card: RunCard) => boolean): string[] => {
    const {length} = hidden.filter(belongs);
    return length === 0 ? [] : [`${formatCount(length)} ${words}`];
  };
  const parts = [
    ...count('NOT SAFE', ({verdict}) => verdict?.safe === false),
    ...count('being copied', ({stage}) => stage === 'busy'),
    ...count('waiting', ({stage}) => stage === 'waiting' || stage === 'preparing'),
    ...count('safe', ({verdict}) => verdict?.safe === true),
  ];
  const cards = hidden.length === 1 ? 'card' : 'cards';
  return `+ ${formatCount(hidden.length)} more ${cards}: ${parts.join(', ')}`;
}
