/**
 * C4 ids (SMPTE ST 2114): "c4" and the SHA-512 of the bytes, read as one big-endian number and written in base 58.
 */

/** Base 58 without 0, O, I and l. */
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BASE = BigInt(ALPHABET.length);

/** Digits of a number of 512 bits: 58^88 is more than 2^512. */
const DIGITS = 88;

const BYTES = 64;

/** @param sha512 64 bytes. @returns 90 characters. */
export function c4Of(sha512: Uint8Array): string {
  let rest = 0n;
  for (const byte of sha512) rest = (rest << 8n) | BigInt(byte);
  let digits = '';
  while (rest > 0n) {
    digits = (ALPHABET[Number(rest % BASE)] ?? '') + digits;
    rest /= BASE;
  }
  return `c4${digits.padStart(DIGITS, '1')}`;
}

/** The 64 bytes behind a C4 id. @throws RangeError when it is none. */
export function bytesOfC4(c4: string): Uint8Array {
  let rest = 0n;
  for (const digit of c4.slice(2)) {
    const value = ALPHABET.indexOf(digit);
    if (value < 0) throw new RangeError('this is no C4 id');
    rest = rest * BASE + BigInt(value);
  }
  if (rest >= 1n << 512n) throw new RangeError('this is no C4 id');
  const bytes = new Uint8Array(BYTES);
  for (let at = BYTES - 1; at >= 0; at--) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}
