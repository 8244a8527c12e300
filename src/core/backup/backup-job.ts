/** What a backup job is: which folder of which volume is kept in step where, and when. */

/** A folder of a volume that is known by its marker. */
export interface VolumeFolder {
  /** Id from the marker. */
  readonly volume: string;
  /** Below the folder of the marker, parts joined by `/`; empty for the whole volume. */
  readonly folder: string;
}

export interface BackupTarget extends VolumeFolder {
  /** Days that deleted and replaced files stay in the archive. */
  readonly graceDays: number;
}

export interface QuietHours {
  /** `HH:MM`, local time. It may go over midnight. */
  readonly from: string;
  readonly to: string;
}

export interface BackupTrigger {
  /** When source and target are there, one of them having come. */
  readonly arrival: boolean;
  /** Hours since the last good run; null: not by time. */
  readonly everyHours: number | null;
  /** No run begins in them. */
  readonly quiet: QuietHours | null;
}

export interface BackupJob {
  /** A UUID: the state on a target is known by it, whatever the job is called. */
  readonly id: string;
  readonly name: string;
  readonly source: VolumeFolder;
  readonly targets: readonly BackupTarget[];
  /** Globs of what is left out, below the source folder. */
  readonly leaveOut: readonly string[];
  readonly trigger: BackupTrigger;
  /** Days without a good run after which it is told loudly. */
  readonly alarmDays: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** Of the design: section 9. */
export const DEFAULT_GRACE_DAYS = 30;

/** A job that nobody heard of for a week is what users complain of. */
export const DEFAULT_ALARM_DAYS = 7;
