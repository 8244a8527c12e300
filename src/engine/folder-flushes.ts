import type {Clock} from '../system/clock.ts';
import type {Files} from '../system/files.ts';

/** ms that a flush waits for company, as a journal does: flushes are what small files wait for most. */
const GROUP_MS = 50;

/** Makes names durable, those of one folder together: whoever names a file while the folder is flushed waits for the next flush, with all others. */
export class FolderFlushes {
  readonly #files: Files;
  readonly #clock: Clock;
  readonly #running = new Map<string, Promise<void>>();
  readonly #waiting = new Map<string, Promise<void>>();

  constructor(files: Files, clock: Clock) {
    this.#files = files;
    this.#clock = clock;
  }

  /** Resolves when every name that the folder has now is durable. @param folder absolute. @throws the system's error. */
  flush(folder: string): Promise<void> {
    const known = this.#waiting.get(folder);
    if (known !== undefined) return known;
    const before = this.#running.get(folder) ?? Promise.resolve();
    // A flush that failed was told to those who waited for it.
    const flushed = Promise.all([before.catch(() => {}), this.#clock.sleep(GROUP_MS)])
      .then(() => {
        this.#waiting.delete(folder);
        this.#running.set(folder, flushed);
        return this.#files.syncFolder(folder);
      })
      .finally(() => {
        if (this.#running.get(folder) === flushed) this.#running.delete(folder);
      });
    this.#waiting.set(folder, flushed);
    return flushed;
  }
}
