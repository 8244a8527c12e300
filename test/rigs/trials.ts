/** Random moments that can be tried again: each has a seed, which is told when it goes wrong. */
import {performance} from 'node:perf_hooks';
import type {Lab} from './lab.ts';
import {Random} from './random.ts';

/** Its multiples spread evenly between whole numbers. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** How many moments are tried where nothing is said: a share of what was tried once at length. */
const USUAL_MOMENTS = 15;

/**
 * `RIG_MOMENTS=200` tries so many moments instead of {@link USUAL_MOMENTS}, and rigs that try fewer as many times more.
 * @returns how many moments are to be tried.
 */
export function countMoments(usual = USUAL_MOMENTS): number {
  const wanted = Number.parseInt(process.env.RIG_MOMENTS ?? '', 10);
  return Number.isNaN(wanted) ? usual : Math.max(1, Math.round((usual * wanted) / USUAL_MOMENTS));
}

/** `RIG_SEED=n` begins with that seed; with `RIG_MOMENTS=1` that moment alone is tried again. */
function firstSeed(): number {
  const wanted = Number.parseInt(process.env.RIG_SEED ?? '', 10);
  return Number.isNaN(wanted) ? Math.floor(Math.random() * 1_000_000) : wanted;
}

export interface Trial {
  readonly seed: number;
  readonly random: Random;
  /** A number from 0 to 1 that belongs to the seed: the trials of seeds that follow each other cover that stretch evenly. */
  readonly share: number;
  /** Says what is done, for the story of a failure. */
  note(text: string): void;
}

/** Runs as many trials as are wanted. @throws Error with the seed and the notes of the first that fails. */
export async function tryMoments(
  lab: Lab,
  count: number,
  attempt: (trial: Trial) => Promise<void>,
): Promise<void> {
  const first = firstSeed();
  const start = performance.now();
  for (let number = 0; number < count; number++) {
    lab.signal.throwIfAborted();
    const seed = first + number;
    const random = new Random(seed);
    const share = (seed * GOLDEN) % 1;
    const notes: string[] = [];
    const note = (text: string) => {
      notes.push(text);
    };
    try {
      await attempt({seed, random, share, note});
    } catch (error) {
      const story = `seed ${seed} (moment ${number + 1} of ${count}): ${notes.join('; ')}`;
      const why = error instanceof Error ? error.message : String(error);
      throw Object.assign(new Error(`${story}: ${why}`), {
        stack: error instanceof Error ? error.stack : undefined,
      });
    }
    if (process.env.RIG_TELL !== undefined)
      console.error(`     ${number + 1}/${count} seed ${seed}: ${notes.join('; ')}`);
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.error(`     ${count} moments in ${seconds} s, seeds ${first} to ${first + count - 1}`);
}
