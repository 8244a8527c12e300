/** What a shoot lacks, in one sentence, and what to do next, in another. */
import {formatCount} from '../format-amounts.ts';
import {unreachable} from '../unreachable.ts';
import {joinWithAnd} from '../words.ts';
import type {ShootWorth} from './count-shoot.ts';

export interface Advice {
  readonly missing: string;
  readonly next: string;
}

/** @returns null when 3-2-1 is reached. Names are as they were given: whoever prints it makes them printable. */
export function adviseOnShoot({lack, files}: ShootWorth): Advice | null {
  if (lack === null) return null;
  const some = files === lack.files ? 'its files' : `${formatCount(lack.files)} of its files`;
  const verb = lack.files === 1 && files !== 1 ? 'is' : 'are';
  const names = joinWithAnd(lack.on.map(({name}) => name));
  switch (lack.what) {
    case 'copies':
      return {
        missing:
          files === 0
            ? 'no file of it is recorded'
            : `${some} ${verb} proved on no drive that counts`,
        next: 'Offload the card again; or connect the drives that have it, and run offload status again.',
      };
    case 'known-drive':
      return {
        missing: `${some} ${verb} only on ${names}, and which physical drive that is, is not known`,
        next: 'Offload to a drive that is plugged in directly.',
      };
    case 'second-drive':
      return {
        missing: `${some} ${verb} on one physical drive only, ${names}`,
        next: 'Offload the card to a second drive too, before it is formatted.',
      };
    case 'pair':
      return {
        missing: `whether ${names} are different physical drives is not known`,
        next: 'Connect them at the same time, and run offload status again.',
      };
    case 'third-drive':
      return {
        missing: `${some} ${verb} on two drives, and no third copy is off-site`,
        next: 'Bring a proved copy to a third drive with the role offsite, and keep it elsewhere.',
      };
    case 'off-site':
      return {
        missing: `${some} ${verb} on three drives, and none is known to be kept elsewhere`,
        next: 'Take one elsewhere, connect it, and say so: offload volumes role PATH offsite, or offload volumes place PATH PLACE.',
      };
    default:
      return unreachable(lack.what);
  }
}
