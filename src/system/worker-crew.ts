/** Some threads of one kind of work, and what they were asked and have not answered. */
import {Worker, type WorkerOptions} from 'node:worker_threads';
import {errnoOf} from '../core/cause.ts';

/** As it goes from thread to thread: an answer has the number of its question. */
export type Numbered<T> = T & {readonly id: number};

interface CrewSetting {
  /** What each thread runs; undefined: there are none. */
  readonly file: URL | undefined;
  readonly threads: number;
  /** Whether messages are JSON, both ways: the parts of many objects take several times as long to send. */
  readonly asText?: boolean;
  readonly options?: WorkerOptions;
}

interface Thread<Question, Answer> {
  readonly worker: Worker;
  readonly pending: Map<number, (answer: Answer | undefined) => void>;
  /** To be sent. */
  readonly waiting: Numbered<Question>[];
}

export class WorkerCrew<Question extends object, Answer extends object> {
  readonly #setting: CrewSetting;
  readonly #threads: Thread<Question, Answer>[] = [];
  #id = 0;
  #hasFailed = false;

  constructor(setting: CrewSetting) {
    this.#setting = setting;
  }

  /** True when there are threads that can be asked: none has died. */
  get isThere(): boolean {
    return this.#setting.file !== undefined && !this.#hasFailed;
  }

  /** True when threads were started, by an earlier question or ahead. */
  get isRunning(): boolean {
    return this.isThere && this.#threads.length > 0;
  }

  /** Starts the threads ahead of the first question. */
  start(): void {
    const {file, threads} = this.#setting;
    if (file === undefined || this.#hasFailed) return;
    try {
      while (this.#threads.length < threads) this.#threads.push(this.#startOne(file));
    } catch (error) {
      // No memory or no process is left for a thread (ERR_WORKER_INIT_FAILED): the work is done without. Those that run end with the program: nothing more is asked of them.
      if (errnoOf(error) === undefined) throw error;
      this.#hasFailed = true;
    }
  }

  /**
   * @param which thread; without it the one with the fewest open questions.
   * @returns undefined when no thread could do it: it may have been begun.
   */
  ask(question: Question, which?: number): Promise<Answer | undefined> {
    this.start();
    if (!this.isThere) return Promise.resolve(undefined);
    const chosen = which === undefined ? undefined : this.#threads[which];
    const thread =
      chosen ?? this.#threads.reduce((a, b) => (b.pending.size < a.pending.size ? b : a));
    return new Promise((settle) => {
      // Only what is asked and not answered keeps the program alive.
      if (thread.pending.size === 0) thread.worker.ref();
      this.#id += 1;
      thread.pending.set(this.#id, settle);
      this.#send(thread, {...question, id: this.#id});
    });
  }

  /** What is asked in one go is sent in one message. */
  #send({worker, waiting}: Thread<Question, Answer>, question: Numbered<Question>): void {
    waiting.push(question);
    if (waiting.length > 1) return;
    setImmediate(() => {
      const questions = waiting.splice(0);
      worker.postMessage(this.#setting.asText ? JSON.stringify(questions) : questions);
    });
  }

  #startOne(file: URL): Thread<Question, Answer> {
    const worker = new Worker(file, this.#setting.options);
    const thread: Thread<Question, Answer> = {worker, pending: new Map(), waiting: []};
    worker.on('message', (message: string | readonly Numbered<Answer>[]) => {
      const answers: readonly Numbered<Answer>[] =
        typeof message === 'string' ? JSON.parse(message) : message;
      for (const answer of answers) this.#settle(thread, answer);
    });
    // Whoever asked is told that nothing is known. `exit` follows every error.
    worker.on('error', () => {});
    worker.on('exit', () => this.#giveUp(thread));
    worker.unref();
    return thread;
  }

  #settle({worker, pending}: Thread<Question, Answer>, answer: Numbered<Answer>): void {
    const settle = pending.get(answer.id);
    pending.delete(answer.id);
    if (pending.size === 0) worker.unref();
    settle?.(answer);
  }

  #giveUp({pending}: Thread<Question, Answer>): void {
    this.#hasFailed = true;
    for (const settle of pending.values()) settle(undefined);
    pending.clear();
  }
}
