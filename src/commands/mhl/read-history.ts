import {join} from 'node:path';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../../core/cause.ts';
import {type ChainLink, readChain} from '../../core/mhl/chain.ts';
import {foldHistory, type History} from '../../core/mhl/history.ts';
import {CARD_CHAIN_NAME, CHAIN_NAME, generationOf} from '../../core/mhl/manifest-names.ts';
import {type ReadManifest, readManifest} from '../../core/mhl/read-manifest.ts';
import type {Files} from '../../system/files.ts';
import {c4OfText} from '../../system/mhl-hasher.ts';
import {readText} from '../../system/read-text.ts';

/** Bytes of one chain or manifest, and of a whole history: a manifest has 400 for each file. */
const MOST_BYTES = 200_000_000;
const MOST_BYTES_OF_ALL = 400_000_000;

/** A history that lies in a folder and is whole. */
export interface StandingHistory {
  readonly history: History;
  /** Name of the chain that it was read from. */
  readonly chain: string;
}

/** What this program calls itself in manifests. */
export const TOOL_NAME = 'offload';

/**
 * Reads the history in an `ascmhl` folder, which may come from anywhere: links are not followed, and every manifest must be the one that the chain names.
 * @param folder the `ascmhl` folder, absolute.
 * @returns undefined when there is none; `mhl-damaged` when it is not whole, or the system's errno.
 */
export async function readHistory(
  files: Files,
  folder: string,
): Promise<Result<StandingHistory | undefined>> {
  try {
    if ((await files.look(folder)).kind !== 'folder')
      return failed(damaged(folder, 'is no folder'));
    const names = await files.list(folder);
    const manifests = names.filter((name) => generationOf(name) !== undefined).sort();
    const chain = [CHAIN_NAME, CARD_CHAIN_NAME].find((name) => names.includes(name));
    if (chain === undefined) {
      return manifests.length === 0 ? ok(undefined) : failed(damaged(folder, 'has no chain'));
    }
    return await readGenerations(files, folder, {chain, manifests});
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return ok(undefined);
    return failed(causeFrom(error, 'reading the ASC MHL history', folder));
  }
}

async function readGenerations(
  files: Files,
  folder: string,
  {chain, manifests}: {readonly chain: string; readonly manifests: readonly string[]},
): Promise<Result<StandingHistory>> {
  const source = new Source(files, folder);
  const text = await source.read(chain);
  const links = text === undefined ? undefined : readChain(text);
  if (links === undefined) return failed(damaged(join(folder, chain), 'is no chain without gaps'));
  const read: ReadManifest[] = [];
  for (const {name, c4} of links) {
    const found = await source.readManifest(name);
    if (found === undefined)
      return failed(damaged(join(folder, name), 'is missing or no manifest'));
    if (found.c4 !== c4) return failed(damaged(join(folder, name), 'is not what the chain says'));
    read.push(found.manifest);
  }
  const all: ChainLink[] = [...links];
  for (const name of manifests.filter((one) => links.every((link) => link.name !== one))) {
    const found = await source.readManifest(name);
    const number = all.length + 1;
    // A run of this program that died between the manifest and the chain: its manifest was whole.
    if (generationOf(name) !== number || found?.manifest.tool !== TOOL_NAME) {
      return failed(damaged(join(folder, name), 'is not in the chain'));
    }
    all.push({number, name, c4: found.c4});
    read.push(found.manifest);
  }
  return ok({history: foldHistory(all, read), chain});
}

/** The files of one history, within the limits. */
class Source {
  readonly #files: Files;
  readonly #folder: string;
  #left = MOST_BYTES_OF_ALL;

  constructor(files: Files, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  /** Undefined for what is no ordinary file, not there, or too large. */
  async read(name: string): Promise<string | undefined> {
    const path = join(this.#folder, name);
    try {
      const {kind, size} = await this.#files.look(path);
      this.#left -= size;
      if (kind !== 'file' || size > MOST_BYTES || this.#left < 0) return undefined;
      return await readText(this.#files, path);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async readManifest(
    name: string,
  ): Promise<{readonly manifest: ReadManifest; readonly c4: string} | undefined> {
    const text = await this.read(name);
    const manifest = text === undefined ? undefined : readManifest(text);
    if (text === undefined || manifest === undefined) return undefined;
    return {manifest, c4: c4OfText(text)};
  }
}

const damaged = (path: string, how: string): Cause => ({
  code: 'mhl-damaged',
  path,
  message: `the ASC MHL history is not whole: this ${how}`,
  next: 'Look who changed it. Nothing is added to a history that is not whole.',
});
