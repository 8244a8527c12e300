/** The file with the backup jobs, in the folder of the settings. Made by `offload backup add`, and readable for a person. */
import * as z from 'zod';
import {type BackupJob, DEFAULT_ALARM_DAYS, DEFAULT_GRACE_DAYS} from '../backup-job.ts';
import {daysForm, folderForm, triggerForm, type VolumePlace, volumesForm} from './job-forms.ts';
import type {JobsKind} from './parse-jobs-file.ts';

const JOBS_SCHEMA = 'offload-jobs/1';

const volumeFolder = z.looseObject({volume: z.uuid(), folder: folderForm});

const job = z.looseObject({
  id: z.uuid(),
  name: z.string().min(1).max(200),
  source: volumeFolder,
  targets: z
    .array(
      z.looseObject({
        volume: z.uuid(),
        folder: folderForm,
        graceDays: daysForm(0).default(DEFAULT_GRACE_DAYS),
      }),
    )
    .min(1),
  leaveOut: z.array(z.string()).default([]),
  trigger: triggerForm,
  alarmDays: daysForm(1).default(DEFAULT_ALARM_DAYS),
  offsite: z
    .looseObject({
      swapAfterDays: daysForm(1),
      place: z.string().nullable().default(null),
    })
    .nullable()
    .default(null),
  selection: z
    .looseObject({
      rule: z.string().min(1),
      catalog: z
        .looseObject({volume: z.uuid().nullable().default(null), path: z.string().min(1)})
        .nullable()
        .default(null),
    })
    .nullable()
    .default(null),
  createdAt: z.iso.datetime(),
});

/** Members of newer versions stay when the file is written again. */
const jobsForm = z.looseObject({
  schema: z.literal(JOBS_SCHEMA),
  jobs: z.array(job),
  volumes: volumesForm,
});

export interface JobsFile {
  readonly schema: typeof JOBS_SCHEMA;
  readonly jobs: readonly BackupJob[];
  readonly volumes: Readonly<Record<string, VolumePlace>>;
}

export const NO_JOBS: JobsFile = {schema: JOBS_SCHEMA, jobs: [], volumes: {}};

/** Damaged or newer ones may not be written over. */
export const BACKUP_JOBS: JobsKind<JobsFile> = {
  fileName: 'backup-jobs.json',
  what: 'the backup jobs',
  schema: JOBS_SCHEMA,
  form: jobsForm,
  none: NO_JOBS,
  damaged: (path, why) => ({
    code: 'jobs-damaged',
    path,
    message: `the file of the backup jobs is damaged, so no job is run and nothing is written to it: ${why}`,
    next: 'Correct it by hand, or rename it and make the jobs anew with offload backup add. What lies on the drives is not touched by that.',
  }),
  newer: (path) => ({
    code: 'jobs-newer',
    path,
    message:
      'a newer version of offload wrote the file of the backup jobs, so no job is run and nothing is written to it',
    next: 'Use that version.',
  }),
};
