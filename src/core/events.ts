/**
 * The whole vocabulary of a run. The engine speaks it, the screen, the plain lines, the JSON lines and the journal listen.
 *
 * Facts are in the journal and durable before they are emitted. Live events may be dropped without harm, except the last:
 * `run-ended` comes exactly once and last. A stream without it means that the run crashed and that nothing is safe.
 */
import type {Account} from './account.ts';
import type {CardPath, CardRef} from './card.ts';
import type {Cause} from './cause.ts';
import type {MediumRead, PhysicalDrives} from './drive.ts';
import type {Reason, Waiver, Warning} from './verdict.ts';

export type OffloadEvent = Fact | Live;

export type Fact =
  | RunPlanned
  | FileCopied
  | FileProved
  | FileMismatched
  | FileFailed
  | DestinationLost
  | ManifestWritten
  | VerdictReached;

export type Live =
  | PhaseStarted
  | CopyPlanned
  | Progress
  | Noticed
  | FileSalvaged
  | CancelRequested
  | CopyChecked
  | ShootVerified
  | DriveSeen
  | VolumeArrived
  | VolumeLeft
  | CardKnown
  | ShootKnown
  | FileFound
  | CatalogRebuilt
  | VolumeKnown
  | ShootStatus
  | FileRestored
  | RestoreFinished
  | Refused
  | RunEnded;

/** The card is listed, the destinations are probed, nothing is written yet but the journal. */
export interface RunPlanned {
  readonly type: 'run-planned';
  readonly card: CardRef;
  /** Id of the offload: the name of its manifest, list and journal. */
  readonly offload: string;
  /** True when an interrupted run of the same card into the same shoot goes on. */
  readonly resumed: boolean;
  readonly shoot: string;
  /** Name of the card's folder in the shoot. */
  readonly folder: string;
  readonly files: number;
  /** Bytes of all files that are to be kept. */
  readonly bytes: number;
  readonly leftOut: number;
  readonly destinations: readonly PlannedDestination[];
}

export interface PlannedDestination {
  /** The `--to` folder, absolute. */
  readonly to: string;
  /** The shoot folder on it, absolute. */
  readonly shoot: string;
  /** Id from the volume's marker file. */
  readonly volume: string;
  /** What a person calls it: label, model or path. */
  readonly name: string;
  readonly mediumRead: MediumRead;
}

interface AboutFile {
  readonly card: CardRef;
  readonly path: CardPath;
  readonly size: number;
  /** ns since 1970 as a decimal string: JSON numbers cannot hold it. */
  readonly mtimeNs: string;
}

/** All bytes were read from the card, written to one destination under a temporary name and flushed. */
export interface FileCopied extends AboutFile {
  readonly type: 'file-copied';
  readonly to: string;
  /** Final path below the shoot folder, parts joined by `/`. */
  readonly target: string;
  /** Where the bytes are until they are proved, below the shoot folder. */
  readonly temporary: string;
  /** BLAKE3 of the bytes that the card gave, 64 hex digits. */
  readonly hash: string;
  /** Reads that failed first and succeeded when they were tried again. */
  readonly retries: number;
  /** With `--from-copy`: the bytes came from a proved copy and have the hash that the card gave. */
  readonly source?: 'copy';
}

/** The bytes of one copy were read back from the medium, match the card's, and stand under the final name. */
export interface FileProved extends AboutFile {
  readonly type: 'file-proved';
  readonly to: string;
  readonly target: string;
  readonly hash: string;
  readonly mediumRead: MediumRead;
  /** `copied` by this offload, or `present` before it. */
  readonly origin: 'copied' | 'present';
  readonly retries: number;
  /** With `--from-copy`: the bytes came from a proved copy and have the hash that the card gave. */
  readonly source?: 'copy';
}

/** What was read back is not what was read first. Without `to`: the card's second read differs from its first. */
export interface FileMismatched extends AboutFile {
  readonly type: 'file-mismatched';
  readonly to?: string;
  readonly target?: string;
  readonly expected: string;
  readonly actual: string;
  readonly mediumRead: MediumRead;
  /** Where the bytes that do not match are kept until the file is proved there, below the shoot folder. A copy that stood there before is left where it is. */
  readonly evidence?: string;
  /** The copy is written again: the first or the second time, counted over all runs of the offload. Absent when it is not. */
  readonly rewrite?: number;
}

/** One file could not be copied or proved. Without `to`: the card is at fault. */
export interface FileFailed extends Cause {
  readonly type: 'file-failed';
  readonly card: CardRef;
  readonly path: CardPath;
  readonly to?: string;
}

