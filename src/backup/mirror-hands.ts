/** What a mirror has others do: those who write and those who read back share no code, and neither is known here. */
import type {FileTimes, MirrorRecord} from '../core/backup/mirror-record.ts';
import type {TreeFile, TreePath} from '../core/backup/mirror-tree.ts';
import type {Cause, Result} from '../core/cause.ts';
import type {MediumRead} from '../core/drive.ts';

export type SourceHash =
  | {readonly kind: 'read'; readonly hash: string; readonly times: FileTimes}
  | SourceTrouble;

export type SourceTrouble =
  /** It could not be read, or it changed: what was copied before stays. */
  {readonly kind: 'source-failed'; readonly cause: Cause} | {readonly kind: 'stopped'};

export type CopyOutcome =
  /** It lies under its final name, and was read back. */
  | {
      readonly kind: 'made';
      readonly hash: string;
      readonly source: FileTimes;
      readonly copy: FileTimes;
      readonly mediumRead: MediumRead;
      /** Only changed blocks were written, onto a clone of the old copy. */
      readonly patched: boolean;
    }
  | SourceTrouble
  /** The source has not the bytes that it must have. */
  | {readonly kind: 'other-bytes'}
  /** The target is at fault. `lost`: why nothing more is tried on it. */
  | {readonly kind: 'failed'; readonly cause: Cause; readonly lost: Cause | undefined};

export interface CopyOrder {
  readonly file: TreeFile;
  readonly target: TreePath;
  /** BLAKE3 that the source must have; undefined when any will do. */
  readonly expected: string | undefined;
  /** The old copy, when it may be patched: it has the final name still. */
  readonly old: TreePath | undefined;
  /** Takes what stands under the final name away, when the new copy is proved. */
  readonly makeRoom: () => Promise<Result<void>>;
  /** The next file may be read: this one waits for its flush and its proof only. */
  readonly onWritten: () => void;
}

export interface MirrorHands {
  copy(order: CopyOrder): Promise<CopyOutcome>;
  /** Reads a file of the source and hashes it. */
  hashSource(file: TreeFile): Promise<SourceHash>;
  /** Reads a file of the target from its medium. */
  readBack(
    target: TreePath,
  ): Promise<
    Result<{readonly hash: string; readonly size: number; readonly mediumRead: MediumRead}>
  >;
  /** Makes a folder of the target with all above it, durable. @throws the system's error. */
  makeFolder(target: TreePath): Promise<void>;
  /** Makes the names in a folder of the target durable, together with others who ask for it. @throws the system's error. */
  flushFolder(target: TreePath): Promise<void>;
  /** Removes temporary files that a run of this job left in a folder of the target. @throws the system's error. */
  sweep(target: TreePath): Promise<void>;
  /** Decides after a failure whether the whole target is gone. */
  findLoss(error: unknown): Promise<Cause | undefined>;
  /** From now on nobody waits with others for a flush. */
  hurry(): void;
  /** Flushes what waits for company. */
  flush(): Promise<void>;
  /** Bytes that were written so far. */
  bytesWritten(): number;
}

/** What the mirror knows of a target: durable when it resolves. @throws the system's error. */
export interface RecordKeeper {
  put(record: MirrorRecord): Promise<void>;
  drop(path: TreePath): Promise<void>;
}
