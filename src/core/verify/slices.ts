/** Slices of a volume, so that it is read back in many small runs. */

export interface Slice {
  /** From 1 on. */
  readonly part: number;
  readonly of: number;
}

/** What `--part` asks for. */
export type PartChoice =
  | {readonly kind: 'exact'; readonly slice: Slice}
  /** The one after the slice that was read last. */
  | {readonly kind: 'next'; readonly of: number};

/** A slice a day for more than two years. */
const MOST_SLICES = 1000;

/** @param text `3/30` or `next/30`. @returns undefined when it is neither. */
export function readPart(text: string): PartChoice | undefined {
  const [, word = '', number = ''] = /^(next|\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const of = Number(number);
  if (of < 1 || of > MOST_SLICES) return undefined;
  if (word === 'next') return {kind: 'next', of};
  const part = Number(word);
  return part >= 1 && part <= of ? {kind: 'exact', slice: {part, of}} : undefined;
}

/** Hex digits of a hash that a number of JavaScript holds exactly. */
const DIGITS = 12;

/** @param hash BLAKE3 of the recorded bytes, 64 hex digits: the same file is in the same slice wherever it lies, and slices are of one size. */
export function isInSlice(hash: string, {part, of}: Slice): boolean {
  return Number.parseInt(hash.slice(0, DIGITS), 16) % of === part - 1;
}
