/** The cloud jobs and what is known of each, as one command has them. */
import {join} from 'node:path';
import {loadSqlite} from '../../../catalog/sqlite.ts';
import {foldJobName} from '../../../core/backup/jobs/job-faults.ts';
import {type JobsFile, NO_JOBS} from '../../../core/backup/jobs/jobs-file.ts';
import {failed, ok, type Result} from '../../../core/cause.ts';
import type {CloudJob} from '../../../core/offsite/cloud-job.ts';
import {
  CLOUD_JOBS_NAME,
  type CloudJobsFile,
  formatCloudJobs,
  NO_CLOUD_JOBS,
  parseCloudJobs,
} from '../../../core/offsite/cloud-jobs-file.ts';
import {type OpenedState, openState} from '../../../offsite/open-state.ts';
import {alone, readOwnText, replaceText} from '../../../system/backup-files.ts';
import {type BackupHome, openHome} from '../../backup/own-files.ts';
import type {Program} from '../../program.ts';
import {unknownCloud} from './cloud-causes.ts';

export interface CloudHome {
  readonly home: BackupHome;
  readonly jobs: CloudJobsFile;
}

/** @returns the jobs, none where there is no file; or why they cannot be had. Writes nothing. */
export async function openClouds(program: Program): Promise<Result<CloudHome>> {
  const home = openHome(program);
  if (!home.ok) return home;
  const jobs = await readClouds(program, home.value);
  return jobs.ok ? ok({home: home.value, jobs: jobs.value}) : jobs;
}

async function readClouds({files}: Program, {config}: BackupHome): Promise<Result<CloudJobsFile>> {
  const path = join(config, CLOUD_JOBS_NAME);
  const text = await readOwnText(files, path, 'reading the cloud jobs');
  if (!text.ok) return text;
  return text.value === null ? ok(NO_CLOUD_JOBS) : parseCloudJobs(text.value, path);
}

/** Reads the jobs, changes them and writes them back, alone. @param change returns why there are none: then nothing is written. */
export async function changeClouds(
  program: Program,
  home: BackupHome,
  change: (jobs: CloudJobsFile) => Result<CloudJobsFile>,
): Promise<Result<CloudJobsFile>> {
  const path = join(home.config, CLOUD_JOBS_NAME);
  return await alone(home.own, path, 'writing the cloud jobs', async () => {
    const before = await readClouds(program, home);
    if (!before.ok) return before;
    const after = change(before.value);
    if (!after.ok) return after;
    // What could not be read again must not be written.
    const text = formatCloudJobs(after.value);
    const checked = parseCloudJobs(text, path);
    if (!checked.ok) throw new Error(`jobs that cannot be read again: ${checked.cause.message}`);
    await replaceText(home.own, path, text);
    return after;
  });
}

/** @param names empty for all. @returns the jobs in the order of the file; `cloud-unknown` for a name that none has. */
export function chooseClouds(
  {jobs}: CloudJobsFile,
  names: readonly string[],
): Result<readonly CloudJob[]> {
  const wanted = new Set<string>();
  for (const name of names) {
    const found = jobs.find((job) => foldJobName(job.name) === foldJobName(name));
    if (found === undefined)
      return failed(
        unknownCloud(
          name,
          jobs.map((job) => job.name),
        ),
      );
    wanted.add(found.id);
  }
  return ok(names.length === 0 ? jobs : jobs.filter(({id}) => wanted.has(id)));
}

/** Folder of what is known of a job. */
export const cloudFolder = ({data}: BackupHome, {id}: Pick<CloudJob, 'id'>): string =>
  join(data, 'offsite', id);

export const statePath = (home: BackupHome, job: CloudJob): string =>
  join(cloudFolder(home, job), 'state.sqlite');

/** It must be closed. */
export async function openCloudState(
  {files, newWord}: Program,
  home: BackupHome,
  job: CloudJob,
): Promise<Result<OpenedState>> {
  const open = await loadSqlite();
  if (!open.ok) return open;
  return await openState({files, open: open.value, path: statePath(home, job), newWord});
}

/** The volumes of the sources, as look-ups of backups want them. */
export const asJobsFile = ({volumes}: CloudJobsFile): JobsFile => ({...NO_JOBS, volumes});
