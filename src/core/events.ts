/**
 * The whole vocabulary of a run. The engine speaks it, the screen, the plain lines, the JSON lines and the journal listen.
 *
 * Facts are in the journal and durable before they are emitted. Live events may be dropped without harm, except the last:
 * `run-ended` comes exactly once and last. A stream without it means that the run crashed and that nothing is safe.
 */
import type {Account} from './account.ts';
import type {CardPath, CardRef} from './card.ts';
import type {Cause, Refusal} from './cause.ts';
import type {MediumRead, PhysicalDrives} from './drive.ts';
import type {SnapshotResult} from './lightroom/history.ts';
import type {SelectionCounts} from './selection/choice.ts';
import type {FactSource} from './selection/picture-facts.ts';
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
  | CopyHealed
  | ShootVerified
  | MirrorVerified
  | VerifyFinished
  | DriveSeen
  | VolumeArrived
  | VolumeLeft
  | CardKnown
  | ShootKnown
  | FileFound
  | CatalogRebuilt
  | VolumeKnown
  | ShootStatus
  | OffsiteKnown
  | DoctorFinding
  | FileRestored
  | FileVersions
  | RestoreFinished
  | BackupStarted
  | BackupStep
  | BackupProgress
  | BackupFinished
  | BackupSelected
  | PictureExplained
  | JobKnown
  | CloudStarted
  | CloudStep
  | CloudProgress
  | CloudFinished
  | CloudVerified
  | LightroomStarted
  | LightroomSnapshot
  | LightroomFinished
  | LightroomKnown
  | LightroomRestored
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

/**
 * `compare` is `--only-new` reading the card and what the drives hold of it, and has progress of its own; `dates` is a layout asking the pictures when they were taken. Both come before
 * anything is planned.
 */
export type Phase =
  | 'scan'
  | 'compare'
  | 'dates'
  | 'plan'
  | 'copy'
  | 'prove'
  | 'reread'
  | 'relist'
  | 'seal';

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
  /** Of what only a backup knows, its path below the target folder. */
  readonly cardPath: CardPath;
  readonly size: number;
  readonly state: 'good' | 'missing' | 'changed' | 'unreadable';
  /** Of `changed`: `rotten` bytes were lost by the drive, `edited` ones changed by a program, `altered` ones are of a file that no program should change. */
  readonly change?: 'rotten' | 'edited' | 'altered';
  readonly mediumRead?: MediumRead;
  readonly message?: string;
  readonly next?: string;
}

/** `offload verify --heal`: a copy was brought back from a good one, or could not be. */
export interface CopyHealed {
  readonly type: 'copy-healed';
  /** Absolute path of the copy. */
  readonly path: string;
  readonly cardPath: CardPath;
  readonly size: number;
  readonly state: 'healed' | 'failed';
  /** The good copy, absolute. */
  readonly from?: string;
  /** Where the bad bytes lie now, absolute; absent when there were none. */
  readonly evidence?: string;
  readonly mediumRead?: MediumRead;
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}

/** `offload verify` is done with one shoot folder. */
export interface ShootVerified {
  readonly type: 'shoot-verified';
  readonly shoot: string;
  readonly files: number;
  /** With those that were healed. */
  readonly good: number;
  /** All others. */
  readonly bad: number;
  /** Bad ones that the drive lost, and bad ones that a program edited. */
  readonly rotten: number;
  readonly edited: number;
  /** Brought back by `--heal`. */
  readonly healed: number;
  readonly bytes: number;
  /** Copies that a cache may have answered for. */
  readonly cached: number;
  /** Deleted, moved or replaced on the working drive, and the backup followed: what was replaced is compared with what the backup knows, the rest is in no other number. */
  readonly followed: number;
  /** Records that are damaged and no evidence. */
  readonly problems: number;
  readonly allGood: boolean;
}

/** `offload verify` is done with the copies in one target folder of backups that no record of an offload names. */
export interface MirrorVerified {
  readonly type: 'mirror-verified';
  /** The target folder, absolute. */
  readonly folder: string;
  readonly files: number;
  readonly good: number;
  readonly bad: number;
  readonly rotten: number;
  readonly edited: number;
  readonly healed: number;
  readonly bytes: number;
  readonly cached: number;
  /** Of jobs that another one came after: deleted or moved since. */
  readonly followed: number;
  /** States that are damaged: what they knew is not compared. */
  readonly problems: number;
  readonly allGood: boolean;
}

