/** Why a job is refused. Looked at when it is made or changed, and again before each run: the file can be edited by hand, and a drive can be mounted somewhere else. */
import type {Cause} from '../../cause.ts';
import {foldName, PORTABLE_RULES} from '../../safe-names.ts';
import {joinWithAnd} from '../../words.ts';
import type {BackupJob, VolumeFolder} from '../backup-job.ts';
import {judgeGlobs} from '../leave-out-globs.ts';
import {ARCHIVE_FOLDER, MIRROR_FOLDER} from '../mirror-tree.ts';

/** Letters, digits and a few signs: it is typed, printed, and never a path. */
const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M} ._&+-]{0,58}[\p{L}\p{N}\p{M}._&+-])?$/u;

export const isJobName = (name: string): boolean => NAME.test(name);

/** Two names that a person cannot tell apart are one. */
export const foldJobName = (name: string): string => name.normalize('NFKC').toLowerCase();

/**
 * @param others every other job that there is.
 * @param known ids of the volumes that somebody told of.
 * @returns the first reason why the job cannot be; undefined when there is none.
 */
export function findJobFault(
  job: BackupJob,
  others: readonly BackupJob[],
  known: ReadonlySet<string>,
): Cause | undefined {
  return (
    findNameFault(job, others) ??
    findUnknownVolume(job, known) ??
    findOwnFolder(job) ??
    findOwnOverlap(job) ??
    findSetFault(job) ??
    findTargetOverlap(job, others) ??
    findCycle(job, others) ??
    findFilterFault(job)
  );
}

function findNameFault({name, id}: BackupJob, others: readonly BackupJob[]): Cause | undefined {
  if (!isJobName(name))
    return {
      code: 'job-name',
      message: `${JSON.stringify(name)} cannot be the name of a job`,
      next: 'Use up to 60 letters, digits, blanks and . _ & + -, beginning with a letter or digit.',
    };
  const taken = others.find(
    (other) => other.id !== id && foldJobName(other.name) === foldJobName(name),
  );
  if (taken === undefined) return undefined;
  return {
    code: 'job-exists',
    message: `there is a job ${taken.name} already`,
    next: `Give another name, or change it with offload backup edit ${quoteName(taken.name)}.`,
  };
}

/** As it is typed. */
export const quoteName = (name: string): string => (/^[\w.+-]+$/.test(name) ? name : `"${name}"`);

function findUnknownVolume(
  {source, targets}: BackupJob,
  known: ReadonlySet<string>,
): Cause | undefined {
  const [unknown] = [source, ...targets].filter(({volume}) => !known.has(volume));
  if (unknown === undefined) return undefined;
  const what = unknown === source ? 'source' : 'target';
  return {
    code: `${what}-unknown`,
    message: `the volume ${unknown.volume} of the ${what} is not known`,
    next: `Connect it, or name another one. offload volumes lists those that are known.`,
  };
}

/** What this program keeps on a target is nobody's pictures. */
function findOwnFolder({source, targets}: BackupJob): Cause | undefined {
  const own = new Set([ARCHIVE_FOLDER, MIRROR_FOLDER, '_offload'].map(foldPart));
  const found = [source, ...targets].find(({folder}) =>
    folder.split('/').some((part) => own.has(foldPart(part))),
  );
  if (found === undefined) return undefined;
  return {
    code: 'own-folder',
    message: `${JSON.stringify(found.folder)} belongs to offload itself`,
    next: 'Name the folder above it.',
  };
}

function findOwnOverlap({source, targets}: BackupJob): Cause | undefined {
  const inside = targets.find((target) => overlap(source, target));
  if (inside !== undefined)
    return {
      code: 'source-target-overlap',
      message: 'a target lies in the source, the source in a target, or both are one folder',
      next: 'Name a target on another drive.',
    };
  const twice = targets.find((one, index) =>
    targets.some((other, place) => place > index && overlap(one, other)),
  );
  if (twice === undefined) return undefined;
  return {
    code: 'target-twice',
    message: `the target ${JSON.stringify(twice.folder)} is named twice, or one target lies in another`,
    next: 'Name each target once.',
  };
}

/** Drives that take turns are drives of their own, and none of them is the source: that one stays. */
function findSetFault({offsite, source, targets}: BackupJob): Cause | undefined {
  if (offsite === null) return undefined;
  if (targets.some(({volume}) => volume === source.volume))
    return {
      code: 'source-target-overlap',
      message: 'a drive of the set is the drive of the source, and cannot be kept elsewhere',
      next: 'Name drives of their own with --to.',
    };
  if (new Set(targets.map(({volume}) => volume)).size === targets.length) return undefined;
  return {
    code: 'target-twice',
    message: 'two folders on one drive are no two drives that take turns',
    next: 'Name one folder on each drive.',
  };
}

function findTargetOverlap(job: BackupJob, others: readonly BackupJob[]): Cause | undefined {
  const other = others.find(
    ({id, targets}) =>
      id !== job.id && job.targets.some((one) => targets.some((two) => overlap(one, two))),
  );
  if (other === undefined) return undefined;
  return {
    code: 'targets-overlap',
    message: `the job ${other.name} writes there already: each would take the other's files for deleted`,
    next: 'Give each job a target folder of its own.',
  };
}

/** A job leads on to another one that reads what it writes. A chain may be; a ring would write for ever, and what was deleted would come back. */
function findCycle(job: BackupJob, others: readonly BackupJob[]): Cause | undefined {
  const jobs = [job, ...others.filter(({id}) => id !== job.id)];
  const next = (from: BackupJob) =>
    jobs.filter(({source}) => from.targets.some((target) => overlap(target, source)));
  const trail = new Map<BackupJob, BackupJob | null>();
  const waiting = next(job).map((to) => [job, to] as const);
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const [from, to] = step;
    if (to === job) return ring(job, from, trail);
    if (trail.has(to)) continue;
    trail.set(to, from);
    waiting.push(...next(to).map((further) => [to, further] as const));
  }
  return undefined;
}

function ring(
  job: BackupJob,
  last: BackupJob,
  trail: ReadonlyMap<BackupJob, BackupJob | null>,
): Cause {
  const names = [job.name];
  for (let at: BackupJob | null = last; at !== null && at !== job; at = trail.get(at) ?? null)
    names.splice(1, 0, at.name);
  return {
    code: 'jobs-cycle',
    message: `the jobs ${joinWithAnd(names)} go round in a ring: what one writes is read again by the next, back to the first`,
    next: 'Let each drive be kept in step in one direction only.',
  };
}

function findFilterFault({leaveOut}: BackupJob): Cause | undefined {
  return judgeGlobs(leaveOut) ?? undefined;
}

/** One folder in the other, or both the same. Names are compared as the strictest file system would: rather one folder too many than one too few. */
export function overlap(one: VolumeFolder, other: VolumeFolder): boolean {
  if (one.volume !== other.volume) return false;
  const [above, below] = [partsOf(one.folder), partsOf(other.folder)];
  const common = Math.min(above.length, below.length);
  return above.slice(0, common).every((part, index) => part === below[index]);
}

const partsOf = (folder: string): readonly string[] =>
  folder === '' ? [] : folder.split('/').map(foldPart);

const foldPart = (name: string): string => foldName(name, PORTABLE_RULES);
