/** What became of the runs of each job on each of its targets: kept on this computer, read by the schedule. A hint only: what is in step is for the state on the target to say. */
import * as z from 'zod';
import type {BackupFinished} from '../../events.ts';
import type {BackupJob, VolumeFolder} from '../backup-job.ts';

export const HISTORY_NAME = 'backup-history.json';
export const HISTORY_SCHEMA = 'offload-backup-history/1';

const instant = z.iso.datetime();
const count = z.number().int().nonnegative();

const counts = z.looseObject({
  files: count,
  bytes: count,
  unchanged: count,
  copied: count,
  replaced: count,
  patched: count,
  moved: count,
  adopted: count,
  retimed: count,
  archived: count,
  purged: count,
  alarms: count,
  held: count,
  failed: count,
  bytesWritten: count,
});

const pastRun = z.looseObject({
  startedAt: instant,
  endedAt: instant,
  result: z.enum(['good', 'incomplete', 'waiting', 'stopped', 'refused']),
  code: z.string().nullable(),
  message: z.string().nullable(),
  next: z.string().nullable(),
  counts,
});
export type PastRun = Readonly<z.infer<typeof pastRun>>;

const targetHistory = z.looseObject({
  /** Id of the job. */
  job: z.string(),
  /** The target. */
  volume: z.string(),
  folder: z.string(),
  lastRun: pastRun.nullable(),
  /** When the last good run began: what changed after that moment may not be in it. */
  lastGood: instant.nullable(),
  /** Runs since the last good one that were not good and were not stopped by the user. */
  failures: count,
  /** When source or target was last looked for and was not there. */
  lastAway: instant.nullable(),
  /** Of a set of off-site drives: when the target itself was last looked for and was not there. */
  targetAway: instant.nullable().optional(),
});
export type TargetHistory = Readonly<z.infer<typeof targetHistory>>;

/** Members of newer versions are kept. */
export const historyForm = z.looseObject({
  schema: z.literal(HISTORY_SCHEMA),
  targets: z.array(targetHistory),
});
export type BackupHistory = z.infer<typeof historyForm>;

export const NO_HISTORY: BackupHistory = {schema: HISTORY_SCHEMA, targets: []};

const isOf =
  (job: BackupJob, {volume, folder}: VolumeFolder) =>
  (one: TargetHistory): boolean =>
    one.job === job.id && one.volume === volume && one.folder === folder;

/** @returns what is known of a target; empty for one that never had a run. */
export function historyOf(
  history: BackupHistory,
  job: BackupJob,
  target: VolumeFolder,
): TargetHistory {
  const {volume, folder} = target;
  return (
    history.targets.find(isOf(job, target)) ?? {
      job: job.id,
      volume,
      folder,
      lastRun: null,
      lastGood: null,
      failures: 0,
      lastAway: null,
    }
  );
}

function change(
  history: BackupHistory,
  {job, target}: {readonly job: BackupJob; readonly target: VolumeFolder},
  with_: (before: TargetHistory) => TargetHistory,
): BackupHistory {
  const isThis = isOf(job, target);
  const after = with_(historyOf(history, job, target));
  return {...history, targets: [...history.targets.filter((one) => !isThis(one)), after]};
}

export interface EndedRun {
  readonly job: BackupJob;
  readonly target: VolumeFolder;
  readonly finished: BackupFinished;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
}

/** @returns the history with one more run. A preview is no run, and `away` is none either. */
export function noteRun(history: BackupHistory, run: EndedRun): BackupHistory {
  const {finished, startedAt, endedAt} = run;
  const {result, preview} = finished;
  if (preview) return history;
  if (result === 'away') return noteAway(history, run, endedAt);
  const lastRun = {
    startedAt,
    endedAt,
    result,
    code: finished.code ?? null,
    message: finished.message ?? null,
    next: finished.next ?? null,
    counts: countsOf(finished),
  };
  return change(history, run, (before) => ({
    ...before,
    lastRun,
    lastGood: result === 'good' ? startedAt : before.lastGood,
    failures: result === 'good' ? 0 : before.failures + (result === 'stopped' ? 0 : 1),
  }));
}

function countsOf(finished: BackupFinished): PastRun['counts'] {
  const {files, bytes, unchanged, copied, replaced, patched, moved, adopted, retimed} = finished;
  const {archived, purged, alarms, held, failed, bytesWritten} = finished;
  const done = {files, bytes, unchanged, copied, replaced, patched, moved, adopted, retimed};
  return {...done, archived, purged, alarms, held, failed, bytesWritten};
}

/** @param at ISO 8601, UTC. @returns the history with a look that did not find source or target. */
export function noteAway(
  history: BackupHistory,
  about: {readonly job: BackupJob; readonly target: VolumeFolder},
  at: string,
): BackupHistory {
  return change(history, about, (before) => ({...before, lastAway: at}));
}

/** @param at ISO 8601, UTC. @returns the history with a look that did not find the target itself. */
export function noteTargetAway(
  history: BackupHistory,
  about: {readonly job: BackupJob; readonly target: VolumeFolder},
  at: string,
): BackupHistory {
  return change(history, about, (before) => ({...before, targetAway: at}));
}

/** @returns the history without what belongs to no job any more. */
export function forgetOthers(history: BackupHistory, jobs: readonly BackupJob[]): BackupHistory {
  const targets = history.targets.filter((one) =>
    jobs.some((job) => job.targets.some((target) => isOf(job, target)(one))),
  );
  return {...history, targets};
}
