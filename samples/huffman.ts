import type {HuffmanTable} from './jpeg-tables.ts';

/** Code and length in bits of every value. */
export interface HuffmanCodes {
  readonly code: Uint16Array;
  readonly length: Uint8Array;
}

/** Gives out the codes of a table in order: ITU-T T.81, annex C. */
export function deriveCodes({counts, values}: HuffmanTable): HuffmanCodes {
  const code = new Uint16Array(256);
  const length = new Uint8Array(256);
  let next = 0;
  let place = 0;
  counts.forEach((count, index) => {
    for (let i = 0; i < count; i++) {
      const value = values[place++] ?? 0;
      code[value] = next++;
      length[value] = index + 1;
    }
    next <<= 1;
  });
  return {code, length};
}

/** Packs bits into bytes as ITU-T T.81, F.1.2.3, wants it: highest bit first, a zero byte after every 0xFF. */
export class BitWriter {
  readonly #bytes: number[] = [];
  #held = 0;
  #count = 0;

  /** @param bits how many of the low bits of `value` to write, 16 at the most. */
  writeBits(value: number, bits: number): void {
    this.#held = (this.#held << bits) | (value & ((1 << bits) - 1));
    this.#count += bits;
    while (this.#count >= 8) {
      this.#count -= 8;
      const byte = (this.#held >> this.#count) & 0xff;
      this.#bytes.push(byte);
      if (byte === 0xff) this.#bytes.push(0);
    }
    this.#held &= (1 << this.#count) - 1;
  }

  /** @throws when the table has no code for the value. */
  writeCode({code, length}: HuffmanCodes, value: number): void {
    const bits = length[value] ?? 0;
    if (bits === 0) throw new Error(`no code for ${value}`);
    this.writeBits(code[value] ?? 0, bits);
  }

  /** Fills the last byte with ones. */
  finish(): Buffer {
    if (this.#count > 0) this.writeBits(0x7f, 8 - this.#count);
    return Buffer.from(this.#bytes);
  }
}
