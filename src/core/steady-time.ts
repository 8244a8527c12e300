/**
 * The time left as it is shown: rounded, and moved only when the estimates of the last seconds agree. A single estimate follows every
 * burst and pause of a card; a person wants to know when to come back.
 */
import {runTimeLeft} from './figures.ts';
import type {RunState} from './run-state.ts';

export interface SteadyTime {
  /** One a second at the most, oldest first; both in ms of the clock that the run is folded with. */
  readonly estimates: readonly Estimate[];
  /** When it was followed last; null before. */
  readonly atMs: number | null;
  /** Since when the time is measured or known, on the same clock; null before the first estimate. */
  readonly sinceMs: number | null;
  /** When the run is thought to be done; null while that is measured. */
  readonly doneAtMs: number | null;
  /** ms, for `formatTimeLeft`; null while it is measured. */
  readonly shownMs: number | null;
}

interface Estimate {
  readonly atMs: number;
  readonly doneAtMs: number;
}

export const unknownTime: SteadyTime = {
  estimates: [],
  atMs: null,
  sinceMs: null,
  doneAtMs: null,
  shownMs: null,
};

/** What a run says of itself at one moment. */
export interface TimeEstimate {
  readonly atMs: number;
  /** Null while nothing moves or a speed is not known. */
  readonly timeLeftMs: number | null;
  /** How long the run has been moving. */
  readonly movingMs: number;
}

const MINUTE_MS = 60_000;
const EVERY_MS = 1000;
/** A speed looks back five seconds: estimates that do not span this long may all come from one burst or pause, in ms. */
const SHORTEST_SPAN_MS = 5000;
/** When nothing moves for longer, nothing is known, in ms. */
const LONGEST_PAUSE_MS = 10_000;
/** At the start a time is shown when the longest of the newest estimates is at most this many times the shortest. */
const AGREEMENT = 1.5;
/** After so long it is shown in any case, in ms. */
const LONGEST_MEASURING_MS = 30_000;

/** @returns the next state; the same object for the same moment. Starts anew when the clock went backwards. */
export function followTime(before: SteadyTime, estimate: TimeEstimate): SteadyTime {
  const {atMs} = estimate;
  if (before.atMs === atMs) return before;
  if (before.atMs !== null && atMs < before.atMs) return followTime(unknownTime, estimate);
  const estimates = addEstimate(before.estimates, estimate);
  // Whoever looks only now has missed what came before, and need not wait for it.
  const sinceMs = before.sinceMs ?? atMs - estimate.movingMs;
  if (estimates.length === 0)
    return {estimates, atMs, sinceMs: atMs, doneAtMs: null, shownMs: null};
  // In a pause the time that is left stays what it was.
  const pauseMs = estimate.timeLeftMs === null ? atMs - (before.atMs ?? atMs) : 0;
  const known = before.doneAtMs === null ? null : before.doneAtMs + pauseMs;
  const doneAtMs =
    known === null ? findFirst(estimates, atMs - sinceMs) : moveInto(known, estimates, atMs);
  const shownMs = doneAtMs === null ? null : roundTime(doneAtMs - atMs, before.shownMs);
  return {estimates, atMs, sinceMs, doneAtMs, shownMs};
}

/** @returns the time after whatever happened in the run; the same object when nothing was copied since. */
export function followRun(before: SteadyTime, run: RunState): SteadyTime {
  const busy = run.cards.filter((card) => card.verdict === null && card.samples.length > 0);
  if (busy.length === 0) return unknownTime;
  const atMs = Math.max(...busy.map(({samples}) => samples.at(-1)?.atMs ?? 0));
  const sinceMs = Math.min(...busy.map(({movingSinceMs}) => movingSinceMs ?? atMs));
  const last = before.estimates.at(-1);
  // What was known of the cards before says nothing of one that began after them.
  const known = last !== undefined && last.atMs < sinceMs ? unknownTime : before;
  return followTime(known, {atMs, timeLeftMs: runTimeLeft(run), movingMs: atMs - sinceMs});
}

