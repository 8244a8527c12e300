/**
 * Threads for small files. A promise for each call takes most of the time of a small file: the calls of 5,000 files kept the program's own thread busy for 5.6 of 8.9 s; with calls that wait in threads
 * the whole took 4.5 s (measured). A drive that does not answer holds a thread, and the program goes on.
 */
import {Worker} from 'node:worker_threads';
import type {Finding} from '../../core/content/look.ts';
import type {SmallCopied, SmallCopy} from './copy-small-file.ts';
import type {LookRequest} from './look-into-file.ts';
import type {nameSmallFile, SmallNaming} from './name-small-file.ts';
import type {ReadRequest, SmallRead} from './read-small-file.ts';

export type SmallQuestion =
  | {readonly id: number; readonly kind: 'copy'; readonly copy: SmallCopy}
  | {readonly id: number; readonly kind: 'name'; readonly naming: SmallNaming}
  | {readonly id: number; readonly kind: 'read'; readonly copy: ReadRequest}
  | {readonly id: number; readonly kind: 'look'; readonly look: LookRequest};

type Unnamed = ReturnType<typeof nameSmallFile>;

export type SmallAnswer =
  | {readonly id: number; readonly copied: SmallCopied}
  | {readonly id: number; readonly unnamed: Unnamed}
  | {readonly id: number; readonly read: SmallRead}
  | {readonly id: number; readonly found: Finding | null};

type Settle = (answer: SmallAnswer | undefined) => void;

type WithoutId<T> = T extends {readonly id: number} ? Omit<T, 'id'> : never;

interface Thread {
  readonly worker: Worker;
  readonly pending: Map<number, Settle>;
  /** To be sent. */
  readonly waiting: SmallQuestion[];
}

/** The thread's own file lies beside the built program. From the sources there are no threads: node cannot read them. */
export const BUILT_SMALL_FILE_THREAD = import.meta.url.endsWith('.ts')
  ? undefined
  : new URL('./small-file-thread.js', import.meta.url);

/** In MB. A thread works with one buffer and short texts; without a limit it gathers garbage first. */
const LIMITS = {maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64};

/** Some threads of one kind of work: those that write are not those that read back. */
export class SmallFileCrew {
  readonly #file: URL | undefined;
  readonly #most: number;
  #id = 0;
  #threads: Thread[] = [];
  #hasFailed = false;

  /** @param most threads. @param file what they run; undefined: there are none. */
  constructor(most: number, file: URL | undefined) {
    this.#most = most;
    this.#file = file;
  }

  /** True when there are threads that can be asked. */
  get isThere(): boolean {
    return this.#file !== undefined && !this.#hasFailed;
  }

  /** True when threads were started by an earlier question. */
  get isRunning(): boolean {
    return this.isThere && this.#threads.length > 0;
  }

  /** @returns undefined when no thread could do it: it may have been begun. */
  async copy(copy: SmallCopy): Promise<SmallCopied | undefined> {
    const answer = await this.#ask({kind: 'copy', copy});
    return answer !== undefined && 'copied' in answer ? answer.copied : undefined;
  }

  /** @returns null when the file has its name; undefined when no thread could tell. */
  async name(naming: SmallNaming): Promise<Unnamed | undefined> {
    const answer = await this.#ask({kind: 'name', naming});
    return answer !== undefined && 'unnamed' in answer ? answer.unnamed : undefined;
  }

  /** @returns undefined when no thread could do it. */
  async read(copy: ReadRequest): Promise<SmallRead | undefined> {
    const answer = await this.#ask({kind: 'read', copy});
    return answer !== undefined && 'read' in answer ? answer.read : undefined;
  }

  /** @returns what is wrong with a file, null when nothing is; undefined when no thread could tell. */
  async look(look: LookRequest): Promise<Finding | null | undefined> {
    const answer = await this.#ask({kind: 'look', look});
    return answer !== undefined && 'found' in answer ? answer.found : undefined;
  }

  #ask(question: WithoutId<SmallQuestion>): Promise<SmallAnswer | undefined> {
    const file = this.#file;
    if (file === undefined || !this.isThere) return Promise.resolve(undefined);
    while (this.#threads.length < this.#most) this.#threads.push(this.#start(file));
    const thread = this.#threads.reduce((a, b) => (b.pending.size < a.pending.size ? b : a));
    return new Promise((settle) => {
      // Only what is asked and not answered keeps the program alive.
      if (thread.pending.size === 0) thread.worker.ref();
      this.#id += 1;
      thread.pending.set(this.#id, settle);
      this.#send(thread, {...question, id: this.#id});
    });
  }

  /** What is asked in one go is sent in one message, as one text: the parts of many objects take several times as long to send. */
  #send(thread: Thread, question: SmallQuestion): void {
    thread.waiting.push(question);
    if (thread.waiting.length > 1) return;
    setImmediate(() => thread.worker.postMessage(JSON.stringify(thread.waiting.splice(0))));
  }

  #start(file: URL): Thread {
    const worker = new Worker(file, {resourceLimits: LIMITS});
    const thread: Thread = {worker, pending: new Map(), waiting: []};
    worker.on('message', (text: string) => {
      const answers: readonly SmallAnswer[] = JSON.parse(text);
      for (const answer of answers) this.#settle(thread, answer);
    });
    // Whoever asked is told that nothing is known. `exit` follows every error.
    worker.on('error', () => {});
    worker.on('exit', () => this.#giveUp(thread));
    worker.unref();
    return thread;
  }

  #settle({worker, pending}: Thread, answer: SmallAnswer): void {
    const settle = pending.get(answer.id);
    pending.delete(answer.id);
    if (pending.size === 0) worker.unref();
    settle?.(answer);
  }

  #giveUp(thread: Thread): void {
    this.#hasFailed = true;
    for (const settle of thread.pending.values()) settle(undefined);
    thread.pending.clear();
  }
}
