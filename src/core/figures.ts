/** The numbers that every output shows of a card: one way of rounding, one idea of what 100 % means. */
import type {CardState, LaneState} from './card-state.ts';
import type {RunState} from './run-state.ts';

/** @returns whole per cent, rounded down, so that 100 means all; 0 when nothing is to be done yet. */
export function perCentOf(done: number, total: number): number {
  if (total <= 0) return 0;
  return Math.min(100, Math.floor((done * 100) / total));
}

/** @returns per cent written, but 100 only when all of it is proved too. */
export function lanePerCent(lane: LaneState, bytes: number): number {
  const written = perCentOf(lane.written, bytes);
  return lane.proved < bytes ? Math.min(99, written) : written;
}

/** @returns per cent of all that is to be written and proved, on the destination that is furthest behind. */
export function cardPerCent(card: CardState): number {
  const working = card.lanes.filter(({lost}) => !lost);
  const lanes = working.map(({written, proved}) => perCentOf(written + proved, card.bytes * 2));
  return Math.min(perCentOf(card.read, card.bytes), ...lanes);
}

/** @returns bytes per second of what the destination does now: writing, and proving when all is written. */
export function laneSpeed(lane: LaneState, bytes: number): number | null {
  return lane.written < bytes ? lane.writeRate : lane.proveRate;
}

/** @returns bytes per second that the card gives, or when all is read those of the slowest destination that still works. */
export function cardSpeed(card: CardState): number | null {
  if (card.read < card.bytes) return card.readRate;
  const busy = card.lanes.filter(({lost, proved}) => !lost && proved < card.bytes);
  const rates = busy.map((lane) => laneSpeed(lane, card.bytes)).filter((rate) => rate !== null);
  return rates.length === 0 ? null : Math.min(...rates);
}

/** @returns ms until the last card is done; null while one of them is still measured, or none is being copied. */
export function runTimeLeft(state: RunState): number | null {
  const busy = state.cards.filter((card) => card.verdict === null && card.movingSinceMs !== null);
  let longest: number | null = null;
  for (const {timeLeftMs} of busy) {
    if (timeLeftMs === null) return null;
    longest = Math.max(longest ?? 0, timeLeftMs);
  }
  return longest;
}
