/** `offload backup run` and `preview`: jobs on their targets, one after the other. */
import type {BackupJob, BackupTarget} from '../../core/backup/backup-job.ts';
import {historyOf, noteAway, noteRun} from '../../core/backup/jobs/backup-history.ts';
import {type Moment, wantedAt} from '../../core/backup/jobs/schedule.ts';
import {NO_COUNTS} from '../../core/backup/no-counts.ts';
import {type Cause, ok, type Result} from '../../core/cause.ts';
import type {BackupFinished} from '../../core/events.ts';
import {isSet} from '../../core/offsite/rotation.ts';
import type {MatchingFiles} from '../../system/files.ts';
import {joinEnds} from '../join-ends.ts';
import type {Listening, RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {refuse} from '../refuse.ts';
import {stayAwake} from '../stay-awake.ts';
import {acceptsNothing, noJobs, waitsForDrives} from './backup-causes.ts';
import {type BackupDesk, openDesk} from './backup-desk.ts';
import {absoluteOf, findPlaces, type Look, nameVolume} from './look-at-jobs.ts';
import type {TargetRun} from './target/find-places.ts';
import {listOverdue} from './tell-jobs.ts';
import {listSwaps, noteSetsAway, tellInStep} from './tell-swaps.ts';

/** Runs one job on one target; emits all that is told of it, with its `backup-finished`. */
export type RunTarget = (
  program: Program,
  run: TargetRun,
  listening: Listening,
) => Promise<BackupFinished>;

/** Which jobs are run, and how. */
export interface JobsRun {
  /** Empty for all jobs. */
  readonly names: readonly string[];
  /** Only what is due. */
  readonly due: boolean;
  /** Write nothing, say what would be done. */
  readonly preview: boolean;
  readonly acceptDeletions: boolean;
  /** Raw files and films that changed are taken over, and the old ones go to the archive. */
  readonly acceptChanges: boolean;
}

export interface RunOptions extends JobsRun {
  /** Only sets of off-site drives: where no name is given, all of them. */
  readonly setsOnly?: boolean;
}

/** What runs besides the jobs of drives when all that is due is run. Returns at once and says nothing where nothing is due. */
export type AlsoDue = (program: Program, listening: Listening) => Promise<RunEnd>;

/** @returns 0 when all is in step or nothing was due, 1 when something is not or is overdue, 2 when nothing was begun, 130 when it was stopped. */
export async function runJobs(
  program: Program,
  options: RunOptions,
  {
    emit,
    signal,
    runTarget,
    alsoDue = [],
  }: Listening & {readonly runTarget: RunTarget; readonly alsoDue?: readonly AlsoDue[]},
): Promise<RunEnd> {
  const opened = await openDesk(program, emit);
  if (!opened.ok) return refuse(emit, opened.cause);
  const desk = opened.value;
  const chosen = chooseJobs(desk, options);
  if (!chosen.ok) return refuse(emit, chosen.cause);
  if (acceptsUnnamed(options, chosen.value)) return refuse(emit, acceptsNothing);
  const others = options.due && options.names.length === 0 ? alsoDue : [];
  if (chosen.value.length === 0 && others.length === 0) {
    emit({type: 'noticed', level: 'info', ...noJobs});
    return {outcome: 'complete', exitCode: 0};
  }
  const turn = options.preview ? null : await desk.takeTurn();
  if (turn?.ok === false) {
    // Who looks every few minutes finds another one at work from time to time: what is due is done by that one, or by the next.
    if (!options.due || turn.cause.code !== 'backup-running') return refuse(emit, turn.cause);
    emit({type: 'noticed', level: 'info', ...turn.cause});
    return {outcome: 'complete', exitCode: 0};
  }
  try {
    // Another process may have run what was due until now.
    if (turn !== null) await desk.read();
    const look = await desk.look();
    if (!options.preview) {
      await desk.notePlaces(look);
      await noteSetsAway(desk, look);
    }
    const work = {program, desk, look, options, emit, signal, runTarget};
    const results = await runAll(work, chosen.value, () => null);
    const knowledge = desk.knowledge(look);
    const overdue = options.preview ? [] : listOverdue(knowledge, chosen.value);
    const swaps = options.preview ? [] : listSwaps(knowledge, chosen.value);
    for (const {cause} of [...overdue, ...swaps])
      emit({type: 'noticed', level: 'warning', ...cause});
    const isStopped = signal.aborted;
    const end = endOf(results, {options, isOverdue: overdue.length > 0, isStopped});
    return joinEnds([end, ...(await runOthers(program, others, {emit, signal}))]);
  } finally {
    await turn?.value.release();
  }
}

const chooseJobs = (
  desk: BackupDesk,
  {names, setsOnly = false}: Pick<RunOptions, 'names' | 'setsOnly'>,
): Result<readonly BackupJob[]> => {
  const chosen = desk.choose(names);
  return chosen.ok && setsOnly ? ok(chosen.value.filter(isSet)) : chosen;
};

/** One after the other, as the jobs are. */
async function runOthers(
  program: Program,
  others: readonly AlsoDue[],
  listening: Listening,
): Promise<readonly RunEnd[]> {
  const ends: RunEnd[] = [];
  for (const run of others) {
    if (listening.signal.aborted) break;
    ends.push(await run(program, listening));
  }
  return ends;
}

/** A yes belongs to what somebody looked at: to one job, and to none that a scheduler starts. */
const acceptsUnnamed = (
  {names, due, acceptDeletions, acceptChanges}: RunOptions,
  jobs: readonly BackupJob[],
): boolean =>
  (acceptDeletions || acceptChanges) && (due || (names.length === 0 && jobs.length > 1));

export type TargetResult = BackupFinished['result'];

interface Ended {
  readonly options: Pick<RunOptions, 'names' | 'due'>;
  readonly isOverdue: boolean;
  readonly isStopped: boolean;
}

/** Drives that are away are no fault where nobody asked for them by name. */
function endOf(results: readonly TargetResult[], {options, isOverdue, isStopped}: Ended): RunEnd {
  if (isStopped || results.includes('stopped')) return {outcome: 'cancelled', exitCode: 130};
  if (results.length > 0 && results.every((one) => one === 'refused'))
    return {outcome: 'refused', exitCode: 2};
  const isNamed = options.names.length > 0 && !options.due;
  const isGood = results.every((one) => one === 'good' || (one === 'away' && !isNamed));
  return {outcome: 'complete', exitCode: isGood && !isOverdue ? 0 : 1};
}

export interface Work extends Listening {
  readonly program: Program;
  readonly desk: BackupDesk;
  readonly look: Look;
  readonly options: Omit<RunOptions, 'names'>;
  readonly runTarget: RunTarget;
}

/** Keeps the computer awake while something is copied, and only then. @param arrivalOf when the drives of a job were seen to come, ms since 1970. */
export async function runAll(
  work: Work,
  jobs: readonly BackupJob[],
  arrivalOf: (job: BackupJob, target: BackupTarget) => number | null,
): Promise<readonly TargetResult[]> {
  const {desk, look, options, emit, signal} = work;
  const results: TargetResult[] = [];
  for (const job of jobs) {
    const inStep: BackupTarget[] = [];
    for (const target of job.targets) {
      if (signal.aborted) return results;
      const moment = desk.moment(arrivalOf(job, target));
      if (options.due && !(await isReady(work, {job, target, moment}))) continue;
      if (isExpectedAway(work, job, target)) {
        if (!options.preview) await noteAbsence(work, {job, target, moment});
        continue;
      }
      const result = await runOne(work, job, target);
      results.push(result);
      if (result === 'good') inStep.push(target);
    }
    const told = options.preview ? undefined : tellInStep(job, inStep, desk.knowledge(look));
    if (told !== undefined) emit({type: 'noticed', level: 'info', ...told});
  }
  return results;
}

/** One drive of a set is always away; that is told where none of them is here. */
const isExpectedAway = ({look}: Work, job: BackupJob, {volume}: BackupTarget): boolean => {
  const isHere = (one: BackupTarget) => look.connected.some(({id}) => id === one.volume);
  return isSet(job) && job.targets.some(isHere) && !look.connected.some(({id}) => id === volume);
};

interface Candidate {
  readonly job: BackupJob;
  readonly target: BackupTarget;
  readonly moment: Moment;
}

/** Whoever looks every few minutes is not told each time that a drive lies in its drawer. */
async function isReady(work: Work, candidate: Candidate): Promise<boolean> {
  const {desk, look, emit} = work;
  const {job, target, moment} = candidate;
  const wanted = wantedAt(job, historyOf(desk.history, job, target), moment);
  const isWanted = wanted !== null && wanted <= moment.nowMs;
  const isAway = [job.source, target].some(
    ({volume}) => !look.connected.some(({id}) => id === volume),
  );
  if (isAway) await noteAbsence(work, candidate);
  if (!isWanted || !isAway) return isWanted;
  if (isSet(job)) return false;
  const where = nameVolume(desk.jobs, look, target.volume);
  emit({type: 'noticed', level: 'info', ...waitsForDrives(job.name, where)});
  return false;
}

/** That a drive was away is how an arrival is known later. It is noted once for each time that it is away. */
async function noteAbsence({desk, look}: Work, {job, target, moment}: Candidate): Promise<void> {
  const isThere = look.present.has(job.source.volume) && look.present.has(target.volume);
  const {lastAway, lastRun} = historyOf(desk.history, job, target);
  const isNoted = lastAway !== null && (lastRun === null || lastAway > lastRun.startedAt);
  if (isThere || isNoted) return;
  const at = new Date(moment.nowMs).toISOString();
  await desk.note((history) => noteAway(history, {job, target}, at));
}

async function runOne(work: Work, job: BackupJob, target: BackupTarget): Promise<TargetResult> {
  const {program, desk, look, options, emit, signal, runTarget} = work;
  const {preview, acceptDeletions, acceptChanges} = options;
  const found = await findPlaces(program, {jobs: desk.jobs, look, job, target});
  if (found.state !== 'there') {
    const finished = notBegun(work, {job, target, result: found.state, cause: found.cause});
    emit(finished);
    const at = program.clock.now().toISOString();
    const run = {job, target, finished, startedAt: at, endedAt: at};
    if (preview) return found.state;
    if (found.state === 'refused') await desk.note((history) => noteRun(history, run));
    else await noteAbsence(work, {job, target, moment: desk.moment()});
    return found.state;
  }
  const {source, on} = found;
  expectFiles(work, job, target);
  const shown = historyOf(desk.history, job, target).lastRun?.counts.held ?? 0;
  const limit = acceptDeletions && shown > 0 ? {mostDeletions: shown} : {};
  const startedAt = program.clock.now().toISOString();
  const rest = preview ? null : stayAwake(program, emit);
  let finished: BackupFinished;
  try {
    const wide = job.selection === null ? {} : {connected: look.connected};
    const accepts = {acceptDeletions, acceptChanges, ...limit};
    const run = {job, target, source, on, preview, ...accepts, ...wide};
    finished = await runTarget(program, run, {emit, signal});
  } finally {
    await rest?.();
  }
  const endedAt = program.clock.now().toISOString();
  const run = {job, target, finished, startedAt, endedAt};
  if (!preview) await desk.note((history) => noteRun(history, run));
  return finished.result;
}

/** What compares many files gets ready while there is still something else to do. Only a hint: nothing hangs on it. */
function expectFiles(
  {program, desk}: Pick<Work, 'program' | 'desk'>,
  job: BackupJob,
  target: BackupTarget,
): void {
  const files: MatchingFiles = program.files;
  files.expectMatch?.(historyOf(desk.history, job, target).lastRun?.counts.files ?? 0);
}

interface NotBegun {
  readonly job: BackupJob;
  readonly target: BackupTarget;
  readonly result: 'away' | 'refused';
  readonly cause: Cause;
}

function notBegun(
  {desk, look, options}: Work,
  {job, target, result, cause}: NotBegun,
): BackupFinished {
  const on = look.connected.find(({id}) => id === target.volume);
  const {code, message, next} = cause;
  return {
    type: 'backup-finished',
    job: job.name,
    target: nameVolume(desk.jobs, look, target.volume),
    to: on === undefined ? '' : absoluteOf(on, target),
    preview: options.preview,
    result,
    ...NOTHING_DONE,
    code,
    message,
    next,
  };
}

const NOTHING_DONE = {
  ...NO_COUNTS,
  files: 0,
  bytes: 0,
  unchanged: 0,
  strangers: 0,
  bytesWritten: 0,
} as const;
