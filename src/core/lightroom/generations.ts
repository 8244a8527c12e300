/** Which snapshots stay. */

export interface Generation {
  /** Name of its folder. */
  readonly name: string;
  /** Counted up from snapshot to snapshot: a clock that was set back must not make the newest one the oldest. */
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly takenAt: string;
}

/** The newest ones stay, whatever their age; of the older ones the last of each month. Of the issue that asked for them. */
export const NEWEST_KEPT = 10;

/** @returns newest first. */
export const sortGenerations = <T extends Generation>(generations: readonly T[]): readonly T[] =>
  [...generations].sort(
    (a, b) => b.number - a.number || (a.name < b.name ? 1 : a.name > b.name ? -1 : 0),
  );

/** @returns those that are to go, oldest first. Months are those of UTC. */
export function chooseRemovals<T extends Generation>(generations: readonly T[]): readonly T[] {
  const older = sortGenerations(generations).slice(NEWEST_KEPT);
  const months = new Set<string>();
  const removals: T[] = [];
  for (const one of older) {
    const month = one.takenAt.slice(0, 'YYYY-MM'.length);
    if (months.has(month)) removals.push(one);
    months.add(month);
  }
  return removals.reverse();
}

const NAME = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-[a-z0-9]+$/;

/** @param word that no other snapshot has, of lower-case letters and digits. @returns a name that sorts by time, in UTC, and that every file system takes. */
export const nameSnapshot = (at: Date, word: string): string =>
  `${at.toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length).replaceAll(':', '-')}-${word}`;

export const isSnapshotName = (name: string): boolean => NAME.test(name);
