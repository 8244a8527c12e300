/** What a mirror knows of its copies, by place, in few bytes: the records of a million files do not fit into memory, and are asked for in the order of the shoots. */
import type {MirrorRecord} from '../../core/backup/mirror-record.ts';

/** What the mirror says of one place. */
export interface MirroredCopy {
  /** BLAKE3, 64 hex digits. */
  readonly hash: string;
  /** Bytes. */
  readonly size: number;
  /** Of the copy when it was proved, ns since 1970. */
  readonly mtimeNs: bigint;
  /** ms since 1970. */
  readonly provedMs: number;
}

/** Bytes of a row: key, hash, size, time of the copy, time of the proof, claimed. */
const ROW = 8 + 32 + 8 + 8 + 8 + 1;
const [HIGH, HASH, SIZE, MTIME, PROVED, CLAIMED] = [4, 8, 40, 48, 56, 64];
const FIRST_ROWS = 1024;

/** A table of places, below the target folder. Two places of a million have one key once in 30 million drives: 64 bits. */
export class MirrorIndex {
  #rows = Buffer.alloc(FIRST_ROWS * ROW);
  /** Number of a row and one, or 0; twice as many as rows at least. */
  #slots = new Uint32Array(FIRST_ROWS * 2);
  #count = 0;
  /** Places by the names of the source, where the target has others. */
  readonly #elsewhere = new Set<string>();

  /** Of two records of one place the later proof counts. */
  put({path, target, hash, size, copy, provedAt}: MirrorRecord): void {
    if (path !== target) this.#elsewhere.add(path);
    const key = keyOf(target);
    const provedMs = Date.parse(provedAt);
    let at = this.#findRow(key);
    if (at === undefined) at = this.#addRow(key);
    else if (this.#rows.readDoubleLE(at + PROVED) > provedMs) return;
    this.#rows.write(hash, at + HASH, 'hex');
    this.#rows.writeDoubleLE(size, at + SIZE);
    this.#rows.writeBigInt64LE(BigInt.asIntN(64, copy.mtimeNs), at + MTIME);
    this.#rows.writeDoubleLE(provedMs, at + PROVED);
  }

  find(target: string): MirroredCopy | undefined {
    const at = this.#findRow(keyOf(target));
    if (at === undefined) return undefined;
    const rows = this.#rows;
    return {
      hash: rows.toString('hex', at + HASH, at + SIZE),
      size: rows.readDoubleLE(at + SIZE),
      mtimeNs: rows.readBigInt64LE(at + MTIME),
      provedMs: rows.readDoubleLE(at + PROVED),
    };
  }

  /** True for a place that the target cannot hold: what belongs there lies under another name. */
  liesElsewhere(path: string): boolean {
    return this.#elsewhere.has(path);
  }

  /** A record of an offload speaks of this place too, so it is read with that. */
  claim(target: string): void {
    const at = this.#findRow(keyOf(target));
    if (at !== undefined) this.#rows[at + CLAIMED] = 1;
  }

  isClaimed(target: string): boolean {
    const at = this.#findRow(keyOf(target));
    return at !== undefined && this.#rows[at + CLAIMED] === 1;
  }

  #findRow(key: Key): number | undefined {
    const at = (this.#slots[this.#findSlot(key)] ?? 0) - 1;
    return at < 0 ? undefined : at * ROW;
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

  #addRow(key: Key): number {
    if ((this.#count + 1) * ROW > this.#rows.length) this.#grow();
    const at = this.#count * ROW;
    this.#slots[this.#findSlot(key)] = this.#count + 1;
    this.#count++;
    this.#rows.writeUInt32LE(key.low, at);
    this.#rows.writeUInt32LE(key.high, at + HIGH);
    return at;
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

/** Two chains of multiplications over the code units, mixed at the end (constants of MurmurHash3 and of the sums of cyrb53). BLAKE3 of a short text takes twenty times as long. */
function keyOf(place: string): Key {
  let low = 0xdeadbeef;
  let high = 0x41c6ce57;
  for (let at = 0; at < place.length; at++) {
    const unit = place.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x9e3779b1);
    high = Math.imul(high ^ unit, 0x5f356495);
  }
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  return {low: low >>> 0, high: high >>> 0};
}
