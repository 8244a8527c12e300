import {relateDrives, type Volume} from '../../core/drive.ts';
import type {DriveSeen, Emit} from '../../core/events.ts';
import {joinWithAnd} from '../../core/words.ts';
import {cardIdOf} from '../offload/name-card.ts';
import type {OffloadOptions} from '../offload/options.ts';
import {offload, type RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';

export type AutoOptions = Omit<OffloadOptions, 'cards' | 'destinations'>;

interface Setting {
  readonly program: Program;
  readonly options: AutoOptions;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** A card or a drive that arrived. */
export interface Arrival {
  readonly seen: DriveSeen;
  readonly volume: Volume;
  /** How many came before it. */
  readonly order: number;
}

interface WaitingCard extends Arrival {
  /** It was said that its drives are missing. */
  isTold: boolean;
}

/** Offloads cards as they come, one after the other, to the working drives and backups that are connected. */
export class AutoOffload {
  readonly #setting: Setting;
  /** By mount point. A card is taken out when its run starts: it must be pulled before it counts as new again. */
  readonly #cards = new Map<string, WaitingCard>();
  readonly #drives = new Map<string, Arrival>();
  readonly #warned = new Set<string>();
  /** How the last run of each card ended, by the card's id. */
  readonly #ends = new Map<string, RunEnd>();
  #isRunning = false;
  #isInterrupted = false;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** A card or a drive arrived. Nothing is started yet. */
  add(arrival: Arrival): void {
    const {path, role} = arrival.seen;
    if (role === 'card') this.#cards.set(path, {...arrival, isTold: false});
    else this.#drives.set(path, arrival);
  }

  /** It left. A run that copies from it or to it finds out by itself. */
  remove(path: string): void {
    this.#cards.delete(path);
    this.#drives.delete(path);
  }

  /** Offloads every card that waits and has its drives. Returns at once when cards are being offloaded already: that run takes what came meanwhile. */
  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let card = this.#takeCard(); card !== undefined; card = this.#takeCard())
        await this.#offload(card);
    } finally {
      this.#isRunning = false;
    }
  }

  /** @returns how the watch ended, as far as its cards tell. */
  end(): RunEnd {
    if (this.#isInterrupted) return {outcome: 'cancelled', exitCode: 130};
    const ends = [...this.#ends.values()];
    if (ends.every(({exitCode}) => exitCode === 0)) return {outcome: 'complete', exitCode: 0};
    const isIncomplete = ends.some(
      ({outcome}) => outcome === 'incomplete' || outcome === 'cancelled',
    );
    return {outcome: isIncomplete ? 'incomplete' : 'complete', exitCode: 1};
  }

  #takeCard(): WaitingCard | undefined {
    if (this.#setting.signal.aborted) return undefined;
    const missing = (['working', 'backup'] as const).filter(
      (role) => this.#findDrives(role).length === 0,
    );
    if (missing.length > 0) {
      for (const card of this.#cards.values()) this.#tellWaiting(card, missing);
      return undefined;
    }
    const [first] = [...this.#cards.values()].sort(byOrder);
    if (first !== undefined) this.#cards.delete(first.seen.path);
    return first;
  }

  #findDrives(role: DriveSeen['role']): readonly DriveSeen[] {
    const drives = [...this.#drives.values()].filter(({seen}) => seen.role === role);
    return drives.sort(byOrder).map(({seen}) => seen);
  }

  async #offload({seen, volume}: WaitingCard): Promise<void> {
    const {program, options, emit, signal} = this.#setting;
    const drives = [...this.#findDrives('working'), ...this.#findDrives('backup')];
    this.#warnOfOneDisk(drives);
    const cards = [seen.path];
    const destinations = drives.map(({path}) => path);
    const end = await offload(program, {...options, cards, destinations}, {emit, signal});
    const {mountPoint} = volume;
    this.#ends.set(cardIdOf({path: mountPoint, real: mountPoint, volume}), end);
    // A card that was pulled ends its run in the same way, and is no reason to leave.
    this.#isInterrupted ||= signal.aborted && end.exitCode === 130;
  }

  #tellWaiting(card: WaitingCard, missing: readonly ('working' | 'backup')[]): void {
    if (card.isTold) return;
    card.isTold = true;
    const words = {working: 'no working drive', backup: 'no backup'};
    this.#setting.emit({
      type: 'noticed',
      level: 'info',
      code: 'waits-for-drives',
      path: card.seen.path,
      message: `the card waits: ${joinWithAnd(missing.map((role) => words[role]))} ${missing.length > 1 ? 'are' : 'is'} connected`,
      next: 'Plug it in; the card is offloaded then. A drive gets its role in the terminal UI, or from the first offload to it.',
    });
  }

  #warnOfOneDisk(drives: readonly DriveSeen[]): void {
    for (const [index, one] of drives.entries()) {
      for (const other of drives.slice(index + 1)) {
        const key = JSON.stringify([one.path, other.path]);
        const isSame = relateDrives(one.drives, other.drives) === 'same';
        if (!isSame || this.#warned.has(key)) continue;
        this.#warned.add(key);
        this.#setting.emit({
          type: 'noticed',
          level: 'warning',
          code: 'roles-on-one-disk',
          path: other.path,
          message: `it is on the same physical disk as ${one.path}: two copies on it are one`,
          next: 'Give the role to a drive on another disk.',
        });
      }
    }
  }
}

const byOrder = (a: Arrival, b: Arrival): number => a.order - b.order;