/** @returns the time as it is shown where nobody followed it: rounded alike, but only as steady as the last estimate. */
export function roundRunTime(run: RunState): number | null {
  const timeLeftMs = runTimeLeft(run);
  return timeLeftMs === null ? null : roundTime(timeLeftMs, null);
}

/** How far back estimates count: long times are watched for longer, and what changes them must last. */
function windowOf(timeLeftMs: number | null): number {
  if (timeLeftMs === null) return LONGEST_PAUSE_MS;
  return Math.min(MINUTE_MS, Math.max(15_000, timeLeftMs / 12));
}

function addEstimate(
  known: readonly Estimate[],
  {atMs, timeLeftMs}: TimeEstimate,
): readonly Estimate[] {
  const edge = atMs - windowOf(timeLeftMs);
  const recent = known.filter((one) => one.atMs >= edge);
  const last = recent.at(-1);
  if (timeLeftMs === null || (last !== undefined && atMs - last.atMs < EVERY_MS)) return recent;
  return [...recent, {atMs, doneAtMs: atMs + timeLeftMs}];
}

function findFirst(estimates: readonly Estimate[], measuringMs: number): number | null {
  const last = estimates.at(-1);
  if (last === undefined) return null;
  const {atMs, doneAtMs} = last;
  // A card that wakes up slowly seems to take hours: those are believed later than minutes.
  const spanMs = Math.min(20_000, Math.max(SHORTEST_SPAN_MS, (doneAtMs - atMs) / 120));
  const newest = estimates.filter((one) => one.atMs >= atMs - spanMs);
  const times = newest.map((one) => Math.max(1, one.doneAtMs - atMs));
  const agrees =
    spanOf(estimates) >= spanMs && Math.max(...times) <= Math.min(...times) * AGREEMENT;
  return agrees || measuringMs >= LONGEST_MEASURING_MS ? medianOf(newest) : null;
}

/** Stays where it is as long as one estimate says so; otherwise goes as far as the newest agree: pauses pass, and bursts end. */
function moveInto(known: number, estimates: readonly Estimate[], atMs: number): number {
  if (spanOf(estimates) < SHORTEST_SPAN_MS) return Math.max(known, atMs);
  const newest = timesOf(since(estimates, atMs - SHORTEST_SPAN_MS));
  if (known < Math.min(...timesOf(estimates))) return Math.min(...newest);
  if (known > Math.max(...timesOf(estimates))) return Math.max(...newest);
  return known;
}

const since = (estimates: readonly Estimate[], fromMs: number) =>
  estimates.filter(({atMs}) => atMs >= fromMs);
const timesOf = (estimates: readonly Estimate[]) => estimates.map(({doneAtMs}) => doneAtMs);

function medianOf(estimates: readonly Estimate[]): number {
  const sorted = estimates.map(({doneAtMs}) => doneAtMs).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function spanOf(estimates: readonly Estimate[]): number {
  return (estimates.at(-1)?.atMs ?? 0) - (estimates[0]?.atMs ?? 0);
}

/** What is shown moves by whole steps, and stays until the time has left its step by half of the next one. */
function roundTime(timeLeftMs: number, shownMs: number | null): number {
  const step = stepOf(timeLeftMs);
  const isNear = shownMs !== null && Math.abs(timeLeftMs - shownMs) < step * 0.75;
  // Below a minute there is one word only, and it must be true.
  const crosses = shownMs !== null && shownMs < MINUTE_MS !== timeLeftMs < MINUTE_MS * 0.9;
  if (isNear && !crosses) return shownMs;
  if (timeLeftMs < MINUTE_MS * 0.9) return MINUTE_MS / 2;
  return Math.max(MINUTE_MS, Math.round(timeLeftMs / step) * step);
}

function stepOf(timeLeftMs: number): number {
  if (timeLeftMs < 15 * MINUTE_MS) return MINUTE_MS;
  return timeLeftMs < 120 * MINUTE_MS ? 5 * MINUTE_MS : 15 * MINUTE_MS;
}
