/** What a listing says of the files below the source or the target of a backup. */

/** Parts joined by `/`, below the folder of the job; as the file system names them. */
export type TreePath = string;

export interface TreeFile {
  readonly path: TreePath;
  /** Bytes. */
  readonly size: number;
  /** ns since 1970. */
  readonly mtimeNs: bigint;
  /** ns since 1970: when anything of the file changed, its name included. Where the file system has no such time, one of its others. */
  readonly changedNs: bigint;
}

/** One folder, listed. Names are sorted by code units, so that two trees and a state are walked in one order. */
export interface TreeFolder {
  /** Empty for the folder of the job itself. */
  readonly path: TreePath;
  readonly files: readonly TreeFile[];
  /** Names, without those that are left out. */
  readonly folders: readonly string[];
  /** Entries that are left out, by their rule. */
  readonly leftOut: readonly {readonly path: TreePath; readonly rule: string}[];
}

/** Folder of a target that holds what was deleted or replaced: `_archive/<run>/<path>`. */
export const ARCHIVE_FOLDER = '_archive';

/** Folder of a target that holds the state of the mirror and its lock. */
export const MIRROR_FOLDER = '.offload-mirror';
