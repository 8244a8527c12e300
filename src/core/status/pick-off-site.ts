import type {VolumeShare} from './count-shoot.ts';
import {placesOf, type StatusVolume} from './status-volume.ts';

/**
 * Of the copies at another place the one with most files, then the one that was read back last. A volume is elsewhere by its role; without one, when it is no working drive
 * and is kept at another place than one.
 */
export function pickOffSite(shares: readonly VolumeShare[]): VolumeShare | null {
  const working = shares.map(({volume}) => volume).filter(({role}) => role === 'working');
  const marked = shares.filter(({volume}) => volume.role === 'off-site');
  const placed = shares.filter(({volume}) => working.some((one) => isElsewhere(volume, one)));
  const among = marked.length > 0 ? marked : placed;
  return among.toSorted((a, b) => b.files - a.files || compare(b, a))[0] ?? null;
}

const isElsewhere = (volume: StatusVolume, working: StatusVolume): boolean =>
  volume.role !== 'working' && placesOf([volume, working]).length > 1;

// Times of one form, `…Z`, sort as texts.
const compare = (a: VolumeShare, b: VolumeShare): number =>
  a.newestProof < b.newestProof ? -1 : a.newestProof > b.newestProof ? 1 : 0;
