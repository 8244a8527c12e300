/** What the verdict screen says of each card, sentence by sentence. The sentences of the verdict itself are those of every output. */
import type {CardState, Failure} from './card-state.ts';
import {causeText} from './cause-text.ts';
import {formatCount} from './format-amounts.ts';
import {printable} from './printable.ts';
import {type RunCard, runCards} from './run-cards.ts';
import type {SessionState} from './session/session-state.ts';
import {unreachable} from './unreachable.ts';
import {verdictHeadline, verdictParts} from './verdict-text.ts';
import {countFiles, joinWithAnd} from './words.ts';

export interface VerdictBlock {
  /** Path of the card. */
  readonly card: string;
  readonly label: string;
  readonly safe: boolean;
  /** `SAFE TO FORMAT` or `NOT SAFE – do not format`. */
  readonly words: string;
  /** What was set aside to get there: `one-drive rule waived by you`; null when nothing was. */
  readonly waived: string | null;
  /** How many files are proved where. */
  readonly count: string;
  /** Below the words, the most important first. */
  readonly sentences: readonly Sentence[];
}

export interface Sentence {
  readonly kind: 'reason' | 'failure' | 'warning' | 'next' | 'eject' | 'detail';
  readonly text: string;
}

/** @returns a block for each card of the run, those that are not safe first. */
export function verdictBlocks(state: SessionState): readonly VerdictBlock[] {
  const blocks = runCards(state).map((card) => describeCard(card, state));
  return [...blocks.filter(({safe}) => !safe), ...blocks.filter(({safe}) => safe)];
}

function describeCard(card: RunCard, session: SessionState): VerdictBlock {
  const {path, label, verdict} = card;
  const about = {card: path, label: printable(label)};
  if (card.state === null || verdict === null) {
    return {
      ...about,
      safe: false,
      words: verdictHeadline({safe: false, waived: []}),
      waived: null,
      count: describeUncounted(card),
      sentences: [...unfinished(session), ...failuresOf(card), ...nextSteps(card)],
    };
  }
  const {safe} = verdict;
  const parts = verdictParts(verdict, tookOf(path, session));
  const of = (kind: Sentence['kind'], ...texts: readonly (string | null)[]) =>
    texts.filter((text) => text !== null).map((text): Sentence => ({kind, text}));
  return {
    ...about,
    safe,
    words: parts.words,
    waived: parts.waived,
    count: parts.count,
    sentences: [
      ...of('reason', ...parts.reasons.map(card.seen === null ? sayAsIs : sayKey)),
      ...(safe ? ejection(card, session) : [...failuresOf(card), ...nextSteps(card)]),
      ...of('warning', ...parts.warnings),
      ...of('next', parts.advice),
      ...of('detail', nameDrives(card.state), parts.leftOut, parts.took, ...parts.records),
      ...of('detail', parts.check),
    ],
  };
}

const sayAsIs = (text: string): string => text;

/** Here a key does what elsewhere is typed. */
const sayKey = (text: string): string =>
  text
    .replaceAll('run the same command again', 'press r')
    .replaceAll('Run the same command again', 'Press r');

function tookOf(path: string, {run}: SessionState): {readonly tookMs?: number} {
  const verdictMs = run?.verdictMs.get(path);
  if (run === null || verdictMs === undefined) return {};
  const startedMs = run.cardStartedMs.get(path) ?? run.startedMs;
  return {tookMs: Math.max(0, verdictMs - startedMs)};
}

function describeUncounted({files}: RunCard): string {
  return files === null
    ? 'nothing on it is known to be safe'
    : `none of ${countFiles(files)} is known to be safe`;
}

/** Why a card has no verdict. */
function unfinished({run}: SessionState): readonly Sentence[] {
  const reason = (text: string): Sentence[] => [{kind: 'reason', text}];
  const refused = run?.state.refused ?? null;
  if (refused !== null) return reason(causeText(refused));
  const outcome = run?.state.ended?.outcome;
  switch (outcome) {
    case undefined:
      return run?.endedMs === null
        ? reason('it is not finished yet')
        : reason('the program failed before it was finished');
    case 'crashed':
      return reason('the program failed before it was finished');
    case 'cancelled':
      return reason('it was stopped before it was finished');
    case 'complete':
    case 'incomplete':
    case 'refused':
      return reason('it was not finished');
    default:
      return unreachable(outcome);
  }
}

/** What failed, one by one: the reasons only count it. */
function failuresOf({state, seen}: RunCard): readonly Sentence[] {
  if (state === null) return [];
  const {failures, failureCount, lanes} = state;
  const say = seen === null ? sayAsIs : sayKey;
  const lost = lanes.filter((lane) => lane.lost);
  const more = failureCount - failures.length;
  return [
    ...lost.map(({letter, name}) => ({
      kind: 'failure' as const,
      text: `${letter} ${printable(name)} was lost on the way`,
    })),
    ...failures.map((failure) => ({
      kind: 'failure' as const,
      text: say(describeFailure(failure, lanes)),
    })),
    ...(more > 0
      ? [{kind: 'failure' as const, text: `and ${formatCount(more)} more: l lists them`}]
      : []),
  ];
}

/** @returns `B LaCie Rugged: 100CANON/IMG_0117.CR3: writing failed (ENOSPC). Free some space.` */
export function describeFailure(failure: Failure, lanes: CardState['lanes']): string {
  const {path, message, next} = failure;
  return `${nameWhere(failure, lanes)}: ${printable(path)}: ${causeText({message, next})}`;
}

/** @returns `the card`, or the destination with its letter. */
export function nameWhere({to}: Failure, lanes: CardState['lanes']): string {
  if (to === null) return 'the card';
  const lane = lanes.find((one) => one.to === to);
  return lane === undefined ? printable(to) : `${lane.letter} ${printable(lane.name)}`;
}

function nextSteps({seen, state}: RunCard): readonly Sentence[] {
  const isBegun = state !== null && state.plan !== null;
  const goesOn = isBegun
    ? ': it goes on where it stopped, with what failed and what is missing'
    : '';
  const text =
    seen === null
      ? `it is not mounted any more: put it in again and run it again${isBegun ? ', it goes on where it stopped' : ''}`
      : `r runs it again${goesOn}`;
  return [{kind: 'next', text}];
}

function ejection(card: RunCard, {notices}: SessionState): readonly Sentence[] {
  const say = (text: string): Sentence[] => [{kind: 'eject', text}];
  if (card.seen === null) return say('it is not mounted any more');
  switch (card.seen.ejected) {
    case 'asked':
      return say('ejecting…');
    case 'yes':
      return say('ejected: may be pulled out');
    case 'no':
      return notices
        .filter(({path}) => path === card.path)
        .map((notice) => ({kind: 'warning', text: causeText(notice)}));
    default:
      return unreachable(card.seen.ejected);
  }
}

/** True when what is told of a path, as a card that cannot be ejected, stands in the block of that card. */
export function tellsNotice(state: SessionState, path: string | undefined): boolean {
  const card = runCards(state).find((one) => one.path === path);
  return card?.verdict?.safe === true && card.seen?.ejected === 'no';
}

function nameDrives({lanes}: CardState): string | null {
  const named = lanes.filter(({name, to}) => name !== to);
  if (named.length === 0) return null;
  return joinWithAnd(named.map(({letter, name}) => `${letter} is ${printable(name)}`));
}
