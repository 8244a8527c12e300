/** What is shown of one card: how far it is on each destination, how fast, and what failed. Folded by `run-state.ts`. */
import type {CardPath, CardRef} from './card.ts';
import type {Cause} from './cause.ts';
import type {
  LaneProgress,
  Phase,
  PlannedDestination,
  Progress,
  RunPlanned,
  VerdictReached,
} from './events.ts';
import {addSample, estimateTimeLeft, measureSpeed, type Sample} from './speeds.ts';

export interface CardState {
  readonly card: CardRef;
  readonly phase: Phase | null;
  /** Null until the card is listed and the destinations are probed. */
  readonly plan: RunPlanned | null;
  /** Bytes of all files that are to be kept; 0 until known. */
  readonly bytes: number;
  /** Bytes that the card has given or need not give. */
  readonly read: number;
  /** Bytes per second; null while it is measured. */
  readonly readRate: number | null;
  readonly now: CardPath | null;
  /** One for each destination, in the order of `--to`. */
  readonly lanes: readonly LaneState[];
  /** The newest three, oldest first. */
  readonly failures: readonly Failure[];
  readonly failureCount: number;
  /** ms; null while it is measured and when it cannot be known. */
  readonly timeLeftMs: number | null;
  readonly verdict: VerdictReached | null;
  /** When the first progress came; null before. */
  readonly movingSinceMs: number | null;
  readonly samples: readonly Sample[];
}

export interface LaneState {
  readonly to: string;
  /** `W` for the working drive, `B`, `B2`, `B3`… for the local backups. */
  readonly letter: string;
  /** What a person calls it; the path until it is known. */
  readonly name: string;
  /** The shoot folder on it; null until it is known. */
  readonly shoot: string | null;
  /** Bytes. */
  readonly written: number;
  readonly proved: number;
  /** Bytes per second; null while it is measured. */
  readonly writeRate: number | null;
  readonly proveRate: number | null;
  readonly lost: boolean;
  /** Why it was lost; null while it works, and until the reason is told. */
  readonly lostCause: LostCause | null;
}

export type LostCause = Pick<Cause, 'code' | 'message' | 'next'>;

export interface Failure {
  readonly path: CardPath;
  /** Null where the card is at fault. */
  readonly to: string | null;
  readonly code: string;
  readonly message: string;
  readonly next: string;
}

/** As many as a small screen can show. */
const NEWEST_FAILURES = 3;
/** A time left from less than this would jump about, in ms. */
const MEASURING_MS = 3000;

/** The first `--to` is the working drive, the following are local backups (design, section 1). */
export function letterOf(index: number): string {
  if (index === 0) return 'W';
  return index === 1 ? 'B' : `B${index}`;
}

export function newCard(card: CardRef): CardState {
  return {
    card,
    phase: null,
    plan: null,
    bytes: 0,
    read: 0,
    readRate: null,
    now: null,
    lanes: [],
    failures: [],
    failureCount: 0,
    timeLeftMs: null,
    verdict: null,
    movingSinceMs: null,
    samples: [],
  };
}

/** A card that is offloaded again in the same session starts from nothing; and so does the copying, after what is known was read: only the rest of the card is to be copied. */
export function startAnew(card: CardState): CardState {
  const isOver = card.verdict !== null || card.phase === 'compare';
  return isOver ? {...newCard(card.card), phase: card.phase} : card;
}

export function planCard(card: CardState, plan: RunPlanned): CardState {
  const lanes = plan.destinations.reduce(nameLane, card.lanes);
  return {...card, card: plan.card, plan, bytes: plan.bytes, lanes};
}

function nameLane(lanes: readonly LaneState[], planned: PlannedDestination): readonly LaneState[] {
  const {to, name, shoot} = planned;
  return updateLane(lanes, to, (lane) => ({...lane, name, shoot}));
}

function updateLane(
  lanes: readonly LaneState[],
  to: string,
  change: (lane: LaneState) => LaneState,
): readonly LaneState[] {
  const index = lanes.findIndex((lane) => lane.to === to);
  const known = lanes[index];
  return known === undefined
    ? [...lanes, change(newLane(to, lanes.length))]
    : lanes.with(index, change(known));
}

function newLane(to: string, index: number): LaneState {
  return {
    to,
    letter: letterOf(index),
    name: to,
    shoot: null,
    written: 0,
    proved: 0,
    writeRate: null,
    proveRate: null,
    lost: false,
    lostCause: null,
  };
}

export function loseLane(card: CardState, to: string, lostCause: LostCause): CardState {
  const lanes = updateLane(card.lanes, to, (lane) => ({
    ...lane,
    lost: true,
    lostCause,
    writeRate: null,
    proveRate: null,
  }));
  return {...card, lanes};
}

/** A file that does not match and then fails on the same drive is one failure: the later words replace the earlier. */
export function addFailure(card: CardState, failure: Failure): CardState {
  const others = card.failures.filter(({path, to}) => path !== failure.path || to !== failure.to);
  const isNew = others.length === card.failures.length;
  return {
    ...card,
    failures: [...others, failure].slice(-NEWEST_FAILURES),
    failureCount: card.failureCount + (isNew ? 1 : 0),
  };
}

export function advanceCard(card: CardState, event: Progress, atMs: number): CardState {
  const read = Math.max(card.read, event.read);
  const advanced = event.lanes.reduce(advanceLane, card.lanes);
  const samples = addSample(card.samples, {atMs, read, lanes: advanced.map(sampleLane)});
  const lanes = advanced.map((lane) => (lane.lost ? lane : measureLane(lane, samples)));
  const readRate = measureSpeed(samples, (sample) => sample.read);
  const movingSinceMs = Math.min(card.movingSinceMs ?? atMs, atMs);
  const moved = {...card, bytes: event.bytes, read, readRate, now: event.now, lanes, samples};
  const timeLeftMs = atMs - movingSinceMs < MEASURING_MS ? null : timeLeftOf(moved);
  return {...moved, movingSinceMs, timeLeftMs};
}

/** Samples can come late or twice: a count never goes backwards, and what is lost stays lost. */
function advanceLane(lanes: readonly LaneState[], progress: LaneProgress): readonly LaneState[] {
  const {to, written, proved, lost} = progress;
  return updateLane(lanes, to, (lane) => ({
    ...lane,
    written: Math.max(lane.written, written),
    proved: Math.max(lane.proved, proved),
    lost: lane.lost || lost,
    ...(lane.lost || lost ? {writeRate: null, proveRate: null} : {}),
  }));
}

const sampleLane = ({to, written, proved}: LaneState) => ({to, written, proved});

function measureLane(lane: LaneState, samples: readonly Sample[]): LaneState {
  const find = (sample: Sample) => sample.lanes.find(({to}) => to === lane.to);
  return {
    ...lane,
    writeRate: measureSpeed(samples, (sample) => find(sample)?.written),
    proveRate: measureSpeed(samples, (sample) => find(sample)?.proved),
  };
}

function timeLeftOf({bytes, read, readRate, lanes}: CardState): number | null {
  const working = lanes.filter(({lost}) => !lost);
  return estimateTimeLeft({
    toRead: bytes - read,
    readRate,
    lanes: working.map(({written, proved, writeRate, proveRate}) => ({
      toWrite: bytes - written,
      toProve: bytes - proved,
      writeRate,
      proveRate,
    })),
  });
}
