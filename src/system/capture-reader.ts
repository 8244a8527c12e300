import {parseExifTime} from '../core/photo/exif-time.ts';
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

/** The day alone where the time of day is none: the day names a shoot. */
function readTime(text: string): Pick<Capture, 'date' | 'time'> {
  const whole = parseExifTime(text);
  const day = whole ?? parseExifTime(`${text.slice(0, DAY_LENGTH)} 00:00:00`);
  return {date: day?.local.slice(0, DAY_LENGTH) ?? '', time: whole?.local ?? ''};
}

/** Of `2026:11:22`. */
const DAY_LENGTH = 10;
