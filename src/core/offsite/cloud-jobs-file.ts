/** The file with the cloud jobs, in the folder of the settings. Made by `offload offsite add`, and readable for a person. */
import * as z from 'zod';
import {DEFAULT_ALARM_DAYS} from '../backup/backup-job.ts';
import {
  daysForm,
  folderForm,
  triggerForm,
  type VolumePlace,
  volumesForm,
} from '../backup/jobs/job-forms.ts';
import type {JobsKind} from '../backup/jobs/parse-jobs-file.ts';
import {isBandwidth} from './cloud-bandwidth.ts';
import type {CloudJob} from './cloud-job.ts';
import {parseRemote} from './cloud-remote.ts';

const CLOUD_JOBS_SCHEMA = 'offload-cloud-jobs/1';

const job = z.looseObject({
  id: z.uuid(),
  name: z.string().min(1).max(200),
  source: z.looseObject({volume: z.uuid(), folder: folderForm}),
  remote: z.string().refine((text) => parseRemote(text).ok, 'is no remote without secrets'),
  place: z.string().nullable().default(null),
  leaveOut: z.array(z.string()).default([]),
  trigger: triggerForm,
  bwLimit: z.string().refine(isBandwidth, 'is no bandwidth').nullable().default(null),
  download: z.boolean().default(false),
  alarmDays: daysForm(1).default(DEFAULT_ALARM_DAYS),
  createdAt: z.iso.datetime(),
});

/** Members of newer versions stay when the file is written again. */
const form = z.looseObject({
  schema: z.literal(CLOUD_JOBS_SCHEMA),
  jobs: z.array(job),
  volumes: volumesForm,
});

export interface CloudJobsFile {
  readonly schema: typeof CLOUD_JOBS_SCHEMA;
  readonly jobs: readonly CloudJob[];
  readonly volumes: Readonly<Record<string, VolumePlace>>;
}

export const NO_CLOUD_JOBS: CloudJobsFile = {schema: CLOUD_JOBS_SCHEMA, jobs: [], volumes: {}};

/** Damaged or newer ones may not be written over. */
export const CLOUD_JOBS: JobsKind<CloudJobsFile> = {
  fileName: 'cloud-jobs.json',
  what: 'the cloud jobs',
  schema: CLOUD_JOBS_SCHEMA,
  form,
  none: NO_CLOUD_JOBS,
  damaged: (path, why) => ({
    code: 'cloud-jobs-damaged',
    path,
    message: `the file of the cloud jobs is damaged, so none is run and nothing is written to it: ${why}`,
    next: 'Correct it by hand, or rename it and make the jobs anew with offload offsite add. What lies in the cloud is not touched by that.',
  }),
  newer: (path) => ({
    code: 'cloud-jobs-newer',
    path,
    message:
      'a newer version of offload wrote the file of the cloud jobs, so none is run and nothing is written to it',
    next: 'Use that version.',
  }),
};
