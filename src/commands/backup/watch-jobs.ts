/** `offload backup watch`: one process that runs what is due, as drives come and as time goes by. */
import type {BackupJob, BackupTarget} from '../../core/backup/backup-job.ts';
import {historyOf} from '../../core/backup/jobs/backup-history.ts';
import {isDue, wantedAt} from '../../core/backup/jobs/schedule.ts';
import type {Volume} from '../../core/drive.ts';
import {isInside} from '../../core/drive-paths.ts';
import type {Emit} from '../../core/events.ts';
import type {Listening, RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import {refuse} from '../refuse.ts';
import {noJobs} from './backup-causes.ts';
import {type BackupDesk, openDesk} from './backup-desk.ts';
import type {Look} from './look-at-jobs.ts';
import {type AlsoDue, type RunTarget, runAll, type TargetResult} from './run-jobs.ts';
import {listOverdue, tellJob} from './tell-jobs.ts';
import {listSwaps, noteSetsAway} from './tell-swaps.ts';

export interface WatchPace {
  /** ms: how soon an arrival or the signal is noticed. */
  readonly napMs: number;
  /** Naps between two looks whether something is due. */
  readonly napsToTick: number;
  /** ms between two looks at what else may be due. */
  readonly othersMs: number;
}

/** A tick reads two small files. Every half a minute a run begins on time, for a person. To look at the others a lock is written, and a disk that sleeps should go on sleeping. */
const PACE: WatchPace = {napMs: 500, napsToTick: 60, othersMs: 5 * 60_000};

/** ms. What is due and not there may lie on the computer's own disk or in a share, which come without being told. */
const LOOK_AGAIN_MS = 5 * 60_000;
const TELL_AGAIN_MS = 24 * 60 * 60_000;

interface WatchListening extends Listening {
  readonly runTarget: RunTarget;
  readonly alsoDue?: readonly AlsoDue[];
}

/**
 * Watches until the signal is given. What was missed is made up once, at the start or when the drives come. Jobs are run one after the other; those that were added or changed meanwhile are heard of at the
 * next tick.
 * @returns 0 when the last run of every target was good, 1 when one was not, 130 when a run was interrupted, 2 when the jobs cannot be read at the start.
 */
export async function watchJobs(
  program: Program,
  listening: WatchListening & {readonly pace?: Partial<WatchPace>},
): Promise<RunEnd> {
  const {emit, signal} = listening;
  const opened = await openDesk(program, emit);
  if (!opened.ok) return refuse(emit, opened.cause);
  const watch = new JobWatch(program, opened.value, listening);
  // Who breaks ends the other one too.
  const broken = new AbortController();
  const both = AbortSignal.any([signal, broken.signal]);
  try {
    await Promise.all([
      program.watchVolumes({
        signal: both,
        onArrived: () => watch.hear(),
        onLeft: (volume) => watch.leave(volume),
        onLooked: () => watch.begin(),
        onTrouble: (cause) => emit({type: 'noticed', level: 'warning', ...cause}),
      }),
      watch.run(both),
    ]);
  } finally {
    broken.abort();
  }
  return watch.end();
}

const keyOf = (job: BackupJob, {volume, folder}: BackupTarget): string =>
  JSON.stringify([job.id, volume, folder]);

class JobWatch {
  readonly #program: Program;
  readonly #desk: BackupDesk;
  readonly #listening: WatchListening;
  readonly #pace: WatchPace;
  /** When each connected volume was seen to come, ms since 1970, by its id. */
  readonly #arrivals = new Map<string, number>();
  readonly #results = new Map<string, TargetResult>();
  readonly #toldAtMs = new Map<string, number>();
  #othersAtMs = Number.NEGATIVE_INFINITY;
  /** How what else was due ended last. */
  readonly #others = new Map<number, RunEnd['exitCode']>();
  #look: Look | null = null;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #hasBegun = false;
  #isStirred = false;
  /** Something came or went since the last look. */
  #isBlind = true;
  #jobsTrouble = '';

  constructor(
    program: Program,
    desk: BackupDesk,
    listening: WatchListening & {readonly pace?: Partial<WatchPace>},
  ) {
    this.#program = program;
    this.#desk = desk;
    this.#listening = listening;
    this.#pace = {...PACE, ...listening.pace};
  }

  /** Drives that are there at the start are all looked for before the first job is run. */
  begin(): void {
    this.#hasBegun = true;
    this.hear();
  }

  hear(): void {
    this.#isStirred = true;
    this.#isBlind = true;
  }

  /** A drive that is pulled and plugged in again while a job runs has arrived, whatever a look says. */
  leave({mountPoint}: Volume): void {
    for (const {id, folder} of this.#look?.connected ?? []) {
      const platform = this.#program.pathPlatform;
      if (isInside({parent: mountPoint, child: folder, platform}) === 'outside') continue;
      this.#arrivals.delete(id);
    }
    this.hear();
  }

  async run(signal: AbortSignal): Promise<void> {
    const {napMs, napsToTick} = this.#pace;
    for (let naps = 0; !signal.aborted; naps++) {
      const isTick = naps >= napsToTick;
      if (this.#hasBegun && (this.#isStirred || isTick)) {
        naps = 0;
        await this.#pass();
        continue;
      }
      await this.#program.clock.sleep(napMs);
    }
  }

  end(): RunEnd {
    const results = [...this.#results.values()];
    const others = [...this.#others.values()];
    if (results.includes('stopped') || others.includes(130))
      return {outcome: 'cancelled', exitCode: 130};
    const isGood =
      results.every((result) => result === 'good' || result === 'away') &&
      others.every((exitCode) => exitCode === 0);
    return {outcome: 'complete', exitCode: isGood ? 0 : 1};
  }

  async #pass(): Promise<void> {
    const {emit} = this.#listening;
    const isFirst = this.#look === null;
    const isStirred = this.#isStirred;
    this.#isStirred = false;
    if (!(await this.#readJobs())) return;
    if (this.#isBlind || this.#mustLookAgain()) await this.#lookAround();
    const look = this.#look;
    if (look === null) return;
    if (isFirst) this.#tellJobs(look);
    await this.#runDue(look);
    await this.#runOthers(isFirst || isStirred);
    const knowledge = this.#desk.knowledge(this.#look ?? look);
    for (const {key, cause} of [...listOverdue(knowledge), ...listSwaps(knowledge)]) {
      if (this.#isToBeTold(key)) emit({type: 'noticed', level: 'warning', ...cause});
    }
  }

  /** What else is due is not told apart by drives: it looks for itself. */
  async #runOthers(isNews: boolean): Promise<void> {
    const {emit, signal, alsoDue = []} = this.#listening;
    const nowMs = this.#program.clock.monotonic();
    const isEarly = !isNews && nowMs - this.#othersAtMs < this.#pace.othersMs;
    if (alsoDue.length === 0 || signal.aborted || isEarly) return;
    const turn = await this.#desk.takeTurn();
    if (!turn.ok) return;
    this.#othersAtMs = nowMs;
    try {
      for (const [index, run] of alsoDue.entries()) {
        if (signal.aborted) return;
        const {exitCode} = await run(this.#program, {emit: this.#quieten(emit), signal});
        this.#others.set(index, exitCode);
      }
    } finally {
      await turn.value.release();
    }
  }

  /** What others say at each of their looks is said as seldom as of jobs. */
  #quieten(emit: Emit): Emit {
    return (event) => {
      const isRepeated = event.type === 'noticed' && event.code === 'backup-overdue';
      if (!isRepeated || this.#isToBeTold(`${event.code} ${event.message}`)) emit(event);
    };
  }

  #isToBeTold(key: string): boolean {
    const nowMs = this.#program.clock.monotonic();
    const toldAtMs = this.#toldAtMs.get(key);
    if (toldAtMs !== undefined && nowMs - toldAtMs < TELL_AGAIN_MS) return false;
    this.#toldAtMs.set(key, nowMs);
    return true;
  }

  /** A file that is damaged while it is edited is told once, and read again at the next tick. */
  async #readJobs(): Promise<boolean> {
    const read = await this.#desk.read();
    const trouble = read.ok ? '' : read.cause.message;
    if (!read.ok && trouble !== this.#jobsTrouble)
      this.#listening.emit({type: 'noticed', level: 'warning', ...read.cause});
    this.#jobsTrouble = trouble;
    return read.ok;
  }

  #tellJobs(look: Look): void {
    const {emit} = this.#listening;
    const knowledge = this.#desk.knowledge(look);
    for (const job of knowledge.jobs.jobs) emit(tellJob(job, knowledge));
    if (knowledge.jobs.jobs.length === 0) emit({type: 'noticed', level: 'info', ...noJobs});
  }

  async #lookAround(): Promise<void> {
    this.#isBlind = false;
    const look = await this.#desk.look();
    const nowMs = this.#program.clock.now().getTime();
    for (const id of this.#arrivals.keys()) if (!look.present.has(id)) this.#arrivals.delete(id);
    for (const id of look.present) if (!this.#arrivals.has(id)) this.#arrivals.set(id, nowMs);
    this.#look = look;
    await noteSetsAway(this.#desk, look);
    this.#lookedAtMs = this.#program.clock.monotonic();
  }

  #mustLookAgain(): boolean {
    if (this.#look === null) return true;
    if (this.#program.clock.monotonic() - this.#lookedAtMs < LOOK_AGAIN_MS) return false;
    return this.#listTargets().some(({job, target}) => {
      const moment = this.#desk.moment();
      const wanted = wantedAt(job, historyOf(this.#desk.history, job, target), moment);
      return wanted !== null && wanted <= moment.nowMs;
    });
  }

  #listTargets() {
    return this.#desk.jobs.jobs.flatMap((job) => job.targets.map((target) => ({job, target})));
  }

  /** Both drives are needed: the later one arrived. */
  #arrivalOf({source}: BackupJob, {volume}: BackupTarget): number | null {
    const times = [this.#arrivals.get(source.volume), this.#arrivals.get(volume)];
    const known = times.filter((time) => time !== undefined);
    return known.length < times.length ? null : Math.max(...known);
  }

  async #runDue(look: Look): Promise<void> {
    const due = this.#listTargets().filter(({job, target}) => {
      const moment = this.#desk.moment(this.#arrivalOf(job, target));
      const history = historyOf(this.#desk.history, job, target);
      return isDue({job, target, history}, moment, look.present);
    });
    if (due.length === 0) return;
    const turn = await this.#desk.takeTurn();
    if (!turn.ok) {
      // Another process runs backups: at the next tick this one asks again.
      if (turn.cause.code !== 'backup-running') this.#desk.warn(turn.cause);
      return;
    }
    try {
      await this.#desk.read();
      // Drives may have gone since they were seen.
      await this.#lookAround();
      const fresh = this.#look ?? look;
      await this.#desk.notePlaces(fresh);
      const {emit, signal, runTarget} = this.#listening;
      const options = {due: true, preview: false, acceptDeletions: false, acceptChanges: false};
      const work = {program: this.#program, desk: this.#desk, look: fresh, options, emit, signal};
      for (const {job, target} of due) {
        if (signal.aborted) return;
        const one = {...job, targets: [target]};
        const [result] = await runAll({...work, runTarget}, [one], (...about) =>
          this.#arrivalOf(...about),
        );
        if (result !== undefined) this.#results.set(keyOf(job, target), result);
      }
    } finally {
      await turn.value.release();
    }
  }
}
