/** Which files of the source a mirror keeps, when a rule chooses. */
import type {TreeFile, TreePath} from '../backup/mirror-tree.ts';

export interface FolderChoice {
  readonly folder: TreePath;
  readonly files: readonly TreeFile[];
  /** True for a file of which the target has a copy, or what may be one. */
  readonly hasCopy: (file: TreeFile) => boolean;
}

export interface Selection {
  /** @returns the files that are kept, in their order: those that are in; and of those of which nobody knows, groups that the target has already something of. */
  choose(choice: FolderChoice): readonly TreeFile[];
  /** @returns true for a folder with something that is in, at any depth: it is made on the target. */
  wants(folder: TreePath): boolean;
  /** @returns true for a file that is known not to be in, though the source has it. */
  isOut(path: TreePath): boolean;
}

/** What a rule came to, over the whole source. Pictures are counted with what belongs to them as one. */
export interface SelectionCounts {
  readonly chosen: number;
  readonly out: number;
  readonly unknown: number;
  /** Files that belong to no picture. */
  readonly others: number;
  /** Who decided those that are in or out. */
  readonly byCatalog: number;
  readonly bySidecar: number;
  readonly byPicture: number;
}

export const NO_SELECTION_COUNTS: SelectionCounts = {
  chosen: 0,
  out: 0,
  unknown: 0,
  others: 0,
  byCatalog: 0,
  bySidecar: 0,
  byPicture: 0,
};
