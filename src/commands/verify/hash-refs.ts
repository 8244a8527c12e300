/** Which numbers belong to a hash, in few bytes: all records of all drives together do not fit into memory. */
import {KEY_BYTES, KeyedRows, type RowKey} from './keyed-rows.ts';

/** Bytes of a row: the first 64 bits of the hash, a number, the row before with the same key and one. */
const ROW = KEY_BYTES + 4 + 4;
const [REF, BEFORE] = [KEY_BYTES, KEY_BYTES + 4];

/** A table of hashes. Of a hash that is not in it a million give a number once in 10 million drives: who asks compares the whole hash. */
export class HashRefs {
  readonly #table = new KeyedRows(ROW);

  /** @param hash 64 hex digits. @param ref below 2^32. */
  add(hash: string, ref: number): void {
    const key = keyOf(hash);
    const before = this.#table.find(key);
    if (before !== undefined && this.#table.bytes.readUInt32LE(before + REF) === ref) return;
    const at = this.#table.add(key);
    this.#table.bytes.writeUInt32LE(ref, at + REF);
    this.#table.bytes.writeUInt32LE(before === undefined ? 0 : before / ROW + 1, at + BEFORE);
  }

  /** @returns the numbers that were added with a hash, in their order. */
  refsOf(hash: string): readonly number[] {
    const {bytes} = this.#table;
    const refs: number[] = [];
    for (let at = this.#table.find(keyOf(hash)); at !== undefined; ) {
      refs.push(bytes.readUInt32LE(at + REF));
      const before = bytes.readUInt32LE(at + BEFORE);
      at = before === 0 ? undefined : (before - 1) * ROW;
    }
    return refs.reverse();
  }
}

const keyOf = (hash: string): RowKey => ({
  low: Number.parseInt(hash.slice(0, 8), 16) >>> 0,
  high: Number.parseInt(hash.slice(8, 16), 16) >>> 0,
});
