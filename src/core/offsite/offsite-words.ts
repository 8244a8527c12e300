/** The copies that are kept elsewhere, in words for the screens. */
import type {OffsiteKnown, ShootStatus} from '../events.ts';
import type {JobSentence} from '../job-words.ts';
import {printable} from '../printable.ts';
import {describeAge} from './rotation.ts';

export type OffSiteCopy = NonNullable<ShootStatus['offSite']>;

/** @returns the shoot whose off-site copy was read back longest ago; null when none has one. */
export function findOldest(
  shoots: readonly ShootStatus[],
): {readonly shoot: string; readonly copy: OffSiteCopy} | null {
  const copies = shoots.flatMap(({shoot, offSite}) =>
    offSite === null ? [] : [{shoot, copy: offSite}],
  );
  return (
    copies.toSorted((a, b) => Date.parse(a.copy.lastProof) - Date.parse(b.copy.lastProof))[0] ??
    null
  );
}

/** @param nowMs ms since 1970. @returns `The oldest off-site copy is 55 days old: 2026-10-11 Lissabon on Vault, bank.`; null when there is none. */
export function describeOldest(shoots: readonly ShootStatus[], nowMs: number): string | null {
  const oldest = findOldest(shoots);
  if (oldest === null) return null;
  const {shoot, copy} = oldest;
  return `The oldest off-site copy is ${describeCopyAge(copy, nowMs)}: ${printable(shoot)} on ${nameCopy(copy)}.`;
}

/** @returns `Vault, bank`. */
export const nameCopy = ({name, place}: Pick<OffSiteCopy, 'name' | 'place'>): string =>
  place === null ? printable(name) : `${printable(name)}, ${printable(place)}`;

/** @returns `55 days old`, `of today`. */
export function describeCopyAge(
  {lastProof}: Pick<OffSiteCopy, 'lastProof'>,
  nowMs: number,
): string {
  const ms = Date.parse(lastProof);
  const age = describeAge(Number.isNaN(ms) ? null : ms, nowMs);
  return age === 'in step today' ? 'of today' : age;
}

/** @returns one sentence for a set or a cloud, and one more for what is to be done. */
export function describeOffsite(set: OffsiteKnown, nowMs: number): readonly JobSentence[] {
  const {job, place, kind, copies, overdue, swap, next} = set;
  const where = place === null || place === job ? '' : ` (${printable(place)})`;
  const each = copies.map(({name, connected, lastGood}) => {
    const age = describeAge(lastGood === null ? null : Date.parse(lastGood), nowMs);
    const here = kind === 'cloud' ? '' : connected ? ' is here, ' : ' is away, ';
    return kind === 'cloud' ? `${printable(name)} ${age}` : `${printable(name)}${here}${age}`;
  });
  const state = {words: `${printable(job)}${where}: ${each.join('; ')}`, warns: overdue};
  if (next === null) return [state];
  return [state, {words: `${swap ? 'Swap' : 'Next'}: ${printable(next)}`, warns: swap}];
}
