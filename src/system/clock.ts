import {setTimeout as sleepFor} from 'node:timers/promises';

/** Time, so that tests can give their own. */
export interface Clock {
  now(): Date;
  /** ms since some start; never goes back. */
  monotonic(): number;
  sleep(ms: number): Promise<void>;
}

export const realClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: (ms) => sleepFor(ms),
};
