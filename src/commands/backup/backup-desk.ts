import {join} from 'node:path';
import type {BackupJob} from '../../core/backup/backup-job.ts';
import {type BackupHistory, NO_HISTORY} from '../../core/backup/jobs/backup-history.ts';
import {chooseJobs, findJob} from '../../core/backup/jobs/choose-jobs.ts';
import {BACKUP_JOBS, type JobsFile, NO_JOBS} from '../../core/backup/jobs/jobs-file.ts';
import type {Moment} from '../../core/backup/jobs/schedule.ts';
import {type Cause, ok, type Result} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {changeHistory, makeOwnFolder, readHistory} from '../../system/backup-files.ts';
import {changeJobs, readJobs} from '../../system/own-jobs.ts';
import type {Program} from '../program.ts';
import {alreadyRunning, unknownJob} from './backup-causes.ts';
import {type Look, lookAtVolumes} from './look-at-jobs.ts';
import {type BackupHome, openHome, type Turn, takeTurn} from './own-files.ts';
import type {Knowledge} from './tell-jobs.ts';

const RUN_LOCK = 'backup-run.lock';

/** The jobs and their history, as one command has them. */
export class BackupDesk {
  readonly #program: Program;
  readonly #home: BackupHome;
  readonly #emit: Emit;
  /** What was told once is not told again by a process that runs for days. */
  readonly #told = new Set<string>();
  #jobs: JobsFile = NO_JOBS;
  #history: BackupHistory = NO_HISTORY;
  /** The last change could not be written: what is on the disk is older than what is known here. */
  #isAhead = false;

  constructor(program: Program, home: BackupHome, emit: Emit) {
    this.#program = program;
    this.#home = home;
    this.#emit = emit;
  }

  get jobs(): JobsFile {
    return this.#jobs;
  }

  get history(): BackupHistory {
    return this.#history;
  }

  /** Reads both files again. @returns why the jobs cannot be had; a history that cannot be is told and taken as none. */
  async read(): Promise<Result<JobsFile>> {
    const {files} = this.#program;
    const jobs = await readJobs(files, this.#home.config, BACKUP_JOBS);
    if (!jobs.ok) return jobs;
    this.#jobs = jobs.value;
    if (this.#isAhead) return jobs;
    const history = await readHistory(files, this.#home.data);
    if (!history.ok) this.warn(history.cause);
    this.#history = history.ok ? history.value : NO_HISTORY;
    return jobs;
  }

  async look(): Promise<Look> {
    return await lookAtVolumes(this.#program, this.#jobs);
  }

  /** @param arrivedMs when the drives were seen to come. */
  moment(arrivedMs: number | null = null): Moment {
    const program = this.#program;
    return {
      nowMs: program.clock.now().getTime(),
      // Asked for only where there are quiet hours or days to be told.
      get timeZone() {
        return program.timeZone;
      },
      arrivedMs,
    };
  }

  knowledge(look: Look): Knowledge {
    return {jobs: this.#jobs, history: this.#history, look, moment: this.moment()};
  }

  /** @param names empty for all. @returns the jobs in the order of the file; `job-unknown` for a name that none has. */
  choose(names: readonly string[]): Result<readonly BackupJob[]> {
    return chooseJobs(this.#jobs.jobs, names, unknownJob);
  }

  /** @returns the job that a person calls so; or `job-unknown`. */
  find(name: string): Result<BackupJob> {
    return findJob(this.#jobs.jobs, name, unknownJob);
  }

  async changeJobs(change: (jobs: JobsFile) => Result<JobsFile>): Promise<Result<JobsFile>> {
    const {own, config: folder} = this.#home;
    const changed = await changeJobs(own, {folder, kind: BACKUP_JOBS, change});
    if (changed.ok) this.#jobs = changed.value;
    return changed;
  }

  /** What cannot be written is told, and remembered while this process lives: a full disk must not make a job run without end. */
  async note(change: (history: BackupHistory) => BackupHistory): Promise<void> {
    const before = this.#history;
    const noted = await changeHistory(this.#home.own, this.#home.data, (onDisk) =>
      change(this.#isAhead ? before : onDisk),
    );
    if (!noted.ok) this.warn(noted.cause);
    this.#isAhead = !noted.ok;
    this.#history = noted.ok ? noted.value : change(before);
  }

  /** Names and places of connected volumes, for the time when they are away. */
  async notePlaces(look: Look): Promise<void> {
    const used = new Set(
      this.#jobs.jobs.flatMap(({source, targets}) => [source, ...targets].map((one) => one.volume)),
    );
    const fresh = look.connected.filter(({id, name, folder, trust}) => {
      const before = Object.hasOwn(this.#jobs.volumes, id) ? this.#jobs.volumes[id] : undefined;
      const isSame = before?.name === name && before.path === folder;
      return trust === 'fits' && used.has(id) && !isSame;
    });
    if (fresh.length === 0) return;
    const places = Object.fromEntries(
      fresh.map(({id, name, folder}) => [id, {name, path: folder}]),
    );
    const changed = await this.changeJobs((jobs) =>
      ok({...jobs, volumes: {...jobs.volumes, ...places}}),
    );
    if (!changed.ok) this.warn(changed.cause);
  }

  /** @returns how to let others run backups again; `backup-running` when another process of this computer does. */
  async takeTurn(): Promise<Result<Turn>> {
    const made = await makeOwnFolder(this.#home.data);
    if (!made.ok) return made;
    return await takeTurn(this.#program, {
      path: join(this.#home.data, RUN_LOCK),
      doing: 'locking the backups',
      running: alreadyRunning,
    });
  }

  /** Once for each trouble. */
  warn(cause: Cause): void {
    const key = `${cause.code} ${cause.message}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#emit({type: 'noticed', level: 'warning', ...cause});
  }
}

/** @returns the desk with what is on the disk; or why there is none. */
export async function openDesk(program: Program, emit: Emit): Promise<Result<BackupDesk>> {
  const home = openHome(program);
  if (!home.ok) return home;
  const desk = new BackupDesk(program, home.value, emit);
  const jobs = await desk.read();
  return jobs.ok ? ok(desk) : jobs;
}
