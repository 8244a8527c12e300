import type {RelateVolumes} from '../volumes/drive-relations.ts';

/** Steps after which the search ends with the best that it has: a record from outside may name any number of volumes. */
const MOST_STEPS = 5000;

/** @returns the most volumes that are known to lie on different physical drives, each one from each other; never more than there are. */
export function pickDrives(volumes: readonly string[], relate: RelateVolumes): readonly string[] {
  let best: readonly string[] = [];
  let steps = 0;
  const search = (choice: readonly string[], rest: readonly string[]): void => {
    steps += 1;
    if (choice.length > best.length) best = choice;
    for (const [index, next] of rest.entries()) {
      if (steps > MOST_STEPS || choice.length + rest.length - index <= best.length) return;
      const fitting = rest.slice(index + 1).filter((one) => relate(next, one) === 'different');
      search([...choice, next], fitting);
    }
  };
  search([], volumes);
  return best;
}
