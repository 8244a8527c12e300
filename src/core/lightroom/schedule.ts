/** When a catalog is due: worked out anew each time, as for backups. */
import {pauseAfter} from '../backup/jobs/schedule.ts';
import {isGood, type SnapshotPast} from './history.ts';
import type {LightroomJob} from './lightroom-job.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A moment that is this far in the future was noted by a clock that was wrong: it is not believed. */
const CLOCK_SLACK_MS = HOUR_MS;

function believe(at: string | null, nowMs: number): number | null {
  const ms = at === null ? Number.NaN : Date.parse(at);
  return Number.isNaN(ms) || ms > nowMs + CLOCK_SLACK_MS ? null : ms;
}

/**
 * The moment from which on a snapshot on a target is wanted, whether its drive is there or not: at once for a target that never had one. What waits for Lightroom is tried
 * whenever somebody asks, because the look is cheap; after a failure there is a pause.
 * @returns ms since 1970; in the past for what is due.
 */
export function wantedAt(job: LightroomJob, past: SnapshotPast, nowMs: number): number {
  const good = believe(past.lastGood, nowMs);
  const wanted = good === null ? nowMs : good + job.everyHours * HOUR_MS;
  const ran = believe(past.lastRun, nowMs);
  const rests =
    ran !== null &&
    !isGood(past.lastResult) &&
    past.lastResult !== 'deferred' &&
    past.lastResult !== 'stopped';
  return rests ? Math.max(wanted, ran + pauseAfter(past.failures)) : wanted;
}

export const isDue = (job: LightroomJob, past: SnapshotPast, nowMs: number): boolean =>
  wantedAt(job, past, nowMs) <= nowMs;

/** True when the target had no good run for more days than the job allows; without any, the days since the job was made count. */
export function isOverdue(job: LightroomJob, past: SnapshotPast, nowMs: number): boolean {
  const since = believe(past.lastGood, nowMs) ?? believe(job.createdAt, nowMs);
  return since === null || nowMs - since > job.alarmDays * DAY_MS;
}
