/** `offload offsite run` of clouds: one job after the other. */
import {join} from 'node:path';
import {matchGlobs} from '../../../backup/glob-matcher.ts';
import {isOverdue, wantedAt} from '../../../core/backup/jobs/schedule.ts';
import {nameRun} from '../../../core/backup/run-moment.ts';
import {type Cause, failed, ok, type Result} from '../../../core/cause.ts';
import type {CloudFinished, Emit} from '../../../core/events.ts';
import {
  asBackupJob,
  asTargetHistory,
  formatCloudHistory,
  noteCloudRun,
  parseCloudHistory,
} from '../../../core/offsite/cloud-history.ts';
import type {CloudJob} from '../../../core/offsite/cloud-job.ts';
import {parseRemote} from '../../../core/offsite/cloud-remote.ts';
import type {CloudState} from '../../../offsite/cloud-state.ts';
import {CloudTally} from '../../../offsite/cloud-tally.ts';
import {stateCause} from '../../../offsite/open-state.ts';
import {RecordedHashes} from '../../../offsite/recorded-hashes.ts';
import {RemoteCalls} from '../../../offsite/remote-calls.ts';
import {type CloudEnd, runCloud as runOneCloud} from '../../../offsite/run-cloud.ts';
import {STALL_LIMITS} from '../../../offsite/stall-watch.ts';
import {BUSY, makeOwnFolder} from '../../../system/backup-files.ts';
import {type Look, lookAtVolumes, nameVolume} from '../../backup/look-at-jobs.ts';
import {takeLock} from '../../backup/own-files.ts';
import type {Listening, RunEnd} from '../../offload.ts';
import type {Program} from '../../program.ts';
import {stayAwake} from '../../stay-awake.ts';
import {cloudOverdue, cloudRunning, noClouds} from './cloud-causes.ts';
import {
  asJobsFile,
  type CloudHome,
  changeClouds,
  chooseClouds,
  cloudFolder,
  openCloudState,
  openClouds,
  statePath,
} from './cloud-desk.ts';
import {recallCloud} from './describe-clouds.ts';
import {type CloudSource, findSource} from './find-source.ts';
import {openRemote} from './look-at-rclone.ts';
import {readWithHashes} from './read-with-hashes.ts';
import {secondsToQuiet} from './seconds-to-quiet.ts';
import {CloudCatalog} from './tell-catalog.ts';

export interface CloudRunOptions {
  /** Empty for all jobs. */
  readonly names: readonly string[];
  /** Only what is due. */
  readonly due: boolean;
  /** Write nothing, say what would be done. */
  readonly preview: boolean;
  /** Raw files and films that changed are taken over, and the old ones go to the archive there. */
  readonly acceptChanges: boolean;
}

/** @returns 0 when all is proved or nothing was due, 1 when something is not or is overdue, 2 when nothing was begun, 130 when it was stopped. */
export async function runCloud(
  program: Program,
  options: CloudRunOptions,
  listening: Listening,
): Promise<RunEnd> {
  const {emit, signal} = listening;
  const opened = await openClouds(program);
  if (!opened.ok) return refuse(emit, opened.cause);
  const chosen = chooseClouds(opened.value.jobs, options.names);
  if (!chosen.ok) return refuse(emit, chosen.cause);
  if (
    options.acceptChanges &&
    (options.due || (options.names.length === 0 && chosen.value.length > 1))
  )
    return refuse(emit, acceptsUnnamed);
  if (chosen.value.length === 0) {
    if (!options.due) emit({type: 'noticed', level: 'info', ...noClouds});
    return {outcome: 'complete', exitCode: 0};
  }
  const look = await lookAtVolumes(program, asJobsFile(opened.value.jobs));
  if (!options.preview) await notePlaces(program, opened.value, look);
  const results: CloudFinished['result'][] = [];
  for (const job of chosen.value) {
    if (signal.aborted) break;
    if (options.due && !(await isReady(program, opened.value, {job, look}))) continue;
    results.push(await runJob({program, home: opened.value, look, options, listening}, job));
  }
  const overdue = options.preview
    ? 0
    : await tellOverdue(program, opened.value, chosen.value, emit);
  return endOf(results, options, {isOverdue: overdue > 0, isStopped: signal.aborted});
}

/** What of the clouds is due, and nothing else: says nothing when nothing is. */
export const runDueClouds = (program: Program, listening: Listening): Promise<RunEnd> =>
  runCloud(program, {names: [], due: true, preview: false, acceptChanges: false}, listening);

const refuse = (emit: Emit, cause: Cause): RunEnd => {
  emit({type: 'refused', ...cause});
  return {outcome: 'refused', exitCode: 2};
};

