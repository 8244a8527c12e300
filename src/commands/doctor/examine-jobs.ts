/** The jobs of backups, off-site sets, clouds and Lightroom: whether they can be read, and what is overdue. */
import type {BackupHistory} from '../../core/backup/jobs/backup-history.ts';
import {BACKUP_JOBS} from '../../core/backup/jobs/jobs-file.ts';
import {type Finding, fromCause, good} from '../../core/doctor/finding.ts';
import {readHistory} from '../../system/backup-files.ts';
import {readJobs} from '../../system/own-jobs.ts';
import {openDesk} from '../backup/backup-desk.ts';
import {listOverdue} from '../backup/tell-jobs.ts';
import {listSwaps} from '../backup/tell-swaps.ts';
import {describeClouds} from '../offsite/cloud/index.ts';
import type {Program} from '../program.ts';
import type {Examined} from './doctor.ts';
import {examineLightroom} from './examine-lightroom.ts';

export async function examineJobs(program: Program): Promise<Examined> {
  const {files, configFolder, dataFolder} = program;
  // Without these folders there are no jobs; the permissions say so.
  if (!configFolder.ok || !dataFolder.ok) return {findings: [], newestMs: null};
  const [jobs, history, clouds, lightroom] = await Promise.all([
    readJobs(files, configFolder.value, BACKUP_JOBS),
    readHistory(files, dataFolder.value),
    examineClouds(program),
    examineLightroom(program),
  ]);
  const findings: Finding[] = [];
  if (!jobs.ok) findings.push(fromCause({area: 'jobs'}, 'bad', jobs.cause));
  if (!history.ok) findings.push(fromCause({area: 'history'}, 'look', history.cause));
  if (jobs.ok) findings.push(...(await examineDrivesJobs(program, jobs.value.jobs.length)));
  return {
    findings: [...findings, ...clouds, ...lightroom],
    newestMs: history.ok ? newestOf(history.value) : null,
  };
}

async function examineDrivesJobs(program: Program, count: number): Promise<readonly Finding[]> {
  const where = {area: 'jobs'};
  if (count === 0) return [good(where, 'there is no backup job')];
  const desk = await openDesk(program, () => {});
  if (!desk.ok) return [fromCause(where, 'bad', desk.cause)];
  const knowledge = desk.value.knowledge(await desk.value.look());
  const overdue = listOverdue(knowledge).map(({cause}) => fromCause(where, 'bad', cause));
  const swaps = listSwaps(knowledge).map(({cause}) => fromCause({area: 'off-site'}, 'look', cause));
  const jobs = count === 1 ? '1 job, not overdue' : `${count} jobs, none overdue`;
  return [...(overdue.length > 0 ? overdue : [good(where, jobs)]), ...swaps];
}

async function examineClouds(program: Program): Promise<readonly Finding[]> {
  const clouds = await describeClouds(program);
  if (!clouds.ok) return [fromCause({area: 'clouds'}, 'bad', clouds.cause)];
  return clouds.value.map(({job, overdue, next, copies}) => {
    const where = {area: 'clouds', about: job};
    const [copy] = copies;
    const last = copy?.lastGood ?? null;
    if (!overdue)
      return good(where, last === null ? 'no good run yet, not overdue' : `last good run ${last}`);
    const message = last === null ? 'OVERDUE: no good run yet' : `OVERDUE: last good run ${last}`;
    const why = copy?.message ?? null;
    return fromCause(where, 'bad', {
      code: 'backup-overdue',
      message: why === null ? message : `${message} (${why})`,
      next: next ?? `Run offload offsite run ${job}.`,
    });
  });
}

function newestOf({targets}: BackupHistory): number | null {
  const times = targets
    .flatMap(({lastRun, lastAway}) => [lastRun?.endedAt, lastAway])
    .map((at) => Date.parse(at ?? ''))
    .filter((ms) => !Number.isNaN(ms));
  return times.length === 0 ? null : Math.max(...times);
}
