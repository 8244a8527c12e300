import type {CardFile} from '../../../src/core/card.ts';

/** A file of a listing. */
export const file = (path: string, change: Partial<CardFile> = {}): CardFile => ({
  path,
  size: 10,
  mtimeNs: 0n,
  changedNs: 0n,
  ...change,
});
