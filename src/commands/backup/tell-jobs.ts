import type {BackupJob} from '../../core/backup/backup-job.ts';
import {type BackupHistory, historyOf} from '../../core/backup/jobs/backup-history.ts';
import type {JobsFile} from '../../core/backup/jobs/jobs-file.ts';
import {isOverdue, type Moment, nextRunOf, wantedAt} from '../../core/backup/jobs/schedule.ts';
import {describeTrigger} from '../../core/backup/jobs/typed-trigger.ts';
import type {Cause} from '../../core/cause.ts';
import type {JobKnown} from '../../core/events.ts';
import {overdueCause} from './backup-causes.ts';
import {type Look, nameVolume} from './look-at-jobs.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Knowledge {
  readonly jobs: JobsFile;
  readonly history: BackupHistory;
  readonly look: Look;
  readonly moment: Moment;
}

/** @returns a job as it is told: its places, its trigger, and how each target is. */
export function tellJob(job: BackupJob, {jobs, history, look, moment}: Knowledge): JobKnown {
  const {source, leaveOut, trigger, targets} = job;
  const name = (id: string) => nameVolume(jobs, look, id);
  return {
    type: 'job-known',
    job: job.name,
    source: {
      volume: source.volume,
      name: name(source.volume),
      folder: source.folder,
      connected: look.present.has(source.volume),
    },
    leaveOut,
    trigger: describeTrigger(trigger),
    targets: targets.map((target) => {
      const past = historyOf(history, job, target);
      const wanted = wantedAt(job, past, moment);
      return {
        volume: target.volume,
        name: name(target.volume),
        folder: target.folder,
        connected: look.present.has(target.volume),
        graceDays: target.graceDays,
        lastRun: past.lastRun?.startedAt ?? null,
        lastGood: past.lastGood,
        lastResult: past.lastRun?.result ?? null,
        message: past.lastRun?.message ?? null,
        nextRun: nextRunOf(job, past, moment),
        due: wanted !== null && wanted <= moment.nowMs,
        overdue: isOverdue(job, past, moment.nowMs),
      };
    }),
  };
}

/** One for each target that had no good run for longer than its job allows. */
export function listOverdue(
  {jobs, history, look, moment}: Knowledge,
  about: readonly BackupJob[] = jobs.jobs,
): readonly {readonly key: string; readonly cause: Cause}[] {
  return about.flatMap((job) =>
    job.targets.flatMap((target) => {
      const past = historyOf(history, job, target);
      if (!isOverdue(job, past, moment.nowMs)) return [];
      const goodMs = past.lastGood === null ? Number.NaN : Date.parse(past.lastGood);
      const ageDays = Math.max(1, Math.floor((moment.nowMs - goodMs) / DAY_MS));
      const where = nameVolume(jobs, look, target.volume);
      const days = Number.isNaN(goodMs) ? null : ageDays;
      const key = JSON.stringify([job.id, target.volume, target.folder]);
      return [{key, cause: overdueCause(job.name, where, days)}];
    }),
  );
}
