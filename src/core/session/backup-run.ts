/** What the terminal UI keeps of a backup or of a preview: a pure fold over its events. */
import type {Cause} from '../cause.ts';
import type {
  BackupFinished,
  BackupProgress,
  BackupStarted,
  BackupStep,
  OffloadEvent,
} from '../events.ts';
import {addSample, estimateTimeLeft, measureSpeed, type Sample} from '../speeds.ts';
import {followTime, type SteadyTime, unknownTime} from '../steady-time.ts';

/** One job with its targets, one after the other. */
export interface BackupRun {
  readonly job: string;
  /** Nothing is written. */
  readonly preview: boolean;
  /** Nobody asked for it: it makes room for a card. */
  readonly byItself: boolean;
  /** In the order in which they were begun. */
  readonly targets: readonly TargetRun[];
  /** Of a preview the first steps; of a run what failed and what was held back, the newest. */
  readonly steps: readonly BackupStep[];
  /** All of them, with those that are not kept. */
  readonly stepCount: number;
  /** The newest of what was told besides, oldest first; why it was refused is the last one. */
  readonly causes: readonly RunNotice[];
  readonly stopping: boolean;
  /** ms of a clock that goes forward; null while it goes on. */
  readonly startedMs: number;
  readonly endedMs: number | null;
}

/** `info` was only worth a note while it ran, and is over with it. */
export interface RunNotice extends Cause {
  readonly level: 'info' | 'warning';
}

/** How far one target is. */
export interface TargetRun {
  /** The folder that is written, absolute: what the target is known by. */
  readonly to: string;
  readonly target: string;
  readonly source: string;
  readonly progress: BackupProgress | null;
  readonly samples: readonly Sample[];
  /** When the first bytes were to be read; null before. */
  readonly movingSinceMs: number | null;
  /** Bytes a second; null while it is measured. */
  readonly readRate: number | null;
  readonly time: SteadyTime;
  readonly finished: BackupFinished | null;
}

/** More than anybody reads on a screen. */
const STEPS_KEPT = 1000;
const CAUSES_KEPT = 20;

/** @param atMs of a clock that goes forward. */
export function beginBackup(
  {
    job,
    preview,
    byItself = false,
  }: Pick<BackupRun, 'job' | 'preview'> & {readonly byItself?: boolean},
  atMs: number,
): BackupRun {
  return {
    job,
    preview,
    byItself,
    targets: [],
    steps: [],
    stepCount: 0,
    causes: [],
    stopping: false,
    startedMs: atMs,
    endedMs: null,
  };
}

/** @returns the run after one of its events; the same object when nothing that is shown changes. */
export function evolveBackup(run: BackupRun, event: OffloadEvent, atMs: number): BackupRun {
  if (run.endedMs !== null) return run;
  switch (event.type) {
    case 'backup-started':
      return changeTarget(run, event, (target) => ({
        ...target,
        source: event.source,
        target: event.target,
      }));
    case 'backup-progress':
      return changeTarget(run, event, (target) => advance(target, event, atMs));
    case 'backup-step':
      return addStep(run, event);
    case 'backup-finished':
      return changeTarget(run, event, (target) => ({
        ...target,
        target: event.target,
        finished: event,
      }));
    case 'noticed':
    case 'refused': {
      const {code, path, message, next} = event;
      const level = event.type === 'noticed' ? event.level : 'warning';
      const about = path === undefined ? {} : {path};
      const notice: RunNotice = {level, code, ...about, message, next};
      return {...run, causes: [...run.causes, notice].slice(-CAUSES_KEPT)};
    }
    case 'cancel-requested':
      return {...run, stopping: true};
    case 'run-ended':
      return {
        ...run,
        endedMs: atMs,
        causes: run.causes.filter(({level}) => level !== 'info'),
      };
    default:
      return run;
  }
}

type AboutTarget = BackupStarted | BackupProgress | BackupFinished;

function changeTarget(
  run: BackupRun,
  event: AboutTarget,
  change: (target: TargetRun) => TargetRun,
): BackupRun {
  const name = 'target' in event ? event.target : event.to;
  // Nothing is known of where a target would be written that is not connected.
  const isSame = (one: TargetRun) =>
    one.to === event.to && (event.to !== '' || one.target === name);
  const index = run.targets.findIndex(isSame);
  const known = run.targets[index] ?? newTarget(event.to, name);
  const changed = change(known);
  const targets = index < 0 ? [...run.targets, changed] : run.targets.with(index, changed);
  return {...run, targets};
}

const newTarget = (to: string, target: string): TargetRun => ({
  to,
  target,
  source: '',
  progress: null,
  samples: [],
  movingSinceMs: null,
  readRate: null,
  time: unknownTime,
  finished: null,
});

function advance(target: TargetRun, progress: BackupProgress, atMs: number): TargetRun {
  // How long the looking takes says nothing of the copying.
  if (progress.phase === 'scan') return {...target, progress};
  const {read, bytes} = progress;
  const movingSinceMs = target.movingSinceMs ?? atMs;
  const samples = addSample(target.samples, {atMs, read, lanes: []});
  const readRate = measureSpeed(samples, (sample) => sample.read);
  const toRead = Math.max(0, bytes - read);
  const timeLeftMs = estimateTimeLeft({toRead, readRate, lanes: []});
  const time = followTime(target.time, {atMs, timeLeftMs, movingMs: atMs - movingSinceMs});
  return {...target, progress, samples, readRate, movingSinceMs, time};
}

function addStep(run: BackupRun, step: BackupStep): BackupRun {
  const isTrouble = step.state === 'failed' || step.action === 'hold';
  if (!run.preview && !isTrouble) return run;
  const stepCount = run.stepCount + 1;
  if (!run.preview) {
    return {...run, stepCount, steps: [...run.steps, step].slice(-STEPS_KEPT)};
  }
  return run.steps.length < STEPS_KEPT
    ? {...run, stepCount, steps: [...run.steps, step]}
    : {...run, stepCount};
}

/** True when a list of it would tell anything. */
export const hasDetails = ({stepCount, causes, targets}: BackupRun): boolean =>
  stepCount + causes.length > 0 || targets.some(({finished}) => finished !== null);

/** True while a job is run or previewed. */
export const isBackingUp = (run: BackupRun | null): run is BackupRun =>
  run !== null && run.endedMs === null;

/** @returns the target that is worked on; null between two and before the first. */
export function targetAtWork({targets}: BackupRun): TargetRun | null {
  return targets.find(({finished}) => finished === null) ?? null;
}
