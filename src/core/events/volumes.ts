/** Cards and drives: those that are mounted, those that come and go, those that are known. */
import type {MediumRead, PhysicalDrives} from '../drive.ts';

/** `offload drives`: one mounted volume. */
export interface DriveSeen {
  readonly type: 'drive';
  readonly path: string;
  /** `card` by its folders; `working`, `backup` and `off-site` by its marker; `system` is the computer's own. */
  readonly role: 'card' | 'working' | 'backup' | 'off-site' | 'system' | 'none';
  readonly name: string;
  readonly label: string | null;
  readonly fileSystem: string;
  readonly size: number | null;
  readonly free: number | null;
  /** Physical disks as a person reads them; `unknown` when they are. */
  readonly drive: string;
  readonly drives: PhysicalDrives;
  readonly rotating: boolean | null;
  /** Null when it was not tried: nothing is written for a look, and there was no file to read. */
  readonly mediumRead: MediumRead | null;
  readonly why: string | null;
}

/** `offload --watch`: a card or a drive was mounted, or is there at the start. */
export interface VolumeArrived extends Omit<DriveSeen, 'type'> {
  readonly type: 'volume-arrived';
}

/** `offload --watch`: it was ejected or pulled. */
export interface VolumeLeft {
  readonly type: 'volume-left';
  readonly path: string;
  readonly role: DriveSeen['role'];
  readonly name: string;
}

/** `offload volumes`: one volume that is known, connected or not. */
export interface VolumeKnown {
  readonly type: 'volume-known';
  /** Id from its marker. */
  readonly volume: string;
  readonly name: string;
  readonly role: 'working' | 'backup' | 'off-site' | 'none';
  /** Where it is kept, in the user's words; null when nobody said. */
  readonly place: string | null;
  /** `doubted`: something with its marker is connected, and may be a clone of it. */
  readonly state: 'connected' | 'away' | 'doubted';
  /** Where it is connected; null when it is away. */
  readonly path: string | null;
  readonly fileSystem: string;
  readonly size: number | null;
  readonly free: number | null;
  /** When this was last known to be so. */
  readonly asOf: string;
  /** The newest proof of a copy on it; null when none is recorded. */
  readonly lastProof: string | null;
}
