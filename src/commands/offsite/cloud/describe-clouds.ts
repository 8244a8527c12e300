import {quoteName} from '../../../core/backup/jobs/job-faults.ts';
import {isOverdue, wantedAt} from '../../../core/backup/jobs/schedule.ts';
import {describeTrigger} from '../../../core/backup/jobs/typed-trigger.ts';
import {type Cause, errnoOf, ok, type Result} from '../../../core/cause.ts';
import type {OffsiteKnown} from '../../../core/events.ts';
import {
  asBackupJob,
  asTargetHistory,
  type CloudHistory,
  NO_CLOUD_HISTORY,
  parseCloudHistory,
} from '../../../core/offsite/cloud-history.ts';
import type {CloudJob} from '../../../core/offsite/cloud-job.ts';
import type {CloudCounts} from '../../../core/offsite/cloud-record.ts';
import {countFiles} from '../../../core/words.ts';
import {stateCause} from '../../../offsite/open-state.ts';
import {lookAtVolumes, nameVolume} from '../../backup/look-at-jobs.ts';
import type {Program} from '../../program.ts';
import {asJobsFile, type CloudHome, openCloudState, openClouds, statePath} from './cloud-desk.ts';

/** @returns every cloud job as it is known on this computer: no cloud is asked. Or why the jobs cannot be read. */
export async function describeClouds(program: Program): Promise<Result<readonly OffsiteKnown[]>> {
  const opened = await openClouds(program);
  if (!opened.ok) return opened;
  const {jobs} = opened.value;
  if (jobs.jobs.length === 0) return ok([]);
  const look = await lookAtVolumes(program, asJobsFile(jobs));
  const told: OffsiteKnown[] = [];
  for (const job of jobs.jobs) {
    const known = await recallCloud(program, opened.value, job);
    const {volume, folder} = job.source;
    const name = nameVolume(asJobsFile(jobs), look, volume);
    const source = {volume, name, folder, connected: look.present.has(volume)};
    told.push(describe(program, {job, source, known}));
  }
  return ok(told);
}

/** What the last runs of a job left behind. */
export interface CloudMemory {
  readonly history: CloudHistory;
  readonly counts: CloudCounts | null;
  readonly trouble: Cause | null;
}

/** Makes nothing: a job that never ran has no state. */
export async function recallCloud(
  program: Program,
  {home}: CloudHome,
  job: CloudJob,
): Promise<CloudMemory> {
  const nothing = {history: NO_CLOUD_HISTORY, counts: null};
  const path = statePath(home, job);
  try {
    await program.files.look(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return {...nothing, trouble: null};
  }
  const opened = await openCloudState(program, home, job);
  if (!opened.ok) return {...nothing, trouble: opened.cause};
  const {state, notice} = opened.value;
  try {
    return {
      history: parseCloudHistory(state.note('history')),
      counts: state.counts(),
      trouble: notice,
    };
  } catch (error) {
    return {...nothing, trouble: stateCause(error, path)};
  } finally {
    state.close();
  }
}

function describe(
  {clock, timeZone}: Program,
  {
    job,
    source,
    known: {history, counts, trouble},
  }: {
    readonly job: CloudJob;
    readonly source: OffsiteKnown['source'];
    readonly known: CloudMemory;
  },
): OffsiteKnown {
  const nowMs = clock.now().getTime();
  const [asJob, past] = [asBackupJob(job), asTargetHistory(job, history)];
  const wanted = wantedAt(asJob, past, {nowMs, timeZone, arrivedMs: null});
  const overdue = isOverdue(asJob, past, nowMs);
  const {lastRun, lastGood} = history;
  // What a look found since is no step back of the run.
  const broken = counts?.pending ?? 0;
  const lastResult = lastRun?.result === 'good' && broken > 0 ? 'incomplete' : lastRun?.result;
  const trigger = [describeTrigger(job.trigger)];
  if (job.bwLimit !== null) trigger.push(`at most ${job.bwLimit}`);
  if (job.download) trigger.push('proved by download');
  const path = /^:?[^:]*:(.*)$/s.exec(job.remote)?.[1] ?? '';
  return {
    type: 'offsite-known',
    job: job.name,
    kind: 'cloud',
    place: job.place,
    source,
    trigger: trigger.join(', '),
    swapAfterDays: null,
    copies: [
      {
        volume: job.id,
        name: job.remote.slice(0, job.remote.length - path.length - 1),
        folder: path,
        place: null,
        connected: true,
        lastSeen: null,
        lastRun: lastRun?.startedAt ?? null,
        lastGood,
        lastResult: lastResult ?? null,
        message:
          lastRun?.result === 'good'
            ? notThere(broken)
            : (lastRun?.message ?? trouble?.message ?? null),
        files: counts?.proved ?? null,
        bytes: counts?.bytes ?? null,
      },
    ],
    overdue,
    swap: false,
    next: nextOf({
      job,
      source,
      history,
      counts,
      isDue: wanted !== null && wanted <= nowMs,
      overdue,
    }),
  };
}

const notThere = (files: number): string | null =>
  files === 0
    ? null
    : `${countFiles(files)} ${files === 1 ? 'is' : 'are'} not there as ${files === 1 ? 'it' : 'they'} should be`;

interface Asked {
  readonly job: CloudJob;
  readonly source: OffsiteKnown['source'];
  readonly history: CloudHistory;
  readonly counts: CloudCounts | null;
  readonly isDue: boolean;
  readonly overdue: boolean;
}

function nextOf({job, source, history, counts, isDue, overdue}: Asked): string | null {
  const run = `offload offsite run ${quoteName(job.name)}`;
  const {lastRun} = history;
  if (lastRun !== null && lastRun.result !== 'good' && lastRun.next !== null) return lastRun.next;
  if (!source.connected && (isDue || overdue)) return `Connect ${source.name}, then run ${run}.`;
  if (lastRun === null || isDue || overdue) return `Run ${run}.`;
  if (counts !== null && counts.pending > 0) return `${notThere(counts.pending)}: run ${run}.`;
  return null;
}
