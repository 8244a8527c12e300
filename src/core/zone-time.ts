/** Moments as a clock on a wall shows them. */
import type {LocalTime} from './photo/photo-facts.ts';

const MINUTE_MS = 60_000;

/** @param utcMs ms since 1970. @param offsetMinutes east of UTC. */
export function localAtOffset(utcMs: number, offsetMinutes: number): LocalTime {
  return new Date(utcMs + offsetMinutes * MINUTE_MS).toISOString().slice(0, 19);
}

/** @returns how a local time counts when it is taken for UTC, in ms: to put the times of one clock in order. */
export const countMs = (local: LocalTime): number => Date.parse(`${local}Z`);

const FIRST_MS = Date.UTC(1902, 0, 1);
const LAST_MS = Date.UTC(9990, 0, 1);

const clocks = new Map<string, Intl.DateTimeFormat>();

/** @param utcMs ms since 1970. @param timeZone IANA name. */
export function localInZone(utcMs: number, timeZone: string): LocalTime {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    // Swedish dates are written as ISO 8601 writes them.
    clock = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    clocks.set(timeZone, clock);
  }
  // Disks can hold times that no calendar of four digits has.
  const moment = Math.min(Math.max(utcMs, FIRST_MS), LAST_MS);
  return clock.format(new Date(moment)).replace(' ', 'T');
}

/**
 * @param instant ISO 8601 with a zone.
 * @param timeZone IANA name; one that does not exist is taken for UTC: it may come from a record.
 * @returns `2026-11-22 21:40:07`; the text itself when it is no moment.
 */
export function formatInZone(instant: string, timeZone: string): string {
  const utcMs = Date.parse(instant);
  if (Number.isNaN(utcMs)) return instant;
  return localInZone(utcMs, isZone(timeZone) ? timeZone : 'UTC').replace('T', ' ');
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', {timeZone}) !== undefined;
  } catch {
    return false;
  }
}
