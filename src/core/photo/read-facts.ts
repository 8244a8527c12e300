/** What exiftool said of a file, as facts. */

import {countMs, localInZone} from '../zone-time.ts';
import {type ExifTime, parseExifTime, parseOffset, readPart} from './exif-time.ts';
import type {PhotoFacts, TakenAt} from './photo-facts.ts';

/** Values by names as `exiftool -json -a -G0` gives them: `EXIF:DateTimeOriginal`. */
export type GroupedTags = Readonly<Record<string, unknown>>;

/** exiftool's families of one tag, the camera's own first: what a program wrote beside it (XMP) comes later. */
const GROUPS = ['EXIF', 'MakerNotes', 'RAF', 'QuickTime', 'XML', 'RIFF', 'H264', 'MXF', 'XMP'];
const MORE_GROUPS = [...GROUPS, 'Composite'];

/** Times of the camera's own clock, the best first (EXIF 2.32, 4.6.5). Apple's films have theirs in CreationDate. */
const LOCAL_TIMES = ['DateTimeOriginal', 'CreationDate'];
/** In a film's header these are UTC (ISO/IEC 14496-12, 8.2.2). In other places they are local. */
const CREATED = 'CreateDate';
const SERIALS = ['SerialNumber', 'BodySerialNumber', 'CameraSerialNumber', 'InternalSerialNumber'];
/** The maker's own number of a lens means something only where exiftool knows it. */
const LENSES = ['LensModel', 'LensID', 'LensType', 'Lens'];
const isNumber = (text: string) => /^[\d. ]+$/.test(text);

/** The tags to ask for, for {@link readFacts}. */
export const FACT_TAGS: readonly string[] = [
  ...LOCAL_TIMES,
  CREATED,
  'SubSecTimeOriginal',
  'SubSecTime',
  'OffsetTimeOriginal',
  'OffsetTime',
  'Make',
  'Model',
  'AndroidModel',
  'DeviceManufacturer',
  'DeviceModelName',
  'DeviceSerialNo',
  ...SERIALS,
  ...LENSES,
  'ExposureTime',
  'FNumber',
  'ISO',
  'FocalLength',
  'Duration#',
];

/** Characters. Longer ones are no names. */
const LONGEST = 200;

/**
 * @param timeZone IANA name, for the times of films that are UTC.
 * @returns undefined where nothing was said at all.
 */
export function readFacts(
  tags: GroupedTags,
  {timeZone, isFilm}: {timeZone: string; isFilm: boolean},
): PhotoFacts | undefined {
  const first = (...names: readonly string[]) => findText(tags, names);
  const seconds = Number(first('Duration'));
  const facts: PhotoFacts = {
    takenAt: findTime(tags, timeZone),
    make: first('Make', 'DeviceManufacturer'),
    model: first('Model', 'DeviceModelName', 'AndroidModel'),
    serial: first(...SERIALS, 'DeviceSerialNo').replace(/^No= */, ''),
    lens: findLens(tags),
    exposure: first('ExposureTime'),
    aperture: first('FNumber'),
    iso: first('ISO'),
    focalLength: first('FocalLength'),
    durationSeconds: isFilm && seconds > 0 && Number.isFinite(seconds) ? seconds : null,
  };
  const {takenAt, durationSeconds, ...texts} = facts;
  const says = takenAt !== undefined || Object.values(texts).some((text) => text !== '');
  return says || durationSeconds !== null ? facts : undefined;
}

function findTime(tags: GroupedTags, timeZone: string): TakenAt | undefined {
  for (const name of LOCAL_TIMES) {
    for (const group of GROUPS) {
      const found = parseExifTime(textOf(tags, `${group}:${name}`));
      if (found !== undefined) return recorded(tags, found);
    }
  }
  const utc = parseExifTime(textOf(tags, `QuickTime:${CREATED}`));
  for (const group of GROUPS) {
    if (group === 'QuickTime') continue;
    const found = parseExifTime(textOf(tags, `${group}:${CREATED}`));
    if (found !== undefined) return recorded(tags, found);
  }
  if (utc === undefined) return undefined;
  const utcMs = countMs(utc.local);
  return {
    local: localInZone(utcMs, timeZone),
    milliseconds: 0,
    offsetMinutes: null,
    utcMs,
    source: 'utc',
  };
}

function recorded(tags: GroupedTags, {local, milliseconds, offsetMinutes}: ExifTime): TakenAt {
  const part = findText(tags, ['SubSecTimeOriginal', 'SubSecTime']);
  const zones = ['OffsetTimeOriginal', 'OffsetTime'].map((name) =>
    parseOffset(findText(tags, [name])),
  );
  return {
    local,
    milliseconds: milliseconds === 0 ? readPart(part) : milliseconds,
    offsetMinutes: offsetMinutes ?? zones.find((zone) => zone !== null) ?? null,
    source: 'recorded',
  };
}

function findLens(tags: GroupedTags): string {
  for (const name of LENSES) {
    for (const group of MORE_GROUPS) {
      const text = findText({[`${group}:${name}`]: tags[`${group}:${name}`]}, [name]);
      if (text !== '' && !isNumber(text)) return text;
    }
  }
  return '';
}

function findText(tags: GroupedTags, names: readonly string[]): string {
  for (const name of names) {
    for (const group of MORE_GROUPS) {
      const text = textOf(tags, `${group}:${name}`).trim();
      // What exiftool says of values that it cannot name.
      if (text !== '' && !/^(?:n\/a|unknown(?: \(.*\))?|-+|inf|undef)$/i.test(text)) return text;
    }
  }
  return '';
}

function textOf(tags: GroupedTags, key: string): string {
  const value = tags[key];
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  return String(value).slice(0, LONGEST);
}
