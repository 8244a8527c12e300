/** What was read of a file, as it is kept until the file changes: one entry of the cache. */
import {toPick, toRating} from '../../core/selection/picture-facts.ts';
import type {XmpFacts} from '../../core/selection/read-xmp.ts';

export interface CachedFacts {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** ns since 1970. */
  readonly mtimeNs: bigint;
  readonly changedNs: bigint;
  readonly facts: XmpFacts;
}

/** Rating, flag, labels, keywords, extension; null for what was not said. */
type CachedLine = readonly [
  name: string,
  size: number,
  mtimeNs: string,
  changedNs: string,
  ...facts: unknown[],
];

export const toCached = ({name, size, mtimeNs, changedNs, facts}: CachedFacts): CachedLine => [
  name,
  size,
  String(mtimeNs),
  String(changedNs),
  facts.rating ?? null,
  facts.pick ?? null,
  facts.labels ?? null,
  facts.keywords ?? null,
  facts.extension ?? null,
];

/** @returns undefined for whatever no run of this program wrote. */
export function fromCached(line: unknown): CachedFacts | undefined {
  if (!Array.isArray(line)) return undefined;
  const [name, size, mtime, changed, ...said]: readonly unknown[] = line;
  const [rating, pick, labels, keywords, extension] = said;
  const [mtimeNs, changedNs] = [toNs(mtime), toNs(changed)];
  if (typeof name !== 'string' || typeof size !== 'number') return undefined;
  if (mtimeNs === undefined || changedNs === undefined) return undefined;
  return {
    name,
    size,
    mtimeNs,
    changedNs,
    facts: {
      rating: typeof rating === 'number' ? toRating(rating) : undefined,
      pick: typeof pick === 'number' ? toPick(pick) : undefined,
      labels: toTexts(labels),
      keywords: toTexts(keywords),
      extension: typeof extension === 'string' ? extension : undefined,
    },
  };
}

const toNs = (value: unknown): bigint | undefined =>
  typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;

const toTexts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
