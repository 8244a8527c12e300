/** What `offload restore` brings back, and what there is to bring back. */
import type {CardPath} from '../card.ts';
import type {MediumRead} from '../drive.ts';

/** A drive that holds a copy and is not connected. */
export interface AwayDrive {
  readonly name: string;
  /** When an offload or a check last had it; ISO 8601, UTC. */
  readonly lastSeen: string;
}

/** `offload restore`: what came of one file. */
export interface FileRestored {
  readonly type: 'file-restored';
  readonly shoot: string;
  /** On the card. */
  readonly path: CardPath;
  readonly hash: string;
  readonly size: number;
  /** `missing`: no connected copy has its bytes; `failed`: they could not be written and proved. */
  readonly state: 'restored' | 'present' | 'missing' | 'failed';
  /** Where it lies now, absolute. */
  readonly target?: string;
  /** The copy that it came from, absolute. */
  readonly from?: string;
  /** Of a file that no record vouches for: its bytes were compared with those of the archive, which held them until then; null: as it lies there now. */
  readonly version?: {readonly until: string | null};
  /** How it was read back where it lies now. */
  readonly mediumRead?: MediumRead;
  /** Drives to plug in: they were said to hold a copy. */
  readonly drives?: readonly AwayDrive[];
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}

/** `offload restore --versions`: one file, with all that there is of it. */
export interface FileVersions {
  readonly type: 'file-versions';
  readonly shoot: string;
  /** On the card; of a file that no record knows the same as `target`. */
  readonly path: CardPath;
  /** Below the shoot folder. */
  readonly target: string;
  /** What a record says that its bytes are; empty when none does. */
  readonly hash: string;
  readonly versions: readonly {
    /** `current` and `archived`: what a backup holds besides; `offloaded`: the bytes of the card; `away`: those, on a drive that is not connected. */
    readonly state: 'current' | 'archived' | 'offloaded' | 'away';
    /** Id from the volume's marker; null when it has none, or is away. */
    readonly volume: string | null;
    readonly name: string;
    /** Where it lies, absolute; null when the drive is away. */
    readonly path: string | null;
    /** Bytes. */
    readonly size: number;
    /** ISO 8601, UTC; null when it is not known. */
    readonly modified: string | null;
    /** When the run began that put it into the archive; null when it lies there still. */
    readonly until: string | null;
    /** What to give with `--at` to have it; null: it comes without. */
    readonly at: string | null;
    /** What to give with `--from` besides, where other backups have another version of that moment. */
    readonly from: string | null;
    /** When a drive that is away was last seen; null otherwise. */
    readonly lastSeen: string | null;
  }[];
}

/** `offload restore` is done. */
export interface RestoreFinished {
  readonly type: 'restore-finished';
  /** The `--to` folder, absolute; with `--test` the temporary one. */
  readonly to: string;
  /** Files that were wanted. */
  readonly files: number;
  readonly restored: number;
  readonly present: number;
  readonly missing: number;
  readonly failed: number;
  /** Bytes of what was restored or present. */
  readonly bytes: number;
  /** Of the restored and present ones, those that no record vouches for. */
  readonly unrecorded: number;
  /** Files of which nobody knows what a rule asks for: they are not among the files. */
  readonly unrated: number;
  /** Files that a cache may have answered for when they were read back. */
  readonly cached: number;
  /** `removed`: a test whose files are gone again; `left`: a test that could not remove them all; null: no test. */
  readonly test: 'removed' | 'left' | null;
}
