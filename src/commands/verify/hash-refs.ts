/** Which numbers belong to a hash, in few bytes: all records of all drives together do not fit into memory. */

/** Bytes of a row: the first 64 bits of the hash, a number, the row before with the same key and one. */
const ROW = 16;
const [HIGH, REF, BEFORE] = [4, 8, 12];
const FIRST_ROWS = 1024;

/** A table of hashes. Of a hash that is not in it a million give a number once in 10 million drives: who asks compares the whole hash. */
export class HashRefs {
  #rows = Buffer.alloc(FIRST_ROWS * ROW);
  /** The last row of each key and one, or 0; twice as many as rows at least. */
  #slots = new Uint32Array(FIRST_ROWS * 2);
  #count = 0;

  /** @param hash 64 hex digits. @param ref below 2^32. */
  add(hash: string, ref: number): void {
    if ((this.#count + 1) * ROW > this.#rows.length) this.#grow();
    const key = keyOf(hash);
    const slot = this.#findSlot(key);
    const before = this.#slots[slot] ?? 0;
    if (before > 0 && this.#rows.readUInt32LE((before - 1) * ROW + REF) === ref) return;
    const at = this.#count * ROW;
    this.#rows.writeUInt32LE(key.low, at);
    this.#rows.writeUInt32LE(key.high, at + HIGH);
    this.#rows.writeUInt32LE(ref, at + REF);
    this.#rows.writeUInt32LE(before, at + BEFORE);
    this.#slots[slot] = ++this.#count;
  }

  /** @returns the numbers that were added with a hash, in their order. */
  refsOf(hash: string): readonly number[] {
    const refs: number[] = [];
    let row = this.#slots[this.#findSlot(keyOf(hash))] ?? 0;
    while (row > 0) {
      refs.push(this.#rows.readUInt32LE((row - 1) * ROW + REF));
      row = this.#rows.readUInt32LE((row - 1) * ROW + BEFORE);
    }
    return refs.reverse();
  }

  /** @returns the slot of the key, or the free one that it would have. */
  #findSlot({low, high}: Key): number {
    const mask = this.#slots.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const at = ((this.#slots[slot] ?? 0) - 1) * ROW;
      if (at < 0) return slot;
      if (this.#rows.readUInt32LE(at) === low && this.#rows.readUInt32LE(at + HIGH) === high)
        return slot;
    }
  }

  #grow(): void {
    this.#rows = Buffer.concat([this.#rows, Buffer.alloc(this.#rows.length)]);
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let row = 0; row < this.#count; row++) {
      const low = this.#rows.readUInt32LE(row * ROW);
      const high = this.#rows.readUInt32LE(row * ROW + HIGH);
      this.#slots[this.#findSlot({low, high})] = row + 1;
    }
  }
}

/** Two numbers of 32 bits. */
interface Key {
  readonly low: number;
  readonly high: number;
}

const keyOf = (hash: string): Key => ({
  low: Number.parseInt(hash.slice(0, 8), 16) >>> 0,
  high: Number.parseInt(hash.slice(8, 16), 16) >>> 0,
});