/** A destination is gone or cannot be written any more; the others go on. */
export interface DestinationLost extends Cause {
  readonly type: 'destination-lost';
  readonly card: CardRef;
  readonly to: string;
}

/** Manifest and list are on the destination, flushed and read back. */
export interface ManifestWritten {
  readonly type: 'manifest-written';
  readonly card: CardRef;
  readonly to: string;
  readonly manifest: string;
  readonly checksums: string;
  /** BLAKE3 of the manifest's bytes. */
  readonly hash: string;
}

/** What the verdict says of one destination. */
export interface CopySummary {
  readonly to: string;
  readonly shoot: string;
  /** Null when no manifest could be written. */
  readonly manifest: string | null;
  readonly checksums: string | null;
  /** Physical disk or disks as a person reads them; `unknown` when they are. */
  readonly drive: string;
  readonly mediumRead: MediumRead;
  /** Files proved on it. */
  readonly proved: number;
}

/** The last word on a card (design, section 7). */
export interface VerdictReached {
  readonly type: 'verdict';
  readonly card: CardRef;
  readonly safe: boolean;
  readonly reasons: readonly Reason[];
  readonly waived: readonly Waiver[];
  readonly warnings: readonly Warning[];
  readonly account: Account;
  /** How many entries each rule left out, most first. */
  readonly leftOut: readonly {readonly rule: string; readonly count: number}[];
  readonly copies: readonly CopySummary[];
}

export type Phase = 'scan' | 'plan' | 'copy' | 'prove' | 'reread' | 'relist' | 'seal';

export interface PhaseStarted {
  readonly type: 'phase-started';
  readonly card: CardRef;
  readonly phase: Phase;
}

/** One row of `--dry-run`: where a file would go. */
export interface CopyPlanned {
  readonly type: 'copy-planned';
  readonly card: CardRef;
  readonly path: CardPath;
  readonly to: string;
  /** Below the `--to` folder, the shoot included. */
  readonly target: string;
  readonly size: number;
  /** True when a file of that size is already there and would only be proved. */
  readonly present: boolean;
}

/** A sample, 10 a second at the most, with absolute numbers. */
export interface Progress {
  readonly type: 'progress';
  readonly card: CardRef;
  /** Bytes of all files that are to be kept, and how many of them the card has given or need not give. */
  readonly bytes: number;
  readonly read: number;
  readonly lanes: readonly LaneProgress[];
  /** Path of the file that is being read now. */
  readonly now: CardPath | null;
}

/** How far one destination is, in bytes of the card's files. */
export interface LaneProgress {
  readonly to: string;
  readonly written: number;
  readonly proved: number;
  readonly lost: boolean;
}

/** Something worth a line that changes nothing by itself. */
export interface Noticed extends Cause {
  readonly type: 'noticed';
  readonly level: 'info' | 'warning';
}

/** With `--salvage`: the readable parts of a file that failed are kept on one destination. They are no copy and count as none. */
export interface FileSalvaged {
  readonly type: 'file-salvaged';
  readonly card: CardRef;
  readonly path: CardPath;
  readonly to: string;
  /** Where the parts lie, below the shoot folder: as long as the file, with zeros where bytes are missing. */
  readonly target: string;
  /** Where the map of the missing ranges lies, below the shoot folder (GNU ddrescue manual, "Mapfile structure"). */
  readonly map: string;
  /** Bytes that were read. */
  readonly bytes: number;
  /** Bytes that were not. */
  readonly missing: number;
}

export interface CancelRequested {
  readonly type: 'cancel-requested';
  readonly by: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'key';
}

/** `offload verify` read one copy back and compared it with its record. */
export interface CopyChecked {
  readonly type: 'copy-checked';
  /** Absolute path of the copy. */
  readonly path: string;
  readonly cardPath: CardPath;
  readonly size: number;
  readonly state: 'good' | 'missing' | 'changed' | 'unreadable';
  readonly mediumRead?: MediumRead;
  readonly message?: string;
  readonly next?: string;
}

/** `offload verify` is done with one shoot folder. */
export interface ShootVerified {
  readonly type: 'shoot-verified';
  readonly shoot: string;
  readonly files: number;
  readonly good: number;
  readonly bad: number;
  readonly bytes: number;
  /** Copies that a cache may have answered for. */
  readonly cached: number;
  /** Records that are damaged and no evidence. */
  readonly problems: number;
  readonly allGood: boolean;
}

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

