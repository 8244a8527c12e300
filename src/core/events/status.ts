/** How each shoot is kept: how many copies, on which drives, in which places. */
import type {VolumeKnown} from './volumes.ts';

/** `offload status`: how one shoot is kept. */
export interface ShootStatus {
  readonly type: 'shoot-status';
  readonly shoot: string;
  readonly files: number;
  readonly bytes: number;
  /** Files that were deleted or replaced on the working drive and lie in archives of backups only: they are not in `files`. */
  readonly letGo: number;
  /** Volumes with a proved copy, and physical drives among them that are known to be different: of the file that has the fewest. */
  readonly copies: number;
  readonly drives: number;
  /** Places that are known of the volumes that hold it. */
  readonly places: readonly string[];
  readonly oldestProof: string | null;
  readonly lastProof: string | null;
  /** True when every file has three copies on three drives, one of them kept elsewhere. */
  readonly reached: boolean;
  /** What is missing and what to do next; both null when it is reached. */
  readonly missing: string | null;
  readonly next: string | null;
  readonly volumes: readonly {
    readonly volume: string;
    readonly name: string;
    readonly role: VolumeKnown['role'];
    readonly place: string | null;
    readonly connected: boolean;
    /** When its copies were last known to be there. */
    readonly asOf: string;
    /** Files proved on it. */
    readonly files: number;
    readonly lastProof: string;
  }[];
  /** Of its copies at another place the one with most files, then the newest; null when there is none. */
  readonly offSite: {
    readonly volume: string;
    readonly name: string;
    readonly place: string | null;
    readonly connected: boolean;
    readonly files: number;
    /** How old it is: when it was read back last. */
    readonly lastProof: string;
  } | null;
}
