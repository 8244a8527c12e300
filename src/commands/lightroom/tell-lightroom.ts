/** How each catalog is kept, as far as this computer knows without asking the drives. */
import {dirname} from 'node:path';
import {type Cause, ok, type Result} from '../../core/cause.ts';
import type {Emit, LightroomKnown} from '../../core/events.ts';
import {pastOf} from '../../core/lightroom/history.ts';
import type {LightroomJob} from '../../core/lightroom/lightroom-job.ts';
import {isDue, isOverdue} from '../../core/lightroom/schedule.ts';
import type {RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {refuse} from '../refuse.ts';
import {
  type DrivesNow,
  findCatalog,
  listTargets,
  lookAtDrives,
  type SnapshotTarget,
} from './find-targets.ts';
import {lightroomOverdue, noLightroomJobs} from './lightroom-causes.ts';
import {type LightroomDesk, openLightroomDesk} from './lightroom-desk.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** `offload lightroom list`. */
export async function listLightroom(program: Program, emit: Emit): Promise<RunEnd> {
  const opened = await openLightroomDesk(program, emit);
  if (!opened.ok) return refuse(emit, opened.cause);
  const desk = opened.value;
  const drives = await lookAtDrives(program, desk.jobs, emit);
  const {jobs} = desk.jobs;
  if (jobs.length === 0) emit({type: 'noticed', level: 'info', ...noLightroomJobs});
  for (const job of jobs) emit(await tellJob(program, {desk, drives, job}));
  const overdue = await listOverdue(program, {desk, drives, jobs});
  return {outcome: 'complete', exitCode: overdue.length > 0 ? 1 : 0};
}

interface Knowledge {
  readonly desk: LightroomDesk;
  readonly drives: DrivesNow;
}

/** @returns a job as it is told: where its catalog is, and how old the newest snapshot on each drive is. */
export async function tellJob(
  program: Program,
  {desk, drives, job}: Knowledge & {readonly job: LightroomJob},
): Promise<LightroomKnown> {
  const nowMs = program.clock.now().getTime();
  const found = findCatalog(job, desk.jobs, drives);
  const catalog = found.ok ? found.value : job.catalog.path;
  const home = found.ok ? await program.describeVolume(dirname(catalog)) : undefined;
  const targets = listTargets(job, {...drives, jobs: desk.jobs, history: desk.history, home});
  const late = (target: SnapshotTarget) =>
    isOverdue(job, pastOf(desk.history, {job, target}), nowMs);
  // Drives take turns: one that is away is late only when none of the others has it either.
  const isAllLate = targets.every(late);
  return {
    type: 'lightroom-known',
    job: job.name,
    catalog,
    connected: found.ok,
    everyHours: job.everyHours,
    byRole: job.targets === null,
    targets: targets.map((target) => {
      const past = pastOf(desk.history, {job, target});
      const {newest, lastRun, lastGood, lastResult, message, deferredSince} = past;
      return {
        volume: target.volume,
        name: target.name,
        folder: target.folder,
        connected: target.on !== null,
        newest,
        lastRun,
        lastGood,
        lastResult,
        message,
        deferredSince,
        due: isDue(job, past, nowMs),
        overdue: late(target) && (target.on !== null || isAllLate),
      };
    }),
  };
}

/** How old the snapshots of one catalog on one drive are. */
export interface LightroomAge {
  readonly job: string;
  readonly catalog: string;
  readonly target: string;
  readonly connected: boolean;
  /** When the newest one was taken; ISO 8601, UTC; null when none is known. */
  readonly newest: string | null;
  readonly overdue: boolean;
  /** Of the last run, where it was not good. */
  readonly message: string | null;
}

/** @returns one for each job and drive; none without jobs. Writes nothing. */
export async function lightroomAges(program: Program): Promise<Result<readonly LightroomAge[]>> {
  const opened = await openLightroomDesk(program, () => {});
  if (!opened.ok) return opened;
  const desk = opened.value;
  if (desk.jobs.jobs.length === 0) return ok([]);
  const drives = await lookAtDrives(program, desk.jobs, () => {});
  const ages: LightroomAge[] = [];
  for (const job of desk.jobs.jobs) {
    const {catalog, targets} = await tellJob(program, {desk, drives, job});
    for (const {name, connected, newest, overdue, message} of targets)
      ages.push({job: job.name, catalog, target: name, connected, newest, overdue, message});
  }
  return ok(ages);
}

/** @returns one for each drive that had no good run for longer than its job allows. A set of drives that take turns is told by each of them. */
export async function listOverdue(
  program: Program,
  {desk, drives, jobs}: Knowledge & {readonly jobs: readonly LightroomJob[]},
): Promise<readonly Cause[]> {
  const nowMs = program.clock.now().getTime();
  const overdue: Cause[] = [];
  for (const job of jobs) {
    const {targets} = await tellJob(program, {desk, drives, job});
    for (const {name, lastGood, overdue: isLate} of targets)
      if (isLate) overdue.push(lightroomOverdue(job.name, name, daysSince(lastGood, nowMs)));
  }
  return overdue;
}

const daysSince = (at: string | null, nowMs: number): number | null =>
  at === null ? null : Math.max(1, Math.floor((nowMs - Date.parse(at)) / DAY_MS));
