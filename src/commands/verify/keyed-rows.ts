/** Rows of one length in one block of memory, found by a key: a million objects would take ten times as much. */

/** 64 bits as two numbers of 32 bits. */
export interface RowKey {
  readonly low: number;
  readonly high: number;
}

/** Bytes at the start of each row: its key. */
export const KEY_BYTES = 8;
const HIGH = 4;
const FIRST_ROWS = 1024;

/** A table of rows; of a key that several have, the last one is found. Who adds a row writes what stands behind its key. */
export class KeyedRows {
  readonly #rowBytes: number;
  #bytes: Buffer;
  /** Number of a row and one, or 0; twice as many as rows at least. */
  #slots = new Uint32Array(FIRST_ROWS * 2);
  #count = 0;

  /** @param rowBytes of one row, with its key. */
  constructor(rowBytes: number) {
    this.#rowBytes = rowBytes;
    this.#bytes = Buffer.alloc(FIRST_ROWS * rowBytes);
  }

  /** All rows; another one after each {@link add}. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** @returns where the last row of a key begins, in bytes. */
  find(key: RowKey): number | undefined {
    const row = (this.#slots[this.#findSlot(key)] ?? 0) - 1;
    return row < 0 ? undefined : row * this.#rowBytes;
  }

  /** @returns where the new row begins, in bytes; behind its key it is zero. */
  add(key: RowKey): number {
    const at = this.#count * this.#rowBytes;
    if (at + this.#rowBytes > this.#bytes.length) this.#grow();
    this.#slots[this.#findSlot(key)] = ++this.#count;
    this.#bytes.writeUInt32LE(key.low, at);
    this.#bytes.writeUInt32LE(key.high, at + HIGH);
    return at;
  }

  /** @returns the slot of the key, or the free one that it would have. */
  #findSlot({low, high}: RowKey): number {
    const mask = this.#slots.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const at = ((this.#slots[slot] ?? 0) - 1) * this.#rowBytes;
      if (at < 0) return slot;
      if (this.#bytes.readUInt32LE(at) === low && this.#bytes.readUInt32LE(at + HIGH) === high)
        return slot;
    }
  }

  #grow(): void {
    this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let row = 0; row < this.#count; row++) {
      const at = row * this.#rowBytes;
      const low = this.#bytes.readUInt32LE(at);
      const high = this.#bytes.readUInt32LE(at + HIGH);
      this.#slots[this.#findSlot({low, high})] = row + 1;
    }
  }
}
