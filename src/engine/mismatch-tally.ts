import {relateDrives} from '../core/drive.ts';
import type {Destination} from './destination.ts';

/** Mismatches on one drive after which it is no accident any more. */
const SUSPECT = 2;

/** Counts copies that did not match on each physical drive, over all cards of one call. */
export class MismatchTally {
  readonly #destinations = new Map<string, {destination: Destination; count: number}>();
  readonly #told = new Set<string>();

  add(destination: Destination): void {
    const {to} = destination;
    const count = (this.#destinations.get(to)?.count ?? 0) + 1;
    this.#destinations.set(to, {destination, count});
  }

  /** @returns how many copies did not match on the drive of a destination, and on which destinations; undefined while that may be an accident. */
  suspect(destination: Destination): {count: number; names: readonly string[]} | undefined {
    const shared = this.#onDriveOf(destination);
    const count = shared.reduce((sum, one) => sum + one.count, 0);
    if (count < SUSPECT) return undefined;
    return {count, names: shared.map((one) => one.destination.name)};
  }

  /** @returns true the first time for each drive: it is warned of once. */
  isNews(destination: Destination): boolean {
    const shared = this.#onDriveOf(destination).map((one) => one.destination.to);
    const isNews = !shared.some((to) => this.#told.has(to));
    for (const to of shared) this.#told.add(to);
    return isNews;
  }

  #onDriveOf({to, volume}: Destination) {
    return [...this.#destinations.values()].filter(
      ({destination}) =>
        destination.to === to ||
        relateDrives(destination.volume.physical, volume.physical) === 'same',
    );
  }
}