/** `offload cards`: one card that the catalog knows. */
export interface CardKnown {
  readonly type: 'card-known';
  /** As in the manifest: `volume:<uuid>:<size>` or `folder:<path>`. */
  readonly id: string;
  readonly label: string;
  readonly cameras: readonly string[];
  readonly offloads: number;
  /** Of the last offload. */
  readonly shoot: string;
  readonly files: number;
  readonly bytes: number;
  readonly lastOffload: string;
  readonly safe: boolean;
}

/** `offload shoots`: one shoot that the catalog knows. */
export interface ShootKnown {
  readonly type: 'shoot-known';
  readonly shoot: string;
  readonly cards: number;
  readonly files: number;
  readonly bytes: number;
  readonly firstOffload: string;
  readonly lastOffload: string;
  /** True when every offload into it ended SAFE at its time. */
  readonly safe: boolean;
  readonly volumes: readonly {
    readonly volume: string;
    readonly name: string;
    /** Where the shoot was when it was recorded. */
    readonly path: string;
    /** Files proved on it. */
    readonly files: number;
  }[];
}

/** `offload find`: one file that the catalog knows, with its proved copies. */
export interface FileFound {
  readonly type: 'file-found';
  readonly path: CardPath;
  readonly label: string;
  readonly shoot: string;
  readonly offload: string;
  readonly size: number;
  readonly mtimeNs: string;
  /** Null when the card's bytes were never read whole. */
  readonly hash: string | null;
  readonly copies: readonly {
    readonly volume: string;
    readonly name: string;
    /** Absolute, as it was when it was recorded. */
    readonly path: string;
    readonly provedAt: string;
    readonly mediumRead: MediumRead;
  }[];
}

/** `offload catalog rebuild` is done. */
export interface CatalogRebuilt {
  readonly type: 'catalog-rebuilt';
  readonly catalog: string;
  /** Manifests that were found and read. */
  readonly manifests: number;
  readonly offloads: number;
  readonly files: number;
  /** Manifests that are damaged or not this program's. */
  readonly problems: number;
}

/** A drive that holds a copy and is not connected. */
export interface AwayDrive {
  readonly name: string;
  /** When an offload or a check last had it; ISO 8601, UTC. */
  readonly lastSeen: string;
}

/** `offload restore`: what came of one file. */
export interface FileRestored {
  readonly type: 'file-restored';
  readonly shoot: string;
  /** On the card. */
  readonly path: CardPath;
  readonly hash: string;
  readonly size: number;
  /** `missing`: no connected copy has its bytes; `failed`: they could not be written and proved. */
  readonly state: 'restored' | 'present' | 'missing' | 'failed';
  /** Where it lies now, absolute. */
  readonly target?: string;
  /** The copy that it came from, absolute. */
  readonly from?: string;
  /** How it was read back where it lies now. */
  readonly mediumRead?: MediumRead;
  /** Drives to plug in: they were said to hold a copy. */
  readonly drives?: readonly AwayDrive[];
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}

/** `offload restore` is done. */
export interface RestoreFinished {
  readonly type: 'restore-finished';
  /** The `--to` folder, absolute; with `--test` the temporary one. */
  readonly to: string;
  /** Files that were wanted. */
  readonly files: number;
  readonly restored: number;
  readonly present: number;
  readonly missing: number;
  readonly failed: number;
  /** Bytes of what was restored or present. */
  readonly bytes: number;
  /** Files that a cache may have answered for when they were read back. */
  readonly cached: number;
  /** `removed`: a test whose files are gone again; `left`: a test that could not remove them all; null: no test. */
  readonly test: 'removed' | 'left' | null;
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

/** `offload status`: how one shoot is kept. */
export interface ShootStatus {
  readonly type: 'shoot-status';
  readonly shoot: string;
  readonly files: number;
  readonly bytes: number;
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
}

/** Refused before anything was written: usage, space, configuration. */
export interface Refused extends Cause {
  readonly type: 'refused';
}

/** 0 every card safe, 1 finished and not safe, 2 refused, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130;

export type Outcome = 'complete' | 'incomplete' | 'cancelled' | 'refused' | 'crashed';

export interface RunEnded {
  readonly type: 'run-ended';
  readonly outcome: Outcome;
  readonly exitCode: ExitCode;
}

export type Emit = (event: OffloadEvent) => void;

const FACTS: ReadonlySet<OffloadEvent['type']> = new Set<Fact['type']>([
  'run-planned',
  'file-copied',
  'file-proved',
  'file-mismatched',
  'file-failed',
  'destination-lost',
  'manifest-written',
  'verdict',
]);

export function isFact(event: OffloadEvent): event is Fact {
  return FACTS.has(event.type);
}
