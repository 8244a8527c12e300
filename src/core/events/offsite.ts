/** Copies at another place, on drives that take turns or in a cloud: how they stand. */
import type {BackupFinished} from './backup.ts';

/** `offload offsite list` and `status`, and `offload status`: one set of drives that take turns at another place, or one cloud. */
export interface OffsiteKnown {
  readonly type: 'offsite-known';
  /** Name of the job. */
  readonly job: string;
  readonly kind: 'drives' | 'cloud';
  /** Where the copies are kept, in the user's words; null when nobody said. */
  readonly place: string | null;
  readonly source: {
    readonly volume: string;
    readonly name: string;
    readonly folder: string;
    readonly connected: boolean;
  };
  readonly trigger: string;
  /** Null for a cloud. */
  readonly swapAfterDays: number | null;
  /** One on each drive of a set; of a cloud one. */
  readonly copies: readonly {
    /** Id of the volume; of a cloud the id of its job. */
    readonly volume: string;
    /** Of a cloud its remote, without secrets. */
    readonly name: string;
    /** On the drive or in the remote; empty for all of it. */
    readonly folder: string;
    /** Of this drive, where it was given one of its own. */
    readonly place: string | null;
    /** Of a cloud true: nobody looked. */
    readonly connected: boolean;
    /** When a drive was here last; null for one that is here, and when nobody knows. */
    readonly lastSeen: string | null;
    /** When the last run and the last good one began: that is how old the copy is. ISO 8601, UTC. */
    readonly lastRun: string | null;
    readonly lastGood: string | null;
    readonly lastResult: BackupFinished['result'] | null;
    /** Of the last run, where it was not good. */
    readonly message: string | null;
    /** Files of the source in the last run, and their bytes. */
    readonly files: number | null;
    readonly bytes: number | null;
  }[];
  /** No good run on any of them for longer than the job allows. */
  readonly overdue: boolean;
  /** Of drives: it is time to take one away and to bring another. */
  readonly swap: boolean;
  /** What to do next, one sentence; null when nothing is to be done. */
  readonly next: string | null;
}
