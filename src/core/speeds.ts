/**
 * Speeds and the time left, from the samples that `progress` events bring. A speed is the difference between the newest sample and
 * one about five seconds older: steady enough to read, quick enough to show a drive that slows down.
 */

/** Bytes of one destination at one moment. */
export interface LaneSample {
  readonly to: string;
  readonly written: number;
  readonly proved: number;
}

/** What one `progress` event said, and when (ms of any clock that does not jump). */
export interface Sample {
  readonly atMs: number;
  readonly read: number;
  readonly lanes: readonly LaneSample[];
}

/** How far back a speed looks, in ms. */
export const SPEED_WINDOW_MS = 5000;
/** Two samples closer than this say more about the sampling than about the drive, in ms. */
const SHORTEST_SPAN_MS = 1000;

/** Of three samples closer than this the middle one says nothing, in ms: a flood of events must not become a flood of samples. */
const CLOSEST_MS = 50;

/**
 * @returns the samples with the new one behind them: all of the last five seconds and the one before. Starts anew when the clock
 * went backwards.
 */
export function addSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last !== undefined && last.atMs > sample.atMs) return [sample];
  const edge = sample.atMs - SPEED_WINDOW_MS;
  const firstInside = samples.findIndex((old) => old.atMs > edge);
  const kept = firstInside === -1 ? samples.slice(-1) : samples.slice(Math.max(0, firstInside - 1));
  const beforeLast = kept.at(-2);
  const isCrowded = beforeLast !== undefined && sample.atMs - beforeLast.atMs < CLOSEST_MS;
  return [...(isCrowded ? kept.slice(0, -1) : kept), sample];
}

/** @returns bytes per second of whatever `bytesOf` picks, or null while the samples are too few or too close. */
export function measureSpeed(
  samples: readonly Sample[],
  bytesOf: (sample: Sample) => number | undefined,
): number | null {
  const first = samples.find((sample) => bytesOf(sample) !== undefined);
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return null;
  const from = bytesOf(first);
  const until = bytesOf(last);
  const spanMs = last.atMs - first.atMs;
  if (from === undefined || until === undefined || spanMs < SHORTEST_SPAN_MS) return null;
  return Math.max(0, ((until - from) * 1000) / spanMs);
}

/** What is left to do and how fast it goes: bytes and bytes per second. */
export interface Remaining {
  readonly toRead: number;
  readonly readRate: number | null;
  readonly lanes: readonly {
    readonly toWrite: number;
    readonly toProve: number;
    readonly writeRate: number | null;
    readonly proveRate: number | null;
  }[];
}

/** @returns ms until the slowest part is done, or null when something is left whose speed is not known. */
export function estimateTimeLeft({toRead, readRate, lanes}: Remaining): number | null {
  const parts = [timeFor(toRead, readRate)];
  for (const {toWrite, toProve, writeRate, proveRate} of lanes) {
    const writing = timeFor(toWrite, writeRate);
    // A rotating disk proves after it has written everything, and reads about as fast as it writes.
    const waits = toProve > 0 && toWrite > 0 && proveRate === 0;
    const proving = waits ? add(writing, timeFor(toProve, writeRate)) : timeFor(toProve, proveRate);
    parts.push(writing, proving);
  }
  let slowest = 0;
  for (const part of parts) {
    if (part === null) return null;
    slowest = Math.max(slowest, part);
  }
  return Math.round(slowest);
}

function timeFor(bytes: number, bytesPerSecond: number | null): number | null {
  if (bytes <= 0) return 0;
  if (bytesPerSecond === null || bytesPerSecond <= 0) return null;
  return (bytes * 1000) / bytesPerSecond;
}

function add(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
