/** The folder that holds card and copies while the benchmark runs. */
import {mkdir, rm, statfs} from 'node:fs/promises';
import path from 'node:path';
import {cardBytes, isCardMade, makeCard} from './make-bench-card.ts';

/** Only what lies in the folder of this name is ever deleted: `--dir` itself may hold anything. */
const OWN_FOLDER = 'offload-bench';
/** Room for folders, manifests and what file systems keep for themselves. */
const SPARE_BYTES = 500_000_000;

export interface BenchFolder {
  readonly card: string;
  readonly to: readonly string[];
  readonly home: string;
}

/**
 * Makes the folder below `dir`, with a card of so many pairs; a card that is already there is used again.
 * @throws Error when there is too little space.
 */
export async function prepareFolder(dir: string, pairs: number): Promise<BenchFolder> {
  const own = path.join(dir, OWN_FOLDER);
  const card = path.join(own, `card-${pairs}`);
  const to = ['W', 'B'].map((name) => path.join(own, name));
  await mkdir(own, {recursive: true});
  // What an earlier run left would count as used space.
  for (const folder of to) await rm(folder, {recursive: true, force: true});
  const made = await isCardMade(card, pairs);
  await requireSpace(dir, cardBytes(pairs) * (to.length + (made ? 0 : 1)) + SPARE_BYTES);
  if (!made) await makeCard(card, pairs);
  return {card, to, home: path.join(own, 'home')};
}

/** Removes all that the benchmark made below `dir`. */
export async function removeFolder(dir: string): Promise<void> {
  await rm(path.join(dir, OWN_FOLDER), {recursive: true, force: true});
}

async function requireSpace(dir: string, bytes: number): Promise<void> {
  const {bavail, bsize} = await statfs(dir);
  const free = bavail * bsize;
  if (free >= bytes) return;
  const gb = (count: number) => (count / 1e9).toFixed(1);
  throw new Error(`${dir} has ${gb(free)} GB free, ${gb(bytes)} GB are needed: give another --dir`);
}
