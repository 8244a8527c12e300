/** `offload offsite add|edit|remove` of a cloud: writes the file of the cloud jobs, and nothing to the cloud. */
import {join} from 'node:path';
import {matchGlobs} from '../../../backup/glob-matcher.ts';
import {findJobFault, foldJobName} from '../../../core/backup/jobs/job-faults.ts';
import {BACKUP_JOBS} from '../../../core/backup/jobs/jobs-file.ts';
import {type Cause, failed, ok, type Result} from '../../../core/cause.ts';
import type {Emit} from '../../../core/events.ts';
import {asBackupJob} from '../../../core/offsite/cloud-history.ts';
import type {CloudJob} from '../../../core/offsite/cloud-job.ts';
import type {CloudJobsFile} from '../../../core/offsite/cloud-jobs-file.ts';
import {overlapRemotes, parseRemote, type Remote} from '../../../core/offsite/cloud-remote.ts';
import {mayBeHere} from '../../../core/offsite/remote-chain.ts';
import {readJobs} from '../../../system/own-jobs.ts';
import {placeOnVolume, type VolumePlace} from '../../backup/place-on-volume.ts';
import type {RunEnd} from '../../offload.ts';
import type {Program} from '../../program.ts';
import {refuse} from '../../refuse.ts';
import {findWorkingFolder} from '../find-working.ts';
import {
  localRemote,
  noRemote,
  remotesOverlap,
  sizeOnlyRemote,
  takenName,
  unseenRemote,
} from './cloud-causes.ts';
import {asJobsFile, type CloudHome, changeClouds, openCloud, openClouds} from './cloud-desk.ts';
import {NEW_CLOUD, readCloudRules, type TypedCloud} from './cloud-words.ts';
import {describeClouds} from './describe-clouds.ts';
import {findRemoteOverlap} from './find-remote-overlap.ts';
import {forgetCloud} from './forget-cloud.ts';
import {type OpenedRemote, openRemote} from './look-at-rclone.ts';

const DONE: RunEnd = {outcome: 'complete', exitCode: 0};

interface Named {
  readonly name: string;
  readonly typed: TypedCloud;
}

/** Makes a cloud job and tells it. rclone and the remote are looked at first. @returns exit code 2 when it is refused: then nothing was written. */
export async function addCloud(
  program: Program,
  {name, typed}: Named,
  emit: Emit,
): Promise<RunEnd> {
  const opened = await openClouds(program);
  if (!opened.ok) return refuse(emit, opened.cause);
  if (typed.remote === undefined) return refuse(emit, noRemote);
  const remote = parseRemote(typed.remote);
  if (!remote.ok) return refuse(emit, remote.cause);
  const rules = readCloudRules(typed, NEW_CLOUD);
  if (!rules.ok) return refuse(emit, rules.cause);
  const place = await findPlace(program, opened.value.jobs, typed.from);
  if (!place.ok) return refuse(emit, place.cause);
  const job: CloudJob = {
    id: program.newVolumeId(),
    name: name.trim(),
    source: place.value.place,
    remote: remote.value.text,
    ...rules.value,
    createdAt: program.clock.now().toISOString(),
  };
  return await keepCloud(program, opened.value, {
    job,
    remote: remote.value,
    place: place.value,
    emit,
  });
}

/** Changes what was typed of a cloud job. With another remote everything is looked at there anew. */
export async function editCloud(
  program: Program,
  {name, typed}: Named,
  emit: Emit,
): Promise<RunEnd> {
  const opened = await openCloud(program, name);
  if (!opened.ok) return refuse(emit, opened.cause);
  const {clouds, job: before} = opened.value;
  const remote = parseRemote(typed.remote ?? before.remote);
  if (!remote.ok) return refuse(emit, remote.cause);
  const rules = readCloudRules(typed, before);
  if (!rules.ok) return refuse(emit, rules.cause);
  const place = typed.from === undefined ? null : await findPlace(program, clouds.jobs, typed.from);
  if (place?.ok === false) return refuse(emit, place.cause);
  const isMoved = remote.value.text !== before.remote;
  const job: CloudJob = {
    ...before,
    ...rules.value,
    // What was known belongs to the other remote.
    id: isMoved ? program.newVolumeId() : before.id,
    name: typed.rename?.trim() ?? before.name,
    source: place?.value.place ?? before.source,
    remote: remote.value.text,
  };
  const change = {job, remote: remote.value, place: place?.value ?? null, emit, before};
  return await keepCloud(program, clouds, change);
}

