import type {TreePath} from '../core/backup/mirror-tree.ts';
import {compareFolders, folderOf, isWithin, joinPath, nameOf} from '../core/backup/walk-order.ts';
import type {Result} from '../core/cause.ts';
import type {Files} from '../system/files.ts';
import {type FolderListing, listFolder} from './scan-trees.ts';

/** Folders beside the one that is walked that are listed before they are asked for, and how few of them are left when more are asked for in one go. */
const AHEAD = 16;
const FEW = 8;
/** Entries of them that wait in memory before no more are listed ahead: about 10 MB. */
const MOST_ENTRIES = 20_000;

type Listing = Promise<Result<FolderListing>>;

interface Ahead {
  readonly listing: Listing;
  entries: number;
}

/** A folder on the way to the one that is walked. */
interface Window {
  readonly folders: readonly string[];
  /** Folders before it were asked for. */
  at: number;
  /** Folders before it are listed or are being listed. */
  next: number;
}

/** Lists the folders of one tree, some of them ahead of the walk. */
export class TreeLister {
  readonly #files: Files;
  readonly #root: string;
  readonly #ahead = new Map<TreePath, Ahead>();
  readonly #windows = new Map<TreePath, Window>();
  readonly #isToBeListed: (path: TreePath) => boolean;
  #waiting = 0;

  /** @param isToBeListed false for folders of which more is known already: they are not listed ahead. */
  constructor({
    files,
    root,
    isToBeListed,
  }: {
    readonly files: Files;
    readonly root: string;
    readonly isToBeListed: (path: TreePath) => boolean;
  }) {
    this.#files = files;
    this.#root = root;
    this.#isToBeListed = isToBeListed;
  }

  /** @param path folders are best asked for in the order of the walk. */
  async list(path: TreePath): Listing {
    this.#forgetBefore(path);
    const ahead = this.#drop(path);
    const listing = ahead?.listing ?? this.#start(path);
    this.#moveOn(path);
    const listed = await listing;
    if (listed.ok) {
      this.#windows.set(path, {folders: listed.value.folders, at: 0, next: 0});
      this.#fill(path);
    }
    return listed;
  }

  #start(path: TreePath): Listing {
    return listFolder(this.#files, this.#root, path);
  }

  #forgetBefore(path: TreePath): void {
    for (const one of this.#ahead.keys()) if (compareFolders(one, path) < 0) this.#drop(one);
    for (const one of this.#windows.keys()) if (!isWithin(path, one)) this.#windows.delete(one);
  }

  #moveOn(path: TreePath): void {
    const parent = folderOf(path);
    const window = path === '' ? undefined : this.#windows.get(parent);
    if (window === undefined) return;
    const at = window.folders.indexOf(nameOf(path), window.at);
    if (at === -1) return;
    window.at = at + 1;
    window.next = Math.max(window.next, window.at);
    this.#fill(parent);
  }

  #fill(parent: TreePath): void {
    const window = this.#windows.get(parent);
    if (window === undefined || window.next > window.at + FEW) return;
    while (window.next < window.folders.length && window.next < window.at + AHEAD) {
      if (!this.#lookAhead(joinPath(parent, window.folders[window.next] ?? ''))) return;
      window.next += 1;
    }
  }

  /** @returns false when enough waits. Of a folder that is listed ahead the first subfolder follows. */
  #lookAhead(path: TreePath): boolean {
    if (this.#waiting >= MOST_ENTRIES) return false;
    if (this.#ahead.has(path) || !this.#isToBeListed(path)) return true;
    const ahead: Ahead = {listing: this.#start(path), entries: 0};
    this.#ahead.set(path, ahead);
    ahead.listing.then(
      (listed) => {
        if (!listed.ok || this.#ahead.get(path) !== ahead) return;
        const {files, folders} = listed.value;
        ahead.entries = files.length + folders.length;
        this.#waiting += ahead.entries;
        const [first] = folders;
        if (first !== undefined) this.#lookAhead(joinPath(path, first));
      },
      // Told to who asks for it.
      () => {},
    );
    return true;
  }

  #drop(path: TreePath): Ahead | undefined {
    const ahead = this.#ahead.get(path);
    this.#waiting -= ahead?.entries ?? 0;
    this.#ahead.delete(path);
    return ahead;
  }
}
