/** FAT counts its dates from 1980-01-01: a file with that date has none. */
const FIRST_MS = Date.UTC(1980, 0, 2);

/** @returns a time of the file system as clocks in that zone showed it, `2026-11-22T14:02:11`; undefined where the file has no time. */
export function clockTimeOf(mtimeNs: bigint, timeZone: string): string | undefined {
  const ms = Number(mtimeNs / 1_000_000n);
  const date = new Date(ms);
  if (ms < FIRST_MS || Number.isNaN(date.getTime())) return undefined;
  // Swedish dates are written as ISO 8601 writes them, with a blank for the T.
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return format.format(date).replace(' ', 'T');
}
