/** Names by their numbers, in few bytes. */

const FIRST_BYTES = 64 * 1024;

/** UTF-16: a byte of a name that is no UTF-8 stands as a lone surrogate, which UTF-8 cannot hold. */
export class NameList {
  #text = Buffer.alloc(FIRST_BYTES);
  /** Where each name ends, in bytes. */
  #ends = new Uint32Array(1024);
  #count = 0;

  /** @returns the number of the name. */
  add(name: string): number {
    const start = this.#startOf(this.#count);
    const end = start + name.length * 2;
    while (end > this.#text.length)
      this.#text = Buffer.concat([this.#text, Buffer.alloc(this.#text.length)]);
    this.#text.write(name, start, 'utf16le');
    if (this.#count === this.#ends.length) {
      const ends = new Uint32Array(this.#ends.length * 2);
      ends.set(this.#ends);
      this.#ends = ends;
    }
    this.#ends[this.#count] = end;
    return this.#count++;
  }

  /** @param number as {@link add} gave it. */
  get(number: number): string {
    return this.#text.toString('utf16le', this.#startOf(number), this.#ends[number] ?? 0);
  }

  #startOf(number: number): number {
    return number === 0 ? 0 : (this.#ends[number - 1] ?? 0);
  }
}
