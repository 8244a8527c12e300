import type {QuietHours} from '../../../core/backup/backup-job.ts';
import {isQuiet} from '../../../core/backup/jobs/quiet-hours.ts';
import type {Program} from '../../program.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/**
 * @returns how many seconds are left until quiet hours begin, 0 in them, null without any. A run that somebody started within them goes on: it was asked for.
 */
export function secondsToQuiet(
  {clock, timeZone}: Pick<Program, 'clock' | 'timeZone'>,
  quiet: QuietHours | null,
): () => number | null {
  const begunInQuiet = isQuiet(quiet, clock.now().getTime(), timeZone);
  if (quiet === null || begunInQuiet) return () => null;
  return () => {
    const nowMs = clock.now().getTime();
    if (isQuiet(quiet, nowMs, timeZone)) return 0;
    const minute = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    for (let ahead = 1; ahead <= DAY_MINUTES; ahead++) {
      const atMs = minute + ahead * MINUTE_MS;
      if (isQuiet(quiet, atMs, timeZone)) return Math.max(1, Math.ceil((atMs - nowMs) / 1000));
    }
    return null;
  };
}
