/** `offload offsite add|edit` for drives that take turns: the job is one of the backup, its targets get the role off-site and their place. */
import type {BackupJob} from '../../core/backup/backup-job.ts';
import {foldJobName} from '../../core/backup/jobs/job-faults.ts';
import {failed, ok, type Result} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {alarmFor, DEFAULT_SWAP_DAYS, isSet, type OffsiteJob} from '../../core/offsite/rotation.ts';
import {parseSwapAfter} from '../../core/offsite/typed-swap.ts';
import {type BackupDesk, openDesk} from '../backup/backup-desk.ts';
import {addJob, editJob, type TypedJob} from '../backup/index.ts';
import {absoluteOf} from '../backup/look-at-jobs.ts';
import type {RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {refuse} from '../refuse.ts';
import {findWorkingFolder} from './find-working.ts';
import {findBare, giveRole, markAll} from './mark-drives.ts';
import {
  lastDrive,
  noPlace,
  noSuchDrive,
  placeLater,
  takenName,
  unknownOffsite,
} from './offsite-causes.ts';

/** What is typed of a set besides a job's words. */
export interface TypedSet {
  readonly job: TypedJob;
  /** An empty place takes it away. */
  readonly place: string | undefined;
  readonly swapAfter: string | undefined;
  /** Drives that join: of `edit` only. */
  readonly add: readonly string[];
  /** Names or ids of drives that leave: of `edit` only. */
  readonly drop: readonly string[];
}

/** Makes a set. Drives without a marker get one; those that have another role are refused. */
export async function addSet(
  program: Program,
  {name, typed}: {readonly name: string; readonly typed: TypedSet},
  emit: Emit,
): Promise<RunEnd> {
  const desk = await openDesk(program, emit);
  if (!desk.ok) return refuse(emit, desk.cause);
  const isTaken = desk.value.jobs.jobs.some((job) => foldJobName(job.name) === foldJobName(name));
  if (isTaken) return refuse(emit, takenName(name));
  const swap = parseSwapAfter(typed.swapAfter ?? `${DEFAULT_SWAP_DAYS}d`);
  if (!swap.ok) return refuse(emit, swap.cause);
  const from = typed.job.from === undefined ? await findWorkingFolder(program) : ok(typed.job.from);
  if (!from.ok) return refuse(emit, from.cause);
  const place = placeOf(typed.place);
  const bare = await findBare(program, typed.job.to);
  if (!bare.ok) return refuse(emit, bare.cause);
  for (const path of bare.value) {
    const marked = await giveRole(program, path, emit);
    if (marked.exitCode !== 0) return marked;
  }
  const {alarmAfter = String(alarmFor(swap.value)), onArrival = true} = typed.job;
  const job: TypedJob = {...typed.job, from: from.value, alarmAfter, onArrival};
  const offsite = {swapAfterDays: swap.value, place};
  const added = await addJob(program, {name, typed: job, offsite}, emit);
  if (added.exitCode !== 0) return added;
  const others = typed.job.to.filter((path) => !bare.value.includes(path));
  const marked = await markAll(program, {roles: others, places: typed.job.to, place}, emit);
  if (place === null) emit({type: 'noticed', level: 'info', ...noPlace(name)});
  return marked ?? added;
}

/** Changes what was typed of a set. */
export async function editSet(
  program: Program,
  {name, typed}: {readonly name: string; readonly typed: TypedSet},
  emit: Emit,
): Promise<RunEnd> {
  const desk = await openDesk(program, emit);
  if (!desk.ok) return refuse(emit, desk.cause);
  const found = chooseSets(desk.value, [name]);
  if (!found.ok) return refuse(emit, found.cause);
  const [before] = found.value;
  if (before === undefined) return refuse(emit, unknownOffsite(name, []));
  const swap =
    typed.swapAfter === undefined
      ? ok(before.offsite.swapAfterDays)
      : parseSwapAfter(typed.swapAfter);
  if (!swap.ok) return refuse(emit, swap.cause);
  const drops = findDropped(desk.value, before, typed.drop);
  if (!drops.ok) return refuse(emit, drops.cause);
  const to = [...typed.job.to, ...typed.add];
  const bare = await findBare(program, to);
  if (!bare.ok) return refuse(emit, bare.cause);
  for (const path of bare.value) {
    const marked = await giveRole(program, path, emit);
    if (marked.exitCode !== 0) return marked;
  }
  const place = typed.place === undefined ? before.offsite.place : placeOf(typed.place);
  const offsite = {...before.offsite, swapAfterDays: swap.value, place};
  const job = {...typed.job, to, ...alarmOf(typed.job, before, swap.value)};
  const targets = {addsTargets: typed.add.length > 0, drops: drops.value};
  const edited = await editJob(program, {name: before.name, typed: job, offsite, ...targets}, emit);
  if (edited.exitCode !== 0) return edited;
  const others = to.filter((path) => !bare.value.includes(path));
  const isPlaced = typed.place !== undefined || to.length > 0;
  const places = isPlaced ? await listPlaces(desk.value, {before, typed, place}, emit) : [];
  const told = typed.place === undefined ? place : (place ?? '');
  return (await markAll(program, {roles: others, places, place: told}, emit)) ?? edited;
}

/** An alarm that nobody typed follows the swap. */
function alarmOf(
  typed: TypedJob,
  before: OffsiteJob,
  swapAfterDays: number,
): Pick<TypedJob, 'alarmAfter'> {
  const isOwn = before.alarmDays !== alarmFor(before.offsite.swapAfterDays);
  if (typed.alarmAfter !== undefined || isOwn) return {alarmAfter: typed.alarmAfter};
  return {alarmAfter: String(alarmFor(swapAfterDays))};
}

/** @returns folders on the connected drives of a set whose markers are to tell the place. Those that are away are told. */
async function listPlaces(
  desk: BackupDesk,
  {
    before,
    typed,
    place,
  }: {readonly before: OffsiteJob; readonly typed: TypedSet; readonly place: string | null},
  emit: Emit,
): Promise<readonly string[]> {
  const to = [...typed.job.to, ...typed.add];
  if (to.length > 0 && typed.place === undefined) return to;
  const look = await desk.look();
  const here = before.targets.flatMap((target) => {
    const on = look.connected.find(({id}) => id === target.volume);
    return on === undefined ? [] : [absoluteOf(on, target)];
  });
  const away = before.targets.filter(({volume}) => !look.present.has(volume));
  const names = away.map(({volume}) => desk.jobs.volumes[volume]?.name ?? volume);
  if (names.length > 0 && place !== null)
    emit({type: 'noticed', level: 'info', ...placeLater(names, place)});
  return [...here, ...to];
}

/** @returns ids of the drives of a set that are named; `volume-unknown` for one that the set has not. */
function findDropped(
  desk: BackupDesk,
  {name, targets}: OffsiteJob,
  drop: readonly string[],
): Result<readonly string[]> {
  const ids: string[] = [];
  for (const word of drop) {
    const found = targets.filter(
      ({volume}) => volume === word || desk.jobs.volumes[volume]?.name === word,
    );
    const [one, ...more] = found;
    if (one === undefined || more.length > 0) {
      const drives = targets.map(({volume}) => desk.jobs.volumes[volume]?.name ?? volume);
      return failed(noSuchDrive(name, word, drives));
    }
    ids.push(one.volume);
  }
  if (ids.length > 0 && ids.length === targets.length) return failed(lastDrive(name));
  return ok(ids);
}

const placeOf = (place: string | undefined): string | null =>
  place === undefined || place.trim() === '' ? null : place.trim();

/** @param names empty for all. @returns the sets, in the order of the file; `job-unknown` for a name that none has. */
export function chooseSets(
  desk: BackupDesk,
  names: readonly string[],
): Result<readonly OffsiteJob[]> {
  const sets = desk.jobs.jobs.filter(isSet);
  const isNamed = (job: BackupJob, name: string) => foldJobName(job.name) === foldJobName(name);
  const unknown = names.find((name) => !sets.some((job) => isNamed(job, name)));
  if (unknown !== undefined)
    return failed(
      unknownOffsite(
        unknown,
        sets.map((job) => job.name),
      ),
    );
  if (names.length === 0) return ok(sets);
  return ok(sets.filter((job) => names.some((name) => isNamed(job, name))));
}
