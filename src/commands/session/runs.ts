import type {CancelRequested, Emit, OffloadEvent} from '../../core/events.ts';
import {chooseDestinations} from '../../core/session/evolve-session.ts';
import {offload, type RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import type {Desk} from './desk.ts';
import {ejectCard} from './eject-card.ts';
import type {SessionOptions} from './session.ts';
import type {Surroundings} from './surroundings.ts';

interface RunsOptions {
  readonly program: Program;
  readonly options: SessionOptions;
  readonly desk: Desk;
  readonly emit: Emit;
  readonly surroundings: Surroundings;
}

/** The runs of a session, one after the other: each offloads one card or several. */
export class Runs {
  readonly #options: RunsOptions;
  #stop = new AbortController();
  #current: Promise<void> = Promise.resolve();
  /** The last word on each card, by path: whether it is safe. */
  readonly #safe = new Map<string, boolean>();
  #last: RunEnd | undefined;

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  /** Offloads these cards, then those that were queued meanwhile. Resolves when the queue is empty; throws what broke an invariant. */
  start(cards: readonly string[], shoot: string | null): Promise<void> {
    this.#stop = new AbortController();
    this.#current = this.#runAll(cards, shoot);
    return this.#current;
  }

  /** Finishes the block in hand and stops. Does nothing when nothing runs. */
  stop(by: CancelRequested['by']): void {
    if (this.#stop.signal.aborted) return;
    this.#tell({type: 'cancel-requested', by});
    this.#stop.abort();
  }

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    // Who started the run hears of its fault.
    await this.#current.catch(() => {});
  }

  /** @returns how the session ended, as far as its runs tell. */
  end(): RunEnd {
    if (this.#last?.outcome === 'cancelled') return this.#last;
    const allSafe = [...this.#safe.values()].every((safe) => safe);
    return {outcome: 'complete', exitCode: allSafe ? 0 : 1};
  }

  async #runAll(cards: readonly string[], shoot: string | null): Promise<void> {
    const {desk} = this.#options;
    for (let next = cards; next.length > 0; ) {
      await this.#run(next, shoot);
      if (this.#stop.signal.aborted) return;
      next = desk.getSnapshot().queue;
      if (next.length > 0) desk.dispatch({type: 'run-started', cards: next});
    }
  }

  async #run(cards: readonly string[], shoot: string | null): Promise<void> {
    const {program, options, desk, surroundings} = this.#options;
    const destinations = chooseDestinations(desk.getSnapshot().drives).map(({path}) => path);
    for (const path of cards) this.#safe.set(path, false);
    const end = await offload(
      program,
      {
        ...options.offload,
        cards,
        destinations,
        shoot: shoot ?? undefined,
        dryRun: false,
        // Done here, where the screen hears of it.
        eject: false,
      },
      {emit: (event) => this.#tell(event), signal: this.#stop.signal},
    );
    this.#last = end;
    desk.dispatch({type: 'run-event', event: {type: 'run-ended', ...end}});
    if (options.offload.eject) {
      for (const path of cards) {
        if (this.#safe.get(path) === true) await ejectCard({program, desk}, path);
      }
    }
    await surroundings.lookAgain(cards);
  }

  #tell(event: OffloadEvent): void {
    if (event.type === 'verdict') this.#safe.set(event.card.path, event.safe);
    this.#options.desk.dispatch({type: 'run-event', event});
    this.#options.emit(event);
  }
}
