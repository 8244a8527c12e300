import type {CardPath} from '../../core/card.ts';
import type {Emit, FileRestored, RestoreFinished} from '../../core/events.ts';
import type {Clock} from '../../system/clock.ts';

const PROGRESS_MS = 100;

/** Counts what became of each file, and tells how far the run is. */
export class RestoreMeter {
  readonly #clock: Clock;
  readonly #emit: Emit;
  readonly #to: string;
  readonly #bytes: number;
  readonly #files: number;
  readonly #counts = {restored: 0, present: 0, missing: 0, failed: 0};
  #good = 0;
  #cached = 0;
  #unrecorded = 0;
  #read = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  /** @param sizes of all files that are wanted, in bytes. */
  constructor(setting: {clock: Clock; emit: Emit; to: string; sizes: readonly number[]}) {
    this.#clock = setting.clock;
    this.#emit = setting.emit;
    this.#to = setting.to;
    this.#files = setting.sizes.length;
    this.#bytes = setting.sizes.reduce((sum, size) => sum + size, 0);
  }

  count({state, size, mediumRead, version}: FileRestored): void {
    this.#counts[state]++;
    const isGood = state === 'restored' || state === 'present';
    if (isGood) this.#good += size;
    if (isGood && version !== undefined) this.#unrecorded++;
    if (mediumRead === 'cached') this.#cached++;
  }

  /** Follows the bytes of one file. */
  begin(path: CardPath, size: number) {
    let moved = 0;
    const move = (to: number) => {
      this.#read += to - moved;
      moved = to;
      this.#tick(path);
    };
    return {
      advance: (bytes: number) => move(moved + bytes),
      startAgain: () => move(0),
      finish: () => move(size),
    };
  }

  /** A file that was there. */
  skip(path: CardPath, size: number): void {
    this.#read += size;
    this.#tick(path);
  }

  #tick(now: CardPath): void {
    const at = this.#clock.monotonic();
    if (at - this.#toldAt < PROGRESS_MS) return;
    this.#toldAt = at;
    this.tell(now);
  }

  tell(now: CardPath | null): void {
    const card = {path: this.#to, label: 'restore'};
    this.#emit({type: 'progress', card, bytes: this.#bytes, read: this.#read, lanes: [], now});
  }

  get isAllGood(): boolean {
    return this.#counts.restored + this.#counts.present === this.#files;
  }

  /** @param isOver every file had its turn, or could have had it: what nobody told of has failed. */
  sumUp(test: RestoreFinished['test'], isOver: boolean): RestoreFinished {
    const {restored, present, missing, failed} = this.#counts;
    const untold = isOver ? this.#files - restored - present - missing - failed : 0;
    return {
      type: 'restore-finished',
      to: this.#to,
      files: this.#files,
      restored,
      present,
      missing,
      failed: failed + untold,
      bytes: this.#good,
      unrecorded: this.#unrecorded,
      unrated: 0,
      cached: this.#cached,
      test,
    };
  }
}
