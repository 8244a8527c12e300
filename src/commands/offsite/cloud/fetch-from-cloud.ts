/** Brings a file back from a cloud, to a temporary name: whoever asked proves it and gives it its name. */
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../../../core/cause.ts';
import type {CloudJob} from '../../../core/offsite/cloud-job.ts';
import {joinRemote, parseRemote} from '../../../core/offsite/cloud-remote.ts';
import {stateCause} from '../../../offsite/open-state.ts';
import type {Program} from '../../program.ts';
import {type CloudHome, openCloudState, openClouds, statePath} from './cloud-desk.ts';
import {type OpenedRemote, openRemote} from './look-at-rclone.ts';
import {makeCalls} from './make-calls.ts';

export interface CloudCopy {
  readonly job: CloudJob;
  /** Below the remote. */
  readonly path: string;
  /** When it was proved there last; ISO 8601, UTC. */
  readonly provedAt: string;
}

/** The clouds of this computer, for one restore. No cloud is asked before a file is fetched. */
export class CloudShelf {
  readonly #program: Program;
  readonly #home: CloudHome | null;
  readonly #opened = new Map<string, Promise<Result<OpenedRemote>>>();

  constructor(program: Program, home: CloudHome | null) {
    this.#program = program;
    this.#home = home;
  }

  /** @param hash BLAKE3, 64 hex digits. @returns proved copies of these bytes, as far as this computer knows. */
  async find(hash: string): Promise<readonly CloudCopy[]> {
    const home = this.#home;
    if (home === null) return [];
    const copies: CloudCopy[] = [];
    for (const job of home.jobs.jobs) {
      if (!(await this.#hasState(home, job))) continue;
      const opened = await openCloudState(this.#program, home.home, job);
      if (!opened.ok) continue;
      const {state} = opened.value;
      try {
        for (const {path, provedAt} of state.findByHash(hash))
          if (provedAt !== null) copies.push({job, path, provedAt});
      } catch (error) {
        // What is damaged names no copy, and must not end the restore of what others have.
        stateCause(error, statePath(home.home, job));
      } finally {
        state.close();
      }
    }
    return copies;
  }

  /**
   * Downloads a copy.
   * @param to absolute; nothing has that name, and its folder is there. It is removed again when the download fails.
   * @returns where it came from, as rclone names it. The bytes are not proved.
   */
  async fetch({job, path}: CloudCopy, to: string, signal: AbortSignal): Promise<Result<string>> {
    const remote = parseRemote(job.remote);
    if (!remote.ok) return remote;
    const opening = this.#opened.get(job.id) ?? openRemote(this.#program, remote.value, signal);
    this.#opened.set(job.id, opening);
    const opened = await opening;
    if (!opened.ok) return opened;
    const calling = {job, remote: remote.value, opened: opened.value, signal};
    const calls = makeCalls(this.#program, calling);
    const cause = await calls.fetch(path, to);
    if (cause === null) return ok(joinRemote(remote.value, path));
    const left = await this.#removeIfThere(to);
    return failed(left ?? cause);
  }

  async #removeIfThere(path: string): Promise<Cause | null> {
    try {
      await this.#program.files.removeFile(path);
      return null;
    } catch (error) {
      return errnoOf(error) === 'ENOENT'
        ? null
        : causeFrom(error, 'removing what was downloaded', path);
    }
  }

  async #hasState(home: CloudHome, job: CloudJob): Promise<boolean> {
    try {
      await this.#program.files.look(statePath(home.home, job));
      return true;
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return false;
    }
  }
}

/** @returns the clouds of this computer; none where their jobs cannot be read. */
export async function openShelf(program: Program): Promise<CloudShelf> {
  const clouds = await openClouds(program);
  return new CloudShelf(program, clouds.ok ? clouds.value : null);
}
