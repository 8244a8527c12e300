/**
 * The one afternoon on which the sample card was shot. A time is a count of seconds since midnight on the camera's clock, which
 * stands two hours before UTC. Nothing here asks the machine for its clock or its time zone.
 */
export type CardTime = number;

/** As EXIF's OffsetTimeOriginal and XMP write it. */
export const ZONE = '+02:00';

const MIDNIGHT_MS = Date.UTC(2026, 5, 20) - 2 * 60 * 60 * 1000;

/** @throws when the seconds are odd: FAT keeps times in steps of two, and a copy to it should keep them. */
export function clockTime(hours: number, minutes: number, seconds = 0): CardTime {
  if (seconds % 2 !== 0) throw new Error(`odd second: ${seconds}`);
  return (hours * 60 + minutes) * 60 + seconds;
}

/** @returns ms since 1970 (UTC). */
export function toEpochMs(time: CardTime): number {
  return MIDNIGHT_MS + time * 1000;
}

/** @returns `2026:06:20 14:02:10`, local time, as EXIF 2.32 (CIPA DC-008), 4.6.5, writes its dates. */
export function toExifDate(time: CardTime): string {
  return `2026:06:20 ${toClock(time)}`;
}

/** @returns `2026-06-20T14:02:10+02:00`, as ISO 8601 and XMP write it. */
export function toIsoDate(time: CardTime): string {
  return `2026-06-20T${toClock(time)}${ZONE}`;
}

function toClock(time: CardTime): string {
  const parts = [Math.floor(time / 3600), Math.floor(time / 60) % 60, time % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
