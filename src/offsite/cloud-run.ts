/** What the parts of a cloud run share. */
import type {LeaveOut} from '../core/backup/mirror-leave-out.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import type {Cause} from '../core/cause.ts';
import type {FileHashes} from '../core/offsite/cloud-listing.ts';
import type {CloudRecord, ListedSource} from '../core/offsite/cloud-record.ts';
import type {Clock} from '../system/clock.ts';
import type {Files} from '../system/files.ts';
import type {CloudState} from './cloud-state.ts';
import type {CloudTally} from './cloud-tally.ts';
import type {RecordedHashes} from './recorded-hashes.ts';
import type {RemoteCalls} from './remote-calls.ts';

export type HashReading =
  | {readonly kind: 'read'; readonly hashes: FileHashes}
  | {readonly kind: 'failed'; readonly cause: Cause}
  | {readonly kind: 'stopped'};

/** Hears what is written down, in its order: for the catalog. */
export interface CloudNotes {
  put(record: CloudRecord): void;
  /** What lay there is in the archive, or is not wanted any more. */
  drop(path: TreePath): void;
  /** What lay there is damaged or gone: it is to be healed, and counts for nothing until then. */
  bad(record: CloudRecord): void;
}

export interface CloudRun {
  readonly files: Files;
  readonly clock: Clock;
  /** Id of the run: names the folder of the archive. */
  readonly run: string;
  /** Folder below the remote in which files lie until they are proved; the same for every run of a job, so that the next one finds what the last one left. */
  readonly incoming: TreePath;
  /** The source folder, absolute. */
  readonly source: string;
  readonly leaveOut: LeaveOut;
  readonly state: CloudState;
  readonly calls: RemoteCalls;
  /** Reads a file once, with all its hashes. */
  readonly hash: (file: ListedSource) => Promise<HashReading>;
  readonly recorded: RecordedHashes;
  /** Looks whether the source is still what the job means. */
  readonly guard: () => Promise<Cause | null>;
  /** Seconds until quiet hours begin; null when there are none. */
  readonly secondsToQuiet: () => number | null;
  readonly notes: CloudNotes;
  readonly tally: CloudTally;
  /** What the remote has no hash of is downloaded. */
  readonly download: boolean;
  readonly acceptChanges: boolean;
  readonly signal: AbortSignal;
}

/** Folder of a remote that holds what was replaced: `_archive/<run>/<path>`, as on a drive. */
export const archivePlace = (run: string, path: TreePath): TreePath => `_archive/${run}/${path}`;
