/** Hours in which no run begins, on the clock of the wall: also when that clock is put forward or back. */
import {localInZone} from '../../zone-time.ts';
import type {QuietHours} from '../backup-job.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** Two steps reach the end also where the clock is put back in between; more would be a fault. */
const MOST_STEPS = 4;

/** A clock is put forward by one hour, on one island by half of one; two hours were seen in wars. */
const MOST_SHIFT_MINUTES = 120;

/** @param atMs ms since 1970. @param timeZone IANA name. */
export function isQuiet(quiet: QuietHours | null, atMs: number, timeZone: string): boolean {
  if (quiet === null) return false;
  const now = minutesAt(atMs, timeZone);
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  return from < to ? from <= now && now < to : now >= from || now < to;
}

/**
 * @returns the moment itself when it is not quiet then, otherwise the first whole minute after it that is not; in ms since 1970. Quiet hours that are never over are no quiet hours.
 */
export function endOfQuiet(quiet: QuietHours | null, atMs: number, timeZone: string): number {
  if (quiet === null || !isQuiet(quiet, atMs, timeZone)) return atMs;
  let at = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
  for (let step = 0; step < MOST_STEPS && isQuiet(quiet, at, timeZone); step++) {
    const left = minutesOf(quiet.to) - minutesAt(at, timeZone);
    at += ((left + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES) * MINUTE_MS;
  }
  // A clock that was put forward meanwhile came to the end earlier.
  for (let back = 0; back < MOST_SHIFT_MINUTES; back++) {
    const before = at - MINUTE_MS;
    if (before <= atMs || isQuiet(quiet, before, timeZone)) break;
    at = before;
  }
  return at;
}

/** Minutes since midnight on the wall. */
function minutesAt(atMs: number, timeZone: string): number {
  return minutesOf(localInZone(atMs, timeZone).slice(11, 16));
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
