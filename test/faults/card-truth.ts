/** What a card holds, learned before anything is run: the measure of everything that is said of it later. */
import {createHash} from 'node:crypto';
import {lstat, readFile} from 'node:fs/promises';
import {createHash as createBlake3} from 'blake3';
import {isJunk, listPaths, toBytes} from '../rigs/trees.ts';
import type {Violation} from './violation.ts';

export interface TrueFile {
  readonly size: number;
  readonly sha256: string;
  readonly blake3: string;
}

export interface CardTruth {
  readonly root: string;
  /** All regular files that are no junk, by their path on the card. */
  readonly files: ReadonlyMap<string, TrueFile>;
  /** Every entry with all that a write would change. */
  readonly entries: readonly string[];
}

export const sha256Of = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** By another implementation than the program's own. */
export const blake3Of = (bytes: Buffer): string => createBlake3().update(bytes).digest('hex');

export async function learnCard(root: string): Promise<CardTruth> {
  const files = new Map<string, TrueFile>();
  for (const path of await listPaths(root, '')) {
    const place = toBytes(`${root}/${path}`);
    if (isJunk(path) || !(await lstat(place)).isFile()) continue;
    const bytes = await readFile(place);
    files.set(path, {size: bytes.length, sha256: sha256Of(bytes), blake3: blake3Of(bytes)});
  }
  return {root, files, entries: await listEntries(root)};
}

/** A write moves a file's change time, whatever it does to the others. */
async function listEntries(root: string): Promise<readonly string[]> {
  const paths = ['.', ...(await listPaths(root, ''))];
  const entries = paths.map(async (path) => {
    const facts = await lstat(toBytes(`${root}/${path}`), {bigint: true});
    const {mode, size, mtimeNs, ctimeNs, ino, nlink} = facts;
    return `${path} ${mode} ${size} ${mtimeNs} ${ctimeNs} ${ino} ${nlink}`;
  });
  return (await Promise.all(entries)).sort();
}

export async function findTouches({root, entries}: CardTruth): Promise<readonly Violation[]> {
  const known = new Set(entries);
  const now = await listEntries(root);
  const news = now.filter((entry) => !known.has(entry));
  const gone = entries.length + news.length - now.length;
  if (news.length === 0 && gone === 0) return [];
  return [{kind: 'card-touched', what: `${news.join('; ')}; ${gone} entries gone`}];
}
