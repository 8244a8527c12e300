import type {Cause} from '../../core/cause.ts';
import type {CancelRequested, Emit, OffloadEvent} from '../../core/events.ts';
import {chooseDestinations} from '../../core/session/evolve-session.ts';
import type {SessionCard} from '../../core/session/session-state.ts';
import {cardIdOf} from '../offload/name-card.ts';
import {offload, type RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';
import type {Desk} from './desk.ts';
import {ejectCard} from './eject-card.ts';
import {OneAtATime, type Turn} from './one-at-a-time.ts';
import type {SessionOptions} from './session.ts';
import type {Surroundings} from './surroundings.ts';

interface RunsOptions {
  readonly program: Program;
  readonly options: SessionOptions;
  readonly desk: Desk;
  readonly emit: Emit;
  readonly surroundings: Surroundings;
  /** Takes what broke an invariant in the looks after a run. */
  readonly breakOff: (error: unknown) => void;
}

/** The runs of a session, one after the other: each offloads one card or several. */
export class Runs {
  readonly #options: RunsOptions;
  /** The verdict can be left while the run before still ejects its cards: two at once would take one queue. */
  readonly #turns = new OneAtATime();
  /** The cards of the run that goes on as they were when it began, by path: another may be mounted there by its end. */
  #begun: ReadonlyMap<string, SessionCard> = new Map();
  /** The last word on each card, by its id: whether it is safe. */
  readonly #safe = new Map<string, boolean>();
  #last: RunEnd | undefined;

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  /** Offloads these cards, then those that were queued meanwhile. Resolves when the queue is empty; throws what broke an invariant. */
  start(cards: readonly string[], shoot: string | null): Promise<void> {
    return this.#turns.begin((turn) => this.#runAll(cards, shoot, turn));
  }

  /** Finishes the block in hand and stops. Does nothing when nothing runs. */
  stop(by: CancelRequested['by']): void {
    this.#turns.stop(() => this.#tell({type: 'cancel-requested', by}));
  }

  /** Resolves when nothing runs any more; throws what broke an invariant. */
  async settled(): Promise<void> {
    await this.#turns.settled();
  }

  /** Stops without a word. Resolves when nothing runs any more, and never throws: who started the run hears of its fault. */
  async abandon(): Promise<void> {
    await this.#turns.abandon();
  }

  /** @returns how the session ended, as far as its runs tell. */
  end(): RunEnd {
    if (this.#last?.outcome === 'cancelled') return this.#last;
    const allSafe = [...this.#safe.values()].every((safe) => safe);
    return {outcome: 'complete', exitCode: allSafe ? 0 : 1};
  }

  async #runAll(cards: readonly string[], shoot: string | null, turn: Turn): Promise<void> {
    const {desk} = this.#options;
    for (let next = cards; next.length > 0; ) {
      await this.#run(next, shoot, turn.signal);
      // What was started meanwhile takes the queue.
      if (turn.signal.aborted || !turn.isLast()) return;
      next = desk.getSnapshot().queue;
      if (next.length > 0) desk.dispatch({type: 'run-started', cards: next});
    }
  }

  async #run(cards: readonly string[], shoot: string | null, signal: AbortSignal): Promise<void> {
    const {program, options, desk, surroundings, breakOff} = this.#options;
    const state = desk.getSnapshot();
    const destinations = chooseDestinations(state.drives).map(({path}) => path);
    this.#begun = new Map(state.cards.map((card) => [card.path, card]));
    for (const path of cards) this.#safe.set(this.#idOf(path), false);
    if (await this.#refuseGone(cards)) return;
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
      {emit: (event) => this.#tell(event), signal},
    );
    this.#last = end;
    desk.dispatch({type: 'run-event', event: {type: 'run-ended', ...end}});
    surroundings.lookAgain(cards).catch(breakOff);
    if (options.offload.eject) await this.#ejectSafe(cards);
  }

  /** A card that was pulled a moment ago and is not seen to go yet: its mount folder would be taken for the card. */
  async #refuseGone(cards: readonly string[]): Promise<boolean> {
    const {program, desk} = this.#options;
    for (const path of cards) {
      const known = this.#begun.get(path);
      const volume = await program.describeVolume(path);
      const {mountPoint, device} = known?.volume ?? volume;
      if (volume.mountPoint === mountPoint && volume.device === device) continue;
      this.#last = {outcome: 'refused', exitCode: 2};
      const cause = isGone(known?.label ?? path, path);
      this.#tell({type: 'refused', ...cause});
      desk.dispatch({type: 'run-event', event: {type: 'run-ended', ...this.#last}});
      return true;
    }
    return false;
  }

  /** Only the cards that were offloaded: one that was put in their place is not. */
  async #ejectSafe(cards: readonly string[]): Promise<void> {
    const {program, desk} = this.#options;
    for (const path of cards) {
      const card = desk.getSnapshot().cards.find((one) => one.path === path);
      const isSame = card !== undefined && card.volume === this.#begun.get(path)?.volume;
      const isThere = isSame && card.ejected === 'no';
      if (isThere && this.#safe.get(this.#idOf(path)) === true) {
        await ejectCard({program, desk}, path);
      }
    }
  }

  #idOf(path: string): string {
    const volume = this.#begun.get(path)?.volume;
    return volume === undefined ? path : cardIdOf({path, real: path, volume});
  }

  #tell(event: OffloadEvent): void {
    if (event.type === 'verdict') this.#safe.set(this.#idOf(event.card.path), event.safe);
    this.#options.desk.dispatch({type: 'run-event', event});
    this.#options.emit(event);
  }
}

const isGone = (label: string, path: string): Cause => ({
  code: 'card-gone',
  path,
  message: `${label} is not there any more`,
  next: 'Insert it again; it goes on where it stopped.',
});
