/** The files with jobs on this computer, one for each kind. Several processes may read and write them at the same time. */
import {join} from 'node:path';
import {
  formatJobsFile,
  type Jobs,
  type JobsKind,
  parseJobsFile,
} from '../core/backup/jobs/parse-jobs-file.ts';
import {ok, type Result} from '../core/cause.ts';
import {alone, type OwnFiles, readOwnText, replaceText} from './backup-files.ts';
import type {Files} from './files.ts';

/** @param folder the config folder, absolute. @returns the jobs, none where there is no file; or why the file cannot be used. Writes nothing. */
export async function readJobs<T extends Jobs>(
  files: Files,
  folder: string,
  kind: JobsKind<T>,
): Promise<Result<T>> {
  const path = join(folder, kind.fileName);
  const text = await readOwnText(files, path, `reading ${kind.what}`);
  if (!text.ok) return text;
  return text.value === null ? ok(kind.none) : parseJobsFile(kind, text.value, path);
}

interface JobsChange<T> {
  /** The config folder, absolute. */
  readonly folder: string;
  readonly kind: JobsKind<T>;
  /** Returns the new jobs, or why there are none: then nothing is written. */
  readonly change: (jobs: T) => Result<T>;
}

/** Reads the jobs, changes them and writes them back, alone. @returns the jobs as they are now. */
export async function changeJobs<T extends Jobs>(
  own: OwnFiles,
  {folder, kind, change}: JobsChange<T>,
): Promise<Result<T>> {
  const path = join(folder, kind.fileName);
  return await alone(own, path, `writing ${kind.what}`, async () => {
    const before = await readJobs(own.files, folder, kind);
    if (!before.ok) return before;
    const after = change(before.value);
    if (!after.ok) return after;
    // What could not be read again must not be written.
    const text = formatJobsFile(after.value);
    const checked = parseJobsFile(kind, text, path);
    if (!checked.ok) throw new Error(`jobs that cannot be read again: ${checked.cause.message}`);
    await replaceText(own, path, text);
    return after;
  });
}
