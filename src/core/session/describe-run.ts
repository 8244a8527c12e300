/** What is said of a run: its steps, each tenth of the way, what fails, and the verdict in full. */
import type {CardState} from '../card-state.ts';
import {causeText} from '../cause-text.ts';
import {cardPerCent} from '../figures.ts';
import {formatBytes, formatCount, formatTimeLeft} from '../format-amounts.ts';
import {printable} from '../printable.ts';
import {verdictText} from '../verdict-text.ts';
import {countFiles, describePhase} from '../words.ts';
import type {SessionRun, SessionState} from './session-state.ts';

/** Per cent between two lines of progress. */
const STEP = 10;

export function describeRun(before: SessionState, after: SessionState): readonly string[] {
  const {run} = after;
  if (run === null || run === before.run) return [];
  const known = before.run;
  const cards = run.state.cards.flatMap((card) => {
    const earlier = known?.state.cards.find((one) => one.card.path === card.card.path);
    return card === earlier ? [] : describeCard(card, earlier, run);
  });
  const {cancelRequested, refused} = run.state;
  const asked = cancelRequested !== null && (known?.state.cancelRequested ?? null) === null;
  return [
    ...cards,
    ...(asked ? ['stopping after the block in hand; the same cards go on where they stopped'] : []),
    ...(refused !== null && refused !== known?.state.refused ? [causeText(refused)] : []),
    ...describeEnd(run, known),
  ];
}

function describeCard(
  card: CardState,
  before: CardState | undefined,
  run: SessionRun,
): readonly string[] {
  const name = printable(card.card.label);
  const lost = card.lanes.filter(
    ({to, lost}) => lost && before?.lanes.find((lane) => lane.to === to)?.lost !== true,
  );
  return [
    ...describeStep(card, before).map((words) => `${name}: ${words}`),
    ...lost.map((lane) => `${name}: ${lane.letter} ${printable(lane.name)} is lost`),
    ...describeFailures(card, before).map((words) => `${name}: ${words}`),
    ...describeVerdict(card, before, run),
  ];
}

function describeStep(card: CardState, before: CardState | undefined): readonly string[] {
  if (card.verdict !== null) return [];
  const steps: string[] = [];
  const {plan, phase} = card;
  if (plan !== null && plan !== before?.plan) {
    const shoot = printable(plan.shoot);
    steps.push(`${countFiles(plan.files)}, ${formatBytes(card.bytes)}, to the shoot ${shoot}`);
  }
  if (phase !== null && phase !== before?.phase) steps.push(describePhase(phase));
  const perCent = cardPerCent(card);
  const tenth = Math.floor(perCent / STEP);
  if (tenth > tenthOf(before)) {
    steps.push(`${tenth * STEP} %, ${formatTimeLeft(card.timeLeftMs)}`);
  }
  return steps;
}

const tenthOf = (card: CardState | undefined): number =>
  card === undefined ? 0 : Math.floor(cardPerCent(card) / STEP);

/** The newest failure, and how many there are; each change is told, not each file. */
function describeFailures(card: CardState, before: CardState | undefined): readonly string[] {
  const newest = card.failures.at(-1);
  if (newest === undefined || card.failureCount <= (before?.failureCount ?? 0)) return [];
  const count = `${formatCount(card.failureCount)} failed so far`;
  const lane = card.lanes.find(({to}) => to === newest.to);
  const where = newest.to === null ? 'on the card' : `on ${lane?.letter ?? printable(newest.to)}`;
  return [`${count}, the last ${where}: ${causeText(newest)}`];
}

function describeVerdict(
  card: CardState,
  before: CardState | undefined,
  {cardStartedMs, verdictMs}: SessionRun,
): readonly string[] {
  const {verdict} = card;
  if (verdict === null || verdict === before?.verdict) return [];
  const from = cardStartedMs.get(card.card.path);
  const to = verdictMs.get(card.card.path);
  return verdictText(verdict, from === undefined || to === undefined ? {} : {tookMs: to - from});
}

function describeEnd({endedMs, state}: SessionRun, before: SessionRun | null): readonly string[] {
  if (endedMs === null || before?.endedMs === endedMs) return [];
  const unjudged = state.cards.filter(({verdict}) => verdict === null);
  return unjudged.map(({card}) => `${printable(card.label)}: no verdict, do not format`);
}
