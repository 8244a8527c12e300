type Job = () => Promise<void>;

/** Jobs in the order in which they came, before they have a place in a queue that runs them. */
export class JobsWaiting {
  #jobs: Job[] = [];
  /** Jobs before it were taken. */
  #next = 0;
  #room: {readonly below: number; readonly tell: () => void}[] = [];

  get size(): number {
    return this.#jobs.length - this.#next;
  }

  push(job: Job): void {
    this.#jobs.push(job);
  }

  shift(): Job | undefined {
    const job = this.#jobs[this.#next];
    if (job === undefined) return undefined;
    this.#next += 1;
    // Cutting off each one by itself would move all others.
    if (this.#next * 2 > this.#jobs.length) {
      this.#jobs = this.#jobs.slice(this.#next);
      this.#next = 0;
    }
    const waiting = this.#room;
    this.#room = waiting.filter(({below}) => this.size >= below);
    for (const {below, tell} of waiting) if (this.size < below) tell();
    return job;
  }

  /** Resolves when fewer than so many wait. */
  async waitForRoom(below: number): Promise<void> {
    if (this.size < below) return;
    await new Promise<void>((tell) => this.#room.push({below, tell}));
  }
}
