import type {Clock} from '../system/clock.ts';
import {faultFrom} from './sqlite-faults.ts';

/** ms between two tries: short beside what a person notices. */
const PAUSE_MS = 20;

/**
 * Tries again while another program holds the lock. SQLite itself would wait too, but it would hold up everything else that this program does meanwhile.
 * @throws what the last try threw.
 */
export async function waitForLock<T>(
  {clock, waitMs, path}: {readonly clock: Clock; readonly waitMs: number; readonly path: string},
  attempt: () => Promise<T>,
): Promise<T> {
  const until = clock.monotonic() + waitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const isLocked = faultFrom(error, path)?.kind === 'locked';
      if (!isLocked || clock.monotonic() >= until) throw error;
      await clock.sleep(PAUSE_MS);
    }
  }
}
