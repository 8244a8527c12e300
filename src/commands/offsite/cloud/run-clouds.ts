/** `offload offsite run` of clouds: one job after the other. */
import {isOverdue, wantedAt} from '../../../core/backup/jobs/schedule.ts';
import {type Cause, ok} from '../../../core/cause.ts';
import type {CloudFinished, Emit} from '../../../core/events.ts';
import {
  asBackupJob,
  asTargetHistory,
  type CloudHistory,
  formatCloudHistory,
  parseCloudHistory,
} from '../../../core/offsite/cloud-history.ts';
import type {CloudJob} from '../../../core/offsite/cloud-job.ts';
import {type Look, lookAtVolumes} from '../../backup/look-at-jobs.ts';
import type {Listening, RunEnd} from '../../offload.ts';
import type {Program} from '../../program.ts';
import {refuse} from '../../refuse.ts';
import {cloudOverdue, noClouds} from './cloud-causes.ts';
import {asJobsFile, type CloudHome, changeClouds, chooseClouds, openClouds} from './cloud-desk.ts';
import {recallCloud} from './describe-clouds.ts';
import {type CloudRunOptions, runCloudJob} from './run-cloud-job.ts';
import {withState} from './with-state.ts';

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
  if (!options.preview) await notePlaces(opened.value, look);
  const results: CloudFinished['result'][] = [];
  for (const job of chosen.value) {
    if (signal.aborted) break;
    if (options.due && !(await isReady(program, opened.value, {job, look}))) continue;
    results.push(await runCloudJob({program, home: opened.value, look, options, listening}, job));
  }
  const overdue = options.preview
    ? 0
    : await tellOverdue(program, opened.value, chosen.value, emit);
  return endOf(results, options, {isOverdue: overdue > 0, isStopped: signal.aborted});
}

/** What of the clouds is due, and nothing else: says nothing when nothing is. */
export const runDueClouds = (program: Program, listening: Listening): Promise<RunEnd> =>
  runCloud(program, {names: [], due: true, preview: false, acceptChanges: false}, listening);

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
async function notePlaces({home, jobs}: CloudHome, look: Look): Promise<void> {
  const used = new Set(jobs.jobs.map(({source}) => source.volume));
  const fresh = look.connected.filter(({id, name, folder, trust}) => {
    const before = Object.hasOwn(jobs.volumes, id) ? jobs.volumes[id] : undefined;
    return trust === 'fits' && used.has(id) && (before?.name !== name || before.path !== folder);
  });
  if (fresh.length === 0) return;
  const places = Object.fromEntries(fresh.map(({id, name, folder}) => [id, {name, path: folder}]));
  // Only for its words: the run needs none of it.
  await changeClouds(home, (now) => ok({...now, volumes: {...now.volumes, ...places}}));
}

async function isReady(
  program: Program,
  home: CloudHome,
  {job, look}: {readonly job: CloudJob; readonly look: Look},
): Promise<boolean> {
  const {history} = await recallCloud(program, home, job);
  if (!look.present.has(job.source.volume)) {
    await noteAway(program, home, {job, history});
    return false;
  }
  const nowMs = program.clock.now().getTime();
  const moment = {nowMs, timeZone: program.timeZone, arrivedMs: null};
  const wanted = wantedAt(asBackupJob(job), asTargetHistory(job, history), moment);
  return wanted !== null && wanted <= nowMs;
}

/** Its next look that finds the source is an arrival. Written once. */
async function noteAway(
  program: Program,
  home: CloudHome,
  {job, history}: {readonly job: CloudJob; readonly history: CloudHistory},
): Promise<void> {
  const {lastRun, lastAway} = history;
  if (!job.trigger.arrival || lastRun === null) return;
  if (lastAway !== null && lastAway > lastRun.startedAt) return;
  const at = program.clock.now().toISOString();
  // Another process that runs it now knows better; what is damaged is told by the next run.
  await withState({program, home, job, isLook: false, onNotice: () => {}}, async (state) => {
    const now = parseCloudHistory(state.note('history'));
    state.keepNote('history', formatCloudHistory({...now, lastAway: at}));
  });
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
