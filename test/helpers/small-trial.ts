/** One small file of a card and its two destinations, for the calls that a thread makes. */
import {mkdir, readFile, stat, utimes, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {modifiedSeconds} from '../../src/system/modified-seconds.ts';
import {copySmallFile, type SmallCopy} from '../../src/system/small-files/copy-small-file.ts';
import {realCalls, type SmallFileCalls} from '../../src/system/small-files/small-file-calls.ts';
import {makeSmallFileTools} from '../../src/system/small-files/small-file-tools.ts';
import {tracksSmall, withoutDirect} from './faulty-calls.ts';
import {hashOfBytes, knowsDirect, seededBytes} from './run-offload.ts';
import {makeTemporaryFolder} from './temporary-folder.ts';

/** The system's calls, with a stand-in for direct transfers where the temporary folder lies in memory. */
export const testCalls: SmallFileCalls = (await knowsDirect(tmpdir()))
  ? realCalls
  : withoutDirect(realCalls);

export interface SmallTrial {
  readonly folder: string;
  readonly source: string;
  readonly bytes: Buffer;
  readonly hash: string;
  /** As it was listed, with both places. */
  readonly copy: SmallCopy;
  readonly temporaries: readonly [string, string];
}

interface Making {
  readonly size: number;
  readonly direct?: boolean;
  /** Seconds since 1970. */
  readonly at?: number;
}

/** Writes a file of seeded bytes below `card`, and makes the folders `W` and `B`. */
export async function makeSmallTrial(
  t: ExecutionContext,
  {size, direct = false, at = 1_795_457_573.25}: Making,
): Promise<SmallTrial> {
  const folder = await makeTemporaryFolder(t);
  const [card, w, b] = [join(folder, 'card'), join(folder, 'W'), join(folder, 'B')];
  for (const place of [card, w, b]) await mkdir(place);
  const source = join(card, 'A.JPG');
  const bytes = seededBytes(`small ${size}`, size);
  await writeFile(source, bytes);
  await utimes(source, at < 0 ? `${at}` : at, at < 0 ? `${at}` : at);
  const temporaries = [join(w, '.offload-x-w-1.part'), join(b, '.offload-x-w-2.part')] as const;
  const copy = await listSmall(source, {direct, temporaries, roots: [w, b]});
  return {folder, source, bytes, hash: hashOfBytes(bytes), copy, temporaries};
}

interface Listing {
  readonly direct: boolean;
  readonly temporaries: readonly string[];
  readonly roots: readonly string[];
}

/** @returns what a thread is told of a file as it is now. */
export async function listSmall(
  path: string,
  {direct, temporaries, roots}: Listing,
): Promise<SmallCopy> {
  const {size, mtimeNs, dev} = await stat(path, {bigint: true});
  const devices = await Promise.all(roots.map((root) => stat(root, {bigint: true})));
  return {
    path,
    size: Number(size),
    mtimeNs: `${mtimeNs}`,
    device: `${dev}`,
    direct,
    modified: modifiedSeconds(mtimeNs),
    places: temporaries.map((temporary, index) => ({
      temporary,
      root: roots[index] ?? '',
      device: `${devices[index]?.dev}`,
    })),
  };
}

/** Copies a trial's file. @throws when a file is left open, or one is closed twice. */
export async function copyTrial({copy}: SmallTrial, calls: SmallFileCalls = testCalls) {
  const open = new Set<number>();
  const tools = await makeSmallFileTools(tracksSmall(calls, open));
  // What lay in the buffer before must not come into a copy.
  tools.buffer.fill(0xa5);
  const copied = copySmallFile(tools, copy);
  if (open.size > 0) throw new Error(`left open: ${[...open].join(', ')}`);
  return copied;
}

/** The content of a file; undefined where there is none. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch {
    return undefined;
  }
}
