/** One file as a row of the state, and back. */
import {createHash} from 'node:crypto';
import {readNumber, readText, readTextOrNull} from '../catalog/rows.ts';
import {storeText} from '../core/catalog/stored-text.ts';
import type {CloudProof} from '../core/offsite/cloud-listing.ts';
import type {CloudRecord} from '../core/offsite/cloud-record.ts';

const PROOFS = ['sha1', 'md5', 'cryptcheck', 'check', 'download'] as const;
const STATES = ['read', 'unproved', 'proved', 'damaged'] as const;

/** @returns null for a row whose seal does not fit. */
export function recordOf(row: unknown): CloudRecord | null {
  const record: CloudRecord = {
    path: readText(row, 'path'),
    size: readNumber(row, 'size'),
    mtimeNs: nsOf(readText(row, 'mtime_ns')),
    hashes: {
      blake3: readText(row, 'blake3'),
      sha1: readText(row, 'sha1'),
      md5: readText(row, 'md5'),
    },
    state: oneOf(STATES, readText(row, 'state')),
    how: proofOf(readTextOrNull(row, 'how')),
    provedAt: readTextOrNull(row, 'proved_at'),
    goneAt: readTextOrNull(row, 'gone_at'),
  };
  return readText(row, 'seal') === sealOf(cellsOf(record)) ? record : null;
}

export type Cell = string | number | null;

export function cellsOf(record: CloudRecord): readonly Cell[] {
  const {path, size, mtimeNs, hashes, state, how, provedAt, goneAt} = record;
  const {blake3, sha1, md5} = hashes;
  return [storeText(path), size, String(mtimeNs), blake3, sha1, md5, state, how, provedAt, goneAt];
}

/** A flipped bit in a page is seen by nobody else: SQLite keeps no sums. 64 bits of SHA-256 over what the row says. */
export const sealOf = (cells: readonly Cell[]): string =>
  createHash('sha256').update(JSON.stringify(cells)).digest('hex').slice(0, 16);

const nsOf = (text: string): bigint => (/^-?\d{1,30}$/.test(text) ? BigInt(text) : -1n);

/** What is none of them makes a seal that does not fit. */
const oneOf = <T extends string>(words: readonly [T, ...T[]], text: string): T =>
  words.find((word) => word === text) ?? words[0];

const proofOf = (text: string | null): CloudProof | null =>
  PROOFS.find((word) => word === text) ?? null;
