/** Reads a file with jobs: of backups, of clouds or of Lightroom catalogs. Each kind has one in the folder of the settings, made by this program and readable for a person. */
import type * as z from 'zod';
import {type Cause, failed, ok, type Result} from '../../cause.ts';

/** A kind of jobs, and how its file is told from others. */
export interface JobsKind<T> {
  /** In the folder of the settings. */
  readonly fileName: string;
  /** As a message names them: `the backup jobs`. */
  readonly what: string;
  /** The name of the format, a slash and the version: `offload-jobs/1`. */
  readonly schema: string;
  readonly form: z.ZodType<T>;
  /** Where there is no file. */
  readonly none: T;
  /** @param path the file's. @param why in words, the end of the message. */
  readonly damaged: (path: string, why: string) => Cause;
  /** A newer version wrote it. */
  readonly newer: (path: string) => Cause;
}

/** What every file with jobs has. */
export interface Jobs {
  readonly jobs: readonly {readonly id: string}[];
}

/**
 * @param path the file's, for the message.
 * @returns the jobs; the kind's `damaged`, or its `newer` for a file that a newer version wrote. Neither may be written over.
 */
export function parseJobsFile<T extends Jobs>(
  {schema, form, damaged, newer}: JobsKind<T>,
  text: string,
  path: string,
): Result<T> {
  let json: unknown;
  try {
    // Some editors of Windows write a mark in front.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return failed(damaged(path, 'it is not JSON'));
  }
  const parsed = form.safeParse(json);
  if (!parsed.success) {
    if (isNewer(json, schema)) return failed(newer(path));
    const [issue] = parsed.error.issues;
    const where = issue === undefined ? '' : issue.path.map(String).join('.');
    return failed(damaged(path, `${where === '' ? 'the file' : where}: ${issue?.message ?? ''}`));
  }
  const ids = parsed.data.jobs.map(({id}) => id);
  if (new Set(ids).size < ids.length) return failed(damaged(path, 'two jobs have one id'));
  return ok(parsed.data);
}

export const formatJobsFile = (jobs: Jobs): string => `${JSON.stringify(jobs, null, 2)}\n`;

/** The same format in a version that is not this one. */
function isNewer(json: unknown, schema: string): boolean {
  if (typeof json !== 'object' || json === null || !('schema' in json)) return false;
  const written = String(json.schema);
  const format = schema.slice(0, schema.indexOf('/') + 1);
  const isVersion = /^\d+$/.test(written.slice(format.length));
  return written.startsWith(format) && isVersion && written !== schema;
}
