import type {Cause} from '../../core/cause.ts';
import {isInside} from '../../core/drive-paths.ts';
import type {Program} from '../program.ts';
import type {UserFolder} from '../resolve-folder.ts';

interface Folders {
  readonly cards: readonly UserFolder[];
  readonly destinations: readonly UserFolder[];
}

/**
 * Finds folders that must not be used together: a destination inside a card or the card inside it, or one folder named twice, through links too.
 * @returns the first problem.
 */
export function findOverlap(program: Program, {cards, destinations}: Folders): Cause | undefined {
  for (const destination of destinations) {
    for (const card of cards) {
      const problem = overlap(program, card, destination);
      if (problem !== undefined) return problem;
    }
  }
  const twice = findTwice(destinations);
  if (twice !== undefined) {
    return {
      code: 'destination-twice',
      path: twice.path,
      message: 'the same folder is given twice as a destination: two copies in it are one',
      next: 'Give a second --to on another drive.',
    };
  }
  const card = findTwice(cards);
  if (card === undefined) return undefined;
  return {
    code: 'card-twice',
    path: card.path,
    message: 'the same card is given twice',
    next: 'Give each --card once.',
  };
}

function overlap(
  {pathPlatform: platform}: Program,
  card: UserFolder,
  destination: UserFolder,
): Cause | undefined {
  const same = wordOf(card) === wordOf(destination);
  const below = isInside({parent: card.real, child: destination.real, platform}) === 'inside';
  if (same || below || destination.lineage.includes(wordOf(card))) {
    return {
      code: 'destination-inside-card',
      path: destination.path,
      message: `the destination is ${same ? 'the same folder as' : 'inside'} the card ${card.path}: the card would be written`,
      next: 'Give a --to on another drive.',
    };
  }
  const above = isInside({parent: destination.real, child: card.real, platform}) === 'inside';
  if (!above && !card.lineage.includes(wordOf(destination))) return undefined;
  return {
    code: 'card-inside-destination',
    path: card.path,
    message: `the card is inside the destination ${destination.path}`,
    next: 'Give another --to, or name the folder of the card outside of it.',
  };
}

function findTwice(folders: readonly UserFolder[]): UserFolder | undefined {
  return folders.find((one, index) =>
    folders.slice(0, index).some((other) => wordOf(one) === wordOf(other)),
  );
}

const wordOf = ({lineage, real}: UserFolder) => lineage[0] ?? real;
