/**
 * When a job is to run on a target: worked out anew each time from the job, its history and the clock, so that there is no queue that can be lost. What was missed while the
 * computer slept or a drive lay in a drawer is one run, as soon as it can be, however many times it was missed.
 */
import type {BackupJob} from '../backup-job.ts';
import type {TargetHistory} from './backup-history.ts';
import {endOfQuiet} from './quiet-hours.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * The pause after a run that was not good: 10 minutes, then twice as long each time, at most 6 hours. Most that goes wrong is over in minutes (a file that is being written, a drive that wakes up),
 * so the first try comes soon; what stays wrong needs a person, and a sick drive or a full one must not be worked on all day until that person comes.
 */
const FIRST_PAUSE_MS = 10 * MINUTE_MS;
const LONGEST_PAUSE_MS = 6 * HOUR_MS;

/** A moment that is this far in the future was noted by a clock that was wrong, or this one is: it is not believed. */
const CLOCK_SLACK_MS = HOUR_MS;

export interface Moment {
  /** ms since 1970. */
  readonly nowMs: number;
  /** IANA name: quiet hours are those of the wall. */
  readonly timeZone: string;
  /** When source and target were last seen to have come, in ms since 1970; null when nobody saw that. */
  readonly arrivedMs: number | null;
}

/** @param failures runs that were not good, one after the other. @returns ms. */
export function pauseAfter(failures: number): number {
  if (failures <= 0) return 0;
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 20));
}

/** @returns the moment in ms, or null when there is none or it cannot be true. */
export function believe(at: string | null | undefined, nowMs: number): number | null {
  const ms = at === null || at === undefined ? Number.NaN : Date.parse(at);
  return Number.isNaN(ms) || ms > nowMs + CLOCK_SLACK_MS ? null : ms;
}

/**
 * The moment from which on a run is wanted, whether the drives are there or not; quiet hours are behind it. In the past for a run that is due.
 * @returns ms since 1970; null when only an arrival or a person starts the next run.
 */
export function wantedAt(job: BackupJob, history: TargetHistory, moment: Moment): number | null {
  const {trigger} = job;
  const {nowMs, timeZone} = moment;
  const ran = believe(history.lastRun?.startedAt, nowMs);
  const ended = believe(history.lastRun?.endedAt, nowMs) ?? ran;
  const arrivedMs = arrivalSince(history, moment, ran);
  const reasons: number[] = [];
  const arrived = ran === null ? (arrivedMs ?? believe(job.createdAt, nowMs) ?? nowMs) : arrivedMs;
  // The first run of a job waits for nobody to pull a drive out.
  if (trigger.arrival && arrived !== null) reasons.push(arrived);
  if (trigger.everyHours !== null) {
    const good = believe(history.lastGood, nowMs);
    const from = good ?? believe(job.createdAt, nowMs) ?? nowMs;
    reasons.push(good === null ? from : good + trigger.everyHours * HOUR_MS);
  }
  const isOwed = ran !== null && history.lastRun?.result !== 'good';
  if (isOwed && (trigger.arrival || trigger.everyHours !== null)) reasons.push(ended ?? ran);
  if (reasons.length === 0) return null;
  const wanted = Math.min(...reasons);
  // A drive that was plugged in again may be well again: that is no reason to wait.
  const rest = arrivedMs !== null && trigger.arrival ? null : restUntil(history, ended);
  const at = rest === null ? wanted : Math.max(wanted, rest);
  const open = endOfQuiet(trigger.quiet, Math.max(at, nowMs), timeZone);
  return open === nowMs ? at : open;
}

/** A run that took longer than the time between two of them leaves the drives a pause. */
function restUntil({failures, lastRun}: TargetHistory, ended: number | null): number | null {
  if (ended === null || lastRun === null || lastRun.result === 'stopped') return null;
  return ended + (lastRun.result === 'good' ? FIRST_PAUSE_MS : pauseAfter(failures));
}

/** An arrival counts when no run began since. Where nobody watches, a look that did not find the drives and one that does are an arrival. */
function arrivalSince(
  history: TargetHistory,
  {nowMs, arrivedMs}: Moment,
  ran: number | null,
): number | null {
  const away = believe(history.lastAway, nowMs);
  const seen = Math.max(arrivedMs ?? Number.NEGATIVE_INFINITY, away ?? Number.NEGATIVE_INFINITY);
  if (seen === Number.NEGATIVE_INFINITY) return null;
  return ran === null || seen > ran ? seen : null;
}

/** True when a run is to begin now. @param connected ids of the volumes that are there and are what their markers say. */
export function isDue(
  {
    job,
    target,
    history,
  }: {
    readonly job: BackupJob;
    readonly target: {readonly volume: string};
    readonly history: TargetHistory;
  },
  moment: Moment,
  connected: ReadonlySet<string>,
): boolean {
  if (!connected.has(job.source.volume) || !connected.has(target.volume)) return false;
  const wanted = wantedAt(job, history, moment);
  return wanted !== null && wanted <= moment.nowMs;
}

/** @returns when a run is due next, ISO 8601, UTC; null when only an arrival or a person starts it. */
export function nextRunOf(job: BackupJob, history: TargetHistory, moment: Moment): string | null {
  const wanted = wantedAt(job, history, moment);
  return wanted === null ? null : new Date(wanted).toISOString();
}

/** True when the target had no good run for more days than the job allows; without any, the days since the job was made count. */
export function isOverdue(job: BackupJob, history: TargetHistory, nowMs: number): boolean {
  const since = believe(history.lastGood, nowMs) ?? believe(job.createdAt, nowMs);
  // Nothing that can be believed says that it is in step.
  return since === null || nowMs - since > job.alarmDays * DAY_MS;
}
