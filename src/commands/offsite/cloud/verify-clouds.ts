import {type Cause, ok, type Result} from '../../../core/cause.ts';
import type {CloudVerified} from '../../../core/events.ts';
import type {CloudJob} from '../../../core/offsite/cloud-job.ts';
import {parseRemote} from '../../../core/offsite/cloud-remote.ts';
import type {CloudState} from '../../../offsite/cloud-state.ts';
import {CloudTally} from '../../../offsite/cloud-tally.ts';
import {type CloudVerdict, verifyCloud as verifyOneCloud} from '../../../offsite/verify-cloud.ts';
import {lookAtVolumes} from '../../backup/look-at-jobs.ts';
import type {Listening, RunEnd} from '../../offload.ts';
import type {Program} from '../../program.ts';
import {refuse} from '../../refuse.ts';
import {stayAwake} from '../../stay-awake.ts';
import {noClouds} from './cloud-causes.ts';
import {asJobsFile, type CloudHome, chooseClouds, openClouds} from './cloud-desk.ts';
import {findSource} from './find-source.ts';
import {openRemote} from './look-at-rclone.ts';
import {makeCalls} from './make-calls.ts';
import {CloudCatalog} from './tell-catalog.ts';
import {withState} from './with-state.ts';

export interface CloudVerifyOptions {
  /** Empty for all jobs. */
  readonly names: readonly string[];
  /** What a remote has no hash of is downloaded, whatever the job says. */
  readonly download: boolean;
}

interface Work {
  readonly program: Program;
  readonly home: CloudHome;
  readonly options: CloudVerifyOptions;
  readonly listening: Listening;
}

/** @returns 0 when everything is proved, 1 when something is missing, damaged or not proved, 2 when nothing was begun, 130 when it was stopped. */
export async function verifyCloud(
  program: Program,
  options: CloudVerifyOptions,
  listening: Listening,
): Promise<RunEnd> {
  const {emit, signal} = listening;
  const opened = await openClouds(program);
  const chosen = opened.ok ? chooseClouds(opened.value.jobs, options.names) : opened;
  if (!opened.ok || !chosen.ok) {
    const {cause} = chosen.ok ? {cause: noClouds} : chosen;
    return refuse(emit, cause);
  }
  if (chosen.value.length === 0) emit({type: 'noticed', level: 'info', ...noClouds});
  const rest = stayAwake(program, emit);
  const results: CloudVerified['result'][] = [];
  try {
    for (const job of chosen.value) {
      if (signal.aborted) break;
      const verified = await verifyJob({program, home: opened.value, options, listening}, job);
      emit(verified);
      results.push(verified.result);
    }
  } finally {
    await rest();
  }
  if (signal.aborted) return {outcome: 'cancelled', exitCode: 130};
  if (results.length > 0 && results.every((one) => one === 'refused'))
    return {outcome: 'refused', exitCode: 2};
  return {outcome: 'complete', exitCode: results.every((one) => one === 'good') ? 0 : 1};
}

const NOTHING: CloudVerdict = {
  files: 0,
  bytes: 0,
  proved: 0,
  sizeOnly: 0,
  missing: 0,
  damaged: 0,
  cause: null,
};

async function verifyJob(work: Work, job: CloudJob): Promise<CloudVerified> {
  const {signal} = work.listening;
  const about = {type: 'cloud-verified', job: job.name, remote: job.remote} as const;
  const {program, home, listening} = work;
  const onNotice = (cause: Cause) => listening.emit({type: 'noticed', level: 'warning', ...cause});
  const opened = await withState({program, home, job, isLook: false, onNotice}, async (state) => {
    const verdict = await verifyOn(work, job, state);
    return verdict.ok ? ok({verdict: verdict.value, since: state.counts().oldestProof}) : verdict;
  });
  const worked = opened.ok ? opened.value : opened;
  if (!worked.ok) {
    const {code, message, next} = worked.cause;
    return {...about, result: 'refused', ...without(NOTHING), since: null, code, message, next};
  }
  const {verdict, since} = worked.value;
  const cause = verdict.cause ?? (verdict.files === 0 ? nothingKnown : null);
  const isGood = cause === null && verdict.proved === verdict.files;
  const result = signal.aborted ? 'stopped' : isGood ? 'good' : 'bad';
  const why = cause === null ? {} : {code: cause.code, message: cause.message, next: cause.next};
  return {...about, result, ...without(verdict), since: isGood ? since : null, ...why};
}

const nothingKnown: Cause = {
  code: 'cloud-nothing',
  message: 'nothing is recorded as copied there',
  next: 'Run the job first: offload offsite run NAME. What lies there already is found and proved by it.',
};

const without = ({cause, ...counts}: CloudVerdict): Omit<CloudVerdict, 'cause'> => counts;

async function verifyOn(
  {program, home, options, listening: {emit, signal}}: Work,
  job: CloudJob,
  state: CloudState,
): Promise<Result<CloudVerdict>> {
  const remote = parseRemote(job.remote);
  if (!remote.ok) return remote;
  const opened = await openRemote(program, remote.value, signal);
  if (!opened.ok) return opened;
  const {files, clock} = program;
  const {name} = job;
  const tally = new CloudTally({job: name, remote: job.remote, preview: false, clock, emit});
  const calls = makeCalls(program, {job, remote: remote.value, opened: opened.value, signal});
  const onTrouble = (cause: Cause) => tally.warn(cause);
  const notes = new CloudCatalog({program, job, chain: opened.value, state, onTrouble});
  await notes.catchUp();
  const look = await lookAtVolumes(program, asJobsFile(home.jobs));
  const found = await findSource(program, {jobs: home.jobs, look, job});
  const verdict = await verifyOneCloud({
    files,
    clock,
    state,
    calls,
    notes,
    source: found.state === 'there' ? found.source.folder : null,
    download: options.download || job.download,
    signal,
    onStep: (step) =>
      emit({type: 'cloud-step', job: name, remote: job.remote, action: 'verify', ...step}),
    onSample: () => tally.proving(),
  });
  await notes.finish();
  return ok(verdict);
}
