import {matchGlobs} from '../../../backup/glob-matcher.ts';
import {nameRun} from '../../../core/backup/run-moment.ts';
import type {Cause} from '../../../core/cause.ts';
import type {CloudFinished} from '../../../core/events.ts';
import {
  formatCloudHistory,
  noteCloudRun,
  parseCloudHistory,
} from '../../../core/offsite/cloud-history.ts';
import type {CloudJob} from '../../../core/offsite/cloud-job.ts';
import {parseRemote} from '../../../core/offsite/cloud-remote.ts';
import type {CloudState} from '../../../offsite/cloud-state.ts';
import {CloudTally} from '../../../offsite/cloud-tally.ts';
import type {CloudEnd} from '../../../offsite/judge-run.ts';
import {RecordedHashes} from '../../../offsite/recorded-hashes.ts';
import {runCloud as runOneCloud} from '../../../offsite/run-cloud.ts';
import {type Look, nameVolume} from '../../backup/look-at-jobs.ts';
import type {Listening} from '../../offload.ts';
import type {Program} from '../../program.ts';
import {stayAwake} from '../../stay-awake.ts';
import {asJobsFile, type CloudHome} from './cloud-desk.ts';
import {findRemoteOverlap} from './find-remote-overlap.ts';
import {type CloudSource, findSource} from './find-source.ts';
import {openRemote} from './look-at-rclone.ts';
import {makeCalls} from './make-calls.ts';
import {readWithHashes} from './read-with-hashes.ts';
import {secondsToQuiet} from './seconds-to-quiet.ts';
import {CloudCatalog} from './tell-catalog.ts';
import {withState} from './with-state.ts';

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

export interface JobWork {
  readonly program: Program;
  readonly home: CloudHome;
  readonly look: Look;
  readonly options: CloudRunOptions;
  readonly listening: Listening;
}

/** @returns how it ended; the same was emitted last. */
export async function runCloudJob(work: JobWork, job: CloudJob): Promise<CloudFinished['result']> {
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
    const onNotice = (cause: Cause) => emit({type: 'noticed', level: 'warning', ...cause});
    const using = {program, home, job, isLook: preview, onNotice};
    const finished = await withState(using, async (state) => {
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

interface OnState {
  readonly job: CloudJob;
  readonly source: CloudSource;
  readonly state: CloudState;
  readonly tally: CloudTally;
}

async function runOn(
  {program, options, listening: {signal}}: JobWork,
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
  const inside = await findRemoteOverlap(program, opened.value, source.folder);
  if (inside !== null) return refused(inside);
  const {files, clock, newWord} = program;
  const calls = makeCalls(program, {job, remote: remote.value, opened: opened.value, signal});
  const onTrouble = (cause: Cause) => tally.warn(cause);
  const notes = new CloudCatalog({program, job, chain: opened.value, state, onTrouble});
  if (!options.preview) await notes.catchUp();
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
  const known = scanned === null ? state?.counts() : state?.seenCounts();
  const {failed: bad, alarms} = tally.counts;
  // Of a file that changed and is not there yet the old version is proved.
  const mostProved =
    scanned === null ? Number.POSITIVE_INFINITY : scanned.files - bad - alarms - tally.open;
  return {
    type: 'cloud-finished',
    job,
    remote,
    preview,
    result,
    files: scanned?.files ?? 0,
    bytes: scanned?.bytes ?? 0,
    proved: Math.max(0, Math.min(known?.proved ?? 0, mostProved)),
    sizeOnly: known?.unproved ?? 0,
    ...tally.counts,
    bytesSent: tally.bytesSent,
    ...(cause === null ? {} : {code: cause.code, message: cause.message, next: cause.next}),
  };
}
