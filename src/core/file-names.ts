/**
 * File names as bytes and as strings. A Linux file name is any bytes but NUL and `/`; a string holds them all when every byte that
 * is not UTF-8 stands as one lone surrogate, U+DC00 + byte (PEP 383, "surrogateescape").
 */

// `ignoreBOM` keeps a leading U+FEFF, which is a part of the name and not a mark of the encoding.
const decoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
const encoder = new TextEncoder();

/** With the `u` flag a surrogate of a pair is never matched, only one that stands alone. */
const LONE_SURROGATE = /[\uD800-\uDFFF]/u;
const LONE_SURROGATES = /[\uD800-\uDFFF]/gu;

const ESCAPE_BASE = 0xdc00;

/** @returns true when the name has no lone surrogate: it was UTF-8 (or UTF-16) on the card. */
export function isWellFormedName(name: string): boolean {
  return !LONE_SURROGATE.test(name);
}

/** @returns the byte that a lone surrogate stands for, or undefined when it stands for none. */
export function escapedByte(surrogate: string): number | undefined {
  const byte = surrogate.charCodeAt(0) - ESCAPE_BASE;
  return byte >= 0x80 && byte <= 0xff ? byte : undefined;
}

/** @returns the name as a string; {@link encodeName} gives the same bytes back, whatever they were. */
export function decodeName(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return decodeWithEscapes(bytes);
  }
}

/**
 * @returns the bytes of a name that {@link decodeName} gave.
 * @throws RangeError on a lone surrogate that stands for no byte: no name on a disk has one.
 */
export function encodeName(name: string): Uint8Array {
  if (isWellFormedName(name)) return encoder.encode(name);
  const bytes: number[] = [];
  let from = 0;
  for (const {0: surrogate, index} of name.matchAll(LONE_SURROGATES)) {
    const byte = escapedByte(surrogate);
    if (byte === undefined) throw new RangeError('the name holds a surrogate that is no byte');
    bytes.push(...encoder.encode(name.slice(from, index)), byte);
    from = index + 1;
  }
  bytes.push(...encoder.encode(name.slice(from)));
  return Uint8Array.from(bytes);
}

function decodeWithEscapes(bytes: Uint8Array): string {
  let name = '';
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      name += String.fromCharCode(ESCAPE_BASE + (bytes[at] ?? 0));
      at += 1;
    } else {
      name += decoder.decode(bytes.subarray(at, at + length));
      at += length;
    }
  }
  return name;
}

/** Lead bytes, length, and the range of the second byte: table 3-7 of the Unicode standard, "Well-Formed UTF-8 Byte Sequences". */
const SEQUENCES = [
  {from: 0x00, to: 0x7f, length: 1, second: [0x00, 0xff]},
  {from: 0xc2, to: 0xdf, length: 2, second: [0x80, 0xbf]},
  {from: 0xe0, to: 0xe0, length: 3, second: [0xa0, 0xbf]},
  {from: 0xe1, to: 0xec, length: 3, second: [0x80, 0xbf]},
  {from: 0xed, to: 0xed, length: 3, second: [0x80, 0x9f]},
  {from: 0xee, to: 0xef, length: 3, second: [0x80, 0xbf]},
  {from: 0xf0, to: 0xf0, length: 4, second: [0x90, 0xbf]},
  {from: 0xf1, to: 0xf3, length: 4, second: [0x80, 0xbf]},
  {from: 0xf4, to: 0xf4, length: 4, second: [0x80, 0x8f]},
] as const;

/** @returns bytes of the character that begins at `at`, or 0 when none does. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0xff;
  const row = SEQUENCES.find(({from, to}) => lead >= from && lead <= to);
  if (row === undefined) return 0;
  for (let offset = 1; offset < row.length; offset += 1) {
    const byte = bytes[at + offset];
    const [low, high] = offset === 1 ? row.second : [0x80, 0xbf];
    if (byte === undefined || byte < low || byte > high) return 0;
  }
  return row.length;
}
