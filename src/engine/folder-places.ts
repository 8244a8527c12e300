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
      const folded = foldName(candidate, this.#rules);
      const key = joinParts(folder, folded);
      const listed = listing.get(folded);
      const standing = listed === undefined ? undefined : await this.#seen(folder, listed);
      if (this.#claimed.has(key)) continue;
      if (standing !== undefined && standing.size !== size) continue;
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

  /** What could not be looked at when its folder was listed is looked at once more: the drive may be back. What went since has no size: its name is passed over. */
  async #seen(folder: string, standing: Standing): Promise<Standing> {
    const {name, errno} = standing;
    if (errno === null || errno === 'ENOENT') return standing;
    const path = join(this.#root, folder, name);
    // A name that leads out of the folder.
    if (errno === 'EINVAL') throw systemError(errno, path);
    try {
      const {kind, size} = await this.#files.look(path);
      return {name, size: kind === 'file' ? size : null, errno: null};
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return {name, size: null, errno: 'ENOENT'};
      throw error;
    }
  }
}

const joinParts = (folder: string, name: string) => (folder === '' ? name : `${folder}/${name}`);

function split(target: string): {folder: string; name: string} {
  const cut = target.lastIndexOf('/');
  return {folder: target.slice(0, Math.max(cut, 0)), name: target.slice(cut + 1)};
}
