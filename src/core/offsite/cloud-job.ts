/** What a cloud job is: which folder of which volume is copied to which remote of the user's rclone, and when. */
import type {BackupTrigger, VolumeFolder} from '../backup/backup-job.ts';

export interface CloudJob {
  /** A UUID: the state on this computer and the copies in the catalog are known by it, whatever the job is called. */
  readonly id: string;
  readonly name: string;
  readonly source: VolumeFolder;
  /** As rclone reads it: `b2:bucket/path`. No secrets stand in it. */
  readonly remote: string;
  /** Where it is, in the user's words; null: the remote's name says enough. */
  readonly place: string | null;
  /** Globs of what is left out, below the source folder. */
  readonly leaveOut: readonly string[];
  readonly trigger: BackupTrigger;
  /** As rclone's `--bwlimit` takes it; null: as fast as it goes. */
  readonly bwLimit: string | null;
  /** What the remote has no hash of is downloaded again to prove it. */
  readonly download: boolean;
  /** Days without a good run after which it is told loudly. */
  readonly alarmDays: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}
