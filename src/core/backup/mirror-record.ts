import type {MediumRead} from '../drive.ts';
import type {TreePath} from './mirror-tree.ts';

/** When a file was last changed, ns since 1970. */
export interface FileTimes {
  readonly mtimeNs: bigint;
  readonly changedNs: bigint;
}

/** One copy that the mirror made or found right: the source had these bytes, and they were read back from the target's medium. */
export interface MirrorRecord {
  /** Below the source folder. */
  readonly path: TreePath;
  /** Below the target folder: the same path unless the target cannot hold a name of it. */
  readonly target: TreePath;
  /** Bytes. */
  readonly size: number;
  /** BLAKE3, 64 hex digits. */
  readonly hash: string;
  /** Of the source when its bytes were last known to have that hash. */
  readonly source: FileTimes;
  /** Of the copy when it was proved. */
  readonly copy: FileTimes;
  /** ISO 8601, UTC. */
  readonly provedAt: string;
  readonly mediumRead: MediumRead;
}
