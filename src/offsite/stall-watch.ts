/** Ends a call that moves no more: when a server dies rclone tries again for many minutes, and says so in its log only (1.60.1 over SFTP: more than ten, tried). */
import {soundsUnreachable} from '../core/offsite/cloud-causes.ts';
import type {LogLine} from '../core/offsite/cloud-log.ts';

/** Without a byte, ms: after so long when rclone told of a broken connection, and in any case. */
export interface StallLimits {
  readonly broken: number;
  readonly silent: number;
}

/**
 * Some services take minutes to close a large upload. A look sends no bytes, and a server may read a large film for its hash; that it ends at all is the point: rclone before 1.63 can wait for itself for ever
 * when a listed file gives an error (rclone.org/changelog, 1.63).
 */
export const STALL_LIMITS = {
  upload: {broken: 30_000, silent: 600_000},
  look: {broken: 180_000, silent: 3_600_000},
} as const;

/** Hears of every line of rclone's log; a sample of it comes each second. */
export class StallWatch {
  readonly #stop = new AbortController();
  readonly #limits: StallLimits;
  readonly #now: () => number;
  #bytes = -1;
  #movedAt: number;
  /** When it was first said that the connection broke, since the last byte. */
  #brokenAt: number | null = null;
  /** Seconds without a byte; null while it moves. */
  stalledSeconds: number | null = null;

  /** @param now ms since some start. */
  constructor(now: () => number, limits: StallLimits) {
    this.#now = now;
    this.#limits = limits;
    this.#movedAt = now();
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  hear(line: LogLine): void {
    if (line.kind === 'stats' && line.bytes !== this.#bytes) {
      this.#bytes = line.bytes;
      this.#movedAt = this.#now();
      this.#brokenAt = null;
      return;
    }
    const isWords = line.kind === 'error' || line.kind === 'text' || line.kind === 'note';
    if (isWords && soundsUnreachable(line.message)) this.#brokenAt ??= this.#now();
    const {broken, silent} = this.#limits;
    const isOver =
      this.#now() - this.#movedAt >= silent ||
      (this.#brokenAt !== null && this.#now() - this.#brokenAt >= broken);
    if (!isOver) return;
    this.stalledSeconds = Math.round((this.#now() - this.#movedAt) / 1000);
    this.#stop.abort();
  }
}
