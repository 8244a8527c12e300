import type {Value} from './sqlite.ts';

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** @returns ns since 1970 as SQLite keeps them: as an integer of 64 bits (years 1677 to 2262), or as text where a record claims another. */
export function storeTime(mtimeNs: bigint): Value {
  return mtimeNs >= MIN && mtimeNs <= MAX ? mtimeNs : `${mtimeNs}`;
}
