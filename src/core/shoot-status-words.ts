/** How a shoot is kept, in words for the screens. */
import {causeText} from './cause-text.ts';
import type {ShootStatus} from './events.ts';
import {formatBytes, formatCount} from './format-amounts.ts';
import {formatAgo, formatSince, type Now} from './format-dates.ts';
import {describeCopyAge} from './offsite/offsite-words.ts';
import type {Phrase} from './phrase.ts';
import {printable} from './printable.ts';
import {countFiles, joinWithAnd} from './words.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Days after which a drive that was not connected is told, as `offload status` does. */
const LONG_DAYS = 30;

/** @returns `5 of 7 shoots have 3-2-1`. */
export function countReached(shoots: readonly ShootStatus[]): string {
  const reached = shoots.filter((shoot) => shoot.reached).length;
  const all = `${formatCount(shoots.length)} ${shoots.length === 1 ? 'shoot' : 'shoots'}`;
  return `${formatCount(reached)} of ${all} ${shoots.length === 1 ? 'has' : 'have'} 3-2-1`;
}

/** @returns whether 3-2-1 is reached, or what is missing. */
export function describeReached({reached, missing}: ShootStatus): Phrase {
  if (reached) return {tone: 'plain', forms: ['3-2-1 reached', '3-2-1', 'ok']};
  const lack = printable(missing ?? '');
  return {tone: 'decision', forms: [`not reached: ${lack}`, 'not reached', 'not']};
}

/** @returns `1,224 files, 18.4 GB, 3 copies on 3 drives, desk and bank, proved 2 h ago, off-site copy 41 days old`. */
export function describeKept(shoot: ShootStatus, now: Now): readonly string[] {
  const {files, bytes, copies, drives, places, lastProof} = shoot;
  const amount = `${countFiles(files)}, ${formatBytes(bytes)}`;
  const kept = `${count(copies, 'copy', 'copies')} on ${count(drives, 'drive', 'drives')}`;
  const where = places.length === 0 ? 'place unknown' : joinWithAnd(places.map(printable));
  const proof = lastProof === null ? 'never proved' : `proved ${formatAgo(lastProof, now)}`;
  const both = `${count(copies, 'copy', 'copies')}, ${count(drives, 'drive', 'drives')}`;
  const few = places.length === 0 ? where : count(places.length, 'place', 'places');
  const age = shoot.offSite === null ? null : describeCopyAge(shoot.offSite, now.ms);
  const withAge =
    age === null
      ? []
      : [
          [amount, kept, where, proof, `off-site copy ${age}`].join(', '),
          [amount, both, where, proof, `off-site ${age}`].join(', '),
          [amount, count(copies, 'copy', 'copies'), proof, `off-site ${age}`].join(', '),
        ];
  return [
    ...withAge,
    [amount, kept, where, proof].join(', '),
    [amount, both, where, proof].join(', '),
    [amount, both, few, proof].join(', '),
    [amount, both, proof].join(', '),
    [both, proof].join(', '),
    both,
  ];
}

const count = (n: number, one: string, many: string): string =>
  `${n === 0 ? 'no' : formatCount(n)} ${n === 1 ? one : many}`;

/** @returns what is missing and what to do; null when nothing is. */
export function describeLack({missing, next}: ShootStatus): string | null {
  if (missing === null) return null;
  const sentence = `${missing.slice(0, 1).toUpperCase()}${missing.slice(1)}`;
  return causeText({message: sentence, next: next ?? ''});
}

export interface DriveWords {
  readonly words: string;
  /** True when nobody has seen the drive for long. */
  readonly warns: boolean;
}

/** @returns `LaCie Rugged, backup, desk: connected`; `Vault, off-site, bank: as of 2026-10-02, copy 41 days old`. */
export function describeStatusDrive(
  drive: ShootStatus['volumes'][number],
  files: number,
  now: Now,
): DriveWords {
  const {name, role, place, connected, asOf} = drive;
  const about = [
    printable(name),
    ...(role === 'none' ? [] : [role]),
    ...(place === null ? [] : [printable(place)]),
  ].join(', ');
  const part =
    drive.files < files ? `, ${formatCount(drive.files)} of ${formatCount(files)} files` : '';
  const days = Math.floor((now.ms - Date.parse(asOf)) / DAY_MS);
  const warns = !connected && days > LONG_DAYS;
  const seen = warns ? `not seen for ${formatCount(days)} days` : `as of ${formatSince(asOf, now)}`;
  const age = describeCopyAge(drive, now.ms);
  const copy = role === 'off-site' ? `, copy ${age}` : '';
  return {words: `${about}: ${connected ? 'connected' : seen}${part}${copy}`, warns};
}
