/** What became of the snapshots of each job on each drive: kept on this computer, to know what is due. What there is, the drives say. */
import * as z from 'zod';
import type {VolumeFolder} from '../backup/backup-job.ts';
import type {Cause} from '../cause.ts';
import type {LightroomJob} from './lightroom-job.ts';

export const LIGHTROOM_HISTORY_NAME = 'lightroom-history.json';
const HISTORY_SCHEMA = 'offload-lightroom-history/1';

/** `sick`: the catalog itself is damaged; `deferred`: Lightroom holds it. */
export const SNAPSHOT_RESULTS = [
  'taken',
  'unchanged',
  'deferred',
  'sick',
  'failed',
  'refused',
  'away',
  'stopped',
] as const;
export type SnapshotResult = (typeof SNAPSHOT_RESULTS)[number];

const instant = z.iso.datetime();

const past = z.looseObject({
  /** Id of the job. */
  job: z.string(),
  /** The target. */
  volume: z.string(),
  folder: z.string(),
  lastRun: instant.nullable(),
  lastResult: z.enum(SNAPSHOT_RESULTS).nullable(),
  message: z.string().nullable(),
  /** When the last good run began. */
  lastGood: instant.nullable(),
  /** When the newest snapshot there was taken. */
  newest: instant.nullable(),
  /** Runs since the last good one that were not good, were not stopped and did not wait for Lightroom. */
  failures: z.number().int().nonnegative(),
  /** Since when Lightroom is waited for. */
  deferredSince: instant.nullable(),
});
export type SnapshotPast = Readonly<z.infer<typeof past>>;

/** Members of newer versions are kept. */
const historyForm = z.looseObject({schema: z.literal(HISTORY_SCHEMA), targets: z.array(past)});
export type LightroomHistory = z.infer<typeof historyForm>;

export const NO_LIGHTROOM_HISTORY: LightroomHistory = {schema: HISTORY_SCHEMA, targets: []};

/** @returns the history; undefined for a file that is damaged or that a newer version wrote: it is a hint, and every job is due then. */
export function parseLightroomHistory(text: string): LightroomHistory | undefined {
  try {
    return historyForm.parse(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof z.ZodError)) throw error;
    return undefined;
  }
}

export interface JobOnTarget {
  readonly job: Pick<LightroomJob, 'id'>;
  readonly target: VolumeFolder;
}

const isOf =
  ({job, target}: JobOnTarget) =>
  (one: SnapshotPast): boolean =>
    one.job === job.id && one.volume === target.volume && one.folder === target.folder;

/** @returns what is known; empty for a target that never had a run. */
export function pastOf(history: LightroomHistory, about: JobOnTarget): SnapshotPast {
  return (
    history.targets.find(isOf(about)) ?? {
      job: about.job.id,
      volume: about.target.volume,
      folder: about.target.folder,
      lastRun: null,
      lastResult: null,
      message: null,
      lastGood: null,
      newest: null,
      failures: 0,
      deferredSince: null,
    }
  );
}

export interface EndedSnapshot {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly result: SnapshotResult;
  readonly cause: Cause | undefined;
  /** When the newest snapshot on the target was taken, as far as this run saw it. */
  readonly newest: string | null;
}

export const isGood = (result: SnapshotResult | null): boolean =>
  result === 'taken' || result === 'unchanged';

/** @returns the history with one more run on one target. A drive that was away is no run. */
export function noteSnapshot(
  history: LightroomHistory,
  about: JobOnTarget,
  {startedAt, result, cause, newest}: EndedSnapshot,
): LightroomHistory {
  const before = pastOf(history, about);
  if (result === 'away') return history;
  const counts = result !== 'stopped' && result !== 'deferred';
  const after: SnapshotPast = {
    ...before,
    lastRun: startedAt,
    lastResult: result,
    message: cause?.message ?? null,
    lastGood: isGood(result) ? startedAt : before.lastGood,
    newest: newest ?? before.newest,
    failures: isGood(result) ? 0 : before.failures + (counts ? 1 : 0),
    deferredSince: result === 'deferred' ? (before.deferredSince ?? startedAt) : null,
  };
  const isThis = isOf(about);
  return {...history, targets: [...history.targets.filter((one) => !isThis(one)), after]};
}

/** @returns the history without what belongs to no job any more. */
export const forgetJob = (history: LightroomHistory, id: string): LightroomHistory => ({
  ...history,
  targets: history.targets.filter(({job}) => job !== id),
});
