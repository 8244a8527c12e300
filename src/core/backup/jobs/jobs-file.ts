/** The file with the backup jobs, in the folder of the settings. Made by `offload backup add`, and readable for a person. */
import * as z from 'zod';
import {type Cause, failed, ok, type Result} from '../../cause.ts';
import {type BackupJob, DEFAULT_ALARM_DAYS, DEFAULT_GRACE_DAYS} from '../backup-job.ts';
import {isDays, isInterval, isQuietHours} from './typed-trigger.ts';

export const JOBS_NAME = 'backup-jobs.json';
const JOBS_SCHEMA = 'offload-jobs/1';

/** Below a volume: never absolute, no empty part, no `.` and `..`, no backslash on Windows' behalf. Empty for the whole volume. */
const folder = z
  .string()
  .regex(
    /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))(?!\/)(?!.*\/\/)(?!.*\/$)[^\0]*$/su,
    'is no folder below a volume',
  );

const volumeFolder = z.looseObject({volume: z.uuid(), folder});

const job = z.looseObject({
  id: z.uuid(),
  name: z.string().min(1).max(200),
  source: volumeFolder,
  targets: z
    .array(
      z.looseObject({
        volume: z.uuid(),
        folder,
        graceDays: z
          .number()
          .refine((days) => isDays(days, 0), 'is no number of days')
          .default(DEFAULT_GRACE_DAYS),
      }),
    )
    .min(1),
  leaveOut: z.array(z.string()).default([]),
  trigger: z.looseObject({
    arrival: z.boolean().default(false),
    everyHours: z.number().refine(isInterval, 'is no time between runs').nullable().default(null),
    quiet: z
      .looseObject({from: z.string(), to: z.string()})
      .refine(isQuietHours, 'are no quiet hours')
      .nullable()
      .default(null),
  }),
  alarmDays: z
    .number()
    .refine((days) => isDays(days, 1), 'is no number of days')
    .default(DEFAULT_ALARM_DAYS),
  offsite: z
    .looseObject({
      swapAfterDays: z.number().refine((days) => isDays(days, 1), 'is no number of days'),
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

/** What a person calls a volume, and where it was: to name one that is away, and to find a marker that does not lie at the root of a volume. */
const volumePlace = z.looseObject({name: z.string(), path: z.string()});
export type VolumePlace = Readonly<z.infer<typeof volumePlace>>;

/** Members of newer versions stay when the file is written again. */
const jobsForm = z.looseObject({
  schema: z.literal(JOBS_SCHEMA),
  jobs: z.array(job),
  /** By id. */
  volumes: z.record(z.string(), volumePlace).default({}),
});

export interface JobsFile {
  readonly schema: typeof JOBS_SCHEMA;
  readonly jobs: readonly BackupJob[];
  readonly volumes: Readonly<Record<string, VolumePlace>>;
}

export const NO_JOBS: JobsFile = {schema: JOBS_SCHEMA, jobs: [], volumes: {}};

/**
 * @param path the file's, for the message.
 * @returns the jobs, or `jobs-damaged`; `jobs-newer` for a file that a newer version wrote. Neither may be written over.
 */
export function parseJobs(text: string, path: string): Result<JobsFile> {
  let json: unknown;
  try {
    // Some editors of Windows write a mark in front.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return failed(damaged(path, 'it is not JSON'));
  }
  const parsed = jobsForm.safeParse(json);
  if (!parsed.success) {
    if (isNewer(json)) return failed(newer(path));
    const [issue] = parsed.error.issues;
    const where = issue === undefined ? '' : issue.path.map(String).join('.');
    return failed(damaged(path, `${where === '' ? 'the file' : where}: ${issue?.message ?? ''}`));
  }
  const ids = parsed.data.jobs.map(({id}) => id);
  if (new Set(ids).size < ids.length) return failed(damaged(path, 'two jobs have one id'));
  return ok(parsed.data);
}

export const formatJobs = (jobs: JobsFile): string => `${JSON.stringify(jobs, null, 2)}\n`;

const isNewer = (json: unknown): boolean =>
  typeof json === 'object' &&
  json !== null &&
  'schema' in json &&
  /^offload-jobs\/(?!1$)\d+$/.test(String(json.schema));

const damaged = (path: string, why: string): Cause => ({
  code: 'jobs-damaged',
  path,
  message: `the file of the backup jobs is damaged, so no job is run and nothing is written to it: ${why}`,
  next: 'Correct it by hand, or rename it and make the jobs anew with offload backup add. What lies on the drives is not touched by that.',
});

const newer = (path: string): Cause => ({
  code: 'jobs-newer',
  path,
  message:
    'a newer version of offload wrote the file of the backup jobs, so no job is run and nothing is written to it',
  next: 'Use that version.',
});
