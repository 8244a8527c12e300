import type {Cause} from '../cause.ts';
import type {MirrorRecord} from './mirror-record.ts';
import type {TreeFile, TreePath} from './mirror-tree.ts';

/** What differs between source and target, found from listings and the state alone: no file was read. */
export type MirrorStep =
  /** The source has it, the target has nothing under that name. `vanished`: records of the same size whose source is gone: it may be one of them that was moved. */
  | {
      readonly kind: 'copy';
      readonly file: TreeFile;
      readonly target: TreePath;
      readonly vanished: readonly MirrorRecord[];
    }
  /** The target has a file of that name and size that no record knows: the bytes decide whether it is the copy. */
  | {
      readonly kind: 'adopt';
      readonly file: TreeFile;
      readonly target: TreePath;
      readonly standing: TreeFile;
    }
  /**
   * Size as recorded, but other times of the source or of the copy (a drive read in another time zone): the bytes decide. `standing`: what lies under the recorded name now, null when
   * nothing does; where its size or its mtime is not that of the record, it is to be read too.
   */
  | {
      readonly kind: 'check';
      readonly file: TreeFile;
      readonly record: MirrorRecord;
      readonly standing: TreeFile | null;
    }
  /** Other bytes for certain, or the copy is gone or altered. `standing`: what lies under the name now and is archived first; null when nothing does. `record`: null when the mirror did not make it. */
  | {
      readonly kind: 'replace';
      readonly file: TreeFile;
      readonly target: TreePath;
      readonly record: MirrorRecord | null;
      readonly standing: TreeFile | null;
      /** The source changed since it was recorded. False: the source is as it was and only the copy is not, or there is no record that could say. */
      readonly sourceChanged: boolean;
    }
  /** The source is gone. `standing`: null when the copy is gone too or is another file's now, and only the record is left to be dropped. */
  | {
      readonly kind: 'vanish';
      readonly record: MirrorRecord;
      readonly standing: TreeFile | null;
    };

export interface MirrorPlan {
  /** In the order of the source's folders; vanished files last. */
  readonly steps: readonly MirrorStep[];
  /** Folders of the source that the target lacks, parents first, as target paths. Empty ones are kept too. */
  readonly folders: readonly TreePath[];
  /** Folders of vanished files, deepest first, as target paths: removed when nothing is left in them. */
  readonly emptied: readonly TreePath[];
  /** Files of the source that are to be kept, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Files that are as recorded on both sides. */
  readonly unchanged: number;
  /** Records that there were before the run. */
  readonly records: number;
  /** Files of the target that neither the source nor a record has: they are somebody's, and never touched. */
  readonly strangers: number;
  /** Folders of the target in which a mirror left copies that it had not finished, as target paths. */
  readonly unfinished: readonly TreePath[];
  readonly leftOut: readonly {readonly path: TreePath; readonly rule: string}[];
  /** Folders and files that could not be listed. What is recorded below them stays as it is. */
  readonly unreadable: readonly Cause[];
}
