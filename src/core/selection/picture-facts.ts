/** What is known of a picture that a rule can ask for. Undefined: nobody said it, which is not the same as none. */
export interface PictureFacts {
  /** Stars from 0 to 5; -1 where another program than Lightroom calls it rejected (Bridge, darktable, digiKam). */
  readonly rating: number | undefined;
  /** The flag: 1 picked, -1 rejected, 0 without one. */
  readonly pick: 1 | 0 | -1 | undefined;
  /** The texts by which its label is known, in any language; empty where it has none. */
  readonly labels: readonly string[] | undefined;
  /** Each with the keywords that it lies under in front, parted by `|` as Lightroom does it: `Wedding|Portfolio`. */
  readonly keywords: readonly string[] | undefined;
}

/** Who said it: the catalog of Lightroom, an XMP sidecar, the picture itself. */
export type FactSource = 'catalog' | 'sidecar' | 'embedded';

export const NO_FACTS: PictureFacts = {
  rating: undefined,
  pick: undefined,
  labels: undefined,
  keywords: undefined,
};

export type FactName = keyof PictureFacts;

export const FACT_NAMES: readonly FactName[] = ['rating', 'pick', 'labels', 'keywords'];

/** @returns the facts of the first, and where it says nothing those of the second. */
export const fillFacts = (first: PictureFacts, second: PictureFacts): PictureFacts => ({
  rating: first.rating ?? second.rating,
  pick: first.pick ?? second.pick,
  labels: first.labels ?? second.labels,
  keywords: first.keywords ?? second.keywords,
});

/** @returns the number where it can be a rating. */
export const toRating = (value: number): number | undefined =>
  Number.isFinite(value) && value >= -1 && value <= 5 ? value : undefined;

export function toPick(value: number): PictureFacts['pick'] {
  if (value === 1 || value === -1) return value;
  return value === 0 ? 0 : undefined;
}
