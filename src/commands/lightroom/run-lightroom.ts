/** `offload lightroom run`: catalogs are kept in snapshots on their drives, one after the other. */
import {basename, dirname, join} from 'node:path';
import {type Cause, errnoOf} from '../../core/cause.ts';
import type {Volume} from '../../core/drive.ts';
import type {LightroomStarted} from '../../core/events.ts';
import {lockOf} from '../../core/lightroom/catalog-names.ts';
import {isGood, noteSnapshot, pastOf, type SnapshotResult} from '../../core/lightroom/history.ts';
import type {LightroomJob} from '../../core/lightroom/lightroom-job.ts';
import {isDue} from '../../core/lightroom/schedule.ts';
import type {Listening, RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {refuse} from '../refuse.ts';
import {
  type DrivesNow,
  findCatalog,
  listTargets,
  lookAtDrives,
  type SnapshotTarget,
} from './find-targets.ts';
import {noLightroomJobs, noTargets} from './lightroom-causes.ts';
import {type LightroomDesk, openLightroomDesk} from './lightroom-desk.ts';
import {noteCatalogPlaces} from './note-places.ts';
import {Staging} from './staging.ts';
import {type SnapshotEnd, snapshotsFolder, takeSnapshot} from './take-snapshot.ts';
import {listOverdue} from './tell-lightroom.ts';
import {finishedOf, snapshotEvent, sumUp} from './tell-run.ts';

export interface LightroomRunOptions {
  /** Empty for all jobs. */
  readonly names: readonly string[];
  /** Only what is due; drives that are away and a catalog that is busy are no fault then. */
  readonly due: boolean;
}

const NOTHING_TO_DO: RunEnd = {outcome: 'complete', exitCode: 0};

/** @returns 0 when every catalog is kept on every drive that is there, or nothing was due; 1 when one is not, or is overdue; 2 when nothing was begun; 130 when it was stopped. */
export async function runLightroom(
  program: Program,
  options: LightroomRunOptions,
  listening: Listening,
): Promise<RunEnd> {
  const {emit, signal} = listening;
  const opened = await openLightroomDesk(program, emit);
  if (!opened.ok) return refuse(emit, opened.cause);
  const desk = opened.value;
  const chosen = desk.choose(options.names);
  if (!chosen.ok) return refuse(emit, chosen.cause);
  if (chosen.value.length === 0) {
    if (!options.due) emit({type: 'noticed', level: 'info', ...noLightroomJobs});
    return NOTHING_TO_DO;
  }
  const turn = await desk.takeTurn();
  if (!turn.ok) {
    if (!options.due || turn.cause.code !== 'lightroom-running') return refuse(emit, turn.cause);
    return NOTHING_TO_DO;
  }
  try {
    // Another process may have run what was due until now.
    await desk.read();
    const drives = await lookAtDrives(program, desk.jobs, emit);
    await noteCatalogPlaces(desk, drives);
    const ends: JobEnd[] = [];
    for (const job of chosen.value) {
      if (signal.aborted) break;
      ends.push(await runJob({program, desk, drives, options, emit, signal}, job));
    }
    const overdue = await listOverdue(program, {desk, drives, jobs: chosen.value});
    for (const cause of overdue) emit({type: 'noticed', level: 'warning', ...cause});
    return endOf(ends, {options, isOverdue: overdue.length > 0, isStopped: signal.aborted});
  } finally {
    await turn.value.release();
  }
}

interface Ended {
  readonly options: LightroomRunOptions;
  readonly isOverdue: boolean;
  readonly isStopped: boolean;
}

/** Drives that are away are no fault where nobody asked for the job by name, and a catalog that is busy is none where a schedule asks again. */
function endOf(ends: readonly JobEnd[], {options, isOverdue, isStopped}: Ended): RunEnd {
  const results = ends.flatMap((one) => one.results);
  if (isStopped || results.includes('stopped')) return {outcome: 'cancelled', exitCode: 130};
  const isRefused = ends.length > 0 && ends.every((one) => one.isRefused);
  if (isRefused && !options.due) return {outcome: 'refused', exitCode: 2};
  const isNamed = options.names.length > 0 && !options.due;
  const isFine = (one: SnapshotResult) =>
    isGood(one) || (one === 'away' && !isNamed) || (one === 'deferred' && options.due);
  const isAll = !isRefused && results.every(isFine);
  return {outcome: 'complete', exitCode: isAll && !isOverdue ? 0 : 1};
}

interface Work extends Listening {
  readonly program: Program;
  readonly desk: LightroomDesk;
  readonly drives: DrivesNow;
  readonly options: LightroomRunOptions;
}

interface JobEnd {
  readonly results: readonly SnapshotResult[];
  readonly isRefused: boolean;
}

async function runJob(work: Work, job: LightroomJob): Promise<JobEnd> {
  const {program, desk, drives, options, emit, signal} = work;
  const found = findCatalog(job, desk.jobs, drives);
  const home = found.ok ? await findHome(program, found.value) : undefined;
  const targets = listTargets(job, {
    ...drives,
    jobs: desk.jobs,
    history: desk.history,
    home,
  }).filter((target) => !options.due || isToRun(work, job, target));
  if (options.due && targets.length === 0) return {results: [], isRefused: false};
  if (!found.ok || targets.length === 0) {
    // A catalog on a drive in a drawer is waited for.
    if (options.due) return {results: [], isRefused: false};
    const cause = found.ok ? noTargets : found.cause;
    emit(finishedOf(job, [], {result: 'refused', cause}));
    return {results: [], isRefused: true};
  }
  const catalog = found.value;
  const present = targets.filter(({on}) => on !== null);
  const started = await startOf(work, {job, catalog, targets: present});
  let isTold = false;
  const begin = () => {
    if (!isTold) emit(started);
    isTold = true;
  };
  if (!options.due) begin();
  const folder = join(desk.stagingFolder, job.id);
  const staging = new Staging(program, {folder, catalog, signal});
  const ends: SnapshotEnd[] = [];
  try {
    for (const target of targets) {
      if (signal.aborted) break;
      ends.push(await runTarget(work, {job, catalog, staging, target, begin}));
    }
  } finally {
    await staging.clear();
  }
  const results = ends.map(({result}) => result);
  const cause = ends.find((end) => end.result !== 'away' && end.cause !== undefined)?.cause;
  const result = signal.aborted ? 'stopped' : sumUp(results);
  if (isTold) emit(finishedOf(job, results, {result, cause}));
  return {results, isRefused: false};
}

/** Whether its drive is there; whoever looks every few minutes is not told each time that one lies in its drawer. */
function isToRun({program, desk}: Work, job: LightroomJob, target: SnapshotTarget): boolean {
  const past = pastOf(desk.history, {job, target});
  return target.on !== null && isDue(job, past, program.clock.now().getTime());
}

async function findHome(program: Program, catalog: string): Promise<Volume | undefined> {
  try {
    return await program.describeVolume(dirname(catalog));
  } catch {
    // Whether the catalog can be read is found by reading it.
    return undefined;
  }
}

async function startOf(
  {program}: Work,
  {
    job,
    catalog,
    targets,
  }: {
    readonly job: LightroomJob;
    readonly catalog: string;
    readonly targets: readonly SnapshotTarget[];
  },
): Promise<LightroomStarted> {
  let open = true;
  try {
    await program.files.look(lockOf(catalog));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    open = false;
  }
  const names = targets.map(({name}) => name);
  return {type: 'lightroom-started', job: job.name, catalog, open, targets: names};
}

interface OneTarget {
  readonly job: LightroomJob;
  readonly catalog: string;
  readonly staging: Staging;
  readonly target: SnapshotTarget;
  /** Tells that the run has begun, once. */
  readonly begin: () => void;
}

/** Whoever looks every few minutes is told once that Lightroom is waited for, and of nothing else that stays as it is. */
async function runTarget(work: Work, one: OneTarget): Promise<SnapshotEnd> {
  const {job, catalog, staging, target, begin} = one;
  const {program, desk, options, emit, signal} = work;
  const startedAt = program.clock.now().toISOString();
  const before = pastOf(desk.history, {job, target});
  const {on, folder, doubt} = target;
  const end: SnapshotEnd =
    on === null
      ? notThere(target, catalog, doubt)
      : await takeSnapshot(
          {program, job, catalog, staging, emit, signal, onBegin: begin},
          {on, folder},
        );
  const newest = end.record?.takenAt ?? (on === null ? before.newest : null);
  const {result, cause} = end;
  if (options.due && result === 'deferred' && before.deferredSince !== null) return end;
  await desk.note((history) =>
    noteSnapshot(history, {job, target}, {startedAt, result, cause, newest}),
  );
  begin();
  emit(snapshotEvent({job, target, end, newest}));
  return end;
}

function notThere(target: SnapshotTarget, catalog: string, doubt: Cause | null): SnapshotEnd {
  const to = doubt === null ? '' : snapshotsFolder(target.folder, basename(catalog));
  return {
    result: doubt === null ? 'away' : 'refused',
    cause: doubt ?? undefined,
    to,
    record: undefined,
    shared: 0,
    removed: [],
    kept: 0,
  };
}
