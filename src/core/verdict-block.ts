/** What the verdict screen says of each card, sentence by sentence. The sentences of the verdict itself are those of every output. */
import {causeText} from './cause-text.ts';
import {type FailureGroup, groupFailures} from './failure-groups.ts';
import {
  type Again,
  chooseAgain,
  describeFailures,
  describeLost,
  sayAgain,
} from './failure-words.ts';
import {formatCount} from './format-amounts.ts';
import {printable} from './printable.ts';
import {type RunCard, runCards} from './run-cards.ts';
import {NEWEST_FAILURES} from './session/session-run.ts';
import type {SessionState} from './session/session-state.ts';
import {unreachable} from './unreachable.ts';
import type {Reason, ReasonCode} from './verdict.ts';
import {verdictHeadline, verdictParts} from './verdict-text.ts';
import {countFiles} from './words.ts';

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
  /** `first`: what must be done before anything else can be. */
  readonly kind: 'first' | 'reason' | 'failure' | 'warning' | 'next' | 'eject';
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
      sentences: [
        ...firstStep(card),
        ...unfinished(session),
        ...failuresOf(card, session),
        ...nextSteps(card),
      ],
    };
  }
  const parts = verdictParts(verdict);
  const warnings = parts.warnings.map((text): Sentence => ({kind: 'warning', text}));
  return {
    ...about,
    safe: verdict.safe,
    words: parts.words,
    waived: parts.waived,
    count: parts.count,
    sentences: verdict.safe
      ? [...ejection(card, session), ...warnings]
      : [
          ...firstStep(card),
          ...whyNotSafe(card, verdict.reasons, session),
          ...nextSteps(card),
          ...warnings,
        ],
  };
}

/** That it was stopped comes first, then what failed, then the reasons that tell more than that. */
function whyNotSafe(
  card: RunCard,
  reasons: readonly Reason[],
  session: SessionState,
): readonly Sentence[] {
  const again = chooseAgain(card.seen, session);
  const tell = (belongs: (reason: Reason) => boolean) =>
    reasons.filter(belongs).map(({message}): Sentence => {
      return {kind: 'reason', text: printable(sayAgain(message, again))};
    });
  const isStop = ({code}: Reason) => code === 'interrupted';
  const groups = groupsOf(card, session);
  return [
    ...tell(isStop),
    ...failuresOf(card, session),
    ...tell((reason) => !isStop(reason) && !tellsTheSame(reason, reasons, groups)),
  ];
}

/**
 * True for a reason that says no more than the failures: it is about exactly their files. That files which failed are not proved on two drives
 * follows from it, unless others are not proved either, and of those a reason of their own tells (`proofFaults` in verify/verdict.ts).
 */
function tellsTheSame(
  {code, message}: Reason,
  reasons: readonly Reason[],
  groups: readonly FailureGroup[],
): boolean {
  const tells = (one: ReasonCode) => reasons.some((reason) => reason.code === one);
  switch (code) {
    case 'file-failed':
      return isAboutFiles(message, groups);
    case 'file-unproved': {
      const mismatched = groups.filter((group) => group.code === 'copy-mismatch');
      return mismatched.length > 0 && isAboutFiles(message, mismatched);
    }
    case 'copies-missing':
      return tells('file-failed') && !tells('file-unproved') && isAboutFiles(message, groups);
    default:
      return false;
  }
}

/** Such a sentence begins with how many files there are and the names of the first (`filesAre` in verify/reason-words.ts). */
function isAboutFiles(message: string, groups: readonly FailureGroup[]): boolean {
  const paths = [...new Set(groups.flatMap((group) => group.paths.map(printable)))];
  const head = `${countFiles(paths.length)} (`;
  if (paths.length === 0 || !message.startsWith(head)) return false;
  const named = message.slice(head.length);
  return paths.some((path) => named.startsWith(path));
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

function groupsOf({path}: RunCard, {run}: SessionState): readonly FailureGroup[] {
  return groupFailures((run?.failures ?? []).filter(({card}) => card.path === path));
}

/** Drives that were lost, then the files by drive and kind of failure. */
function failuresOf(card: RunCard, session: SessionState): readonly Sentence[] {
  const {state, seen} = card;
  if (state === null) return [];
  const again: Again = chooseAgain(seen, session);
  const groups = groupsOf(card, session);
  const known = groups.reduce((sum, {paths}) => sum + paths.length, 0);
  const isCut = (session.run?.failures.length ?? 0) >= NEWEST_FAILURES;
  const more = isCut ? state.failureCount - known : 0;
  return [
    ...state.lanes.filter(({lost}) => lost).map((lane) => describeLost(lane, again)),
    ...groups.map((group) => describeFailures(group, state.lanes, again)),
    ...(more > 0 ? [`and ${formatCount(more)} more, which the record names`] : []),
  ].map((text): Sentence => ({kind: 'failure', text}));
}

const isBegun = ({state}: RunCard): boolean => state !== null && state.plan !== null;

/** A card that is gone has to come back before anything else. */
function firstStep(card: RunCard): readonly Sentence[] {
  if (card.seen !== null) return [];
  const goesOn = isBegun(card) ? ': it goes on from there' : '';
  return [{kind: 'first', text: `Put it in again, press Enter and offload it${goesOn}`}];
}

function nextSteps(card: RunCard): readonly Sentence[] {
  if (card.seen === null) return [];
  const text = isBegun(card)
    ? 'r runs it again: it goes on where it stopped, with what failed'
    : 'r runs it again';
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