const acceptsUnnamed: Cause = {
  code: 'usage',
  message: '--accept-changed is a yes to one job that was looked at',
  next: 'Name the job, and leave --due away.',
};

interface Ended {
  readonly isOverdue: boolean;
  readonly isStopped: boolean;
}

/** A source that is away is no fault where nobody asked for it by name. */
function endOf(
  results: readonly CloudFinished['result'][],
  {names, due}: CloudRunOptions,
  {isOverdue, isStopped}: Ended,
): RunEnd {
  if (isStopped) return {outcome: 'cancelled', exitCode: 130};
  if (results.length > 0 && results.every((one) => one === 'refused'))
    return {outcome: 'refused', exitCode: 2};
  const isNamed = names.length > 0 && !due;
  const isGood = results.every((one) => one === 'good' || (one === 'away' && !isNamed));
  return {outcome: 'complete', exitCode: isGood && !isOverdue ? 0 : 1};
}

/** Name and place of connected sources, for the time when they are away. */
async function notePlaces(program: Program, {home, jobs}: CloudHome, look: Look): Promise<void> {
  const used = new Set(jobs.jobs.map(({source}) => source.volume));
  const fresh = look.connected.filter(({id, name, folder, trust}) => {
    const before = Object.hasOwn(jobs.volumes, id) ? jobs.volumes[id] : undefined;
    return trust === 'fits' && used.has(id) && (before?.name !== name || before.path !== folder);
  });
  if (fresh.length === 0) return;
  const places = Object.fromEntries(fresh.map(({id, name, folder}) => [id, {name, path: folder}]));
  // Only for its words: the run needs none of it.
  await changeClouds(program, home, (now) => ok({...now, volumes: {...now.volumes, ...places}}));
}

async function isReady(
  program: Program,
  home: CloudHome,
  {job, look}: {readonly job: CloudJob; readonly look: Look},
): Promise<boolean> {
  if (!look.present.has(job.source.volume)) return false;
  const {history} = await recallCloud(program, home, job);
  const nowMs = program.clock.now().getTime();
  const moment = {nowMs, timeZone: program.timeZone, arrivedMs: null};
  const wanted = wantedAt(asBackupJob(job), asTargetHistory(job, history), moment);
  return wanted !== null && wanted <= nowMs;
}

/** @returns how many jobs had no good run for longer than they allow. */
async function tellOverdue(
  program: Program,
  home: CloudHome,
  jobs: readonly CloudJob[],
  emit: Emit,
): Promise<number> {
  const nowMs = program.clock.now().getTime();
  let overdue = 0;
  for (const job of jobs) {
    const {history} = await recallCloud(program, home, job);
    if (!isOverdue(asBackupJob(job), asTargetHistory(job, history), nowMs)) continue;
    overdue += 1;
    const days =
      history.lastGood === null
        ? null
        : Math.max(1, Math.floor((nowMs - Date.parse(history.lastGood)) / DAY_MS));
    emit({type: 'noticed', level: 'warning', ...cloudOverdue(job.name, days)});
  }
  return overdue;
}

const DAY_MS = 24 * 60 * 60 * 1000;

interface Work {
  readonly program: Program;
  readonly home: CloudHome;
  readonly look: Look;
  readonly options: CloudRunOptions;
  readonly listening: Listening;
}

async function runJob(work: Work, job: CloudJob): Promise<CloudFinished['result']> {
  const {program, home, look, options, listening} = work;
  const {emit, signal} = listening;
  const {preview} = options;
  const found = await findSource(program, {jobs: home.jobs, look, job});
  const {name, remote} = job;
  emit({
    type: 'cloud-started',
    job: name,
    source: nameVolume(asJobsFile(home.jobs), look, job.source.volume),
    from: found.state === 'there' ? found.source.folder : job.source.folder,
    remote,
    preview,
  });
  const startedAt = program.clock.now().toISOString();
  const tally = new CloudTally({job: name, remote, preview, clock: program.clock, emit});
  const rest = preview || found.state !== 'there' ? null : stayAwake(program, emit);
  try {
    const finished = await withState(work, job, async (state) => {
      const end =
        found.state === 'there'
          ? await runOn(work, {job, source: found.source, state, tally})
          : {result: found.state, cause: found.cause, scanned: null};
      const told = finish(job, {tally, end, state, preview});
      if (!preview && !(end.result === 'stopped' && signal.aborted && end.scanned === null)) {
        const endedAt = program.clock.now().toISOString();
        const history = parseCloudHistory(state.note('history'));
        const after = noteCloudRun(history, told, {startedAt, endedAt});
        state.keepNote('history', formatCloudHistory(after));
      }
      return told;
    });
    const told = finished.ok
      ? finished.value
      : finish(job, {
          tally,
          end: {result: 'refused', cause: finished.cause, scanned: null},
          state: null,
          preview,
        });
    emit(told);
    return told.result;
  } finally {
    await rest?.();
  }
}

