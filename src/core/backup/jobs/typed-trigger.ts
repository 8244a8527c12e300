/** Intervals, hours and days as they are typed, and how a trigger is told. */
import {type Cause, failed, ok, type Result} from '../../cause.ts';
import type {BackupTrigger, QuietHours} from '../backup-job.ts';

const HOURS: Readonly<Record<string, number>> = {m: 1 / 60, h: 1, d: 24, w: 168};

/** Shorter ones keep drives from ever resting, and longer ones are no backup. */
const SHORTEST_HOURS = 5 / 60;
const LONGEST_HOURS = 366 * 24;

/** Days of grace and of the alarm. */
const LONGEST_DAYS = 3660;

const usage = (message: string, next: string): Cause => ({code: 'usage', message, next});

/** @param text `6h`, `30m`, `1d`, `2w`; a number alone is hours. @returns hours. */
export function parseInterval(text: string): Result<number> {
  const [, number = '', unit = 'h'] =
    /^(\d{1,6}(?:\.\d{1,4})?)\s*([mhdw]?)$/i.exec(text.trim()) ?? [];
  const hours =
    number === '' ? Number.NaN : Number(number) * (HOURS[unit.toLowerCase() || 'h'] ?? 1);
  return isInterval(hours)
    ? ok(hours)
    : failed(
        usage(
          `${JSON.stringify(text)} is no time between runs`,
          'Write for example --every 6h, --every 30m or --every 1d: from 5 minutes to a year.',
        ),
      );
}

export const isInterval = (hours: number): boolean =>
  hours >= SHORTEST_HOURS && hours <= LONGEST_HOURS;

/** @param text `30`, whole days. @param option as typed, for the message. */
export function parseDays(text: string, option: string, least: number): Result<number> {
  const days = /^\d{1,5}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return isDays(days, least)
    ? ok(days)
    : failed(
        usage(
          `${JSON.stringify(text)} is no number of days`,
          `Write for example ${option} 30: from ${least} to ${LONGEST_DAYS} days.`,
        ),
      );
}

export const isDays = (days: number, least: number): boolean =>
  Number.isSafeInteger(days) && days >= least && days <= LONGEST_DAYS;

const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** @param text `22:00-07:00`. */
export function parseQuietHours(text: string): Result<QuietHours> {
  const [, from = '', to = ''] = /^\s*(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})\s*$/.exec(text) ?? [];
  const quiet = {from: from.padStart(5, '0'), to: to.padStart(5, '0')};
  return isQuietHours(quiet)
    ? ok(quiet)
    : failed(
        usage(
          `${JSON.stringify(text)} are no quiet hours`,
          'Write for example --quiet-hours 22:00-07:00, with two different times.',
        ),
      );
}

/** Two equal times would be all day or never: nobody knows which. */
export const isQuietHours = ({from, to}: QuietHours): boolean =>
  CLOCK.test(from) && CLOCK.test(to) && from !== to;

/** What is said of a trigger that nothing starts. */
export const BY_HAND = 'by hand';

/** @returns `every 6 h, on arrival, quiet 22:00-07:00`; `by hand` where nothing starts it. */
export function describeTrigger({arrival, everyHours, quiet}: BackupTrigger): string {
  const words = [
    ...(everyHours === null ? [] : [`every ${describeHours(everyHours)}`]),
    ...(arrival ? ['on arrival'] : []),
  ];
  if (words.length === 0) return BY_HAND;
  return [...words, ...(quiet === null ? [] : [`quiet ${quiet.from}-${quiet.to}`])].join(', ');
}

function describeHours(hours: number): string {
  const minutes = Math.round(hours * 60);
  if (minutes % (24 * 60) === 0) return `${minutes / (24 * 60)} d`;
  if (minutes % 60 === 0) return `${minutes / 60} h`;
  return minutes > 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes} min`;
}
