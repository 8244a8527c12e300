/** The file with the Lightroom jobs, in the folder of the settings, beside the backup jobs. Made by `offload lightroom add`, and readable for a person. */
import * as z from 'zod';
import {isDays, isInterval} from '../backup/jobs/typed-trigger.ts';
import {type Cause, failed, ok, type Result} from '../cause.ts';
import {DEFAULT_ALARM_DAYS, DEFAULT_HOURS, type LightroomJob} from './lightroom-job.ts';

export const LIGHTROOM_JOBS_NAME = 'lightroom-jobs.json';
const JOBS_SCHEMA = 'offload-lightroom-jobs/1';

/** Below a volume: never absolute, no empty part, no `.` and `..`. Empty for the whole volume. */
const folder = z
  .string()
  .regex(
    /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))(?!\/)(?!.*\/\/)(?!.*\/$)[^\0]*$/su,
    'is no folder below a volume',
  );

const job = z.looseObject({
  id: z.uuid(),
  name: z.string().min(1).max(200),
  catalog: z.union([
    z.looseObject({volume: z.uuid(), path: folder.min(1)}),
    z.looseObject({volume: z.null(), path: z.string().min(1)}),
  ]),
  targets: z
    .array(z.looseObject({volume: z.uuid(), folder}))
    .min(1)
    .nullable()
    .default(null),
  everyHours: z.number().refine(isInterval, 'is no time between runs').default(DEFAULT_HOURS),
  alarmDays: z
    .number()
    .refine((days) => isDays(days, 1), 'is no number of days')
    .default(DEFAULT_ALARM_DAYS),
  createdAt: z.iso.datetime(),
});

/** Members of newer versions stay when the file is written again. */
const jobsForm = z.looseObject({
  schema: z.literal(JOBS_SCHEMA),
  jobs: z.array(job),
  /** By id: what a person calls a volume, and where it was. */
  volumes: z.record(z.string(), z.looseObject({name: z.string(), path: z.string()})).default({}),
});

export interface LightroomJobsFile {
  readonly schema: typeof JOBS_SCHEMA;
  readonly jobs: readonly LightroomJob[];
  readonly volumes: Readonly<Record<string, {readonly name: string; readonly path: string}>>;
}

export const NO_LIGHTROOM_JOBS: LightroomJobsFile = {schema: JOBS_SCHEMA, jobs: [], volumes: {}};

/**
 * @param path the file's, for the message.
 * @returns the jobs, or `lightroom-jobs-damaged`; `lightroom-jobs-newer` for a file that a newer version wrote. Neither may be written over.
 */
export function parseLightroomJobs(text: string, path: string): Result<LightroomJobsFile> {
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

export const formatLightroomJobs = (jobs: LightroomJobsFile): string =>
  `${JSON.stringify(jobs, null, 2)}\n`;

const isNewer = (json: unknown): boolean =>
  typeof json === 'object' &&
  json !== null &&
  'schema' in json &&
  /^offload-lightroom-jobs\/(?!1$)\d+$/.test(String(json.schema));

const damaged = (path: string, why: string): Cause => ({
  code: 'lightroom-jobs-damaged',
  path,
  message: `the file of the Lightroom jobs is damaged, so no job is run and nothing is written to it: ${why}`,
  next: 'Correct it by hand, or rename it and make the jobs anew with offload lightroom add. The snapshots on the drives are not touched by that.',
});

const newer = (path: string): Cause => ({
  code: 'lightroom-jobs-newer',
  path,
  message:
    'a newer version of offload wrote the file of the Lightroom jobs, so no job is run and nothing is written to it',
  next: 'Use that version.',
});
