/** Snapshots of Lightroom catalogs. */
import type {SnapshotResult} from '../lightroom/history.ts';

/** `offload lightroom run`: the snapshots of one catalog begin. */
export interface LightroomStarted {
  readonly type: 'lightroom-started';
  readonly job: string;
  /** The catalog, absolute. */
  readonly catalog: string;
  /** Its lock is there: Lightroom has it open, or crashed. */
  readonly open: boolean;
  /** Names of the drives that are there and get one. */
  readonly targets: readonly string[];
}

/** What came of the snapshot on one drive. */
export interface LightroomSnapshot {
  readonly type: 'lightroom-snapshot';
  readonly job: string;
  readonly target: string;
  /** The folder with the snapshots, absolute; empty when the drive is away. */
  readonly to: string;
  /** `deferred`: Lightroom holds the catalog, it is tried again; `sick`: the catalog itself is damaged. */
  readonly result: SnapshotResult;
  /** Name of the folder of the new one, or of the newest; null when there is none, and of a drive that is away. */
  readonly snapshot: string | null;
  /** When the newest one there was taken; ISO 8601, UTC. */
  readonly newest: string | null;
  /** Of what was taken: files, their bytes, and how many share the bytes of the snapshot before. */
  readonly files: number;
  readonly bytes: number;
  readonly shared: number;
  /** Of `.lrcat-data`: `left-out` because Lightroom had it open; null when nothing was taken. */
  readonly data: 'copied' | 'none' | 'left-out' | null;
  /** Rows of `Adobe_images`, virtual copies included; null when nothing was taken. */
  readonly pictures: number | null;
  /** `Adobe_DBVersion`. */
  readonly version: string | null;
  /** Files that a cache may have answered for when they were read back. */
  readonly cached: number;
  /** Older ones that were removed, and all that there are now. */
  readonly removed: readonly string[];
  readonly kept: number;
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}

/** All drives of one catalog are done. */
export interface LightroomFinished {
  readonly type: 'lightroom-finished';
  readonly job: string;
  /** `good`: every drive that is there has the catalog as it is. */
  readonly result: 'good' | 'incomplete' | 'deferred' | 'refused' | 'stopped';
  readonly taken: number;
  readonly unchanged: number;
  /** Drives that are not there. */
  readonly away: number;
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}

/** `offload lightroom list`: one job. */
export interface LightroomKnown {
  readonly type: 'lightroom-known';
  readonly job: string;
  /** Absolute; of a drive that is away, below it. */
  readonly catalog: string;
  readonly connected: boolean;
  readonly everyHours: number;
  /** The drives are all that have a role for copies. */
  readonly byRole: boolean;
  readonly targets: readonly {
    readonly volume: string;
    readonly name: string;
    readonly folder: string;
    readonly connected: boolean;
    /** When the newest snapshot there was taken. */
    readonly newest: string | null;
    readonly lastRun: string | null;
    readonly lastGood: string | null;
    readonly lastResult: SnapshotResult | null;
    readonly message: string | null;
    /** Since when Lightroom is waited for. */
    readonly deferredSince: string | null;
    readonly due: boolean;
    readonly overdue: boolean;
  }[];
}

/** `offload lightroom restore` is done. */
export interface LightroomRestored {
  readonly type: 'lightroom-restored';
  /** Name of the catalog, and of the snapshot. */
  readonly catalog: string;
  readonly snapshot: string;
  readonly takenAt: string;
  /** The folder of the snapshot, and the new one; both absolute. */
  readonly from: string;
  readonly to: string;
  /** Files of the snapshot, and those that are there now and proved. */
  readonly files: number;
  readonly restored: number;
  readonly bytes: number;
  readonly cached: number;
  readonly data: 'copied' | 'none' | 'left-out';
  /** Every file has the bytes of the record, and SQLite opens the catalog and counts the same rows. */
  readonly good: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}
