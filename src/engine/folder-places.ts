import {join} from 'node:path';
import {errnoOf} from '../core/cause.ts';
import {foldName, type NamingRules, numberedName} from '../core/safe-names.ts';
import type {Files} from '../system/files.ts';
import {systemError} from '../system/system-error.ts';

/** A place for a file: free, or taken by a file of the same size that may be the same one. */
export interface Place {
  /** Below the shoot folder, parts joined by `/`. */
  readonly target: string;
  readonly taken: boolean;
}

/** What stood in a folder when it was listed. */
interface Standing {
  readonly name: string;
  /** Bytes of a regular file; null for anything else. */
  readonly size: number | null;
  /** Why it could not be looked at; null when it could. */
  readonly errno: string | null;
}

/**
 * Knows which names are taken in the folders of one destination: by what was there before and by what this run is about to write. Nothing that
 * was there is ever replaced: a different file of the same name leads to another name for the new one.
 */
export class FolderPlaces {
  readonly #files: Files;
  readonly #root: string;
  readonly #rules: NamingRules;
  /** What was there before, by folded name, for each folder. */
  readonly #listings = new Map<string, Promise<Map<string, Standing>>>();
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
      const standing = listing.get(foldName(candidate, this.#rules));
      if (standing !== undefined && this.#sizeOf(folder, standing) !== size) continue;
      this.#claimed.add(key);
      const taken = standing !== undefined;
      return {target: joinParts(folder, standing?.name ?? candidate), taken};
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

  #listing(folder: string): Promise<Map<string, Standing>> {
    const known = this.#listings.get(folder);
    if (known !== undefined) return known;
    const listing = this.#list(folder);
    this.#listings.set(folder, listing);
    return listing;
  }

  async #list(folder: string): Promise<Map<string, Standing>> {
    try {
      const entries = await this.#files.lookAll(join(this.#root, folder));
      return new Map(
        entries.map(({name, facts, errno}) => {
          const size = facts?.kind === 'file' ? facts.size : null;
          return [foldName(name, this.#rules), {name, size, errno}];
        }),
      );
    } catch (error) {
      // ENOTDIR: somebody's file has the folder's name. What belongs into the folder fails when it is made, and nothing else.
      if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return new Map();
      throw error;
    }
  }

  /** What went since its folder was listed has no size: its name is passed over. */
  #sizeOf(folder: string, {name, size, errno}: Standing): number | null {
    if (errno === null || errno === 'ENOENT') return size;
    throw systemError(errno, join(this.#root, folder, name));
  }
}

const joinParts = (folder: string, name: string) => (folder === '' ? name : `${folder}/${name}`);

function split(target: string): {folder: string; name: string} {
  const cut = target.lastIndexOf('/');
  return {folder: target.slice(0, Math.max(cut, 0)), name: target.slice(cut + 1)};
}
