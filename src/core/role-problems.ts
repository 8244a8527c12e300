/** What stands in the way of SAFE TO FORMAT before anything is copied: a forecast for people; the verdict judges by itself. */
import {relateDrives, type Volume} from './drive.ts';
import type {SessionDrive} from './session/session-state.ts';
import {joinWithAnd} from './words.ts';

export interface RoleProblem {
  /** Paths of the drives that it is about; none when it is about what is missing. */
  readonly drives: readonly string[];
  /** Printable; says what to do where the sentence before does not. */
  readonly words: string;
}

/** A drive that an offload copies to. */
interface Destination extends SessionDrive {
  readonly letter: string;
}

/** @param card the volume of the selected card; null when there is none. @returns the problems, the worst first. */
export function findRoleProblems(
  drives: readonly SessionDrive[],
  card: Volume | null,
): readonly RoleProblem[] {
  const used = drives.filter(isDestination);
  const hopeless = !canBecomeSafe(used, card);
  return [
    ...findMissingRoles(drives, used),
    ...findSameDisk(used, hopeless),
    ...findCardDisk(used, card, hopeless),
    ...findMemory(used, hopeless),
    ...findUnknownDisks(used, card, hopeless),
    ...findCached(used),
  ];
}

const isDestination = (drive: SessionDrive): drive is Destination => drive.letter !== null;

/** @returns true when two destinations are known to be two disks, neither of them memory or the card's own. */
function canBecomeSafe(used: readonly Destination[], card: Volume | null): boolean {
  const counting = used.filter(({volume}) => volume.kind !== 'ram' && !isSameDisk(volume, card));
  return counting.some(({volume}, index) =>
    counting
      .slice(index + 1)
      .some((other) => relateDrives(volume.physical, other.volume.physical) === 'different'),
  );
}

function findMissingRoles(
  drives: readonly SessionDrive[],
  used: readonly Destination[],
): readonly RoleProblem[] {
  const missing = (words: string): readonly RoleProblem[] => [{drives: [], words}];
  if (drives.length === 0) return missing('Connect the working drive and the backup.');
  if (used.length > 1) return [];
  if (used.length === 1) {
    return missing(
      'There is no backup, and a card needs two copies to become safe. Select a drive with Tab and press b.',
    );
  }
  return missing(
    drives.some(({role}) => role === 'backup')
      ? 'There is no working drive. Select one with Tab and press w.'
      : 'No drive has a role. Select a drive with Tab and press w or b.',
  );
}

/** Each disk that holds several destinations is told once, with all of them. */
function findSameDisk(used: readonly Destination[], hopeless: boolean): readonly RoleProblem[] {
  const told = new Set<Destination>();
  return used.flatMap((one) => {
    if (told.has(one)) return [];
    const same = used.filter((two) => two === one || isSameDisk(one.volume, two.volume));
    if (same.length < 2) return [];
    for (const drive of same) told.add(drive);
    const copies = same.length === 2 ? 'two copies' : 'all copies';
    const words = `${lettersOf(same)} are the same disk: ${copies} on it are one.`;
    return [tell(same, words, hopeless ? 'Cards will not become safe.' : '')];
  });
}

function findCardDisk(
  used: readonly Destination[],
  card: Volume | null,
  hopeless: boolean,
): readonly RoleProblem[] {
  const onCard = used.filter(({volume}) => isSameDisk(volume, card));
  if (onCard.length === 0) return [];
  const words = `${lettersOf(onCard)} ${isOrAre(onCard)} on the card's own disk: a copy there does not count.`;
  return [tell(onCard, words, hopeless ? 'The card will not become safe.' : '')];
}

function findMemory(used: readonly Destination[], hopeless: boolean): readonly RoleProblem[] {
  const ram = used.filter(({volume}) => volume.kind === 'ram');
  if (ram.length === 0) return [];
  const words = `${lettersOf(ram)} ${isOrAre(ram)} in this computer's memory: a copy there does not count.`;
  return [tell(ram, words, hopeless ? 'Cards will not become safe.' : '')];
}

function findUnknownDisks(
  used: readonly Destination[],
  card: Volume | null,
  hopeless: boolean,
): readonly RoleProblem[] {
  const unknown = used.filter(({volume}) => isUnknownDisk(volume));
  const disks = used.length === 2 ? 'two disks' : 'different disks';
  const between = `It cannot be told whether ${lettersOf(used)} are ${disks}${hopeless ? ': cards will not become safe.' : '.'}`;
  const toCard = 'It cannot be told on which disk the card is: it will not become safe.';
  return [
    ...(unknown.length > 0 && used.length > 1 ? [tell(unknown, between)] : []),
    ...(card !== null && isUnknownDisk(card) && used.length > 0 ? [tell([], toCard)] : []),
  ];
}

function findCached(used: readonly Destination[]): readonly RoleProblem[] {
  const cached = used.filter(({mediumRead}) => mediumRead === 'cached');
  if (cached.length === 0) return [];
  const ending =
    used.length - cached.length < 2
      ? 'cards will not become safe without --accept-cached.'
      : 'a copy there does not count without --accept-cached.';
  return [tell(cached, `${lettersOf(cached)} ${isOrAre(cached)} read through a cache: ${ending}`)];
}

const isSameDisk = (one: Volume, other: Volume | null): boolean =>
  other !== null && relateDrives(one.physical, other.physical) === 'same';
const isUnknownDisk = ({physical}: Volume): boolean =>
  relateDrives(physical, physical) === 'unknown';

const tell = (drives: readonly Destination[], ...sentences: readonly string[]): RoleProblem => ({
  drives: drives.map(({path}) => path),
  words: sentences.join(' ').trim(),
});
const lettersOf = (drives: readonly Destination[]): string =>
  joinWithAnd(drives.map(({letter}) => letter));
const isOrAre = (drives: readonly Destination[]): string => (drives.length > 1 ? 'are' : 'is');
