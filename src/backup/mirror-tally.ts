import type {TreeFile} from '../core/backup/mirror-tree.ts';
import {NO_COUNTS} from '../core/backup/no-counts.ts';
import type {Cause} from '../core/cause.ts';
import type {BackupAction, BackupProgress, BackupStep, Emit} from '../core/events.ts';
import type {Clock} from '../system/clock.ts';

/** ms between two samples: 10 a second at the most. */
const INTERVAL_MS = 100;

export type Counts = Readonly<Record<keyof typeof NO_COUNTS, number>>;

const COUNTED: Readonly<Record<BackupAction, keyof Counts>> = {
  copy: 'copied',
  replace: 'replaced',
  patch: 'patched',
  move: 'moved',
  archive: 'archived',
  purge: 'purged',
  adopt: 'adopted',
  retime: 'retimed',
  hold: 'held',
};

/** What came of one file. */
export interface Telling {
  readonly action: BackupAction;
  readonly path: string;
  readonly target?: string;
  /** Bytes. */
  readonly size: number;
  readonly cause?: Cause;
}

/** Counts and tells what is done for one target. The only place that emits steps and samples of a mirror. */
export class MirrorTally {
  readonly #setting: {
    readonly job: string;
    readonly to: string;
    /** Nothing is done: it is told what would be. */
    readonly preview: boolean;
    readonly clock: Clock;
    readonly emit: Emit;
  };
  readonly #counts: {-readonly [Count in keyof Counts]: Counts[Count]} = {...NO_COUNTS};
  #phase: BackupProgress['phase'] = 'scan';
  #looked = 0;
  #steps = 0;
  #done = 0;
  #bytes = 0;
  #read = 0;
  #now: string | null = null;
  #toldAt = Number.NEGATIVE_INFINITY;
  /** Bytes of copies that the target had no room for. */
  missing = 0;
  /** The first thing that went wrong. */
  firstFailure: Cause | undefined;

  constructor(setting: {job: string; to: string; preview: boolean; clock: Clock; emit: Emit}) {
    this.#setting = setting;
  }

  get counts(): Counts {
    return this.#counts;
  }

  look(count: number): void {
    this.#looked = count;
    this.#tick();
  }

  /** @param steps that are to be done; `bytes` that are to be read from the source. */
  begin({steps, bytes}: {steps: number; bytes: number}): void {
    this.#steps = steps;
    this.#bytes = bytes;
  }

  enter(phase: BackupProgress['phase']): void {
    this.#phase = phase;
    this.#now = null;
    this.sample();
  }

  start({path}: Pick<TreeFile, 'path'>): void {
    this.#now = path;
    this.#tick();
  }

  read(bytes: number): void {
    this.#read += bytes;
    this.#tick();
  }

  finishStep(): void {
    this.#done += 1;
    this.#tick();
  }

  /** A step that was done, or would be. */
  tell(telling: Telling): void {
    this.#counts[COUNTED[telling.action]] += 1;
    this.#emitStep(telling, this.#setting.preview ? 'planned' : 'done');
  }

  /** A raw file or a film that changed: its old copy stays. */
  alarm(telling: Omit<Telling, 'action'>): void {
    this.#counts.alarms += 1;
    this.firstFailure ??= telling.cause;
    this.#emitStep({...telling, action: 'hold'}, this.#setting.preview ? 'planned' : 'done');
  }

  /** So many deletions wait for a yes. They are not told one by one: that is what a preview is for. */
  hold(count: number): void {
    this.#counts.held += count;
  }

  fail(telling: Telling & {readonly cause: Cause}): void {
    const {cause, size} = telling;
    this.#counts.failed += 1;
    if (cause.code === 'ENOSPC' || cause.code === 'EDQUOT') this.missing += size;
    this.firstFailure ??= cause;
    this.#emitStep(telling, 'failed');
  }

  /** Something that no step speaks of. */
  warn(cause: Cause, {fails = false}: {readonly fails?: boolean} = {}): void {
    if (fails) {
      this.#counts.failed += 1;
      this.firstFailure ??= cause;
    }
    this.#setting.emit({type: 'noticed', level: 'warning', ...cause});
  }

  countCached(): void {
    this.#counts.cached += 1;
  }

  #emitStep({action, path, target, size, cause}: Telling, state: BackupStep['state']): void {
    const {job, to, emit} = this.#setting;
    emit({
      type: 'backup-step',
      job,
      to,
      action,
      state,
      path,
      ...(target === undefined || target === path ? {} : {target}),
      size,
      ...(cause === undefined ? {} : {code: cause.code, message: cause.message, next: cause.next}),
    });
  }

  #tick(): void {
    const now = this.#setting.clock.monotonic();
    if (now - this.#toldAt < INTERVAL_MS) return;
    this.#toldAt = now;
    this.sample();
  }

  sample(): void {
    const {job, to, emit} = this.#setting;
    emit({
      type: 'backup-progress',
      job,
      to,
      phase: this.#phase,
      looked: this.#looked,
      steps: this.#steps,
      done: this.#done,
      bytes: this.#bytes,
      read: this.#read,
      now: this.#now,
    });
  }
}
