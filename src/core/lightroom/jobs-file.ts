/** The file with the Lightroom jobs, in the folder of the settings, beside the backup jobs. Made by `offload lightroom add`, and readable for a person. */
import * as z from 'zod';
import {
  daysForm,
  folderForm,
  intervalForm,
  type VolumePlace,
  volumesForm,
} from '../backup/jobs/job-forms.ts';
import type {JobsKind} from '../backup/jobs/parse-jobs-file.ts';
import {DEFAULT_ALARM_DAYS, DEFAULT_HOURS, type LightroomJob} from './lightroom-job.ts';

const JOBS_SCHEMA = 'offload-lightroom-jobs/1';

const job = z.looseObject({
  id: z.uuid(),
  name: z.string().min(1).max(200),
  catalog: z.union([
    z.looseObject({volume: z.uuid(), path: folderForm.min(1)}),
    z.looseObject({volume: z.null(), path: z.string().min(1)}),
  ]),
  targets: z
    .array(z.looseObject({volume: z.uuid(), folder: folderForm}))
    .min(1)
    .nullable()
    .default(null),
  everyHours: intervalForm.default(DEFAULT_HOURS),
  alarmDays: daysForm(1).default(DEFAULT_ALARM_DAYS),
  createdAt: z.iso.datetime(),
});

/** Members of newer versions stay when the file is written again. */
const jobsForm = z.looseObject({
  schema: z.literal(JOBS_SCHEMA),
  jobs: z.array(job),
  volumes: volumesForm,
});

export interface LightroomJobsFile {
  readonly schema: typeof JOBS_SCHEMA;
  readonly jobs: readonly LightroomJob[];
  readonly volumes: Readonly<Record<string, VolumePlace>>;
}

export const NO_LIGHTROOM_JOBS: LightroomJobsFile = {schema: JOBS_SCHEMA, jobs: [], volumes: {}};

/** Damaged or newer ones may not be written over. */
export const LIGHTROOM_JOBS: JobsKind<LightroomJobsFile> = {
  fileName: 'lightroom-jobs.json',
  what: 'the Lightroom jobs',
  schema: JOBS_SCHEMA,
  form: jobsForm,
  none: NO_LIGHTROOM_JOBS,
  damaged: (path, why) => ({
    code: 'lightroom-jobs-damaged',
    path,
    message: `the file of the Lightroom jobs is damaged, so no job is run and nothing is written to it: ${why}`,
    next: 'Correct it by hand, or rename it and make the jobs anew with offload lightroom add. The snapshots on the drives are not touched by that.',
  }),
  newer: (path) => ({
    code: 'lightroom-jobs-newer',
    path,
    message:
      'a newer version of offload wrote the file of the Lightroom jobs, so no job is run and nothing is written to it',
    next: 'Use that version.',
  }),
};
