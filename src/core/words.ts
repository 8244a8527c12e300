/** Small phrases that several outputs share. */
import type {Phase} from './events.ts';
import {formatCount} from './format-amounts.ts';
import {unreachable} from './unreachable.ts';

/** @returns `no files`, `1 file`, `1,224 files`. */
export function countFiles(files: number): string {
  if (files === 0) return 'no files';
  return files === 1 ? '1 file' : `${formatCount(files)} files`;
}

/** @returns `W`, `W and B`, `W, B and B2`. */
export function joinWithAnd(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** @returns what a phase does, as one would say it of a card. */
export function describePhase(phase: Phase): string {
  switch (phase) {
    case 'scan':
      return 'listing the card';
    case 'compare':
      return 'comparing with the drives';
    case 'dates':
      return 'reading when it was taken';
    case 'plan':
      return 'looking at the drives';
    case 'copy':
      return 'copying';
    case 'prove':
      return 'proving the copies';
    case 'reread':
      return 'reading the card a second time';
    case 'relist':
      return 'listing the card again';
    case 'seal':
      return 'writing the record';
    default:
      return unreachable(phase);
  }
}
