/** Runs of jobs that keep a folder in a cloud, and checks of what is there. */
import type {BackupFinished} from './backup.ts';

/** `offload offsite run` or a preview of it: one cloud job begins. */
export interface CloudStarted {
  readonly type: 'cloud-started';
  readonly job: string;
  /** Name of the source volume, and the folder that is read, absolute. */
  readonly source: string;
  readonly from: string;
  /** As rclone reads it, without secrets. */
  readonly remote: string;
  /** Nothing is written. */
  readonly preview: boolean;
}

/**
 * What a cloud job does with one file: `adopt` found the same bytes there, `heal` uploads again what was damaged there, `retime` found another time and the same bytes here, `hold` leaves the copy there as it is,
 * `keep` was deleted here and stays there.
 */
export type CloudAction = 'upload' | 'replace' | 'adopt' | 'heal' | 'retime' | 'hold' | 'keep';

/** What came of one file of a cloud job, or of `offload offsite verify`. Of a preview: what would. */
export interface CloudStep {
  readonly type: 'cloud-step';
  readonly job: string;
  readonly remote: string;
  readonly action: CloudAction | 'verify';
  /** `unproved`: it is there with its size, and the remote tells no hash of it. */
  readonly state: 'planned' | 'done' | 'unproved' | 'failed';
  /** Below the source folder, and below the remote. */
  readonly path: string;
  readonly size: number;
  /** How it was proved; null when it was not. */
  readonly proof: 'sha1' | 'md5' | 'cryptcheck' | 'check' | 'download' | null;
  /** Where the old version lies now, below the remote. */
  readonly archived?: string;
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}

/** A sample, with absolute numbers. */
export interface CloudProgress {
  readonly type: 'cloud-progress';
  readonly job: string;
  readonly remote: string;
  readonly phase: 'scan' | 'read' | 'upload' | 'prove';
  /** Files that were looked at so far; files that are to be done, and are. */
  readonly looked: number;
  readonly steps: number;
  readonly done: number;
  /** Bytes that are to be sent, and were. */
  readonly bytes: number;
  readonly sent: number;
  readonly now: string | null;
}

/** One cloud job is done. */
export interface CloudFinished {
  readonly type: 'cloud-finished';
  readonly job: string;
  readonly remote: string;
  readonly preview: boolean;
  /** As of a backup; `good`: every file of the source is proved at the remote. `stopped`: by the user, or because quiet hours began. */
  readonly result: BackupFinished['result'];
  /** Files of the source, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Files of the source that are proved at the remote, and those of which only the size agrees. */
  readonly proved: number;
  readonly sizeOnly: number;
  readonly unchanged: number;
  readonly uploaded: number;
  readonly replaced: number;
  readonly adopted: number;
  readonly healed: number;
  readonly retimed: number;
  /** Files that were deleted here: their copies stay there. */
  readonly kept: number;
  /** Raw files and films that changed: their copies there stay as they are. */
  readonly alarms: number;
  readonly failed: number;
  readonly bytesSent: number;
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}

/** `offload offsite verify`: one cloud job was compared with what is recorded of it. */
export interface CloudVerified {
  readonly type: 'cloud-verified';
  readonly job: string;
  readonly remote: string;
  readonly result: 'good' | 'bad' | 'stopped' | 'refused';
  /** Files that are recorded as proved, and that were asked for. */
  readonly files: number;
  readonly bytes: number;
  readonly proved: number;
  readonly sizeOnly: number;
  readonly missing: number;
  readonly damaged: number;
  /** The moment since which every file was proved again; ISO 8601, UTC; null when one never was. */
  readonly since: string | null;
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}
