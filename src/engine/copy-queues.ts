import PQueue from 'p-queue';
import type {CardFile} from '../core/card.ts';
import {SMALL_FILE} from '../system/small-files/small-file-tools.ts';
import type {CopyRun} from './copy-run.ts';
import {JobsWaiting} from './jobs-waiting.ts';
import type {Lane} from './lane.ts';

/** Files of a card that are read at the same time: 3 was best for pictures (measured), small ones need more to keep a drive busy. */
const FILES_AT_ONCE = 3;
const SMALL_FILES_AT_ONCE = 8;
/** Files that threads are given at the same time, so that few messages are needed. */
const QUICK_FILES_AT_ONCE = 128;
/** In bytes. */
export const SMALL_MEAN_SIZE = 1024 * 1024;

/** Jobs that may wait in a queue: more than a batch of small files, so that no flush waits for company that cannot come. */
const JOBS_WAITING = 1024;

/** @returns how many files are copied at the same time: many when they are small on average. */
export function chooseFilesAtOnce(files: readonly CardFile[]): number {
  const bytes = files.reduce((sum, {size}) => sum + size, 0);
  return bytes / Math.max(files.length, 1) < SMALL_MEAN_SIZE ? SMALL_FILES_AT_ONCE : FILES_AT_ONCE;
}

/** The work on one card that is under way: readings, flushes that follow them, and the proofs of each destination. */
export class CopyQueues {
  readonly #lanes: readonly Lane[];
  readonly #reads: PQueue;
  /** Of files that threads copy. */
  readonly #quickReads = new PQueue({concurrency: QUICK_FILES_AT_ONCE});
  readonly #quick: boolean;
  /** Proofs that have no place in the queue of their lane yet. */
  readonly #proofsWaiting: ReadonlyMap<Lane, JobsWaiting>;
  /** Flushes that are under way. */
  readonly #landing = new Set<Promise<void>>();
  readonly #broken: unknown[] = [];
  readonly #onBroken: () => void;

  /** @param onBroken called when a job throws: nothing more is to be begun then. */
  constructor(
    {plan, lanes, quick}: Pick<CopyRun, 'plan' | 'lanes' | 'quick'>,
    onBroken: () => void,
  ) {
    this.#lanes = lanes;
    this.#proofsWaiting = new Map(lanes.map((lane) => [lane, new JobsWaiting()]));
    this.#onBroken = onBroken;
    this.#quick = quick;
    const atOnce = chooseFilesAtOnce(plan.map(({file}) => file));
    this.#reads = new PQueue({concurrency: atOnce});
    if (!quick || atOnce === FILES_AT_ONCE) return;
    // Behind a moving head too: the disk puts small reads that wait into their order. Where each read starts programs to empty a cache, few are enough.
    for (const {access, proofs} of lanes) {
      if (access.method.kind === 'direct') proofs.concurrency = QUICK_FILES_AT_ONCE;
    }
  }

  /** Reads a file. Jobs ask for the signal themselves: a signal given to the queue would make it idle while a job still runs. */
  read({size}: CardFile, job: () => Promise<void>): void {
    const queue = this.#quick && size < SMALL_FILE ? this.#quickReads : this.#reads;
    void queue.add(() => this.keepBroken(job));
  }

  /** A job in the queue of a lane takes four times the memory of one that waits before it, and behind a moving head a card's whole proofs wait. */
  prove(lane: Lane, job: () => Promise<void>): void {
    const waiting = this.#proofsWaiting.get(lane);
    if (waiting === undefined) throw new Error(`${lane.root} is no lane of this card`);
    waiting.push(job);
    this.#fillProofs(lane, waiting);
  }

  #fillProofs(lane: Lane, waiting: JobsWaiting): void {
    const {proofs} = lane;
    while (proofs.size < proofs.concurrency) {
      const job = waiting.shift();
      if (job === undefined) return;
      void proofs.add(async () => {
        await this.keepBroken(job);
        // Before this one ends, so that the queue is not idle while others wait before it.
        this.#fillProofs(lane, waiting);
      });
    }
  }

  /** Flushes a copy. @returns a promise that resolves when the job is done. */
  land(job: () => Promise<void>): Promise<void> {
    const landing = this.keepBroken(job).finally(() => this.#landing.delete(landing));
    this.#landing.add(landing);
    return landing;
  }

  /** A thrown error is a broken invariant: it must not be lost in a queue. It ends the run when all is still. */
  async keepBroken(job: () => Promise<void>): Promise<void> {
    try {
      await job();
    } catch (error) {
      this.#broken.push(error);
      this.#onBroken();
    }
  }

  /** @throws the first error that a job threw. */
  throwBroken(): void {
    if (this.#broken.length > 0) throw this.#broken[0];
  }

  /** A card of a hundred thousand files must not become a hundred thousand jobs that wait in memory. */
  async waitForRoom(): Promise<void> {
    await this.#reads.onSizeLessThan(JOBS_WAITING);
    await this.#quickReads.onSizeLessThan(JOBS_WAITING);
    for (const [lane, waiting] of this.#proofsWaiting) {
      if (lane.order === 'overlap') await waiting.waitForRoom(JOBS_WAITING);
    }
  }

  /** Resolves when all that was to be read is read and flushed. */
  async drainReads(): Promise<void> {
    await Promise.all([this.#reads.onIdle(), this.#quickReads.onIdle()]);
    // A copy that is still being closed joins its batch later: it must not wait there for others that never come.
    for (const {batch} of this.#lanes) batch.hurry();
    while (this.#landing.size > 0) {
      await Promise.all(this.#lanes.map((lane) => lane.batch.flushNow()));
      // The last one may have landed during the flush, and a race of none never ends.
      if (this.#landing.size > 0) await Promise.race([...this.#landing]);
    }
  }

  /** A standing file that turns out to be another one sends its file back to the readers, so all ends are waited for until all are still. */
  async becomeStill(): Promise<void> {
    while (this.#isBusy) {
      await this.drainReads();
      await Promise.all(this.#lanes.map((lane) => lane.drain()));
    }
  }

  /** Between its reading and its proof a copy is in neither queue: only its flush is under way. */
  get #isBusy(): boolean {
    const isProving = ({proofs}: Lane) => isBusy(proofs);
    const waits = [...this.#proofsWaiting.values()].some(({size}) => size > 0);
    const isReading = isBusy(this.#reads) || isBusy(this.#quickReads);
    return isReading || this.#landing.size > 0 || waits || this.#lanes.some(isProving);
  }
}

const isBusy = ({size, pending}: PQueue) => size > 0 || pending > 0;
