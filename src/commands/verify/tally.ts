import type {CheckedCopy} from '../../../verify/verify-shoot.ts';
import type {Change} from '../../core/verify/judge-change.ts';

/** What was found in one place. */
export interface Tally {
  files: number;
  good: number;
  bad: number;
  rotten: number;
  edited: number;
  healed: number;
  /** Bytes. */
  bytes: number;
  cached: number;
  /** Copies that the drive lost or cannot read: what tells of the drive itself. */
  lost: number;
  /** Deleted, moved or replaced on the working drive, and the backup followed: compared with what the backup knows, or not at all. */
  followed: number;
}

export const emptyTally = (): Tally => ({
  files: 0,
  good: 0,
  bad: 0,
  rotten: 0,
  edited: 0,
  healed: 0,
  bytes: 0,
  cached: 0,
  lost: 0,
  followed: 0,
});

export function countCopy(
  tally: Tally,
  {file, state}: CheckedCopy,
  change: Change | undefined,
): void {
  if (state.kind === 'stopped') return;
  tally.files++;
  tally.bytes += file.size;
  if (state.kind === 'good') tally.good++;
  else tally.bad++;
  if (change === 'rotten') tally.rotten++;
  if (change === 'edited') tally.edited++;
  if (change === 'rotten' || state.kind === 'unreadable') tally.lost++;
  if ('mediumRead' in state && state.mediumRead === 'cached') tally.cached++;
}

/** A bad copy was brought back. */
export function countHealed(tally: Tally, change: Change | undefined): void {
  tally.good++;
  tally.bad--;
  tally.healed++;
  if (change === 'rotten') tally.rotten--;
}

export function addTally(sum: Tally, one: Tally): void {
  sum.files += one.files;
  sum.good += one.good;
  sum.bad += one.bad;
  sum.rotten += one.rotten;
  sum.edited += one.edited;
  sum.healed += one.healed;
  sum.bytes += one.bytes;
  sum.cached += one.cached;
  sum.lost += one.lost;
  sum.followed += one.followed;
}
