/** What a mirror knows of its copies, by place, in few bytes: the records of a million files do not fit into memory, and are asked for in the order of the shoots. */
import type {MirrorRecord} from '../../core/backup/mirror-record.ts';
import {KEY_BYTES, KeyedRows, type RowKey} from './keyed-rows.ts';

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
const ROW = KEY_BYTES + 32 + 8 + 8 + 8 + 1;
const [HASH, SIZE, MTIME, PROVED, CLAIMED] = [8, 40, 48, 56, 64];

/** A table of places, below the target folder. Two places of a million have one key once in 30 million drives: 64 bits. */
export class MirrorIndex {
  readonly #table = new KeyedRows(ROW);
  /** Places by the names of the source, where the target has others. */
  readonly #elsewhere = new Set<string>();

  /** Of two records of one place the later proof counts. */
  put({path, target, hash, size, copy, provedAt}: MirrorRecord): void {
    if (path !== target) this.#elsewhere.add(path);
    const key = keyOf(target);
    const provedMs = Date.parse(provedAt);
    const known = this.#table.find(key);
    if (known !== undefined && this.#table.bytes.readDoubleLE(known + PROVED) > provedMs) return;
    const at = known ?? this.#table.add(key);
    const {bytes} = this.#table;
    bytes.write(hash, at + HASH, 'hex');
    bytes.writeDoubleLE(size, at + SIZE);
    bytes.writeBigInt64LE(BigInt.asIntN(64, copy.mtimeNs), at + MTIME);
    bytes.writeDoubleLE(provedMs, at + PROVED);
  }

  find(target: string): MirroredCopy | undefined {
    const at = this.#table.find(keyOf(target));
    if (at === undefined) return undefined;
    const {bytes} = this.#table;
    return {
      hash: bytes.toString('hex', at + HASH, at + SIZE),
      size: bytes.readDoubleLE(at + SIZE),
      mtimeNs: bytes.readBigInt64LE(at + MTIME),
      provedMs: bytes.readDoubleLE(at + PROVED),
    };
  }

  /** True for a place that the target cannot hold: what belongs there lies under another name. */
  liesElsewhere(path: string): boolean {
    return this.#elsewhere.has(path);
  }

  /** A record of an offload speaks of this place too, so it is read with that. */
  claim(target: string): void {
    const at = this.#table.find(keyOf(target));
    if (at !== undefined) this.#table.bytes[at + CLAIMED] = 1;
  }

  isClaimed(target: string): boolean {
    const at = this.#table.find(keyOf(target));
    return at !== undefined && this.#table.bytes[at + CLAIMED] === 1;
  }
}

/** Two chains of multiplications over the code units, mixed at the end (constants of MurmurHash3 and of the sums of cyrb53). BLAKE3 of a short text takes twenty times as long. */
function keyOf(place: string): RowKey {
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
