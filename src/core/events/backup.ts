/** Jobs that keep a folder of one drive in step on others, and their runs. */

/** `offload backup run` or `preview`: one job begins with one target. */
export interface BackupStarted {
  readonly type: 'backup-started';
  readonly job: string;
  /** Name of the source volume, and the folder that is read, absolute. */
  readonly source: string;
  readonly from: string;
  /** Name of the target volume, and the folder that is written, absolute. */
  readonly target: string;
  readonly to: string;
  /** Nothing is written. */
  readonly preview: boolean;
}

/** What a mirror does with one file: `patch` writes changed blocks only, `retime` found other times and the same bytes, `hold` leaves the old copy as it is. */
export type BackupAction =
  | 'copy'
  | 'replace'
  | 'patch'
  | 'move'
  | 'archive'
  | 'purge'
  | 'adopt'
  | 'retime'
  | 'hold';

/** What came of one file. Of a preview: what would. */
export interface BackupStep {
  readonly type: 'backup-step';
  readonly job: string;
  readonly to: string;
  readonly action: BackupAction;
  readonly state: 'planned' | 'done' | 'failed';
  /** Below the source folder; of `purge`: below the target folder. */
  readonly path: string;
  /** Below the target folder, where it is not the same; of `archive`: where the old file lies now. */
  readonly target?: string;
  readonly size: number;
  /** Of `hold` and of what failed. */
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}

/** A sample, 10 a second at the most, with absolute numbers. */
export interface BackupProgress {
  readonly type: 'backup-progress';
  readonly job: string;
  readonly to: string;
  readonly phase: 'scan' | 'copy' | 'archive' | 'purge' | 'seal';
  /** Files of the source that were looked at so far; steps that are to be done, and are. */
  readonly looked: number;
  readonly steps: number;
  readonly done: number;
  /** Bytes that are to be read from the source, and were. */
  readonly bytes: number;
  readonly read: number;
  readonly now: string | null;
}

/** One job is done with one target. */
export interface BackupFinished {
  readonly type: 'backup-finished';
  readonly job: string;
  readonly target: string;
  readonly to: string;
  readonly preview: boolean;
  /**
   * `good`: the target is in step. `incomplete`: something failed or is held back. `waiting`: deletions wait for a yes. `stopped`: the user stopped it. `refused`: nothing was begun.
   * `away`: source or target is not connected.
   */
  readonly result: 'good' | 'incomplete' | 'waiting' | 'stopped' | 'refused' | 'away';
  /** Files of the source, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  readonly unchanged: number;
  readonly copied: number;
  readonly replaced: number;
  readonly patched: number;
  readonly moved: number;
  readonly adopted: number;
  readonly retimed: number;
  readonly archived: number;
  readonly purged: number;
  /** Raw files and films that changed: their old copies stay. */
  readonly alarms: number;
  /** Deletions that wait for a yes. */
  readonly held: number;
  readonly failed: number;
  readonly strangers: number;
  readonly bytesWritten: number;
  /** Copies that a cache may have answered for when they were read back. */
  readonly cached: number;
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}

/** `offload backup list`: one job. */
export interface JobKnown {
  readonly type: 'job-known';
  readonly job: string;
  readonly source: {
    readonly volume: string;
    readonly name: string;
    readonly folder: string;
    readonly connected: boolean;
  };
  readonly leaveOut: readonly string[];
  /** Of a job that keeps some pictures only: its rule, and the Lightroom catalog as it was named. */
  readonly selection?: {readonly rule: string; readonly catalog: string | null};
  readonly trigger: string;
  /** Of a set of off-site drives: where they are kept, and the sentence that says to swap them when it is time; null for a backup. */
  readonly offsite: {readonly place: string | null; readonly swap: string | null} | null;
  readonly targets: readonly {
    readonly volume: string;
    readonly name: string;
    readonly folder: string;
    readonly connected: boolean;
    readonly graceDays: number;
    /** ISO 8601, UTC; null when there was none. */
    readonly lastRun: string | null;
    readonly lastGood: string | null;
    readonly lastResult: BackupFinished['result'] | null;
    readonly message: string | null;
    /** When it is due next; null when only an arrival or a person starts it. */
    readonly nextRun: string | null;
    readonly due: boolean;
    /** No good run for longer than the job allows. */
    readonly overdue: boolean;
  }[];
}
