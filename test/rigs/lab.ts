import {mkdtemp, readFile, realpath, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** The project's folder. */
export const PROJECT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

type Step = () => Promise<unknown>;

/** The place of one rig: a folder of its own, and the steps that undo what it made. */
export class Lab {
  /** Absolute, without links. */
  readonly folder: string;
  readonly #steps: Step[] = [];
  readonly #stop = new AbortController();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Lab> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'offload-rig-')));
    const lab = new Lab(folder);
    lab.defer(async () => {
      // A mount that could not be taken away must not be emptied.
      const mounts = (await readMountPoints()).filter((place) => place.startsWith(`${folder}/`));
      if (mounts.length > 0) throw new Error(`still mounted: ${mounts.join(', ')}`);
      await rm(folder, {recursive: true, force: true});
    });
    return lab;
  }

  /** Given when the trial is to end early: what runs for it is killed, and nothing more is begun. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Ends the trial early. What it made is taken away when it has ended: a step half done cannot be undone. */
  stop(): void {
    this.#stop.abort(new Error('stopped'));
  }

  /** Keeps a step for the end. The last one given runs first. */
  defer(step: Step): void {
    this.#steps.push(step);
  }

  /** Runs every step, also behind one that fails. @returns what failed. */
  async close(): Promise<readonly unknown[]> {
    const failures: unknown[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    return failures;
  }
}

/** All folders that something is mounted at; none where the system has no such table. */
export async function readMountPoints(): Promise<readonly string[]> {
  try {
    const table = await readFile('/proc/self/mounts', 'utf8');
    return table.split('\n').flatMap((line) => line.split(' ')[1] ?? []);
  } catch {
    return [];
  }
}
