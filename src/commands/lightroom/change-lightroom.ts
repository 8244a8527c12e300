/** `offload lightroom add|remove`: writes the file of the jobs and no drive. */
import {basename, dirname, join} from 'node:path';
import type {VolumeFolder} from '../../core/backup/backup-job.ts';
import {foldJobName, isJobName, overlap} from '../../core/backup/jobs/job-faults.ts';
import {type JobsFile, NO_JOBS} from '../../core/backup/jobs/jobs-file.ts';
import {parseInterval} from '../../core/backup/jobs/typed-trigger.ts';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../../core/cause.ts';
import {relateDrives} from '../../core/drive.ts';
import {parseUserPath} from '../../core/drive-paths.ts';
import type {Emit} from '../../core/events.ts';
import {baseOf, isCatalogName} from '../../core/lightroom/catalog-names.ts';
import {forgetJob} from '../../core/lightroom/history.ts';
import type {LightroomJobsFile} from '../../core/lightroom/jobs-file.ts';
import {
  type CatalogPlace,
  DEFAULT_ALARM_DAYS,
  DEFAULT_HOURS,
  type LightroomJob,
} from '../../core/lightroom/lightroom-job.ts';
import {lookAtLrcat} from '../../system/lightroom/look-at-lrcat.ts';
import {oneDrive} from '../backup/backup-causes.ts';
import {placeOnVolume, type VolumePlace} from '../backup/place-on-volume.ts';
import type {RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {refuse} from '../refuse.ts';
import {lookAtDrives} from './find-targets.ts';
import {lightroomExists, lightroomNameFault, notALrcat} from './lightroom-causes.ts';
import {openLightroomDesk} from './lightroom-desk.ts';
import {tellJob} from './tell-lightroom.ts';

export interface TypedLightroom {
  /** Path of the `.lrcat` file. */
  readonly catalog: string;
  /** Empty: every drive with a role for copies. */
  readonly to: readonly string[];
  readonly name: string | undefined;
  readonly every: string | undefined;
}

/** Makes a job and tells it. @returns exit code 2 when it is refused: then nothing was written. */
export async function addLightroom(
  program: Program,
  typed: TypedLightroom,
  emit: Emit,
): Promise<RunEnd> {
  const opened = await openLightroomDesk(program, emit);
  if (!opened.ok) return refuse(emit, opened.cause);
  const desk = opened.value;
  const made = await makeJob(program, desk.jobs, typed);
  if (!made.ok) return refuse(emit, made.cause);
  const {job, places, isOneDrive} = made.value;
  const volumes = Object.fromEntries(
    places.map(({volume: {id, name, folder}}) => [id, {name, path: folder}]),
  );
  const changed = await desk.changeJobs((jobs) => {
    const fault = findFault(job, jobs.jobs);
    if (fault !== undefined) return failed(fault);
    return ok({...jobs, jobs: [...jobs.jobs, job], volumes: {...jobs.volumes, ...volumes}});
  });
  if (!changed.ok) return refuse(emit, changed.cause);
  for (const name of isOneDrive)
    emit({type: 'noticed', level: 'warning', ...oneDrive('the catalog', name)});
  const drives = await lookAtDrives(program, desk.jobs, emit);
  emit(await tellJob(program, {desk, drives, job}));
  return {outcome: 'complete', exitCode: 0};
}

/** Removes a job. Its snapshots stay, and that is told. */
export async function removeLightroom(program: Program, name: string, emit: Emit): Promise<RunEnd> {
  const opened = await openLightroomDesk(program, emit);
  if (!opened.ok) return refuse(emit, opened.cause);
  const desk = opened.value;
  const found = desk.find(name);
  if (!found.ok) return refuse(emit, found.cause);
  const job = found.value;
  const removed = await desk.changeJobs((jobs) =>
    ok({...jobs, jobs: jobs.jobs.filter(({id}) => id !== job.id)}),
  );
  if (!removed.ok) return refuse(emit, removed.cause);
  await desk.note((history) => forgetJob(history, job.id));
  emit({
    type: 'noticed',
    level: 'info',
    code: 'lightroom-removed',
    message: `no more snapshots of ${job.name} are taken; those that there are stay in _lightroom on its drives`,
    next: 'Nothing removes them by itself any more.',
  });
  return {outcome: 'complete', exitCode: 0};
}

interface MadeJob {
  readonly job: LightroomJob;
  readonly places: readonly VolumePlace[];
  /** Names of targets on the drive of the catalog. */
  readonly isOneDrive: readonly string[];
}

async function makeJob(
  program: Program,
  jobs: LightroomJobsFile,
  {catalog: text, to, name, every}: TypedLightroom,
): Promise<Result<MadeJob>> {
  const everyHours = every === undefined ? ok(DEFAULT_HOURS) : parseInterval(every);
  if (!everyHours.ok) return everyHours;
  const found = await findTypedCatalog(program, jobs, text);
  if (!found.ok) return found;
  const {path, place, on} = found.value;
  const home = await program.describeVolume(dirname(path));
  const targets: VolumePlace[] = [];
  for (const one of to) {
    const target = await placeOnVolume(program, {path: one, what: 'target', jobs: asJobs(jobs)});
    if (!target.ok) return target;
    targets.push(target.value);
  }
  const job: LightroomJob = {
    id: program.newVolumeId(),
    name: (name ?? nameFrom(path)).trim(),
    catalog: place,
    targets: targets.length === 0 ? null : targets.map((one) => one.place),
    everyHours: everyHours.value,
    alarmDays: DEFAULT_ALARM_DAYS,
    createdAt: program.clock.now().toISOString(),
  };
  const fault = findFault(job, jobs.jobs);
  if (fault !== undefined) return failed(fault);
  const isOneDrive = targets
    .filter(({volume}) => relateDrives(home.physical, volume.volume.physical) === 'same')
    .map(({volume}) => volume.name);
  return ok({job, places: on === undefined ? targets : [on, ...targets], isOneDrive});
}

/** A name of a job out of that of a catalog, as far as there are letters in it. */
const nameFrom = (path: string): string =>
  baseOf(basename(path))
    .replace(/[^\p{L}\p{N}\p{M} ._&+-]/gu, ' ')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .slice(0, 60);

function findFault(job: LightroomJob, others: readonly LightroomJob[]): Cause | undefined {
  if (!isJobName(job.name)) return lightroomNameFault(job.name);
  const taken = others.find((other) => foldJobName(other.name) === foldJobName(job.name));
  if (taken !== undefined) return lightroomExists(taken.name);
  return findTwice(job.targets ?? []);
}

function findTwice(targets: readonly VolumeFolder[]): Cause | undefined {
  const twice = targets.find((one, index) =>
    targets.some((other, place) => place > index && overlap(one, other)),
  );
  if (twice === undefined) return undefined;
  return {
    code: 'target-twice',
    message: 'a target is named twice, or one lies in another',
    next: 'Name each target once.',
  };
}

interface TypedCatalog {
  /** Absolute, without links. */
  readonly path: string;
  readonly place: CatalogPlace;
  /** Undefined on a disk without a marker. */
  readonly on: VolumePlace | undefined;
}

async function findTypedCatalog(
  program: Program,
  jobs: LightroomJobsFile,
  text: string,
): Promise<Result<TypedCatalog>> {
  const {files, workingFolder, pathPlatform} = program;
  const parsed = parseUserPath({text, cwd: workingFolder, platform: pathPlatform});
  if (!parsed.ok) return parsed;
  if (!isCatalogName(basename(parsed.value))) return failed(notALrcat(parsed.value));
  const looked = await lookAtLrcat(files, parsed.value);
  if (!looked.ok) return looked.cause.code === 'ENOENT' ? failed(notALrcat(parsed.value)) : looked;
  let path: string;
  try {
    path = await files.resolve(parsed.value);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return failed(causeFrom(error, 'looking at the catalog', parsed.value));
  }
  const about = {path: dirname(path), what: 'source', jobs: asJobs(jobs)} as const;
  const placed = await placeOnVolume(program, about);
  if (placed.ok) {
    const {volume, folder} = placed.value.place;
    const below = folder === '' ? basename(path) : `${folder}/${basename(path)}`;
    return ok({path, place: {volume, path: below}, on: placed.value});
  }
  // Most catalogs lie on the computer's own disk.
  if (placed.cause.code !== 'volume-unmarked') return placed;
  return ok({path: join(path), place: {volume: null, path}, on: undefined});
}

/** Where volumes were is all that is asked of it. */
const asJobs = ({volumes}: LightroomJobsFile): JobsFile => ({...NO_JOBS, volumes});