/** `offload verify` is done with one PATH. */
export interface VerifyFinished {
  readonly type: 'verify-finished';
  /** As it was given, absolute. */
  readonly path: string;
  /** Id of the volume when all of it was asked for; null for a part of it, and for one that is in doubt. */
  readonly volume: string | null;
  readonly shoots: number;
  /** Target folders of backups. */
  readonly mirrors: number;
  readonly files: number;
  readonly good: number;
  readonly bad: number;
  readonly rotten: number;
  readonly edited: number;
  readonly healed: number;
  readonly bytes: number;
  readonly followed: number;
  /** The slice of `--part`. */
  readonly part: {readonly part: number; readonly of: number} | null;
  /** Slices of that number that were read so far on this volume, and those of them that were not all good. */
  readonly partsRead: number | null;
  readonly partsBad: number | null;
  /** Every copy of the volume was read back and good at this moment or later; null when that is not known. */
  readonly since: string | null;
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
  /** Copies that backups recorded on their targets. */
  readonly mirrored: number;
  /** Records that are damaged, not this program's, or of a drive that this one is not. */
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
  /** Of a file that no record vouches for: its bytes were compared with those of the archive, which held them until then; null: as it lies there now. */
  readonly version?: {readonly until: string | null};
  /** How it was read back where it lies now. */
  readonly mediumRead?: MediumRead;
  /** Drives to plug in: they were said to hold a copy. */
  readonly drives?: readonly AwayDrive[];
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}

