/** The cloud jobs and what is known of each, as one command has them. */
import {join} from 'node:path';
import {loadSqlite} from '../../../catalog/sqlite.ts';
import {chooseJobs, findJob} from '../../../core/backup/jobs/choose-jobs.ts';
import {type JobsFile, NO_JOBS} from '../../../core/backup/jobs/jobs-file.ts';
import {ok, type Result} from '../../../core/cause.ts';
import type {CloudJob} from '../../../core/offsite/cloud-job.ts';
import {CLOUD_JOBS, type CloudJobsFile} from '../../../core/offsite/cloud-jobs-file.ts';
import {type OpenedState, openState} from '../../../offsite/open-state.ts';
import {changeJobs, readJobs} from '../../../system/own-jobs.ts';
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
  const jobs = await readJobs(program.files, home.value.config, CLOUD_JOBS);
  return jobs.ok ? ok({home: home.value, jobs: jobs.value}) : jobs;
}

/** @returns the jobs, and the one that a person calls so; `cloud-unknown` when none is called so. Writes nothing. */
export async function openCloud(
  program: Program,
  name: string,
): Promise<Result<{readonly clouds: CloudHome; readonly job: CloudJob}>> {
  const clouds = await openClouds(program);
  if (!clouds.ok) return clouds;
  const job = findJob(clouds.value.jobs.jobs, name, unknownCloud);
  return job.ok ? ok({clouds: clouds.value, job: job.value}) : job;
}

/** Reads the jobs, changes them and writes them back, alone. @param change returns why there are none: then nothing is written. */
export const changeClouds = async (
  home: BackupHome,
  change: (jobs: CloudJobsFile) => Result<CloudJobsFile>,
): Promise<Result<CloudJobsFile>> =>
  await changeJobs(home.own, {folder: home.config, kind: CLOUD_JOBS, change});

/** @param names empty for all. @returns the jobs in the order of the file; `cloud-unknown` for a name that none has. */
export const chooseClouds = (
  {jobs}: CloudJobsFile,
  names: readonly string[],
): Result<readonly CloudJob[]> => chooseJobs(jobs, names, unknownCloud);

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
