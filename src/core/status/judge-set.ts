/** What the volumes that hold a file's proved copies are worth (design, section 9). */
import type {RelateVolumes} from '../volumes/drive-relations.ts';
import {pickDrives} from './pick-drives.ts';
import {hasOffSite, type StatusVolume} from './status-volume.ts';

/** Three copies, two local on two drives, one off-site. */
export const WANTED_DRIVES = 3;

/** What keeps a file from 3-2-1, the worst first. */
export const LACKS = [
  'copies',
  'known-drive',
  'second-drive',
  'pair',
  'third-drive',
  'off-site',
] as const;
export type Lack = (typeof LACKS)[number];

export interface SetWorth {
  /** Volumes that hold a proved copy. */
  readonly copies: number;
  /** Physical drives among them that are known to be different. */
  readonly drives: number;
  /** Null when 3-2-1 is reached. */
  readonly lack: Lack | null;
}

/** @param volumes each once. */
export function judgeSet(volumes: readonly StatusVolume[], relate: RelateVolumes): SetWorth {
  const byId = new Map(volumes.map((volume) => [volume.id, volume]));
  const pick = (ids: readonly string[]) => ids.flatMap((id) => byId.get(id) ?? []);
  const known = volumes.filter(({hasKnownDrive}) => hasKnownDrive).map(({id}) => id);
  const drives = pickDrives(known, relate).length;
  const counts = {copies: volumes.length, drives};
  if (drives < WANTED_DRIVES) return {...counts, lack: findLack(volumes, known, drives, relate)};
  const isReached = hasTriple(known, relate, (ids) => hasOffSite(pick(ids)));
  return {...counts, lack: isReached ? null : 'off-site'};
}

/** Volumes of which triples are tried: a record from outside may name any number. */
const MOST_TRIED = 30;

/** The largest choice of drives need not be the one with the off-site drive. */
function hasTriple(
  volumes: readonly string[],
  relate: RelateVolumes,
  fits: (ids: readonly string[]) => boolean,
): boolean {
  const tried = volumes.slice(0, MOST_TRIED);
  const after = (one: string, among: readonly string[]) =>
    among.slice(among.indexOf(one) + 1).filter((other) => relate(one, other) === 'different');
  return tried.some((a) => {
    const others = after(a, tried);
    return others.some((b) => after(b, others).some((c) => fits([a, b, c])));
  });
}

function findLack(
  volumes: readonly StatusVolume[],
  known: readonly string[],
  drives: number,
  relate: RelateVolumes,
): Lack {
  if (volumes.length === 0) return 'copies';
  if (drives === 0) return 'known-drive';
  // More might be there than can be counted: what is not known is to be found out before anything is bought.
  const perhaps = (a: string, b: string) => (relate(a, b) === 'same' ? 'same' : 'different');
  if (pickDrives(known, perhaps).length > drives) return 'pair';
  return drives === 1 ? 'second-drive' : 'third-drive';
}
