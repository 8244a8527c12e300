/** A card and two destinations in a folder of their own, used for one run after the other. */
import {mkdir, mkdtemp, readFile, realpath, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {BlockPool} from '../../src/system/block-pool.ts';
import {makeTree, type Tree, type Trial} from '../helpers/run-offload.ts';
import {listPaths} from '../rigs/trees.ts';
import {type CardTruth, learnCard, sha256Of} from './card-truth.ts';

/** Files by their absolute paths. */
export type Snapshot = ReadonlyMap<string, Buffer>;

/** Half a MiB: a file of a little more than one has three. */
const BLOCK = 512 * 1024;

export class Bench {
  readonly trial: Trial;
  readonly truth: CardTruth;
  /** Files of somebody else that came while a run was at work, by their absolute paths, with their SHA-256. */
  readonly appeared = new Map<string, string>();
  #blocks: {copyBlocks: BlockPool; proofBlocks: BlockPool} | undefined;

  private constructor(trial: Trial, truth: CardTruth) {
    this.trial = trial;
    this.truth = truth;
  }

  static async open(tree: Tree): Promise<Bench> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'offload-faults-')));
    const trial = {folder, card: join(folder, 'EOS'), w: join(folder, 'W'), b: join(folder, 'B')};
    await mkdir(trial.card);
    await makeTree(trial.card, tree);
    return new Bench(trial, await learnCard(trial.card));
  }

  get destinations(): readonly [string, string] {
    return [this.trial.w, this.trial.b];
  }

  /** Blocks for a run; a run that was killed never gives its own back, and the next one gets others. */
  get blocks() {
    this.#blocks ??= {copyBlocks: new BlockPool(6, BLOCK), proofBlocks: new BlockPool(4, BLOCK)};
    return this.#blocks;
  }

  loseBlocks(): void {
    this.#blocks = undefined;
  }

  /** Empties the destinations, or puts there what lay there before. */
  async reset(snapshot: Snapshot = new Map()): Promise<void> {
    this.appeared.clear();
    for (const root of this.destinations) {
      await rm(root, {recursive: true, force: true});
      await mkdir(root);
    }
    for (const [path, bytes] of snapshot) {
      await mkdir(dirname(path), {recursive: true});
      await writeFile(path, bytes);
    }
  }

  async takeSnapshot(): Promise<Snapshot> {
    const files = new Map<string, Buffer>();
    for (const root of this.destinations) {
      for (const path of await listPaths(root, '')) {
        const place = join(root, path);
        // A folder cannot be read as a file, and is made again with the files in it.
        const bytes = await readFile(place).catch(() => undefined);
        if (bytes !== undefined) files.set(place, bytes);
      }
    }
    return files;
  }

  async close(): Promise<void> {
    await rm(this.trial.folder, {recursive: true, force: true});
  }
}

/** @returns the SHA-256 of each file of a snapshot. */
export const hashSnapshot = (snapshot: Snapshot): ReadonlyMap<string, string> =>
  new Map([...snapshot].map(([path, bytes]) => [path, sha256Of(bytes)]));
