/** What became of the runs of a cloud job: for the schedule, and to tell it. */
import * as z from 'zod';
import type {BackupJob} from '../backup/backup-job.ts';
import type {TargetHistory} from '../backup/jobs/backup-history.ts';
import {NO_COUNTS} from '../backup/no-counts.ts';
import type {CloudFinished} from '../events.ts';
import type {CloudJob} from './cloud-job.ts';

const instant = z.iso.datetime();
const count = z.number().int().nonnegative();

const form = z.looseObject({
  lastRun: z
    .looseObject({
      startedAt: instant,
      endedAt: instant,
      result: z.enum(['good', 'incomplete', 'waiting', 'stopped', 'refused']),
      code: z.string().nullable(),
      message: z.string().nullable(),
      next: z.string().nullable(),
      files: count,
      bytes: count,
    })
    .nullable(),
  lastGood: instant.nullable(),
  failures: count,
  lastAway: instant.nullable(),
});
export type CloudHistory = Readonly<z.infer<typeof form>>;

export const NO_CLOUD_HISTORY: CloudHistory = {
  lastRun: null,
  lastGood: null,
  failures: 0,
  lastAway: null,
};

/** @param text as {@link formatCloudHistory} gave it. @returns none for anything else: then every job is due. */
export function parseCloudHistory(text: string | undefined): CloudHistory {
  if (text === undefined) return NO_CLOUD_HISTORY;
  try {
    return form.parse(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof z.ZodError)) throw error;
    return NO_CLOUD_HISTORY;
  }
}

export const formatCloudHistory = (history: CloudHistory): string => JSON.stringify(history);

/** @param startedAt ISO 8601, UTC, as `endedAt`. @returns the history with one more run. A preview is none; a source that is away is noted. */
export function noteCloudRun(
  history: CloudHistory,
  finished: CloudFinished,
  {startedAt, endedAt}: {readonly startedAt: string; readonly endedAt: string},
): CloudHistory {
  const {result, preview, files, bytes} = finished;
  if (preview) return history;
  if (result === 'away') return {...history, lastAway: endedAt};
  const {code = null, message = null, next = null} = finished;
  const lastRun = {startedAt, endedAt, result, code, message, next, files, bytes};
  return {
    ...history,
    lastRun,
    lastGood: result === 'good' ? startedAt : history.lastGood,
    failures: result === 'good' ? 0 : history.failures + (result === 'stopped' ? 0 : 1),
  };
}

/** The same as the schedule of backups knows it. */
export function asTargetHistory(job: CloudJob, history: CloudHistory): TargetHistory {
  const {lastRun, ...rest} = history;
  const counts = {...NO_COUNTS, files: 0, bytes: 0, unchanged: 0, bytesWritten: 0};
  return {
    ...rest,
    job: job.id,
    volume: job.id,
    folder: '',
    lastRun: lastRun === null ? null : {...lastRun, counts},
  };
}

/** The same as the schedule of backups knows it. */
export function asBackupJob(job: CloudJob): BackupJob {
  const {id, name, source, leaveOut, trigger, alarmDays, createdAt} = job;
  const rules = {leaveOut, trigger, alarmDays, createdAt, offsite: null, selection: null};
  return {id, name, source, targets: [], ...rules};
}
