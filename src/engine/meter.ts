import type {CardPath, CardRef} from '../core/card.ts';
import type {Emit} from '../core/events.ts';
import type {Clock} from '../system/clock.ts';
import type {Lane} from './lane.ts';

/** ms between two samples: 10 a second at the most. */
const INTERVAL_MS = 100;

/** Counts bytes and emits samples of the counts. The only place that emits progress. */
export class Meter {
  /** Bytes that the card gave or need not give. */
  read = 0;
  now: CardPath | null = null;
  readonly #setting: {
    card: CardRef;
    bytes: number;
    lanes: readonly Lane[];
    emit: Emit;
    clock: Clock;
  };
  #last = Number.NEGATIVE_INFINITY;

  constructor(setting: {
    card: CardRef;
    bytes: number;
    lanes: readonly Lane[];
    emit: Emit;
    clock: Clock;
  }) {
    this.#setting = setting;
  }

  /** Emits a sample when the last one is old enough. */
  tick(): void {
    const now = this.#setting.clock.monotonic();
    if (now - this.#last < INTERVAL_MS) return;
    this.#last = now;
    this.sample();
  }

  sample(): void {
    const {card, bytes, lanes, emit} = this.#setting;
    emit({
      type: 'progress',
      card,
      bytes,
      read: this.read,
      now: this.now,
      lanes: lanes.map(({destination, written, proved, lost}) => ({
        to: destination.to,
        written,
        proved,
        lost: lost !== undefined,
      })),
    });
  }
}