/** `offload restore --versions`: one file, with all that there is of it. */
export interface FileVersions {
  readonly type: 'file-versions';
  readonly shoot: string;
  /** On the card; of a file that no record knows the same as `target`. */
  readonly path: CardPath;
  /** Below the shoot folder. */
  readonly target: string;
  /** What a record says that its bytes are; empty when none does. */
  readonly hash: string;
  readonly versions: readonly {
    /** `current` and `archived`: what a backup holds besides; `offloaded`: the bytes of the card; `away`: those, on a drive that is not connected. */
    readonly state: 'current' | 'archived' | 'offloaded' | 'away';
    /** Id from the volume's marker; null when it has none, or is away. */
    readonly volume: string | null;
    readonly name: string;
    /** Where it lies, absolute; null when the drive is away. */
    readonly path: string | null;
    /** Bytes. */
    readonly size: number;
    /** ISO 8601, UTC; null when it is not known. */
    readonly modified: string | null;
    /** When the run began that put it into the archive; null when it lies there still. */
    readonly until: string | null;
    /** What to give with `--at` to have it; null: it comes without. */
    readonly at: string | null;
    /** What to give with `--from` besides, where other backups have another version of that moment. */
    readonly from: string | null;
    /** When a drive that is away was last seen; null otherwise. */
    readonly lastSeen: string | null;
  }[];
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
  /** Of the restored and present ones, those that no record vouches for. */
  readonly unrecorded: number;
  /** Files of which nobody knows what a rule asks for: they are not among the files. */
  readonly unrated: number;
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

/** `offload doctor`: one thing that was looked at. */
export interface DoctorFinding {
  readonly type: 'doctor-finding';
  /** What was looked at: `node`, `rclone`, `clock`, … */
  readonly area: string;
  /** A drive or a job, where there are several of the kind; null where there is one. */
  readonly about: string | null;
  /** `look`: works, and could be better; `bad`: something is in danger or will fail. */
  readonly state: 'good' | 'look' | 'bad';
  readonly message: string;
  /** What to do; null when nothing is. */
  readonly next: string | null;
}

/** `offload lightroom run`: the snapshots of one catalog begin. */
export interface LightroomStarted {
  readonly type: 'lightroom-started';
  readonly job: string;
  /** The catalog, absolute. */
  readonly catalog: string;
  /** Its lock is there: Lightroom has it open, or crashed. */
  readonly open: boolean;
  /** Names of the drives that are there and get one. */
  readonly targets: readonly string[];
}

/** What came of the snapshot on one drive. */
export interface LightroomSnapshot {
  readonly type: 'lightroom-snapshot';
  readonly job: string;
  readonly target: string;
  /** The folder with the snapshots, absolute; empty when the drive is away. */
  readonly to: string;
  /** `deferred`: Lightroom holds the catalog, it is tried again; `sick`: the catalog itself is damaged. */
  readonly result: SnapshotResult;
  /** Name of the folder of the new one, or of the newest; null when there is none, and of a drive that is away. */
  readonly snapshot: string | null;
  /** When the newest one there was taken; ISO 8601, UTC. */
  readonly newest: string | null;
  /** Of what was taken: files, their bytes, and how many share the bytes of the snapshot before. */
  readonly files: number;
  readonly bytes: number;
  readonly shared: number;
  /** Of `.lrcat-data`: `left-out` because Lightroom had it open; null when nothing was taken. */
  readonly data: 'copied' | 'none' | 'left-out' | null;
  /** Rows of `Adobe_images`, virtual copies included; null when nothing was taken. */
  readonly pictures: number | null;
  /** `Adobe_DBVersion`. */
  readonly version: string | null;
  /** Files that a cache may have answered for when they were read back. */
  readonly cached: number;
  /** Older ones that were removed, and all that there are now. */
  readonly removed: readonly string[];
  readonly kept: number;
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}

/** All drives of one catalog are done. */
export interface LightroomFinished {
  readonly type: 'lightroom-finished';
  readonly job: string;
  /** `good`: every drive that is there has the catalog as it is. */
  readonly result: 'good' | 'incomplete' | 'deferred' | 'refused' | 'stopped';
  readonly taken: number;
  readonly unchanged: number;
  /** Drives that are not there. */
  readonly away: number;
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}

/** `offload lightroom list`: one job. */
export interface LightroomKnown {
  readonly type: 'lightroom-known';
  readonly job: string;
  /** Absolute; of a drive that is away, below it. */
  readonly catalog: string;
  readonly connected: boolean;
  readonly everyHours: number;
  /** The drives are all that have a role for copies. */
  readonly byRole: boolean;
  readonly targets: readonly {
    readonly volume: string;
    readonly name: string;
    readonly folder: string;
    readonly connected: boolean;
    /** When the newest snapshot there was taken. */
    readonly newest: string | null;
    readonly lastRun: string | null;
    readonly lastGood: string | null;
    readonly lastResult: SnapshotResult | null;
    readonly message: string | null;
    /** Since when Lightroom is waited for. */
    readonly deferredSince: string | null;
    readonly due: boolean;
    readonly overdue: boolean;
  }[];
}

/** `offload lightroom restore` is done. */
export interface LightroomRestored {
  readonly type: 'lightroom-restored';
  /** Name of the catalog, and of the snapshot. */
  readonly catalog: string;
  readonly snapshot: string;
  readonly takenAt: string;
  /** The folder of the snapshot, and the new one; both absolute. */
  readonly from: string;
  readonly to: string;
  /** Files of the snapshot, and those that are there now and proved. */
  readonly files: number;
  readonly restored: number;
  readonly bytes: number;
  readonly cached: number;
  readonly data: 'copied' | 'none' | 'left-out';
  /** Every file has the bytes of the record, and SQLite opens the catalog and counts the same rows. */
  readonly good: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}

/** `offload backup run` or `preview`: one job begins with one target. */
export interface BackupStarted {
  readonly type: 'backup-started';
  readonly job: string;
  /** Name of the source volume, and the folder that is read, absolute. */
  readonly source: string;
  readonly from: string;
  /** Name of the target volume, and the folder that is written, absolute. */
  readonly target: string;
  readonly to: string;
  /** Nothing is written. */
  readonly preview: boolean;
}

/** What a mirror does with one file: `patch` writes changed blocks only, `retime` found other times and the same bytes, `hold` leaves the old copy as it is. */
export type BackupAction =
  | 'copy'
  | 'replace'
  | 'patch'
  | 'move'
  | 'archive'
  | 'purge'
  | 'adopt'
  | 'retime'
  | 'hold';

/** What came of one file. Of a preview: what would. */
export interface BackupStep {
  readonly type: 'backup-step';
  readonly job: string;
  readonly to: string;
  readonly action: BackupAction;
  readonly state: 'planned' | 'done' | 'failed';
  /** Below the source folder; of `purge`: below the target folder. */
  readonly path: string;
  /** Below the target folder, where it is not the same; of `archive`: where the old file lies now. */
  readonly target?: string;
  readonly size: number;
  /** Of `hold` and of what failed. */
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}

/** A sample, 10 a second at the most, with absolute numbers. */
export interface BackupProgress {
  readonly type: 'backup-progress';
  readonly job: string;
  readonly to: string;
  readonly phase: 'scan' | 'copy' | 'archive' | 'purge' | 'seal';
  /** Files of the source that were looked at so far; steps that are to be done, and are. */
  readonly looked: number;
  readonly steps: number;
  readonly done: number;
  /** Bytes that are to be read from the source, and were. */
  readonly bytes: number;
  readonly read: number;
  readonly now: string | null;
}

/** One job is done with one target. */
export interface BackupFinished {
  readonly type: 'backup-finished';
  readonly job: string;
  readonly target: string;
  readonly to: string;
  readonly preview: boolean;
  /**
   * `good`: the target is in step. `incomplete`: something failed or is held back. `waiting`: deletions wait for a yes. `stopped`: the user stopped it. `refused`: nothing was begun.
   * `away`: source or target is not connected.
   */
  readonly result: 'good' | 'incomplete' | 'waiting' | 'stopped' | 'refused' | 'away';
  /** Files of the source, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  readonly unchanged: number;
  readonly copied: number;
  readonly replaced: number;
  readonly patched: number;
  readonly moved: number;
  readonly adopted: number;
  readonly retimed: number;
  readonly archived: number;
  readonly purged: number;
  /** Raw files and films that changed: their old copies stay. */
  readonly alarms: number;
  /** Deletions that wait for a yes. */
  readonly held: number;
  readonly failed: number;
  readonly strangers: number;
  readonly bytesWritten: number;
  /** Copies that a cache may have answered for when they were read back. */
  readonly cached: number;
  readonly code?: string;
  readonly message?: string;
  readonly next?: string;
}

/** A job with a rule asked it of every picture of the source, before anything is compared. A picture is counted with what belongs to it as one. */
export interface BackupSelected extends SelectionCounts {
  readonly type: 'backup-selected';
  readonly job: string;
  readonly to: string;
  readonly preview: boolean;
  readonly rule: string;
  /** The Lightroom catalog that was asked, absolute; null without one. */
  readonly catalog: string | null;
}

/** `offload backup preview NAME --explain PATH`: why a picture is in or out. */
export interface PictureExplained {
  readonly type: 'picture-explained';
  readonly job: string;
  /** Below the source folder. */
  readonly path: string;
  readonly rule: string;
  /** `other`: it belongs to no picture, and is out. `left-out`: a filter of the job leaves it out. */
  readonly answer: 'in' | 'out' | 'unknown' | 'other' | 'left-out';
  /** Who decided; null when nobody did. */
  readonly by: FactSource | null;
  /** The tests of the rule that decided, as they could have been typed. */
  readonly tests: readonly {readonly test: string; readonly truth: 'yes' | 'no' | 'unknown'}[];
  /** What was said of it and of the pictures that belong to it. Null: it says nothing of this. */
  readonly said: readonly {
    readonly source: FactSource;
    /** The picture that it is about. */
    readonly picture: string;
    /** The sidecar, the picture itself, or the catalog. */
    readonly from: string;
    /** When that was last changed; null for a catalog, and where it is not known. */
    readonly changedAt: string | null;
    /** Of a catalog: another version of the same picture. */
    readonly virtualCopy: boolean;
    readonly rating: number | null;
    /** 1 picked, -1 rejected, 0 without a flag. */
    readonly pick: number | null;
    readonly labels: readonly string[] | null;
    readonly keywords: readonly string[] | null;
  }[];
  /** Files that stay together with it. */
  readonly along: readonly string[];
}

/** `offload backup list`: one job. */
export interface JobKnown {
  readonly type: 'job-known';
  readonly job: string;
  readonly source: {
    readonly volume: string;
    readonly name: string;
    readonly folder: string;
    readonly connected: boolean;
  };
  readonly leaveOut: readonly string[];
  /** Of a job that keeps some pictures only: its rule, and the Lightroom catalog as it was named. */
  readonly selection?: {readonly rule: string; readonly catalog: string | null};
  readonly trigger: string;
  /** Of a set of off-site drives: where they are kept, and the sentence that says to swap them when it is time; null for a backup. */
  readonly offsite: {readonly place: string | null; readonly swap: string | null} | null;
  readonly targets: readonly {
    readonly volume: string;
    readonly name: string;
    readonly folder: string;
    readonly connected: boolean;
    readonly graceDays: number;
    /** ISO 8601, UTC; null when there was none. */
    readonly lastRun: string | null;
    readonly lastGood: string | null;
    readonly lastResult: BackupFinished['result'] | null;
    readonly message: string | null;
    /** When it is due next; null when only an arrival or a person starts it. */
    readonly nextRun: string | null;
    readonly due: boolean;
    /** No good run for longer than the job allows. */
    readonly overdue: boolean;
  }[];
}

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

/** Refused before anything was written: usage, space, configuration. */
export interface Refused extends Refusal {
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
