/** One thing after the other: a connection to SQLite has one transaction at a time, and writing a long one makes room for others between its rows. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Starts when everything that was asked before is done, however it ended. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => {});
    return mine;
  }
}
