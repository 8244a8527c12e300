const HOUR_MS = 3_600_000;
/** The hour on the clock of the session. */
const EVENING = 20;

/** A zone in which it is evening now, so that the pictures were taken today. */
export interface Evening {
  /** For `TZ`. */
  readonly zone: string;
  readonly utcOffsetMs: number;
  readonly midnightMs: number;
}

/** @param nowMs ms since 1970. */
export function findEvening(nowMs: number): Evening {
  const hour = new Date(nowMs).getUTCHours();
  const ahead = EVENING - hour > 14 ? EVENING - hour - 24 : EVENING - hour;
  const utcOffsetMs = ahead * HOUR_MS;
  const local = nowMs + utcOffsetMs;
  // The signs of these names are the other way round (tzdata, etcetera).
  const zone = `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
  return {zone, utcOffsetMs, midnightMs: local - (local % (24 * HOUR_MS))};
}
