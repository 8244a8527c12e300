/** What the catalog remembers of volumes: as they were seen, and as offloads were recorded on them. */
import type {PhysicalDrives} from '../drive.ts';
import type {VolumePair} from './drive-relations.ts';

/** A connected volume whose marker fits it. */
export interface SeenVolume {
  /** From its marker. */
  readonly id: string;
  readonly name: string;
  readonly role: 'working' | 'backup' | 'off-site' | null;
  readonly place: string | null;
  readonly fileSystem: string;
  /** Bytes. */
  readonly size: number | null;
  readonly free: number | null;
  /** What lies in memory has no known drives. */
  readonly drives: PhysicalDrives;
  /** Where it was. */
  readonly path: string;
  /** ISO 8601, UTC. */
  readonly seenAt: string;
}

/** A destination of an offload, as its record has it. */
export interface RecordedDestination {
  /** Names it within this catalog until the next question that changes something. */
  readonly ref: string;
  readonly offload: string;
  readonly shoot: string;
  /** Id as the record has it: the volume's, with the folder where it is not the folder of the marker. */
  readonly destination: string;
  readonly name: string;
  /** The `--to` folder at that time. */
  readonly folder: string;
  readonly fileSystem: string;
  readonly size: number | null;
  readonly drives: PhysicalDrives;
  /** The drive failed or went away during the offload: its record is not on it. */
  readonly lost: boolean;
  readonly endedAt: string;
  /** Null when nothing is proved on it. */
  readonly lastProof: string | null;
}

export interface VolumeMemory {
  readonly seen: readonly SeenVolume[];
  /** Newest offload first. */
  readonly destinations: readonly RecordedDestination[];
  readonly pairs: readonly VolumePair[];
  /** Volumes that the user had forgotten, and when; what is recorded on them later brings them back. */
  readonly forgotten: ReadonlyMap<string, string>;
}
