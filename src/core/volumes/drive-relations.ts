/** Which volumes lie on one physical drive, from what was seen of them. */
import {type PhysicalDrives, type Relation, relateDrives} from '../drive.ts';

/** Volumes that were connected at one moment. Names of disks (`disk:sdb`) mean the same disk only within it. */
export type Moment = readonly {
  readonly volume: string;
  readonly drives: PhysicalDrives;
}[];

/** Two volumes and whether one drive held both when they were seen together. `a` sorts before `b`. */
export interface VolumePair {
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
}

/** @returns what a moment proves: nothing of volumes whose drives are not known. */
export function pairsOf(moment: Moment): readonly VolumePair[] {
  const pairs: VolumePair[] = [];
  for (const [index, one] of moment.entries()) {
    for (const other of moment.slice(index + 1)) {
      if (one.volume === other.volume) continue;
      const relation = relateDrives(one.drives, other.drives);
      if (relation === 'unknown') continue;
      const [a, b] = one.volume < other.volume ? [one, other] : [other, one];
      pairs.push({a: a.volume, b: b.volume, same: relation === 'same'});
    }
  }
  return pairs;
}

export type RelateVolumes = (a: string, b: string) => Relation;

const keyOf = (a: string, b: string): string => JSON.stringify(a < b ? [a, b] : [b, a]);

/** @returns how two volumes relate: `different` only when they were seen together on different drives, and never on one. */
export function relateVolumes(pairs: readonly VolumePair[]): RelateVolumes {
  const known = new Map<string, boolean>();
  for (const {a, b, same} of pairs) {
    const key = keyOf(a, b);
    known.set(key, same || known.get(key) === true);
  }
  return (a, b) => {
    if (a === b) return 'same';
    const same = known.get(keyOf(a, b));
    return same === undefined ? 'unknown' : same ? 'same' : 'different';
  };
}
