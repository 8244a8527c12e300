/** `offload backup add|edit|remove`: writes the file of the jobs and no drive. */
import {matchGlobs} from '../../backup/glob-matcher.ts';
import {
  type BackupJob,
  type BackupTarget,
  DEFAULT_ALARM_DAYS,
  DEFAULT_GRACE_DAYS,
} from '../../core/backup/backup-job.ts';
import {forgetOthers} from '../../core/backup/jobs/backup-history.ts';
import {findJobFault} from '../../core/backup/jobs/job-faults.ts';
import type {JobsFile} from '../../core/backup/jobs/jobs-file.ts';
import {type Cause, failed, ok, type Result} from '../../core/cause.ts';
import {relateDrives} from '../../core/drive.ts';
import type {Emit} from '../../core/events.ts';
import {joinWithAnd} from '../../core/words.ts';
import type {RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {refuse} from '../refuse.ts';
import {foreignTarget, neverStarts, oneDrive, overlapCause} from './backup-causes.ts';
import {type BackupDesk, openDesk} from './backup-desk.ts';
import {changeTargets} from './change-targets.ts';
import type {JobRules, TypedJob} from './job-words.ts';
import {absoluteOf, isNested, type Look, nameVolume} from './look-at-jobs.ts';
import type {VolumePlace} from './place-on-volume.ts';
import {readJob} from './read-job.ts';
import {forgetFacts} from './selection/select-pictures.ts';
import {tellJob} from './tell-jobs.ts';

const DONE: RunEnd = {outcome: 'complete', exitCode: 0};

const NEW_JOB: JobRules = {
  trigger: {arrival: false, everyHours: null, quiet: null},
  leaveOut: [],
  graceDays: null,
  alarmDays: DEFAULT_ALARM_DAYS,
};

interface AddedJob {
  readonly name: string;
  readonly typed: TypedJob;
  /** Of a set of off-site drives. */
  readonly offsite?: BackupJob['offsite'];
}

interface EditedJob {
  readonly name: string;
  readonly typed: TypedJob;
  /** Of a set of off-site drives: what it is from now on; left out, it stays as it is. */
  readonly offsite?: BackupJob['offsite'];
  /** The typed targets come besides those that there are. */
  readonly addsTargets?: boolean;
  /** Ids of volumes that are no targets any more. */
  readonly drops?: readonly string[];
}

/** Makes a job and tells it. @returns exit code 2 when it is refused: then nothing was written. */
export async function addJob(
  program: Program,
  {name, typed, offsite = null}: AddedJob,
  emit: Emit,
): Promise<RunEnd> {
  const desk = await openDesk(program, emit);
  if (!desk.ok) return refuse(emit, desk.cause);
  const {jobs} = desk.value;
  const read = await readJob(program, {typed, rules: NEW_JOB, selection: null, jobs});
  if (!read.ok) return refuse(emit, read.cause);
  const {rules, selection, source, targets, named} = read.value;
  if (source === undefined || targets.length === 0) return refuse(emit, MISSING);
  const {trigger, leaveOut, graceDays, alarmDays} = rules;
  const job: BackupJob = {
    id: program.newVolumeId(),
    name: name.trim(),
    source: source.place,
    targets: targets.map(({place}) => ({...place, graceDays: graceDays ?? DEFAULT_GRACE_DAYS})),
    leaveOut,
    trigger,
    alarmDays,
    offsite,
    selection,
    createdAt: program.clock.now().toISOString(),
  };
  return await keepJob(program, desk.value, {job, places: named, emit});
}

/** Changes what was typed of a job. Its id stays, so the state on its targets is still its own. */
export async function editJob(
  program: Program,
  {name, typed, offsite, addsTargets = false, drops = []}: EditedJob,
  emit: Emit,
): Promise<RunEnd> {
  const opened = await openJob(program, name, emit);
  if (!opened.ok) return refuse(emit, opened.cause);
  const {desk, job: before} = opened.value;
  const kept = {rules: {...before, graceDays: null}, selection: before.selection};
  const read = await readJob(program, {typed, ...kept, jobs: desk.jobs});
  if (!read.ok) return refuse(emit, read.cause);
  const {rules, selection, source, targets, named} = read.value;
  const {graceDays, ...others} = rules;
  const job: BackupJob = {
    ...before,
    ...others,
    name: typed.rename?.trim() ?? before.name,
    source: source?.place ?? before.source,
    targets: changeTargets(before.targets, {named: targets, graceDays, addsTargets, drops}),
    offsite: offsite ?? before.offsite,
    selection,
  };
  return await keepJob(program, desk, {job, places: named, emit});
}

/** Removes a job. What lies on its targets stays, and is told. */
export async function removeJob(program: Program, name: string, emit: Emit): Promise<RunEnd> {
  const opened = await openJob(program, name, emit);
  if (!opened.ok) return refuse(emit, opened.cause);
  const {desk, job} = opened.value;
  const look = await desk.look();
  const removed = await desk.changeJobs((jobs) =>
    ok({...jobs, jobs: jobs.jobs.filter(({id}) => id !== job.id)}),
  );
  if (!removed.ok) return refuse(emit, removed.cause);
  await desk.note((history) => forgetOthers(history, removed.value.jobs));
  await forgetFacts(program, job);
  emit({type: 'noticed', level: 'info', ...removedCause(job, removed.value, look)});
  return DONE;
}

async function openJob(
  program: Program,
  name: string,
  emit: Emit,
): Promise<Result<{readonly desk: BackupDesk; readonly job: BackupJob}>> {
  const desk = await openDesk(program, emit);
  if (!desk.ok) return desk;
  const job = desk.value.find(name);
  return job.ok ? ok({desk: desk.value, job: job.value}) : job;
}

/** Looks at the job once more beside the others, alone with the file, and writes it. */
async function keepJob(
  program: Program,
  desk: BackupDesk,
  {
    job,
    places,
    emit,
  }: {readonly job: BackupJob; readonly places: readonly VolumePlace[]; readonly emit: Emit},
): Promise<RunEnd> {
  const seen = places.map(({volume: {id, name, folder}}) => [id, {name, path: folder}] as const);
  const judge = (jobs: JobsFile) => {
    const others = jobs.jobs.filter(({id}) => id !== job.id);
    const volumes = {...jobs.volumes, ...Object.fromEntries(seen)};
    const fault = findJobFault(job, others, new Set(Object.keys(volumes)));
    return {others, volumes, fault};
  };
  const {fault} = judge(desk.jobs);
  if (fault !== undefined) return refuse(emit, fault);
  const filters = matchGlobs(job.leaveOut);
  if (!filters.ok) return refuse(emit, filters.cause);
  const nested = await findNested(program, desk, job);
  if (nested !== undefined) return refuse(emit, nested);
  const kept = await desk.changeJobs((jobs) => {
    // Another process may have made a job meanwhile.
    const {others, volumes, fault: late} = judge(jobs);
    if (late !== undefined) return failed(late);
    const isNew = others.length === jobs.jobs.length;
    const all = isNew ? [...others, job] : jobs.jobs.map((one) => (one.id === job.id ? job : one));
    return ok({...jobs, jobs: all, volumes});
  });
  if (!kept.ok) return refuse(emit, kept.cause);
  const look = await desk.look();
  emit(tellJob(job, desk.knowledge(look)));
  for (const cause of listDoubts(job, desk, look))
    emit({type: 'noticed', level: 'warning', ...cause});
  if (!job.trigger.arrival && job.trigger.everyHours === null)
    emit({type: 'noticed', level: 'info', ...neverStarts(job.name)});
  return DONE;
}

/** Names do not show everything: mounts and markers on the computer's own disk can put one volume's folder into another's. */
async function findNested(
  program: Program,
  desk: BackupDesk,
  job: BackupJob,
): Promise<Cause | undefined> {
  const look = await desk.look();
  const find = (place: BackupTarget | BackupJob['source']) => {
    const volume = look.connected.find(({id}) => id === place.volume);
    return volume === undefined ? [] : [absoluteOf(volume, place)];
  };
  const [source] = find(job.source);
  const targets = job.targets.flatMap(find);
  for (const [index, target] of targets.entries()) {
    if (source !== undefined && (await isNested(program, source, target)))
      return overlapCause(source, target);
    for (const other of targets.slice(index + 1))
      if (await isNested(program, target, other)) return overlapCause(target, other);
    for (const other of desk.jobs.jobs.filter(({id}) => id !== job.id))
      for (const place of other.targets.flatMap(find))
        if (await isNested(program, place, target)) return foreignTarget(target, other.name);
  }
  return undefined;
}

/** One disk for both is no backup from a broken disk, and is told; some have nothing else with them. */
function listDoubts(job: BackupJob, desk: BackupDesk, look: Look): readonly Cause[] {
  const find = (id: string) => look.connected.find((one) => one.id === id);
  const source = find(job.source.volume);
  return job.targets.flatMap(({volume}) => {
    const target = find(volume);
    if (source === undefined || target === undefined) return [];
    const isSame =
      source.id === target.id ||
      relateDrives(source.volume.physical, target.volume.physical) === 'same';
    const names = [source.id, target.id].map((id) => nameVolume(desk.jobs, look, id));
    return isSame ? [oneDrive(names[0] ?? '', names[1] ?? '')] : [];
  });
}

function removedCause(job: BackupJob, jobs: JobsFile, look: Look): Cause {
  const places = job.targets.map(({volume, folder}) => {
    const name = nameVolume(jobs, look, volume);
    return folder === '' ? name : `${name}: ${folder}`;
  });
  return {
    code: 'job-removed',
    message: `the job ${job.name} is removed. On ${joinWithAnd(places)} everything stays: the copies, what was deleted or replaced in _archive, and the record of the mirror in .offload-mirror`,
    next: 'Nothing purges that archive any more. Remove it by hand when you do not need it; a new job with the same folders takes the copies over.',
  };
}

const MISSING: Cause = {
  code: 'usage',
  message: 'a job needs a source and a target',
  next: 'Write --from PATH --to PATH.',
};
