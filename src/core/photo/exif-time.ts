/** Times as cameras write them into metadata. */
import type {LocalTime} from './photo-facts.ts';

export interface ExifTime {
  readonly local: LocalTime;
  readonly milliseconds: number;
  /** Minutes east of UTC; null where the text names no zone. */
  readonly offsetMinutes: number | null;
}

/** `2026:11:22 14:02:11`, perhaps without its seconds, perhaps with parts of a second and a zone (EXIF 2.32, 4.6.5; exiftool writes XMP and QuickTime times alike). */
const EXIF_TIME =
  /^(\d{4})[:-](\d{2})[:-](\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?(?:\.(\d{1,9}))?[ ]*(Z|[+-]\d{2}:?\d{2})?(?![\d:])/;

/** FAT can hold no year after 2107, and cameras write 2107 for times they do not know; none was sold before 1970, where the clocks of computers start. */
const FIRST_YEAR = 1970;
const LAST_YEAR = 2106;

/** @returns undefined for whatever is no moment of the calendar: cameras write 0000:00:00 when their clock was never set. */
export function parseExifTime(text: string): ExifTime | undefined {
  const [, year, month, day, hours, minutes, seconds = '00', part = '', zone] =
    EXIF_TIME.exec(text) ?? [];
  const local = `${year}-${month}-${day}T${hours}:${minutes}:${seconds}`;
  if (!isMoment(local)) return undefined;
  return {local, milliseconds: readPart(part), offsetMinutes: parseOffset(zone ?? '')};
}

/** @param text digits after the point, as SubSecTime has them too: `7` and `700` are alike. @returns ms; 0 where it is something else. */
export function readPart(text: string): number {
  const digits = /^\s*(\d{1,9})\s*$/.exec(text)?.[1] ?? '';
  return Number(digits.slice(0, 3).padEnd(3, '0'));
}

/** @param text `+09:00`, `-0330` or `Z`. @returns minutes east of UTC; null where it is no zone of this earth (-12:00 to +14:00). */
export function parseOffset(text: string): number | null {
  if (text.trim() === 'Z') return 0;
  const [, sign, hours, minutes] = /^\s*([+-])(\d{2}):?(\d{2})\s*$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  const east = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return Number(minutes) < 60 && east >= -720 && east <= 840 ? east : null;
}

function isMoment(local: string): boolean {
  const parsed = new Date(`${local}Z`);
  if (Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(local)) return false;
  const year = parsed.getUTCFullYear();
  return year >= FIRST_YEAR && year <= LAST_YEAR;
}
