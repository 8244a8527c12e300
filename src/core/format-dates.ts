/** Dates and times in one fixed English form, the same in every locale. */

/** A moment on the clock of this computer. */
export interface Now {
  /** ms since 1970 (UTC). */
  readonly ms: number;
  /** Minutes that local time is ahead of UTC: 60 in Berlin in winter. */
  readonly utcOffsetMinutes: number;
}

export const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 4;

/** A day and a time as a clock on the wall shows them. */
export interface WallTime {
  /** Days since 1970-01-01. */
  readonly day: number;
  /** `14:02`. */
  readonly time: string;
}

/** @returns the wall time of a moment; null when it is no moment that a calendar has. */
export function toWallTime({ms, utcOffsetMinutes}: Now): WallTime | null {
  const date = new Date(ms + utcOffsetMinutes * MINUTE_MS);
  if (Number.isNaN(date.getTime())) return null;
  return {day: Math.floor(date.getTime() / DAY_MS), time: date.toISOString().slice(11, 16)};
}

// The local form of ISO 8601, as cameras' times are kept: no zone.
const LOCAL = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/;

/** @param text `2026-11-22T14:02:11`, without a zone. @returns null for anything else. */
export function readWallTime(text: string): WallTime | null {
  const [, date, time] = LOCAL.exec(text) ?? [];
  if (date === undefined || time === undefined) return null;
  const ms = Date.parse(`${date}T${time}Z`);
  return Number.isNaN(ms) ? null : {day: Math.floor(ms / DAY_MS), time};
}

/** @returns `Tue 18:42`. */
export function formatClock(now: Now): string {
  const wall = toWallTime(now);
  return wall === null ? '' : `${nameWeekday(wall.day).slice(0, 3)} ${wall.time}`;
}

/** @returns `Sunday`. */
export function nameWeekday(day: number): string {
  const index = (((day + FIRST_WEEKDAY) % 7) + 7) % 7;
  return WEEKDAYS[index] ?? '';
}

/** @returns `2026-03-02`. */
export function formatDate(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** @returns true for the six days before today: farther back a weekday's name says too little. */
export function isThisWeek(day: number, today: number): boolean {
  return day < today && today - day < 7;
}

/**
 * @param at ISO 8601 with a zone.
 * @returns `just now`, `12 min ago`, `2 h ago`, `yesterday`, `Sunday`, `2026-03-02`; `some time ago` when `at` is no time.
 */
export function formatAgo(at: string, now: Now): string {
  const ms = Date.parse(at);
  const age = now.ms - ms;
  if (Math.abs(age) < MINUTE_MS) return 'just now';
  if (age > 0 && age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min ago`;
  if (age > 0 && age < DAY_MS) return `${Math.floor(age / HOUR_MS)} h ago`;
  return nameDay({...now, ms}, now)?.name ?? 'some time ago';
}

/**
 * @param at ISO 8601 with a zone.
 * @returns what follows on `since`: `14:02` for today, `yesterday`, `Sunday`, `2026-03-02`; `then` when `at` is no time.
 */
export function formatSince(at: string, now: Now): string {
  const named = nameDay({...now, ms: Date.parse(at)}, now);
  if (named === null) return 'then';
  return named.name === 'today' ? named.time : named.name;
}

function nameDay(moment: Now, now: Now): {readonly name: string; readonly time: string} | null {
  const wall = toWallTime(moment);
  const today = toWallTime(now);
  if (wall === null || today === null) return null;
  const {day, time} = wall;
  if (day === today.day) return {name: 'today', time};
  if (day === today.day - 1) return {name: 'yesterday', time};
  return {name: isThisWeek(day, today.day) ? nameWeekday(day) : formatDate(day), time};
}
