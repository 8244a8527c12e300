/**
 * Random numbers that are the same for the same seed on every machine and every Node.
 *
 * The samples use them with additions, multiplications, divisions and square roots only: IEEE 754 fixes the result of these to the
 * last bit, which it does not do for sines and powers.
 */

/** Gives the next number of its row: 0 inclusive to 1 exclusive, in steps of 2^-32. */
export type SeededRandom = () => number;

/**
 * A row of numbers of its own for each purpose, so that one more picture on the card changes no other file.
 * The generator is mulberry32 (Tommy Ettinger, public domain), started with the FNV-1a hash of seed and purpose.
 */
export function seedRandom(seed: number, purpose: string): SeededRandom {
  let state = hashText(`${seed}/${purpose}`);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** @returns a whole number from `low` to `high`, both inclusive. */
export function pickBetween(random: SeededRandom, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** @returns one of the values; throws when there is none. */
export function pickOne<T>(random: SeededRandom, values: readonly T[]): T {
  const value = values[pickBetween(random, 0, values.length - 1)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}

/** FNV-1a, 32 bits: offset basis and prime as its authors (Fowler, Noll, Vo) give them. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
