import {type ByteRange, type Finding, LARGEST_RANGE, type Look} from '../core/content/look.ts';

/** Most files need three. A look that wants more is given up: it is a guess at a damage, not worth the time. */
const MOST_READS = 2000;
/** For a JPEG whose end has to be looked for. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What is read at least, so that neighbouring questions are answered by one read. */
const BLOCK = 4096;

/** Bytes of a file from a position on. */
export interface Known {
  readonly position: number;
  readonly bytes: Uint8Array;
  /** True when the file ends with them. */
  readonly isEnd: boolean;
}

/** Asks for the bytes that a look needs, as long as it needs few: a range to be read is given out, what was read is given back. @returns what the look found. */
export function* feedLook(look: Look): Generator<ByteRange, Finding | undefined, Known> {
  let [reads, bytes] = [0, 0];
  let known: Known = {position: 0, bytes: new Uint8Array(0), isEnd: false};
  let step = look.next();
  while (step.done !== true) {
    const range = step.value;
    if (range.length > LARGEST_RANGE)
      throw new Error(`${range.length} bytes are asked for at once`);
    if (!covers(known, range)) {
      if (reads >= MOST_READS || bytes >= MOST_BYTES) return undefined;
      known = yield {position: range.position, length: Math.max(BLOCK, range.length)};
      reads += 1;
      bytes += known.bytes.length;
    }
    const from = range.position - known.position;
    step = look.next(known.bytes.subarray(from, from + range.length));
  }
  return step.value;
}

function covers({position, bytes, isEnd}: Known, range: ByteRange): boolean {
  if (range.position < position) return false;
  const end = position + bytes.length;
  return range.position + range.length <= end || (isEnd && range.position <= end);
}
