/**
 * The whole vocabulary of a run. The engine speaks it, the screen, the plain lines, the JSON lines and the journal listen.
 *
 * Facts are in the journal and durable before they are emitted. Live events may be dropped without harm, except the last:
 * `run-ended` comes exactly once and last. A stream without it means that the run crashed and that nothing is safe.
 *
 * Each kind of event stands in a file of `src/core/events`; they are imported from here.
 */
import type {
  BackupFinished,
  BackupProgress,
  BackupStarted,
  BackupStep,
  JobKnown,
} from './events/backup.ts';
import type {CardKnown, CatalogRebuilt, FileFound, ShootKnown} from './events/catalog.ts';
import type {
  CloudFinished,
  CloudProgress,
  CloudStarted,
  CloudStep,
  CloudVerified,
} from './events/cloud.ts';
import type {
  DestinationLost,
  FileCopied,
  FileFailed,
  FileMismatched,
  FileProved,
  FileSalvaged,
} from './events/copy.ts';
import type {DoctorFinding} from './events/doctor.ts';
import type {
  LightroomFinished,
  LightroomKnown,
  LightroomRestored,
  LightroomSnapshot,
  LightroomStarted,
} from './events/lightroom.ts';
import type {OffsiteKnown} from './events/offsite.ts';
import type {CopyPlanned, RunPlanned} from './events/plan.ts';
import type {PhaseStarted, Progress} from './events/progress.ts';
import type {FileRestored, FileVersions, RestoreFinished} from './events/restore.ts';
import type {CancelRequested, Noticed, Refused, RunEnded} from './events/run.ts';
import type {BackupSelected, PictureExplained} from './events/selection.ts';
import type {ShootStatus} from './events/status.ts';
import type {ManifestWritten, VerdictReached} from './events/verdict.ts';
import type {
  CopyChecked,
  CopyHealed,
  MirrorVerified,
  ShootVerified,
  VerifyFinished,
} from './events/verify.ts';
import type {DriveSeen, VolumeArrived, VolumeKnown, VolumeLeft} from './events/volumes.ts';

export type * from './events/backup.ts';
export type * from './events/catalog.ts';
export type * from './events/cloud.ts';
export type * from './events/copy.ts';
export type * from './events/doctor.ts';
export type * from './events/lightroom.ts';
export type * from './events/offsite.ts';
export type * from './events/plan.ts';
export type * from './events/progress.ts';
export type * from './events/restore.ts';
export type * from './events/run.ts';
export type * from './events/selection.ts';
export type * from './events/status.ts';
export type * from './events/verdict.ts';
export type * from './events/verify.ts';
export type * from './events/volumes.ts';

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