/** Removes a cloud job. What lies in the cloud stays. */
export async function removeCloud(program: Program, name: string, emit: Emit): Promise<RunEnd> {
  const opened = await openCloud(program, name);
  if (!opened.ok) return refuse(emit, opened.cause);
  const {clouds, job} = opened.value;
  const removed = await changeClouds(clouds.home, (jobs) =>
    ok({...jobs, jobs: jobs.jobs.filter(({id}) => id !== job.id)}),
  );
  if (!removed.ok) return refuse(emit, removed.cause);
  await forgetCloud(program, job.id, emit);
  emit({type: 'noticed', level: 'info', ...removedCause(job)});
  return DONE;
}

const removedCause = ({name, remote}: CloudJob): Cause => ({
  code: 'cloud-removed',
  message: `${name} is removed; what lies at ${remote} stays there, and counts no more for offload status`,
  next: 'If nobody wants it any more, remove it with rclone or on the pages of the service.',
});

/** Without a typed one it is the one working drive that is connected. */
async function findPlace(
  program: Program,
  jobs: CloudJobsFile,
  typed: string | undefined,
): Promise<Result<VolumePlace>> {
  const path = typed === undefined ? await findWorkingFolder(program) : ok(typed);
  if (!path.ok) return path;
  return await placeOnVolume(program, {path: path.value, what: 'source', jobs: asJobsFile(jobs)});
}

interface Keeping {
  readonly job: CloudJob;
  readonly remote: Remote;
  /** Null when the source stays. */
  readonly place: VolumePlace | null;
  readonly emit: Emit;
  readonly before?: CloudJob;
}

async function keepCloud(
  program: Program,
  {home, jobs}: CloudHome,
  {job, remote, place, emit, before}: Keeping,
): Promise<RunEnd> {
  const backups = await readJobs(program.files, home.config, BACKUP_JOBS);
  if (!backups.ok) return refuse(emit, backups.cause);
  const known = new Set([...Object.keys(jobs.volumes), job.source.volume]);
  const judge = (now: CloudJobsFile): Cause | undefined => {
    const others = now.jobs.filter(({id}) => id !== job.id && id !== before?.id);
    const taken = [...others, ...backups.value.jobs].find(
      (other) => foldJobName(other.name) === foldJobName(job.name),
    );
    if (taken !== undefined) return takenName(taken.name);
    return findJobFault(asBackupJob(job), [], known) ?? findOverlap(remote, others);
  };
  const fault = judge(jobs);
  if (fault !== undefined) return refuse(emit, fault);
  const filters = matchGlobs(job.leaveOut);
  if (!filters.ok) return refuse(emit, filters.cause);
  const looked = await openRemote(program, remote, new AbortController().signal);
  if (!looked.ok) return refuse(emit, looked.cause);
  const inside = await findOverlapAtAdd(program, looked.value, {job, place});
  if (inside !== null) return refuse(emit, inside);
  const volumes =
    place === null ? {} : {[place.volume.id]: {name: place.volume.name, path: place.volume.folder}};
  const changed = await changeClouds(home, (now) => {
    const late = judge(now);
    if (late !== undefined) return failed(late);
    const others = now.jobs.filter(({id}) => id !== before?.id);
    return ok({...now, jobs: [...others, job], volumes: {...now.volumes, ...volumes}});
  });
  if (!changed.ok) return refuse(emit, changed.cause);
  if (before !== undefined && before.id !== job.id) await forgetCloud(program, before.id, emit);
  for (const cause of findWarnings(job, looked.value))
    emit({type: 'noticed', level: 'warning', ...cause});
  const told = await describeClouds(program);
  if (told.ok) for (const one of told.value) if (one.job === job.name) emit(one);
  return DONE;
}

/** A source that is away is looked at by the run. */
const findOverlapAtAdd = async (
  program: Program,
  opened: OpenedRemote,
  {job, place}: Pick<Keeping, 'job' | 'place'>,
): Promise<Cause | null> =>
  place === null
    ? null
    : await findRemoteOverlap(program, opened, join(place.volume.folder, job.source.folder));

function findOverlap(remote: Remote, others: readonly CloudJob[]): Cause | undefined {
  const other = others.find((one) => {
    const parsed = parseRemote(one.remote);
    return parsed.ok && overlapRemotes(remote, parsed.value);
  });
  return other === undefined ? undefined : remotesOverlap(other.name);
}

function findWarnings({download}: CloudJob, opened: OpenedRemote): readonly Cause[] {
  const warnings: Cause[] = [];
  if (opened.ends.some(({type}) => type === 'local')) warnings.push(localRemote);
  else if (mayBeHere(opened)) warnings.push(unseenRemote);
  const {features, isCrypt} = opened;
  if (features.hashes.length === 0 && !isCrypt && !download) warnings.push(sizeOnlyRemote);
  return warnings;
}
