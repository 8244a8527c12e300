/** What the catalog says of a card that is inserted. The rule alone; where the facts come from is in `src/catalog/compare-listing.ts`. */
import type {CardHistory} from '../card-history.ts';

/** One offload of a card that came to its end. */
export interface EndedOffload {
  readonly key: number;
  readonly shoot: string;
  /** ISO 8601, UTC. */
  readonly endedAt: string;
  /** How it ended. */
  readonly safe: boolean;
}

/** What is known of a card before its files are looked at. */
export interface CardPast {
  /** Newest end first. */
  readonly offloads: readonly EndedOffload[];
  /** When the newest offload that began and has no end was started; null when every one has its end. ISO 8601, UTC. */
  readonly startedAt: string | null;
}

/** @returns the history where it does not depend on the files; null where they must be looked at. */
export function decideFromPast({offloads, startedAt}: CardPast): CardHistory | null {
  const newest = offloads[0];
  if (startedAt !== null && (newest === undefined || isAfter(startedAt, newest.endedAt))) {
    return {state: 'interrupted', at: startedAt};
  }
  return newest === undefined ? {state: 'new'} : null;
}

/**
 * @param holders for each file on the card now the keys of this card's offloads that hold it with the same path, size and time.
 * @returns a hint for people, never evidence.
 */
export function decideHistory(
  past: CardPast,
  holders: readonly (readonly number[])[],
): CardHistory {
  const early = decideFromPast(past);
  if (early !== null) return early;
  const safe = past.offloads.filter((offload) => offload.safe);
  const safeKeys = new Set(safe.map(({key}) => key));
  const missing = holders.filter((keys) => !keys.some((key) => safeKeys.has(key)));
  const newest = past.offloads[0];
  if (newest !== undefined && !newest.safe && missing.some((keys) => keys.includes(newest.key))) {
    return {state: 'not-safe', at: newest.endedAt, shoot: newest.shoot};
  }
  const seen = new Set(holders.flat());
  const last = safe.find(({key}) => seen.has(key));
  if (last === undefined) return {state: 'new'};
  if (missing.length === 0) return {state: 'safe', at: last.endedAt, shoot: last.shoot};
  return {state: 'more', count: missing.length, since: last.endedAt};
}

const isAfter = (one: string, other: string): boolean => Date.parse(one) > Date.parse(other);
