import type {CardFile, CardPath} from '../card.ts';
import {splitName} from '../split-name.ts';

/** A path in capitals, because cards compare names without their case. */
export interface FileParts {
  /** As the card has it. */
  readonly path: CardPath;
  /** Name as the card has it. */
  readonly name: string;
  /** With its last `/`; empty for the root. In capitals, like all that follow. */
  readonly folder: string;
  readonly stem: string;
  /** Without its dot; empty where there is none. */
  readonly ext: string;
}

export function partsOf({path}: Pick<CardFile, 'path'>): FileParts {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const {stem, ext} = splitName(name.toUpperCase());
  const folder = path.slice(0, path.length - name.length).toUpperCase();
  return {path, name, folder, stem, ext: ext.slice(1)};
}

/** @returns the parts by a key, in their order; those without a key are passed over. */
export function groupBy<T>(
  all: Iterable<T>,
  keyOf: (one: T) => string | undefined,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}

/** @returns the highest number; 0 when there is none. Spread arguments are limited, and a card may hold any number of files. */
export function highestOf(all: readonly {readonly number: number}[]): number {
  return all.reduce((highest, {number}) => Math.max(highest, number), 0);
}

/** @returns whole numbers that are missing between the first and the last of a set; none when `from` is larger. */
export function missingNumbers(
  present: ReadonlySet<number>,
  from: number,
  to: number,
): readonly number[] {
  const missing: number[] = [];
  for (let number = from; number <= to; number++) if (!present.has(number)) missing.push(number);
  return missing;
}
