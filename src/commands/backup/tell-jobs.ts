import type {BackupJob} from '../../core/backup/backup-job.ts';
import {type BackupHistory, historyOf} from '../../core/backup/jobs/backup-history.ts';
import type {JobsFile} from '../../core/backup/jobs/jobs-file.ts';
import {isOverdue, type Moment, nextRunOf, wantedAt} from '../../core/backup/jobs/schedule.ts';
import {describeTrigger} from '../../core/backup/jobs/typed-trigger.ts';
import type {Cause} from '../../core/cause.ts';
import type {JobKnown} from '../../core/events.ts';
import {
  isSet,
  isSetOverdue,
  judgeRotation,
  newestGood,
  type RotationView,
} from '../../core/offsite/rotation.ts';
import {overdueCause, overdueSet} from './backup-causes.ts';
import {type Look, nameVolume} from './look-at-jobs.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Knowledge {
  readonly jobs: JobsFile;
  readonly history: BackupHistory;
  readonly look: Look;
  readonly moment: Moment;
}

const tellSelection = ({selection}: BackupJob): Pick<JobKnown, 'selection'> =>
  selection === null
    ? {}
    : {selection: {rule: selection.rule, catalog: selection.catalog?.path ?? null}};

/** @returns a job as it is told: its places, its trigger, and how each target is. */
export function tellJob(job: BackupJob, knowledge: Knowledge): JobKnown {
  const {jobs, history, look, moment} = knowledge;
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
    ...tellSelection(job),
    trigger: describeTrigger(trigger),
    offsite: tellOffsite(job, knowledge),
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
        overdue: isSet(job)
          ? isSetOverdue(job, {history, nowMs: moment.nowMs})
          : isOverdue(job, past, moment.nowMs),
      };
    }),
  };
}

/** @returns what the rotation of a set is judged by. */
export const viewOf = ({jobs, history, look, moment}: Knowledge): RotationView => ({
  history,
  present: look.present,
  nameOf: (id) => nameVolume(jobs, look, id),
  nowMs: moment.nowMs,
});

function tellOffsite(job: BackupJob, knowledge: Knowledge): JobKnown['offsite'] {
  if (!isSet(job)) return null;
  const {swap, next} = judgeRotation(job, viewOf(knowledge));
  return {place: job.offsite.place, swap: swap ? next : null};
}

interface Overdue {
  readonly key: string;
  readonly cause: Cause;
}

/** One for each target that had no good run for longer than its job allows; one for a whole set of off-site drives, whose newest good run counts. */
export function listOverdue(
  knowledge: Knowledge,
  about: readonly BackupJob[] = knowledge.jobs.jobs,
): readonly Overdue[] {
  return about.flatMap((job) =>
    isSet(job) ? listOverdueSet(job, knowledge) : listOverdueTargets(job, knowledge),
  );
}

function listOverdueTargets(
  job: BackupJob,
  {jobs, history, look, moment}: Knowledge,
): readonly Overdue[] {
  return job.targets.flatMap((target) => {
    const past = historyOf(history, job, target);
    if (!isOverdue(job, past, moment.nowMs)) return [];
    const goodMs = past.lastGood === null ? null : Date.parse(past.lastGood);
    const where = nameVolume(jobs, look, target.volume);
    const key = JSON.stringify([job.id, target.volume, target.folder]);
    return [{key, cause: overdueCause(job.name, where, countDays(goodMs, moment))}];
  });
}

function listOverdueSet(job: BackupJob, {history, moment}: Knowledge): readonly Overdue[] {
  const view = {history, nowMs: moment.nowMs};
  if (!isSetOverdue(job, view)) return [];
  const days = countDays(newestGood(job, view), moment);
  return [{key: JSON.stringify([job.id]), cause: overdueSet(job.name, days)}];
}

const countDays = (goodMs: number | null, {nowMs}: Moment): number | null =>
  goodMs === null || Number.isNaN(goodMs)
    ? null
    : Math.max(1, Math.floor((nowMs - goodMs) / DAY_MS));
