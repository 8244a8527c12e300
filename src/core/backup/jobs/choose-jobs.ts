import {type Cause, failed, ok, type Result} from '../../cause.ts';
import {foldJobName} from './job-faults.ts';

/** Why a name is refused that no job has: it gets that name and those that there are. */
export type UnknownJob = (name: string, known: readonly string[]) => Cause;

interface Named {
  readonly name: string;
}

/** @returns the job that a person calls so. */
export function findJob<T extends Named>(
  jobs: readonly T[],
  name: string,
  unknown: UnknownJob,
): Result<T> {
  const found = jobs.find((job) => foldJobName(job.name) === foldJobName(name));
  if (found !== undefined) return ok(found);
  const known = jobs.map((job) => job.name);
  return failed(unknown(name, known));
}

/**
 * Finds jobs by the names that were typed.
 * @param names empty for all.
 * @returns the jobs in their order, each one once.
 */
export function chooseJobs<T extends Named & {readonly id: string}>(
  jobs: readonly T[],
  names: readonly string[],
  unknown: UnknownJob,
): Result<readonly T[]> {
  const wanted = new Set<string>();
  for (const name of names) {
    const found = findJob(jobs, name, unknown);
    if (!found.ok) return found;
    wanted.add(found.value.id);
  }
  return ok(names.length === 0 ? jobs : jobs.filter(({id}) => wanted.has(id)));
}
