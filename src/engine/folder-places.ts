import {join} from 'node:path';
import {errnoOf} from '../core/cause.ts';
import {foldName, type NamingRules, numberedName} from '../core/safe-names.ts';
import type {Files} from '../system/files.ts';

/** A place for a file: free, or taken by a file of the same size that may be the same one. */
export interface Place {
  /** Below the shoot folder, parts joined by `/`. */
  readonly target: string;
  readonly taken: boolean;
}

/**
 * Knows which names are taken in the folders of one destination: by what was there before and by what this run is about to write. Nothing that
 * was there is ever replaced: a different file of the same name leads to another name for the new one.
 */
export class FolderPlaces {
  readonly #files: Files;
  readonly #root: string;
  readonly #rules: NamingRules;
  /** Folded name to real name, for each folder. */
  readonly #listings = new Map<string, Promise<Map<string, string>>>();
  readonly #claimed = new Set<string>();

  constructor({files, root, rules}: {files: Files; root: string; rules: NamingRules}) {
    this.#files = files;
    this.#root = root;
    this.#rules = rules;
  }

  /**
   * Claims a place for a file, the wanted one if possible.
   * @param wanted below the shoot folder. @param size bytes.
   * @throws the system's error when the folder is there and cannot be listed.
   */
  async claim(wanted: string, size: number): Promise<Place> {
    const {folder, name} = split(wanted);
    const listing = await this.#listing(folder);
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? name : numberedName({name, n: number, rules: this.#rules});
      const key = joinParts(folder, foldName(candidate, this.#rules));
      if (this.#claimed.has(key)) continue;
      const real = listing.get(foldName(candidate, this.#rules));
      if (real !== undefined && (await this.#sizeOf(joinParts(folder, real))) !== size) continue;
      // Somebody else may have claimed it while its size was asked.
      if (this.#claimed.has(key)) continue;
      this.#claimed.add(key);
      return {target: joinParts(folder, real ?? candidate), taken: real !== undefined};
    }
  }

  /** Claims exactly this place for a copy that an earlier run of the same offload made or began. @returns false when it is claimed already. */
  claimExactly(target: string): boolean {
    const {folder, name} = split(target);
    const key = joinParts(folder, foldName(name, this.#rules));
    if (this.#claimed.has(key)) return false;
    this.#claimed.add(key);
    return true;
  }

  #listing(folder: string): Promise<Map<string, string>> {
    const known = this.#listings.get(folder);
    if (known !== undefined) return known;
    const listing = this.#list(folder);
    this.#listings.set(folder, listing);
    return listing;
  }

  async #list(folder: string): Promise<Map<string, string>> {
    try {
      const names = await this.#files.list(join(this.#root, folder));
      return new Map(names.map((name) => [foldName(name, this.#rules), name]));
    } catch (error) {
      // ENOTDIR: somebody's file has the folder's name. What belongs into the folder fails when it is made, and nothing else.
      if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return new Map();
      throw error;
    }
  }

  /** Bytes of a regular file; undefined for anything else. */
  async #sizeOf(target: string): Promise<number | undefined> {
    try {
      const facts = await this.#files.look(join(this.#root, target));
      return facts.kind === 'file' ? facts.size : undefined;
    } catch (error) {
      // It went since its folder was listed: its name is passed over.
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }
}

const joinParts = (folder: string, name: string) => (folder === '' ? name : `${folder}/${name}`);

function split(target: string): {folder: string; name: string} {
  const cut = target.lastIndexOf('/');
  return {folder: target.slice(0, Math.max(cut, 0)), name: target.slice(cut + 1)};
}
