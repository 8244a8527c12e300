import {join} from 'node:path';
import {chooseJobs, findJob} from '../../core/backup/jobs/choose-jobs.ts';
import {type Cause, ok, type Result} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {type LightroomHistory, NO_LIGHTROOM_HISTORY} from '../../core/lightroom/history.ts';
import {
  LIGHTROOM_JOBS,
  type LightroomJobsFile,
  NO_LIGHTROOM_JOBS,
} from '../../core/lightroom/jobs-file.ts';
import type {LightroomJob} from '../../core/lightroom/lightroom-job.ts';
import {makeOwnFolder} from '../../system/backup-files.ts';
import {
  changeLightroomHistory,
  readLightroomHistory,
} from '../../system/lightroom/own-lightroom-files.ts';
import {changeJobs, readJobs} from '../../system/own-jobs.ts';
import {type BackupHome, openHome, type Turn, takeTurn} from '../backup/own-files.ts';
import type {Program} from '../program.ts';
import {lightroomRunning, unknownLightroomJob} from './lightroom-causes.ts';

const RUN_LOCK = 'lightroom-run.lock';

/** The Lightroom jobs and their history, as one command has them. */
export class LightroomDesk {
  readonly #program: Program;
  readonly #home: BackupHome;
  readonly #emit: Emit;
  #jobs: LightroomJobsFile = NO_LIGHTROOM_JOBS;
  #history: LightroomHistory = NO_LIGHTROOM_HISTORY;

  constructor(program: Program, home: BackupHome, emit: Emit) {
    this.#program = program;
    this.#home = home;
    this.#emit = emit;
  }

  get jobs(): LightroomJobsFile {
    return this.#jobs;
  }

  get history(): LightroomHistory {
    return this.#history;
  }

  /** Where catalogs are copied to before they go to the drives, absolute. */
  get stagingFolder(): string {
    return join(this.#home.data, 'lightroom');
  }

  /** Reads both files again. @returns why the jobs cannot be had; a history that cannot be is told and taken as none. */
  async read(): Promise<Result<LightroomJobsFile>> {
    const {files} = this.#program;
    const jobs = await readJobs(files, this.#home.config, LIGHTROOM_JOBS);
    if (!jobs.ok) return jobs;
    this.#jobs = jobs.value;
    const history = await readLightroomHistory(files, this.#home.data);
    if (!history.ok) this.warn(history.cause);
    this.#history = history.ok ? history.value : NO_LIGHTROOM_HISTORY;
    return jobs;
  }

  /** @param names empty for all. @returns the jobs in the order of the file; `lightroom-unknown` for a name that none has. */
  choose(names: readonly string[]): Result<readonly LightroomJob[]> {
    return chooseJobs(this.#jobs.jobs, names, unknownLightroomJob);
  }

  /** @returns the job that a person calls so; or `lightroom-unknown`. */
  find(name: string): Result<LightroomJob> {
    return findJob(this.#jobs.jobs, name, unknownLightroomJob);
  }

  async changeJobs(
    change: (jobs: LightroomJobsFile) => Result<LightroomJobsFile>,
  ): Promise<Result<LightroomJobsFile>> {
    const {own, config: folder} = this.#home;
    const changed = await changeJobs(own, {folder, kind: LIGHTROOM_JOBS, change});
    if (changed.ok) this.#jobs = changed.value;
    return changed;
  }

  /** What cannot be written is told, and remembered while this process lives. */
  async note(change: (history: LightroomHistory) => LightroomHistory): Promise<void> {
    const noted = await changeLightroomHistory(this.#home.own, this.#home.data, change);
    if (!noted.ok) this.warn(noted.cause);
    this.#history = noted.ok ? noted.value : change(this.#history);
  }

  /** @returns how to let others take snapshots again; `lightroom-running` when another process of this computer does. */
  async takeTurn(): Promise<Result<Turn>> {
    const made = await makeOwnFolder(this.#home.data);
    if (!made.ok) return made;
    return await takeTurn(this.#program, {
      path: join(this.#home.data, RUN_LOCK),
      doing: 'locking the snapshots',
      running: lightroomRunning,
    });
  }

  warn(cause: Cause): void {
    this.#emit({type: 'noticed', level: 'warning', ...cause});
  }
}

/** @returns the desk with what is on the disk; or why there is none. */
export async function openLightroomDesk(
  program: Program,
  emit: Emit,
): Promise<Result<LightroomDesk>> {
  const home = openHome(program);
  if (!home.ok) return home;
  const desk = new LightroomDesk(program, home.value, emit);
  const jobs = await desk.read();
  return jobs.ok ? ok(desk) : jobs;
}
