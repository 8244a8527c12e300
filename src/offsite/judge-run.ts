/** What a run of a cloud job came to. */
import type {Cause} from '../core/cause.ts';
import type {CloudFinished} from '../core/events.ts';
import {countFiles} from '../core/words.ts';
import type {CloudRun} from './cloud-run.ts';
import type {Scanned} from './scan-source.ts';

export interface CloudEnd {
  readonly result: CloudFinished['result'];
  readonly cause: Cause | null;
  readonly scanned: Scanned | null;
}

export function endWith(run: CloudRun, cause: Cause, scanned: Scanned): CloudEnd {
  if (cause === STOPPED || run.signal.aborted) return {result: 'stopped', cause: null, scanned};
  if (cause === QUIET) return {result: 'stopped', cause, scanned};
  return {result: 'incomplete', cause, scanned};
}

/** Good is only what is proved, all of it. */
export function judgeRun(run: CloudRun, scanned: Scanned): CloudEnd {
  const {counts} = run.tally;
  const {proved, unproved} = run.state.seenCounts();
  if (run.signal.aborted) return {result: 'stopped', cause: null, scanned};
  if (
    counts.failed === 0 &&
    counts.alarms === 0 &&
    (proved < scanned.files || run.tally.open > 0) &&
    run.secondsToQuiet() === 0
  )
    return {result: 'stopped', cause: QUIET, scanned};
  if (counts.failed === 0 && counts.alarms > 0)
    return {result: 'incomplete', cause: changedOriginals(counts.alarms), scanned};
  if (counts.failed > 0)
    return {
      result: 'incomplete',
      cause: notAll(Math.max(counts.failed, scanned.files - proved)),
      scanned,
    };
  if (unproved > 0) return {result: 'incomplete', cause: sizeOnly(unproved), scanned};
  if (proved < scanned.files)
    return {result: 'incomplete', cause: notAll(scanned.files - proved), scanned};
  // Of a file that changed the old version is proved.
  if (run.tally.open > 0) return {result: 'incomplete', cause: notAll(run.tally.open), scanned};
  return {result: 'good', cause: null, scanned};
}

export const STOPPED: Cause = {
  code: 'stopped',
  message: 'it was stopped',
  next: 'Run the job again.',
};

export const QUIET: Cause = {
  code: 'quiet-hours',
  message: 'quiet hours began',
  next: 'The rest goes on after them: with offload backup watch or install, or run the job again then.',
};

const notAll = (files: number): Cause => ({
  code: 'cloud-incomplete',
  message: `${countFiles(files)} of the source ${files === 1 ? 'is' : 'are'} not proved in the cloud`,
  next: 'Look at what is told of each above, then run the same job again.',
});

const changedOriginals = (files: number): Cause => ({
  code: 'cloud-alarms',
  message: `${countFiles(files)} that should never change are not as they were, and were not uploaded`,
  next: 'Look at what is told of each above.',
});

const sizeOnly = (files: number): Cause => ({
  code: 'cloud-size-only',
  message: `the remote tells no hash of ${countFiles(files)}: only the size agrees, and that is no proof`,
  next: 'Let them be downloaded once to prove them: offload offsite edit NAME --download, then run the job again.',
});
