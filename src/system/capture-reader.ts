import {askExiftool} from './exiftool.ts';
import type {Files} from './files.ts';
import {readHead} from './read-head.ts';

/** What a picture says of its taking. Empty strings where it says nothing. */
export interface Capture {
  /** Date as the camera recorded it: YYYY-MM-DD, in the camera's own time zone. */
  readonly date: string;
  /** The same with the time of day, on the camera's own clock, without a zone: `2026-11-22T14:02:11`. */
  readonly time: string;
  readonly make: string;
  readonly model: string;
  readonly serial: string;
}

export interface CaptureReader {
  /** @returns what the picture says, or undefined when it cannot be read or says nothing. Never rejects. */
  read(files: Files, path: string): Promise<Capture | undefined>;
}

/** Cameras write their metadata at the front; reading more of a card for a name would only cost time. */
const HEAD_BYTES = 1024 * 1024;

/** Films of Apple have their local time in CreationDate; CreateDate is UTC there. */
const TIMES = ['DateTimeOriginal', 'CreationDate', 'CreateDate'] as const;
const SERIALS = ['SerialNumber', 'BodySerialNumber', 'InternalSerialNumber'] as const;
const OPTIONS = [...TIMES, 'Make', 'Model', ...SERIALS].map((tag) => `-${tag}`);

/** Reads metadata with exiftool. */
export const exifCaptures: CaptureReader = {
  async read(files, path) {
    try {
      const tags = await askExiftool(await readHead(files, path, HEAD_BYTES), path, OPTIONS);
      const text = (...names: readonly string[]) => {
        const found = names
          .map((name) => tags[name])
          .find((value) => value !== undefined && value !== '');
        return found === undefined ? '' : String(found).slice(0, 200);
      };
      return {
        ...readTime(text(...TIMES)),
        make: text('Make'),
        model: text('Model'),
        serial: text(...SERIALS),
      };
    } catch {
      // A picture without readable metadata, or no exiftool on this machine: callers fall back to file times.
      return undefined;
    }
  },
};

/** `2026:11:22 14:02:11`, perhaps without its seconds, perhaps with parts of a second and a zone (EXIF 2.32, 4.6.5). */
const EXIF_TIME = /^(\d{4}):(\d{2}):(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?(?!\d)/;

/** A moment of the calendar, or empty: cameras write 0000-00-00 when their clock was never set. */
function readTime(text: string): Pick<Capture, 'date' | 'time'> {
  const [, year, month, day, hours, minutes, seconds = '00'] = EXIF_TIME.exec(text) ?? [];
  const date = `${year}-${month}-${day}`;
  // No camera was sold before 1970, and 2107 is what FAT shows for a time that is none.
  if (Number(year) < 1970 || Number(year) > 2106) return {date: '', time: ''};
  if (!isMoment(`${date}T00:00:00`)) return {date: '', time: ''};
  const time = `${date}T${hours}:${minutes}:${seconds}`;
  return {date, time: isMoment(time) ? time : ''};
}

function isMoment(time: string): boolean {
  const parsed = new Date(`${time}Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(time);
}
