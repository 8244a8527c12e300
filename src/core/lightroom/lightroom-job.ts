/** What a Lightroom job is: which catalog is kept in snapshots, on which drives, and how often. */
import type {VolumeFolder} from '../backup/backup-job.ts';

/** Where a catalog lies. Most lie on the computer's own disk, which has no marker. */
export interface CatalogPlace {
  /** Id from the marker of its drive; null on a disk without one. */
  readonly volume: string | null;
  /** Below the folder of the marker, parts joined by `/`; without a volume absolute. */
  readonly path: string;
}

export interface LightroomJob {
  /** A UUID: its snapshots are known by it, whatever the job is called. */
  readonly id: string;
  readonly name: string;
  readonly catalog: CatalogPlace;
  /** Null: every drive with the role backup or off-site, as there are at each run. */
  readonly targets: readonly VolumeFolder[] | null;
  /** Hours from one good run to the next. */
  readonly everyHours: number;
  /** Days without a good run after which it is told loudly. */
  readonly alarmDays: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** Who edits every day loses a day at the most. */
export const DEFAULT_HOURS = 24;

/** As for backups: a job that nobody heard of for a week is what users complain of. */
export const DEFAULT_ALARM_DAYS = 7;

/** Folder of a target that holds the snapshots: `_lightroom/<catalog>/<snapshot>`. */
export const SNAPSHOTS_FOLDER = '_lightroom';
