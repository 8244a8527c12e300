/** What is run by keys of a session: each waits for the one before, and the last can be stopped. */
export interface Turn {
  /** Aborted when it is stopped. */
  readonly signal: AbortSignal;
  /** False once another one was begun meanwhile. */
  readonly isLast: () => boolean;
}

export class OneAtATime {
  /** Stops what was begun last; null when nothing runs. */
  #stop: AbortController | null = null;
  #current: Promise<void> = Promise.resolve();

  /**
   * Resolves when the work and what comes after it are done; throws what they threw, or what was begun before.
   * @param after comes once the work ended well, and cannot be stopped.
   */
  begin(work: (turn: Turn) => Promise<void>, after = async () => {}): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    this.#current = this.#current.then(() => this.#carryOut(work, stop)).then(after);
    return this.#current;
  }

  /** Does nothing when nothing runs, or when it is stopped already. @param tell called before it is stopped. */
  stop(tell: () => void): void {
    if (this.#stop === null || this.#stop.signal.aborted) return;
    tell();
    this.#stop.abort();
  }

  /** Resolves when nothing runs any more; throws what broke an invariant. */
  async settled(): Promise<void> {
    await this.#current;
  }

  /** Stops without a word. Resolves when nothing runs any more, and never throws: who began it hears of its fault. */
  async abandon(): Promise<void> {
    this.#stop?.abort();
    await this.#current.catch(() => {});
  }

  async #carryOut(work: (turn: Turn) => Promise<void>, stop: AbortController): Promise<void> {
    try {
      await work({signal: stop.signal, isLast: () => this.#stop === stop});
    } finally {
      if (this.#stop === stop) this.#stop = null;
    }
  }
}
