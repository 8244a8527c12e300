import {mkdtemp, realpath, rm} from 'node:fs/promises';
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
  #closing: Promise<readonly unknown[]> | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Lab> {
    const lab = new Lab(await realpath(await mkdtemp(join(tmpdir(), 'offload-rig-'))));
    // One file system only: a mount that could not be taken away must not be emptied.
    lab.defer(() => rm(lab.folder, {recursive: true, force: true}));
    return lab;
  }

  /** Keeps a step for the end. The last one given runs first. */
  defer(step: Step): void {
    this.#steps.push(step);
  }

  /** Runs every step, also behind one that fails, and only once. @returns what failed. */
  close(): Promise<readonly unknown[]> {
    this.#closing ??= this.#runSteps();
    return this.#closing;
  }

  async #runSteps(): Promise<readonly unknown[]> {
    const failures: unknown[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
        // A folder with something mounted in it stays.
        if (this.#steps.length > 1) continue;
        break;
      }
    }
    return failures;
  }
}
