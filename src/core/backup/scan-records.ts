/**
 * The lines of a state read without an object for each of them: for folders in which nothing changed. Knows only lines as `recordLine` writes them, of copies that lie under the path of their
 * source, with names that JSON needs no escapes for; what it gives is what `parseRecordLine` would give. Everything else is for that one.
 */

import {isTreeName} from './tree-path.ts';

/** Which of the two files of a record is meant. */
export type RecordSide = 'source' | 'copy';

export interface ScannedRecords {
  readonly names: readonly string[];
  /** Bytes. */
  readonly sizes: readonly number[];
  /** ns since 1970; of a copy only the mtime counts, and `changed` is empty. */
  readonly mtimes: readonly bigint[];
  readonly changed: readonly bigint[];
}

/** JSON has no characters below it within quotes (RFC 8259, 7). */
const FIRST_PLAIN = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;
const HASH_LENGTH = 64;
/** Of a number that a double holds without loss. */
const MOST_SIZE_DIGITS = 15;
/** Of ns since 1970 in 64 bits with their sign. */
const MOST_TIME_DIGITS = 19;
const DIGITS_OF_NS = 9;
const NS = 1_000_000_000;
const LONGEST_MOMENT = 27;
/** How a line of a copy under the path of its source ends. */
const ENDS = [',"direct"]', ',"evicted"]', ',"cached"]'];

/** One line, read from left to right. Every method passes over what it reads, quotes and commas included. */
class LineScan {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  /** @returns the text between quotes, when each of its characters stands for itself. */
  takeText(): string | undefined {
    const from = this.#at + 1;
    return this.passText() ? this.#text.slice(from, this.#at - 1) : undefined;
  }

  /** @returns true when the text has that many characters, or up to so many. */
  passText(most = Number.POSITIVE_INFINITY, least = 0): boolean {
    const from = this.#at + 1;
    if (!this.passes(QUOTE)) return false;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      this.#at += 1;
      if (code === QUOTE) break;
      // At the end of the text it is NaN.
      if (!(code >= FIRST_PLAIN) || code === BACKSLASH) return false;
    }
    const length = this.#at - 1 - from;
    return length >= least && length <= most;
  }

  /** @returns bytes, or -1. */
  takeSize(): number {
    const from = this.#at;
    let size = 0;
    for (let digit = this.#digit(); digit >= 0; digit = this.#digit()) {
      size = size * 10 + digit;
      this.#at += 1;
    }
    const digits = this.#at - from;
    if (digits === 0 || digits > MOST_SIZE_DIGITS) return -1;
    return digits > 1 && this.#text.charCodeAt(from) === ZERO ? -1 : size;
  }

  /** @returns ns since 1970. */
  takeTime(): bigint | undefined {
    if (!this.passes(COMMA) || !this.passes(QUOTE)) return undefined;
    const isNegative = this.passes(MINUS);
    const end = this.#text.indexOf('"', this.#at);
    const digits = end - this.#at;
    if (digits <= 0 || digits > MOST_TIME_DIGITS) return undefined;
    const seconds = this.#takeDigits(Math.max(this.#at, end - DIGITS_OF_NS));
    const ns = this.#takeDigits(end);
    if (seconds < 0 || ns < 0) return undefined;
    this.#at += 1;
    return toNs(seconds, ns, isNegative);
  }

  /** @returns 0 for any time. */
  passTime(): bigint | undefined {
    if (!this.passes(COMMA) || !this.passes(QUOTE)) return undefined;
    this.passes(MINUS);
    const from = this.#at;
    while (this.#digit() >= 0) this.#at += 1;
    const digits = this.#at - from;
    return digits > 0 && digits <= MOST_TIME_DIGITS && this.passes(QUOTE) ? 0n : undefined;
  }

  /** @returns true when the line ends as that of a copy under the path of its source. */
  isEnd(end: number): boolean {
    return ENDS.some(
      (one) => this.#at + one.length === end && this.#text.startsWith(one, this.#at),
    );
  }

  passes(code: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== code) return false;
    this.#at += 1;
    return true;
  }

  #takeDigits(end: number): number {
    let value = 0;
    for (; this.#at < end; this.#at += 1) {
      const digit = this.#digit();
      if (digit < 0) return -1;
      value = value * 10 + digit;
    }
    return value;
  }

  #digit(): number {
    const digit = this.#text.charCodeAt(this.#at) - ZERO;
    return digit >= 0 && digit <= 9 ? digit : -1;
  }
}

const int64 = new DataView(new ArrayBuffer(8));

/**
 * The low half is exact, as whole numbers of 32 bits are; the double is wrong by less than a thousand, and the high half follows from both. `BigInt` of a text would take as long as a look at
 * the file. @returns undefined for more than 64 bits with their sign.
 */
function toNs(seconds: number, ns: number, isNegative: boolean): bigint | undefined {
  const low = (Math.imul(seconds % 2 ** 32, NS) + ns) >>> 0;
  const high = Math.round((seconds * NS + ns - low) / 2 ** 32);
  if (high >= 2 ** 31) return undefined;
  int64.setUint32(0, low, true);
  int64.setInt32(4, high, true);
  const value = int64.getBigInt64(0, true);
  return isNegative ? -value : value;
}

/** @returns what is recorded of one side in a group of whole lines, or undefined when there is a line of another form. */
export function scanRecords(text: string, side: RecordSide): ScannedRecords | undefined {
  const isSource = side === 'source';
  const names: string[] = [];
  const sizes: number[] = [];
  const mtimes: bigint[] = [];
  const changed: bigint[] = [];
  for (let at = 0, end = 0; at < text.length; at = end + 1) {
    end = text.indexOf('\n', at);
    if (end === -1) break;
    const line = new LineScan(text, at);
    // What follows the last folder: names and sum of the whole.
    if (line.passes(BRACE)) continue;
    const name = line.passes(BRACKET) ? line.takeText() : undefined;
    if (name === undefined || !isTreeName(name) || !line.passes(COMMA)) return undefined;
    const size = line.takeSize();
    const hasHash = size >= 0 && line.passes(COMMA) && line.passText(HASH_LENGTH, HASH_LENGTH);
    if (!hasHash) return undefined;
    const mtime = isSource ? line.takeTime() : line.passTime();
    const change = isSource ? line.takeTime() : line.passTime();
    const copyMtime = isSource ? line.passTime() : line.takeTime();
    const copyChange = line.passTime();
    if (mtime === undefined || change === undefined) return undefined;
    if (copyMtime === undefined || copyChange === undefined) return undefined;
    if (!line.passes(COMMA) || !line.passText(LONGEST_MOMENT) || !line.isEnd(end)) return undefined;
    names.push(name);
    sizes.push(size);
    mtimes.push(isSource ? mtime : copyMtime);
    if (isSource) changed.push(change);
  }
  return {names, sizes, mtimes, changed};
}