/** Alone with what is known of the job. @returns why it cannot be had; a damaged one is put aside, and told. */
async function withState<T>(
  {program, home, options, listening: {emit}}: Work,
  job: CloudJob,
  act: (state: CloudState) => Promise<T>,
): Promise<Result<T>> {
  const folder = cloudFolder(home.home, job);
  const made = await makeOwnFolder(folder);
  if (!made.ok) return made;
  // A look needs no turn.
  const lock = options.preview
    ? null
    : await takeLock(program, join(folder, 'run.lock'), 'locking the cloud job');
  if (lock?.ok === false) {
    const isBusy = lock.cause.code === BUSY;
    const who = lock.cause.message.replace(/^it is held by /, '');
    return failed(isBusy ? cloudRunning(job.name, who) : lock.cause);
  }
  try {
    const opened = await openCloudState(program, home.home, job);
    if (!opened.ok) return opened;
    const {state, notice} = opened.value;
    if (notice !== null) emit({type: 'noticed', level: 'warning', ...notice});
    try {
      return ok(await act(state));
    } catch (error) {
      return failed(stateCause(error, statePath(home.home, job)));
    } finally {
      state.close();
    }
  } finally {
    await lock?.value.release();
  }
}

interface OnState {
  readonly job: CloudJob;
  readonly source: CloudSource;
  readonly state: CloudState;
  readonly tally: CloudTally;
}

async function runOn(
  {program, options, listening: {signal}}: Work,
  {job, source, state, tally}: OnState,
): Promise<CloudEnd> {
  const refused = (cause: Cause): CloudEnd => ({result: 'refused', cause, scanned: null});
  const remote = parseRemote(job.remote);
  if (!remote.ok) return refused(remote.cause);
  const leaveOut = matchGlobs(job.leaveOut);
  if (!leaveOut.ok) return refused(leaveOut.cause);
  const opened = await openRemote(program, remote.value, signal);
  if (signal.aborted) return {result: 'stopped', cause: null, scanned: null};
  if (!opened.ok) return unopened(opened.cause);
  const {types, features} = opened.value;
  const {files, clock, rclone, newWord} = program;
  const {bwLimit} = job;
  const isCrypt = types[0] === 'crypt';
  const calls = new RemoteCalls({
    rclone,
    remote: remote.value,
    features,
    isCrypt,
    bwLimit,
    stallLimits: STALL_LIMITS,
    signal,
  });
  const notes = new CloudCatalog({program, job, types, onTrouble: (cause) => tally.warn(cause)});
  const end = await runOneCloud(
    {
      files,
      clock,
      run: nameRun(clock.now(), newWord()),
      incoming: `_offload-incoming/${job.id.slice(0, 8)}`,
      source: source.folder,
      leaveOut: leaveOut.value,
      state,
      calls,
      hash: readWithHashes(program, {source: source.folder, signal}),
      recorded: new RecordedHashes(files, source.folder),
      guard: source.guard,
      secondsToQuiet: secondsToQuiet(program, job.trigger.quiet),
      notes,
      tally,
      download: job.download,
      acceptChanges: options.acceptChanges,
      signal,
    },
    {preview: options.preview},
  );
  if (!options.preview) await notes.finish();
  return end;
}

/** The network comes and goes: that is no refusal, and is tried again after a pause. */
const unopened = (cause: Cause): CloudEnd => ({
  result: cause.code === 'cloud-unreachable' ? 'incomplete' : 'refused',
  cause,
  scanned: null,
});

interface Finishing {
  readonly tally: CloudTally;
  readonly end: CloudEnd;
  readonly state: CloudState | null;
  readonly preview: boolean;
}

function finish(
  {name: job, remote}: CloudJob,
  {tally, end: {result, cause, scanned}, state, preview}: Finishing,
): CloudFinished {
  const known = state?.counts();
  return {
    type: 'cloud-finished',
    job,
    remote,
    preview,
    result,
    files: scanned?.files ?? 0,
    bytes: scanned?.bytes ?? 0,
    proved: known?.proved ?? 0,
    sizeOnly: known?.unproved ?? 0,
    ...tally.counts,
    bytesSent: tally.bytesSent,
    ...(cause === null ? {} : {code: cause.code, message: cause.message, next: cause.next}),
  };
}
