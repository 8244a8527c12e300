import PQueue from 'p-queue';
import type {MirrorHands} from './mirror-hands.ts';

/** Files that are read at the same time: 3 was best for pictures (measured for offloads), small ones need more to keep a drive busy. */
const FILES_AT_ONCE = 3;
const SMALL_FILES_AT_ONCE = 8;
/** In bytes. */
const SMALL_MEAN_SIZE = 1024 * 1024;

/** Files that may wait for their flush or their proof: more than a batch of small ones, so that no flush waits for company that cannot come. */
const MOST_LANDING = 512;
const MOST_WAITING = 64;

/** The files that are under way: few are read at the same time, more of them wait for flushes and proofs. */
export class MirrorFlow {
  readonly #reads: PQueue;
  readonly #hands: Pick<MirrorHands, 'flush' | 'hurry'>;
  readonly #landing = new Set<Promise<void>>();
  readonly #broken: unknown[] = [];

  constructor(
    hands: Pick<MirrorHands, 'flush' | 'hurry'>,
    {files, bytes}: {readonly files: number; readonly bytes: number},
  ) {
    this.#hands = hands;
    const isSmall = bytes / Math.max(files, 1) < SMALL_MEAN_SIZE;
    this.#reads = new PQueue({concurrency: isSmall ? SMALL_FILES_AT_ONCE : FILES_AT_ONCE});
  }

  /** True when a job threw: a broken invariant, after which nothing more is begun. */
  get isBroken(): boolean {
    return this.#broken.length > 0;
  }

  /** Queues a job and resolves when there is room for the next. The job calls `free` when the next file may be read. */
  async add(job: (free: () => void) => Promise<void>): Promise<void> {
    void this.#reads.add(
      () =>
        new Promise<void>((free) => {
          const landing = this.#keepBroken(() => job(free)).finally(() => {
            free();
            this.#landing.delete(landing);
          });
          this.#landing.add(landing);
        }),
    );
    await this.#reads.onSizeLessThan(MOST_WAITING);
    while (this.#landing.size >= MOST_LANDING) await this.#land();
  }

  /** Resolves when all jobs are done. @throws the first error that one threw. */
  async drain(): Promise<void> {
    await this.#reads.onIdle();
    // A copy that is still being closed joins its batch later: it must not wait there for others that never come.
    this.#hands.hurry();
    while (this.#landing.size > 0) await this.#land();
    if (this.#broken.length > 0) throw this.#broken[0];
  }

  async #land(): Promise<void> {
    await this.#hands.flush();
    // All may be done by now, and a race of none never ends.
    if (this.#landing.size > 0) await Promise.race(this.#landing);
  }

  async #keepBroken(job: () => Promise<void>): Promise<void> {
    try {
      await job();
    } catch (error) {
      this.#broken.push(error);
    }
  }
}
