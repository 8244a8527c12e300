/**
 * Threads for small files. A promise for each call takes most of the time of a small file: the calls of 5,000 files kept the program's own thread busy for 5.6 of 8.9 s; with calls that wait in threads
 * the whole took 4.5 s (measured). A drive that does not answer holds a thread, and the program goes on.
 */
import type {Finding} from '../../core/content/look.ts';
import {WorkerCrew} from '../worker-crew.ts';
import type {SmallCopied, SmallCopy} from './copy-small-file.ts';
import type {LookRequest} from './look-into-file.ts';
import type {nameSmallFile, SmallNaming} from './name-small-file.ts';
import type {ReadRequest, SmallRead} from './read-small-file.ts';

export type SmallQuestion =
  | {readonly kind: 'copy'; readonly copy: SmallCopy}
  | {readonly kind: 'name'; readonly naming: SmallNaming}
  | {readonly kind: 'read'; readonly copy: ReadRequest}
  | {readonly kind: 'look'; readonly look: LookRequest};

type Unnamed = ReturnType<typeof nameSmallFile>;

export type SmallAnswer =
  | {readonly copied: SmallCopied}
  | {readonly unnamed: Unnamed}
  | {readonly read: SmallRead}
  | {readonly found: Finding | null};

/** The thread's own file lies beside the built program. From the sources there are no threads: node cannot read them. */
export const BUILT_SMALL_FILE_THREAD = import.meta.url.endsWith('.ts')
  ? undefined
  : new URL('./small-file-thread.js', import.meta.url);

/** In MB. A thread works with one buffer and short texts; without a limit it gathers garbage first. */
const LIMITS = {maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64};

/** Some threads of one kind of work: those that write are not those that read back. */
export class SmallFileCrew {
  readonly #crew: WorkerCrew<SmallQuestion, SmallAnswer>;

  /** @param most threads. @param file what they run; undefined: there are none. */
  constructor(most: number, file: URL | undefined) {
    const options = {resourceLimits: LIMITS};
    this.#crew = new WorkerCrew({file, threads: most, asText: true, options});
  }

  /** True when there are threads that can be asked. */
  get isThere(): boolean {
    return this.#crew.isThere;
  }

  /** True when threads were started by an earlier question. */
  get isRunning(): boolean {
    return this.#crew.isRunning;
  }

  /** @returns undefined when no thread could do it: it may have been begun. */
  async copy(copy: SmallCopy): Promise<SmallCopied | undefined> {
    const answer = await this.#crew.ask({kind: 'copy', copy});
    return answer !== undefined && 'copied' in answer ? answer.copied : undefined;
  }

  /** @returns null when the file has its name; undefined when no thread could tell. */
  async name(naming: SmallNaming): Promise<Unnamed | undefined> {
    const answer = await this.#crew.ask({kind: 'name', naming});
    return answer !== undefined && 'unnamed' in answer ? answer.unnamed : undefined;
  }

  /** @returns undefined when no thread could do it. */
  async read(copy: ReadRequest): Promise<SmallRead | undefined> {
    const answer = await this.#crew.ask({kind: 'read', copy});
    return answer !== undefined && 'read' in answer ? answer.read : undefined;
  }

  /** @returns what is wrong with a file, null when nothing is; undefined when no thread could tell. */
  async look(look: LookRequest): Promise<Finding | null | undefined> {
    const answer = await this.#crew.ask({kind: 'look', look});
    return answer !== undefined && 'found' in answer ? answer.found : undefined;
  }
}
