/** The words of the plain lines: pure, printable, each on one line. */
import type {CardState, LaneState} from '../core/card-state.ts';
import {letterOf} from '../core/card-state.ts';
import type {RunEnded, RunPlanned} from '../core/events.ts';
import {cardPerCent, cardSpeed, perCentOf} from '../core/figures.ts';
import {formatBytes, formatRate, formatTimeLeft} from '../core/format-amounts.ts';
import {printable} from '../core/printable.ts';
import {unreachable} from '../core/unreachable.ts';
import {countFiles, joinWithAnd} from '../core/words.ts';

/** @returns `18:42:07`, local time. */
export function clockTime(at: Date): string {
  const parts = [at.getHours(), at.getMinutes(), at.getSeconds()];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

export function describePlan({files, bytes, destinations, resumed}: RunPlanned): string {
  const places = destinations.map(({name}, index) => `${letterOf(index)} (${printable(name)})`);
  const goesOn = resumed ? ', going on where it stopped' : '';
  return `${countFiles(files)} ${formatBytes(bytes)} to ${joinWithAnd(places)}${goesOn}`;
}

/** @returns `9 % 284 MB/s about 6 min, W 8 % copied 6 % proved, B lost`. */
export function describeProgress(card: CardState): string {
  const speed = cardSpeed(card);
  const rate = speed === null ? '' : ` ${formatRate(speed)}`;
  const lanes = card.lanes.map((lane) => `, ${describeLane(lane, card.bytes)}`);
  return `${cardPerCent(card)} %${rate} ${formatTimeLeft(card.timeLeftMs)}${lanes.join('')}`;
}

function describeLane({letter, written, proved, lost}: LaneState, bytes: number): string {
  if (lost) return `${letter} lost`;
  return `${letter} ${perCentOf(written, bytes)} % copied ${perCentOf(proved, bytes)} % proved`;
}

/** @returns ` on B (LaCie Rugged)`, or ` on the card` where no destination is named. */
export function nameDestination(card: CardState | undefined, to: string | undefined): string {
  if (to === undefined) return ' on the card';
  const lane = card?.lanes.find((candidate) => candidate.to === to);
  return lane === undefined
    ? ` on ${printable(to)}`
    : ` on ${lane.letter} (${printable(lane.name)})`;
}

/** @returns what the end means where no verdict says it, or null. */
export function describeEnd({outcome}: RunEnded): string | null {
  switch (outcome) {
    case 'complete':
    case 'incomplete':
    case 'refused':
      return null;
    case 'cancelled':
      return 'stopped before the end: run the same command again, it goes on where it stopped';
    case 'crashed':
      return 'the program failed: do not format a card that has no verdict; run the same command again';
    default:
      return unreachable(outcome);
  }
}
