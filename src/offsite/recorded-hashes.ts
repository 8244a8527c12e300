/** What the records of offloads say of files: `<shoot>/_offload/<id>.b3` (design, section 6). A raw file with other bytes is rotten, or somebody worked on it: it is no new copy. */
import {join} from 'node:path';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {foldersAbove} from '../core/backup/walk-order.ts';
import {errnoOf} from '../core/cause.ts';
import {readChecksumList} from '../core/offsite/cloud-record-list.ts';
import type {Files} from '../system/files.ts';
import {readText} from '../system/read-text.ts';

type Lists = readonly ReadonlyMap<string, string>[];

/** Folders whose lists are kept in memory: files come in the order of a walk. */
const MOST_FOLDERS = 16;

/** Bytes: a list of a million files is shorter. */
const LONGEST_LIST = 256 * 1024 * 1024;

export class RecordedHashes {
  readonly #files: Files;
  readonly #source: string;
  readonly #lists = new Map<TreePath, Promise<Lists>>();

  /** @param source absolute. */
  constructor(files: Files, source: string) {
    this.#files = files;
    this.#source = source;
  }

  /** @returns BLAKE3 as records in the folders above have it, 64 hex digits each; empty when none names the file. */
  async of(path: TreePath): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const folder of ['', ...foldersAbove(path)]) {
      const below = folder === '' ? path : path.slice(folder.length + 1);
      for (const list of await this.#listsOf(folder)) {
        const hash = list.get(below);
        if (hash !== undefined) found.add(hash);
      }
    }
    return found;
  }

  #listsOf(folder: TreePath): Promise<Lists> {
    const known = this.#lists.get(folder);
    if (known !== undefined) return known;
    if (this.#lists.size >= MOST_FOLDERS) {
      const [oldest] = this.#lists.keys();
      if (oldest !== undefined) this.#lists.delete(oldest);
    }
    const reading = this.#read(join(this.#source, ...folder.split('/'), '_offload'));
    this.#lists.set(folder, reading);
    return reading;
  }

  /** A record that cannot be read says nothing: `offload verify` tells of it. */
  async #read(folder: string): Promise<Lists> {
    try {
      const names = (await this.#files.list(folder)).filter((name) => name.endsWith('.b3')).sort();
      const lists: ReadonlyMap<string, string>[] = [];
      for (const name of names) {
        const path = join(folder, name);
        const {kind, size} = await this.#files.look(path);
        if (kind !== 'file' || size > LONGEST_LIST) continue;
        lists.push(readChecksumList(await readText(this.#files, path)));
      }
      return lists;
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return [];
    }
  }
}
