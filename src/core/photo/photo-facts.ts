/** What a picture or film says of its taking. All of it comes from a card, and is hostile until it is made printable or a safe name. */

/** A time of the calendar as the camera's clock showed it: `2026-11-22T14:02:11`, no zone. */
export type LocalTime = string;

/**
 * Where a time comes from. `recorded`: local time of the camera (EXIF, XMP, QuickTime CreationDate). `utc`: the film's header holds UTC (QuickTime mvhd) and the local time was
 * worked out with the zone that is named. `file`: the file's own time in the laptop's zone.
 */
export type TimeSource = 'recorded' | 'utc' | 'file';

export interface TakenAt {
  readonly local: LocalTime;
  /** Thousandths of a second that the camera recorded; 0 where it did not. Tells the pictures of a burst apart. */
  readonly milliseconds: number;
  /** Minutes east of UTC that the camera recorded; null where it did not. */
  readonly offsetMinutes: number | null;
  /** ms since 1970, where the film's header holds UTC: with it the local time can be worked out again in the zone of the pictures beside it. */
  readonly utcMs?: number;
  readonly source: TimeSource;
}

/** What many cameras say in the maker's own notes only. */
export type PhotoDetail = 'serial' | 'lens';

export interface PhotoFacts {
  /** Undefined where the file says nothing that is a date (year 0000, 2107-00-00): the file's own time counts then. */
  readonly takenAt: TakenAt | undefined;
  /** Empty strings where it says nothing. */
  readonly make: string;
  readonly model: string;
  readonly serial: string;
  readonly lens: string;
  /** As exiftool words it: `1/250`, `2.8`, `400`, `35.0 mm`; empty where it says nothing. */
  readonly exposure: string;
  readonly aperture: string;
  readonly iso: string;
  readonly focalLength: string;
  /** Seconds of a film; null for a picture. */
  readonly durationSeconds: number | null;
}
