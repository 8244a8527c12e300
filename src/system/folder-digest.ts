/** The files of one folder in a few characters: two folders with the same digest hold the same names with the same sizes and times. */
import {createHash} from 'node:crypto';
import {compareNames} from '../core/backup/walk-order.ts';

/** Size, time of change, and of a source the time at which its facts changed. */
const NUMBERS = 3;

/** Gathers files one by one, in any order. */
export class FolderDigest {
  readonly #names: string[] = [];
  /** Bytes and ns since 1970. */
  #numbers: BigInt64Array;
  #isSorted = true;

  /** @param most files that are to be expected; more may come. */
  constructor(most: number) {
    this.#numbers = new BigInt64Array(Math.max(1, most) * NUMBERS);
  }

  get files(): number {
    return this.#names.length;
  }

  get names(): readonly string[] {
    return this.#names;
  }

  /** @param changedNs 0n for a copy: only its size and its time of modification count. */
  add(name: string, size: bigint, mtimeNs: bigint, changedNs: bigint): void {
    const at = this.#names.length;
    const last = this.#names[at - 1];
    if (last !== undefined && compareNames(last, name) > 0) this.#isSorted = false;
    this.#names.push(name);
    if ((at + 1) * NUMBERS > this.#numbers.length) this.#grow();
    this.#numbers[at * NUMBERS] = size;
    this.#numbers[at * NUMBERS + 1] = mtimeNs;
    this.#numbers[at * NUMBERS + 2] = changedNs;
  }

  /** @returns 64 hex digits: SHA-256, which every Node brings along in its fast form, of the sorted names in UTF-16 parted by NUL, then of the numbers in the same order. */
  digest(): string {
    if (!this.#isSorted) this.#sort();
    const hash = createHash('sha256');
    hash.update(this.#names.join('\0'), 'utf16le');
    hash.update(this.#numbers.subarray(0, this.#names.length * NUMBERS));
    return hash.digest('hex');
  }

  #grow(): void {
    const larger = new BigInt64Array(this.#numbers.length * 2);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }

  #sort(): void {
    const order = this.#names.map((name, at) => ({name, at}));
    order.sort((a, b) => compareNames(a.name, b.name));
    const numbers = new BigInt64Array(this.#numbers.length);
    for (const [to, {name, at}] of order.entries()) {
      this.#names[to] = name;
      numbers.set(this.#numbers.subarray(at * NUMBERS, (at + 1) * NUMBERS), to * NUMBERS);
    }
    this.#numbers = numbers;
    this.#isSorted = true;
  }
}
