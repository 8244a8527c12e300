import type {Clock} from '../system/clock.ts';

const MINUTE_MS = 60_000;

/** A file's bad places are given up after this long without one more byte: a card that lives gives something in that time, and a dead one must not take the night. */
const BARREN_MS = 5 * MINUTE_MS;
/** The blocks behind are asked once each then, and they too are given up after this long without a byte. */
const SKIM_MS = MINUTE_MS;
/** As much is spent on the bad places of one file altogether: the other sick files are to have their turn. */
const FIGHT_MS = 30 * MINUTE_MS;

/** Files of at least this many bytes that give nothing at all speak against the card; a smaller one may lie in one bad place. */
const TELLING_SIZE = 1024 * 1024;
/** So many in a row, and the card is taken for dead: the next file is given up at its first error, unless it gave a byte before. */
const BARREN_FILES = 3;

/** How much the sick files of one card are worth, in view of what came of those before. */
export class Patience {
  #barrenFiles = 0;

  /** To be told when the fight for a file is over. @param had bytes that were read of it. */
  note({size, had}: {readonly size: number; readonly had: number}): void {
    if (had > 0) this.#barrenFiles = 0;
    else if (size >= TELLING_SIZE) this.#barrenFiles += 1;
  }

  get isSpent(): boolean {
    return this.#barrenFiles >= BARREN_FILES;
  }
}

/** Decides for one file when more tries make no sense any more. Times are ms of the clock that never goes back. */
export class FightLimits {
  readonly #clock: Clock;
  #isDoubted: boolean;
  /** When the last byte came, or the last change of method. */
  #since: number;
  #begun: number | undefined;
  #spent = 0;

  constructor(clock: Clock, patience: Patience) {
    this.#clock = clock;
    this.#isDoubted = patience.isSpent;
    this.#since = clock.monotonic();
  }

  /** A read gave bytes. */
  gained(): void {
    this.#since = this.#clock.monotonic();
    this.#isDoubted = false;
  }

  /** The fight for a block begins. */
  begin(): void {
    this.#begun = this.#clock.monotonic();
  }

  end(): void {
    this.#spent = this.#spentSoFar();
    this.#begun = undefined;
  }

  /** From now on blocks are only skimmed. */
  turnToSkimming(): void {
    this.#since = this.#clock.monotonic();
  }

  /** True when no block is to be fought for any longer. */
  get isOver(): boolean {
    return this.#isBarrenFor(BARREN_MS) || this.isUsedUp;
  }

  /** True when skimming gives nothing either. */
  get isSkimmed(): boolean {
    return this.#isBarrenFor(SKIM_MS);
  }

  /** True when this file has had its share of time. */
  get isUsedUp(): boolean {
    return this.#spentSoFar() >= FIGHT_MS;
  }

  #isBarrenFor(ms: number): boolean {
    return this.#isDoubted || this.#clock.monotonic() - this.#since >= ms;
  }

  #spentSoFar(): number {
    return this.#spent + (this.#begun === undefined ? 0 : this.#clock.monotonic() - this.#begun);
  }
}
