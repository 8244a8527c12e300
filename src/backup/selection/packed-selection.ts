import type {TreeFile, TreePath} from '../../core/backup/mirror-tree.ts';
import {folderOf, foldersAbove, nameOf} from '../../core/backup/walk-order.ts';
import type {FolderChoice, Selection} from '../../core/selection/choice.ts';

export type FileVerdict = 'in' | 'out' | 'unknown';

/** A file, its verdict, and a number that its whole group has. */
export interface JudgedFile {
  readonly path: TreePath;
  readonly verdict: FileVerdict;
  readonly group: number;
}

const VERDICTS = ['out', 'in', 'unknown'] as const satisfies readonly FileVerdict[];

interface PackedFolder {
  readonly names: string;
  /** Places in {@link VERDICTS}. */
  readonly verdicts: Uint8Array;
  readonly groups: Uint32Array;
}

/** The verdicts of a whole source, kept small: a million files take some 25 MB. Files that were not there when it was made are unknown. */
export class PackedSelection implements Selection {
  readonly #folders = new Map<TreePath, PackedFolder>();
  /** Folders with something that is in, and those above them. */
  readonly #wanted = new Set<TreePath>();
  /** The folder that was asked for last. */
  #open: {readonly folder: TreePath; readonly files: ReadonlyMap<string, JudgedFile>} | undefined;

  /** @param files of one folder, all of them. */
  add(folder: TreePath, files: readonly JudgedFile[]): void {
    if (files.length === 0) return;
    this.#folders.set(folder, {
      names: files.map(({path}) => nameOf(path)).join('\0'),
      verdicts: Uint8Array.from(files, ({verdict}) => VERDICTS.indexOf(verdict)),
      groups: Uint32Array.from(files, ({group}) => group),
    });
    if (!files.some(({verdict}) => verdict === 'in')) return;
    for (const one of ['', ...foldersAbove(folder), folder]) this.#wanted.add(one);
  }

  choose({folder, files, hasCopy}: FolderChoice): readonly TreeFile[] {
    const judged = this.#unpack(folder);
    const find = (file: TreeFile) => judged.get(nameOf(file.path));
    const kept = new Set<number>();
    for (const file of files) {
      const its = find(file);
      if (its?.verdict === 'unknown' && hasCopy(file)) kept.add(its.group);
    }
    return files.filter((file) => {
      const its = find(file);
      if (its === undefined) return hasCopy(file);
      return its.verdict === 'in' || (its.verdict === 'unknown' && kept.has(its.group));
    });
  }

  wants(folder: TreePath): boolean {
    return this.#wanted.has(folder);
  }

  isOut(path: TreePath): boolean {
    return this.#unpack(folderOf(path)).get(nameOf(path))?.verdict === 'out';
  }

  #unpack(folder: TreePath): ReadonlyMap<string, JudgedFile> {
    if (this.#open?.folder === folder) return this.#open.files;
    const packed = this.#folders.get(folder);
    const files = new Map<string, JudgedFile>();
    for (const [at, name] of (packed?.names.split('\0') ?? []).entries()) {
      const verdict = VERDICTS[packed?.verdicts[at] ?? 0] ?? 'out';
      files.set(name, {path: name, verdict, group: packed?.groups[at] ?? 0});
    }
    this.#open = {folder, files};
    return files;
  }
}
