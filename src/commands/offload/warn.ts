import type {Proofs} from '../../../verify/gather-evidence.ts';
import type {CardListing} from '../../core/card.ts';
import type {FileSalvaged} from '../../core/events.ts';
import {formatCount} from '../../core/format-amounts.ts';
import {deservesWarning} from '../../core/leave-out.ts';
import {keepChainApart} from '../../core/mhl/manifest-names.ts';
import {checkCard} from '../../core/structure/check-card.ts';
import type {Warning} from '../../core/verdict.ts';
import {joinWithAnd} from '../../core/words.ts';
import type {Lane} from '../../engine/lane.ts';
import type {PreparedCard} from './prepare-card.ts';
import {warnOfMismatches} from './warn-of-mismatches.ts';

/** What was found out about the files of a card while they were copied. */
interface FoundOnCard {
  readonly salvaged: readonly FileSalvaged[];
  /** What is missing or damaged on the card already. */
  readonly damages: readonly Warning[];
  /** With `--mhl`: what its history does not hold, or says otherwise. */
  readonly mhl: readonly Warning[];
}

/** What does not block the verdict but is to be seen above it. */
export function collectWarnings(
  {listing, lanes, notes, wished}: PreparedCard,
  proofs: Proofs,
  {salvaged, damages, mhl}: FoundOnCard,
): readonly Warning[] {
  return [
    ...warnOfMismatches(lanes),
    ...warnOfLeftOut(listing),
    ...warnOfEmpty(listing),
    ...damages,
    ...mhl,
    ...notes,
    ...warnOfNames(proofs, wished),
    ...lanes.flatMap(warnOfTimes),
    ...warnOfParts(lanes, salvaged),
  ];
}

/** Where the readable parts of each file lie that is lost: the record names no copy of it. */
function warnOfParts(
  lanes: readonly Lane[],
  salvaged: readonly FileSalvaged[],
): readonly Warning[] {
  const files = new Map<string, FileSalvaged[]>();
  for (const parts of salvaged) files.set(parts.path, [...(files.get(parts.path) ?? []), parts]);
  return [...files].map(([path, places]) => {
    const nameOf = (to: string) =>
      lanes.find(({destination}) => destination.to === to)?.destination.name ?? to;
    const lies = joinWithAnd(places.map(({to, target}) => `${target} on ${nameOf(to)}`));
    const {bytes = 0, missing = 0} = places[0] ?? {};
    const amount = `${formatCount(bytes)} of its ${formatCount(bytes + missing)} bytes`;
    return {
      code: 'file-salvaged',
      path,
      message: `could not be read whole. What could be read, ${amount}, lies in the shoot folder as ${lies}, with a map of what is missing beside it. It is no copy`,
    };
  });
}

function warnOfTimes({untimed, destination}: Lane): readonly Warning[] {
  if (untimed === 0) return [];
  const message = `${untimed === 1 ? '1 copy' : `${untimed} copies`} on ${destination.name} could not be given the time of the picture: this user may not set times there. The bytes are proved; the record holds the times`;
  return [{code: 'times-not-kept', message}];
}

/** What can be said of a card from its listing alone. */
export function warnOfListing(listing: CardListing): readonly Warning[] {
  return [...warnOfLeftOut(listing), ...warnOfEmpty(listing), ...checkCard(listing.files)];
}

function warnOfLeftOut({leftOut}: CardListing): readonly Warning[] {
  return leftOut
    .filter(({rule}) => deservesWarning(rule))
    .map(({path, rule}) => ({
      code: rule === 'link' ? 'link-left-out' : 'special-left-out',
      path,
      message:
        rule === 'link'
          ? 'is a link and is not copied: what it leads to is copied only where it lies on the card itself'
          : 'is a special file (FIFO, socket or device) and is not copied',
    }));
}

function warnOfEmpty({files}: CardListing): readonly Warning[] {
  return files
    .filter(({size}) => size === 0)
    .map(({path}) => ({
      code: 'empty-file',
      path,
      message:
        'is empty: the camera may have been switched off while it was writing. The copies are empty too, and a recovery program may still find a part on the card: look before you format',
    }));
}

/** Names that a destination could not hold or that were taken: the manifest tells which. */
function warnOfNames(proofs: Proofs, wished: PreparedCard['wished']): readonly Warning[] {
  const nameOf = (path: string) => lastPart(wished?.get(path) ?? path);
  const renamed = [...proofs].filter(([path, copies]) =>
    [...copies.values()].some(
      // The chain of a card's ASC MHL is kept apart on purpose.
      ({target}) => lastPart(target) !== nameOf(path) && keepChainApart(path) === path,
    ),
  );
  const [first] = renamed;
  if (first === undefined) return [];
  const [path, copies] = first;
  const target = [...copies.values()]
    .map((copy) => copy.target)
    .find((one) => lastPart(one) !== nameOf(path));
  return [
    {
      code: 'name-changed',
      path,
      message: `${renamed.length === 1 ? 'has' : `and ${renamed.length - 1} more files have`} another name on a destination (${lastPart(target ?? '')}), because it cannot hold the name or had another file of that name; the record tells which is which`,
    },
  ];
}

const lastPart = (path: string) => path.slice(path.lastIndexOf('/') + 1);
