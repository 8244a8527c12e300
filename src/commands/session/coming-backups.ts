/** Backups with `--on-arrival` that start by themselves when their drives come while the terminal UI is open. */
import type {BackupJob, BackupTarget} from '../../core/backup/backup-job.ts';
import {historyOf} from '../../core/backup/jobs/backup-history.ts';
import {isDue} from '../../core/backup/jobs/schedule.ts';
import {COMING_SECONDS, mayCome} from '../../core/session/coming-backup.ts';
import {type BackupDesk, openDesk} from '../backup/backup-desk.ts';
import type {Look} from '../backup/look-at-jobs.ts';
import type {Program} from '../program.ts';
import type {Backups} from './backups.ts';
import type {Desk} from './desk.ts';

interface ComingOptions {
  readonly program: Program;
  readonly desk: Desk;
  readonly backups: Backups;
  /** Ends with the session. */
  readonly signal: AbortSignal;
}

/** ms: so long a key, or the end of the session, is not seen at most. */
const SLICE_MS = 250;

const keyOf = ({id}: BackupJob, {volume, folder}: BackupTarget): string =>
  JSON.stringify([id, volume, folder]);

export class ComingBackups {
  readonly #options: ComingOptions;
  /** Source and target were both there at the last look. */
  readonly #present = new Map<string, boolean>();
  /** When both were seen to come, in ms since 1970, until a run or a key was the answer. */
  readonly #arrivals = new Map<string, number>();
  #isLooking = false;
  #looksAgain = false;
  /** The run was stopped for a card: it goes on after that. */
  #isAside = false;

  constructor(options: ComingOptions) {
    this.#options = options;
  }

  /** To be called when drives came or went, and when cards are done. Resolves when what was due is run or was stopped. Throws what broke an invariant. */
  async look(): Promise<void> {
    this.#looksAgain = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      while (this.#looksAgain && !this.#options.signal.aborted) {
        this.#looksAgain = false;
        const job = await this.#findDue();
        if (job !== undefined) await this.#startSoon(job);
      }
    } finally {
      this.#isLooking = false;
    }
  }

  /** A card goes first. */
  putAside(): void {
    this.#isAside = true;
    this.#options.backups.stop('key');
  }

  async #findDue(): Promise<BackupJob | undefined> {
    const {program, desk} = this.#options;
    if (!mayCome(desk.getSnapshot())) return undefined;
    const opened = await openDesk(program, () => {});
    // Why there are no jobs is told on their screen.
    if (!opened.ok) return undefined;
    const jobs = opened.value.jobs.jobs.filter(({trigger}) => trigger.arrival);
    if (jobs.length === 0) return undefined;
    const look = await opened.value.look();
    this.#noteArrivals(jobs, look);
    return jobs.find((job) => this.#isDue(job, opened.value, look));
  }

  /** What is there at the first look has not come. */
  #noteArrivals(jobs: readonly BackupJob[], {present}: Look): void {
    const nowMs = this.#options.program.clock.now().getTime();
    for (const job of jobs) {
      for (const target of job.targets) {
        const key = keyOf(job, target);
        const isThere = present.has(job.source.volume) && present.has(target.volume);
        if (isThere && this.#present.get(key) === false) this.#arrivals.set(key, nowMs);
        if (!isThere) this.#arrivals.delete(key);
        this.#present.set(key, isThere);
      }
    }
  }

  #isDue(job: BackupJob, desk: BackupDesk, {present}: Look): boolean {
    return job.targets.some((target) => {
      const arrivedMs = this.#arrivals.get(keyOf(job, target));
      if (arrivedMs === undefined) return false;
      const history = historyOf(desk.history, job, target);
      return isDue({job, target, history}, desk.moment(arrivedMs), present);
    });
  }

  async #startSoon(job: BackupJob): Promise<void> {
    const {desk, backups, signal} = this.#options;
    for (const [index, seconds] of COMING_SECONDS.entries()) {
      desk.dispatch({type: 'backup-coming', job: job.name, seconds});
      // Something else stands in front by now: at the next look it is due still.
      if (index === 0 && desk.getSnapshot().coming !== job.name) return;
      const rest = seconds - (COMING_SECONDS[index + 1] ?? 0);
      if (await this.#wait(job.name, rest)) continue;
      // A card that was started instead goes first, and the backup comes after it.
      if (!signal.aborted && mayCome(desk.getSnapshot())) this.#forget(job);
      return;
    }
    this.#isAside = false;
    desk.dispatch({type: 'backup-begun', job: job.name, preview: false, byItself: true});
    await backups.run(job.name, []);
    if (!this.#isAside) this.#forget(job);
  }

  /** @returns false when a key stopped it, or the session ended. */
  async #wait(job: string, seconds: number): Promise<boolean> {
    const {program, desk, signal} = this.#options;
    for (let ms = 0; ms < seconds * 1000; ms += SLICE_MS) {
      if (signal.aborted || desk.getSnapshot().coming !== job) return false;
      await program.clock.sleep(SLICE_MS);
    }
    return !signal.aborted && desk.getSnapshot().coming === job;
  }

  #forget(job: BackupJob): void {
    for (const target of job.targets) this.#arrivals.delete(keyOf(job, target));
  }
}
