import {ARCHIVE_FOLDER, type TreePath} from '../core/backup/mirror-tree.ts';
import {isRunId} from '../core/backup/run-moment.ts';
import {compareNames} from '../core/backup/walk-order.ts';
import type {Cause, Result} from '../core/cause.ts';
import type {Files} from '../system/files.ts';
import type {FolderListing} from './scan-trees.ts';
import {TreeLister} from './tree-lister.ts';

/** A folder that is on one of the sides, or on both. */
export interface PairedFolder {
  /** Below the source folder, whether it is there or was. */
  readonly path: TreePath;
  readonly inSource: boolean;
  /** Its place on the target. */
  readonly target: TreePath;
  readonly onTarget: boolean;
}

/** What lies in it; nothing on a side that does not have it. */
export interface Listings {
  readonly source: FolderListing;
  readonly target: FolderListing;
}

interface Sides {
  readonly files: Files;
  /** Folders of the source and of the target, absolute. */
  readonly source: string;
  readonly target: string;
  /** False for folders of which more is known already: they are not listed ahead. */
  readonly isToBeListed: (path: TreePath) => boolean;
}

/** Lists folders of source and target. They are best asked for in the order of the walk. */
export class BothSides {
  readonly #sources: TreeLister;
  readonly #targets: TreeLister;

  constructor({files, source, target, isToBeListed}: Sides) {
    this.#sources = new TreeLister({files, root: source, isToBeListed});
    this.#targets = new TreeLister({files, root: target, isToBeListed});
  }

  /** @returns what both sides have, or why one of them or both cannot be listed. */
  async list({
    path,
    inSource,
    target,
    onTarget,
  }: PairedFolder): Promise<
    | {readonly ok: true; readonly listings: Listings}
    | {readonly ok: false; readonly unreadable: readonly Cause[]}
  > {
    const [fromSource, fromTarget] = await Promise.all([
      inSource ? this.#sources.list(path) : undefined,
      onTarget ? this.#targets.list(target) : undefined,
    ]);
    const unreadable: Cause[] = [];
    if (fromSource?.ok === false) unreadable.push(fromSource.cause);
    // A target folder that is to be made with the first copy.
    const isNew = path === '' && fromTarget?.ok === false && fromTarget.cause.code === 'ENOENT';
    if (fromTarget?.ok === false && !isNew) unreadable.push(fromTarget.cause);
    if (unreadable.length > 0) return {ok: false, unreadable};
    const listings = {
      source:
        fromSource?.ok === true ? await this.#showArchive(fromSource.value) : emptyListing(path),
      target: fromTarget?.ok === true ? fromTarget.value : emptyListing(target),
    };
    return {ok: true, listings};
  }

  async listTarget(target: TreePath): Promise<Result<FolderListing>> {
    return await this.#targets.list(target);
  }

  /** A folder of the archive's name that holds no run is the photographer's own, and is kept like any other. */
  async #showArchive(listing: FolderListing): Promise<FolderListing> {
    if (listing.path !== '') return listing;
    const shown: string[] = [];
    for (const {name, rule} of listing.leftOut) {
      if (rule !== ARCHIVE_FOLDER) continue;
      const inside = await this.#sources.list(name);
      // One that cannot be listed may be the photographer's too: it is told with what else cannot be read.
      const isOurs = inside.ok && inside.value.folders.some(isRunId);
      if (!isOurs) shown.push(name);
    }
    if (shown.length === 0) return listing;
    return {
      ...listing,
      folders: [...listing.folders, ...shown].sort(compareNames),
      leftOut: listing.leftOut.filter(({name}) => !shown.includes(name)),
    };
  }
}

const emptyListing = (path: TreePath): FolderListing => ({
  path,
  files: [],
  folders: [],
  leftOut: [],
  unreadable: [],
  unknown: new Set(),
});
