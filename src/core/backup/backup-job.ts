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
  /** Of a set of drives that take turns at another place; null for a backup. */
  readonly offsite: OffsiteRules | null;
  /** Which pictures are kept; null for everything. */
  readonly selection: JobSelection | null;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** A job that keeps some pictures only. */
export interface JobSelection {
  /** As typed: `rating >= 3 or pick`. */
  readonly rule: string;
  /** The Lightroom catalog that is asked first; null for none. */
  readonly catalog: CatalogPlace | null;
}

export interface CatalogPlace {
  /** Id from the marker of its volume; null for a catalog of this computer. */
  readonly volume: string | null;
  /** Below the folder of the marker, parts joined by `/`; without a volume absolute. */
  readonly path: string;
}

/** What a set of off-site drives has besides: each target is a drive of the set. */
export interface OffsiteRules {
  /** Days after which a drive that is away is to be brought and another one taken there. */
  readonly swapAfterDays: number;
  /** Where the drives are kept, in the user's words; null when nobody said. */
  readonly place: string | null;
}

/** Of the design: section 9. */
export const DEFAULT_GRACE_DAYS = 30;

/** A job that nobody heard of for a week is what users complain of. */
export const DEFAULT_ALARM_DAYS = 7;
