/** How fast a cloud job may be, as rclone's `--bwlimit` takes it (rclone.org/docs, "--bwlimit"): one rate, or rates by the time of the day. */
import {type Cause, failed, ok, type Result} from '../cause.ts';

/** Letters are powers of 1024; without one it is KiB a second. One part may be the upload and one the download: `10M:100k`. */
const RATE = String.raw`(?:off|\d{1,6}(?:\.\d{1,3})?[BKMG]?)(?::(?:off|\d{1,6}(?:\.\d{1,3})?[BKMG]?))?`;
const DAY = '(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)-)?';
const CLOCK = String.raw`(?:[01]\d|2[0-3]):[0-5]\d`;

const ONE = new RegExp(`^${RATE}$`, 'i');
const TIMETABLE = new RegExp(`^${DAY}${CLOCK},${RATE}(?: ${DAY}${CLOCK},${RATE})*$`, 'i');

export const isBandwidth = (text: string): boolean =>
  text.length <= 400 && (ONE.test(text) || TIMETABLE.test(text));

/** @param text as typed. @returns it as rclone takes it, or `usage`. */
export function parseBandwidth(text: string): Result<string> {
  const words = text.trim().replace(/\s+/g, ' ');
  return isBandwidth(words) ? ok(words) : failed(nonsense(text));
}

const nonsense = (text: string): Cause => ({
  code: 'usage',
  message: `${JSON.stringify(text)} is no bandwidth`,
  next: 'Write for example --bwlimit 2M (2 MiB a second), or by the time of the day: --bwlimit "08:00,512K 19:00,10M 23:00,off".',
});
