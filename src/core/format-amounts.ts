/** Amounts as a person reads them. Nothing here prints NaN, Infinity or a number below zero. */

// Powers of 1000, as drives and cards are sold.
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** @returns `18.4 GB`, `180 MB`, `0 B`; `unknown` for what is no finite number. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return 'unknown';
  let value = Math.max(0, Math.round(bytes));
  let unit = 0;
  // From 999.5 on it would be shown as 1,000.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = value < 99.95 ? String(Number(value.toFixed(1))) : formatCount(value);
  return `${digits} ${UNITS[unit]}`;
}

/** @param bytesPerSecond @returns `284 MB/s`; `unknown` for what is no finite number. */
export function formatRate(bytesPerSecond: number): string {
  return Number.isFinite(bytesPerSecond) ? `${formatBytes(bytesPerSecond)}/s` : 'unknown';
}

/** @param bytesPerSecond @returns `284 MB/s`, always in whole MB/s, so that it does not jump; `<1 MB/s` for less; `unknown` for what is no finite number. */
export function formatWholeRate(bytesPerSecond: number): string {
  if (!Number.isFinite(bytesPerSecond)) return 'unknown';
  const rate = Math.round(bytesPerSecond / 1e6);
  return bytesPerSecond > 0 && rate === 0 ? '<1 MB/s' : `${formatCount(rate)} MB/s`;
}

/** @returns `1,224`, the same in every locale; `unknown` for what is no finite number. */
export function formatCount(n: number): string {
  if (!Number.isFinite(n)) return 'unknown';
  return BigInt(Math.max(0, Math.round(n)))
    .toString()
    .replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** @param ms @returns `under 1 s`, `12 s`, `6 min 12 s`, `1 h 04 min`; `unknown` for what is no finite number. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return 'unknown';
  if (ms < 1000) return 'under 1 s';
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  return formatMinutes(Math.round(seconds / 60));
}

const DAY_MINUTES = 24 * 60;

/**
 * @param ms null while there is nothing to reckon with.
 * @returns `measuring`, `less than a minute`, `about 6 min`, `about 1 h 04 min`, `more than a day`: beyond that a rate says nothing.
 */
export function formatTimeLeft(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return 'measuring';
  if (ms < 60_000) return 'less than a minute';
  const minutes = Math.round(ms / 60_000);
  return minutes > DAY_MINUTES ? 'more than a day' : `about ${formatMinutes(minutes)}`;
}

function formatMinutes(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  return `${formatCount(Math.floor(minutes / 60))} h ${pad(minutes % 60)} min`;
}

const pad = (n: number): string => String(n).padStart(2, '0');
