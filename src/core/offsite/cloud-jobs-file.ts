/** The file with the cloud jobs, in the folder of the settings. Made by `offload offsite add`, and readable for a person. */
import * as z from 'zod';
import {DEFAULT_ALARM_DAYS} from '../backup/backup-job.ts';
import {isDays, isInterval, isQuietHours} from '../backup/jobs/typed-trigger.ts';
import {isTreePath} from '../backup/tree-path.ts';
import {type Cause, failed, ok, type Result} from '../cause.ts';
import {isBandwidth} from './cloud-bandwidth.ts';
import type {CloudJob} from './cloud-job.ts';
import {parseRemote} from './cloud-remote.ts';

export const CLOUD_JOBS_NAME = 'cloud-jobs.json';
const CLOUD_JOBS_SCHEMA = 'offload-cloud-jobs/1';

const folder = z
  .string()
  .refine((text) => text === '' || isTreePath(text), 'is no folder below a volume');

const job = z.looseObject({
  id: z.uuid(),
  name: z.string().min(1).max(200),
  source: z.looseObject({volume: z.uuid(), folder}),
  remote: z.string().refine((text) => parseRemote(text).ok, 'is no remote without secrets'),
  place: z.string().nullable().default(null),
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
  bwLimit: z.string().refine(isBandwidth, 'is no bandwidth').nullable().default(null),
  download: z.boolean().default(false),
  alarmDays: z
    .number()
    .refine((days) => isDays(days, 1), 'is no number of days')
    .default(DEFAULT_ALARM_DAYS),
  createdAt: z.iso.datetime(),
});

/** What a person calls the volume of a source, and where it was. */
const volumePlace = z.looseObject({name: z.string(), path: z.string()});

/** Members of newer versions stay when the file is written again. */
const form = z.looseObject({
  schema: z.literal(CLOUD_JOBS_SCHEMA),
  jobs: z.array(job),
  /** By id. */
  volumes: z.record(z.string(), volumePlace).default({}),
});

export interface CloudJobsFile {
  readonly schema: typeof CLOUD_JOBS_SCHEMA;
  readonly jobs: readonly CloudJob[];
  readonly volumes: Readonly<Record<string, Readonly<z.infer<typeof volumePlace>>>>;
}

export const NO_CLOUD_JOBS: CloudJobsFile = {schema: CLOUD_JOBS_SCHEMA, jobs: [], volumes: {}};

/**
 * @param path the file's, for the message.
 * @returns the jobs, or `cloud-jobs-damaged`; `cloud-jobs-newer` for a file that a newer version wrote. Neither may be written over.
 */
export function parseCloudJobs(text: string, path: string): Result<CloudJobsFile> {
  let json: unknown;
  try {
    // Some editors of Windows write a mark in front.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return failed(damaged(path, 'it is not JSON'));
  }
  const parsed = form.safeParse(json);
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

export const formatCloudJobs = (jobs: CloudJobsFile): string =>
  `${JSON.stringify(jobs, null, 2)}\n`;

const isNewer = (json: unknown): boolean =>
  typeof json === 'object' &&
  json !== null &&
  'schema' in json &&
  /^offload-cloud-jobs\/(?!1$)\d+$/.test(String(json.schema));

const damaged = (path: string, why: string): Cause => ({
  code: 'cloud-jobs-damaged',
  path,
  message: `the file of the cloud jobs is damaged, so none is run and nothing is written to it: ${why}`,
  next: 'Correct it by hand, or rename it and make the jobs anew with offload offsite add. What lies in the cloud is not touched by that.',
});

const newer = (path: string): Cause => ({
  code: 'cloud-jobs-newer',
  path,
  message:
    'a newer version of offload wrote the file of the cloud jobs, so none is run and nothing is written to it',
  next: 'Use that version.',
});
