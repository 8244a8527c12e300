/** The rule of two copies on two drives, read back from the medium (design, section 5, rules 2 and 3). Pure. */
import {type PhysicalDrives, relateDrives} from '../src/core/drive.ts';
import {printable} from '../src/core/printable.ts';
import {unreachable} from '../src/core/unreachable.ts';
import type {Reason} from '../src/core/verdict.ts';
import {joinWithAnd} from '../src/core/words.ts';
import type {CardEvidence, Evidence, FileEvidence, Waivers} from './evidence.ts';
import {filesAre, isOrAre, nameOf, namesOf, reason} from './reason-words.ts';

/** Copies that a file needs, on as many drives. */
const COPIES_NEEDED = 2;

/** Why two copies of a file do not count as two. The first of these that holds for any pair of destinations is named. */
type PairFault =
  | 'none'
  | 'copies-missing'
  | 'volatile-drive'
  | 'drive-unknown'
  | 'same-drive'
  | 'cache-possible';

/** From what is nearest to safe to what is farthest from it: the fault of the best pair is the one to mend. */
const BY_NEARNESS: readonly PairFault[] = [
  'none',
  'cache-possible',
  'drive-unknown',
  'same-drive',
  'volatile-drive',
  'copies-missing',
];

/** What the rule looks at. */
export interface CopiesInQuestion extends Pick<Evidence, 'destinations' | 'files'> {
  readonly card: Pick<CardEvidence, 'drives' | 'wholeVolume'>;
}

/** @returns a reason for each way in which files lack two copies that count; none when every file has them. */
export function copyFaults(evidence: CopiesInQuestion, waivers: Waivers): readonly Reason[] {
  const faults = new Map<PairFault, FileEvidence[]>();
  for (const file of evidence.files) {
    const fault = faultOf(file, evidence, waivers);
    if (fault === 'none') continue;
    const files = faults.get(fault) ?? [];
    files.push(file);
    faults.set(fault, files);
  }
  // A card without files has no pair of copies to judge by, and nothing that could be safe.
  if (evidence.files.length === 0) faults.set('copies-missing', []);
  return BY_NEARNESS.flatMap((fault) => {
    const files = faults.get(fault);
    return files === undefined || fault === 'none'
      ? []
      : [reason(fault, sentenceOn(fault, files, evidence))];
  });
}

function faultOf(file: FileEvidence, evidence: CopiesInQuestion, waivers: Waivers): PairFault {
  let best: PairFault = 'copies-missing';
  const copies = file.copies;
  for (const [index, first] of copies.entries()) {
    for (const second of copies.slice(index + 1)) {
      if (first.to === second.to) continue;
      const cached = first.mediumRead === 'cached' || second.mediumRead === 'cached';
      const drives = faultOfDrives(first.to, second.to, evidence, waivers);
      const fault = drives === 'none' && cached && !waivers.cached ? 'cache-possible' : drives;
      if (BY_NEARNESS.indexOf(fault) < BY_NEARNESS.indexOf(best)) best = fault;
    }
  }
  return best;
}

function faultOfDrives(
  firstTo: string,
  secondTo: string,
  {destinations, card}: CopiesInQuestion,
  waivers: Waivers,
): PairFault {
  const first = destinations.find((one) => one.to === firstTo);
  const second = destinations.find((one) => one.to === secondTo);
  if (first === undefined || second === undefined) return 'copies-missing';
  if (first.kind === 'ram' || second.kind === 'ram') return 'volatile-drive';
  const toCard = [first, second].map((one) => relateDrives(one.drives, card.drives));
  const between = relateDrives(first.drives, second.drives);
  // A camera that formats a whole card wipes all that is on its drive: no waiver makes a copy safe that lies there, or may lie there.
  const cardCounts = card.wholeVolume || !waivers.sameDrive;
  if (cardCounts && toCard.includes('same')) return 'same-drive';
  if (!waivers.sameDrive && between === 'same') return 'same-drive';
  if (cardCounts && toCard.includes('unknown')) return 'drive-unknown';
  return !waivers.sameDrive && between === 'unknown' ? 'drive-unknown' : 'none';
}

function sentenceOn(
  fault: Exclude<PairFault, 'none'>,
  files: readonly FileEvidence[],
  evidence: CopiesInQuestion,
): string {
  switch (fault) {
    case 'copies-missing':
      return sayWhatIsMissing(files, evidence);
    case 'volatile-drive': {
      const ram = evidence.destinations.filter((one) => one.kind === 'ram');
      const lies = ram.length > 1 ? 'lie' : 'lies';
      return `${namesOf(ram)} ${lies} in this computer's memory, which is empty when it is switched off. Give a --to on a real drive.`;
    }
    case 'drive-unknown':
      return sayWhatIsUnknown(evidence);
    case 'same-drive':
      return sayWhatIsShared(evidence);
    case 'cache-possible':
      return "a copy may have been read back from the computer's memory and not from the drive. Run as root or use a drive whose file system this computer reads itself, or waive the rule with --accept-cached.";
    default:
      return unreachable(fault);
  }
}

function sayWhatIsMissing(
  files: readonly FileEvidence[],
  {destinations}: CopiesInQuestion,
): string {
  if (destinations.length < COPIES_NEEDED) {
    const given = destinations.length === 0 ? 'is none' : 'is one destination';
    return `two copies on two different drives are needed, and there ${given}. Add a drive: a second --to, or the role of backup on the screen.`;
  }
  if (files.length === 0) {
    return 'there is no file on the card that could be proved. Check that it is the right card and that it is mounted, then run the same command again.';
  }
  return `${filesAre(files)} not proved on two drives. Run the same command again.`;
}

function sayWhatIsUnknown({destinations, card}: CopiesInQuestion): string {
  const isUnknown = (drives: PhysicalDrives) => relateDrives(drives, drives) === 'unknown';
  const unknown = destinations.filter((one) => isUnknown(one.drives));
  const places = [...unknown.map((one) => one.drives), card.drives].filter(isUnknown);
  const whys = new Set(places.flatMap((drives) => (drives.known ? [] : [drives.why])));
  const why = whys.size > 0 ? ` (${[...whys].map(printable).join('; ')})` : '';
  const names = [...unknown.map(nameOf), ...(isUnknown(card.drives) ? ['the card'] : [])];
  const lies = names.length > 1 ? 'lie' : 'lies';
  const what = `it is not known on which physical drive ${joinWithAnd(names)} ${lies}${why}`;
  return card.wholeVolume
    ? `${what}, so a copy may be on the card's own drive, which formatting would wipe. Use drives that are plugged in directly.`
    : `${what}, so two copies cannot be told from one. Use a drive that is plugged in directly, or waive the rule with --allow-same-drive.`;
}

function sayWhatIsShared({destinations, card}: CopiesInQuestion): string {
  const onCard = destinations.filter((one) => relateDrives(one.drives, card.drives) === 'same');
  if (onCard.length > 0 && card.wholeVolume) {
    return `${namesOf(onCard)} ${isOrAre(onCard)} on the card's own drive: formatting the card would wipe that copy. Give a --to on another drive.`;
  }
  const way = 'Give a --to on another drive, or waive the rule with --allow-same-drive.';
  const shared = destinations.filter((one) =>
    destinations.some((two) => one !== two && relateDrives(one.drives, two.drives) === 'same'),
  );
  if (shared.length === 0) {
    return `${namesOf(onCard)} ${isOrAre(onCard)} on the card's own drive, and a copy there does not count. ${way}`;
  }
  const too = onCard.length > 0 ? ', the same as the card' : '';
  return `${namesOf(shared)} are on one physical drive${too}: two copies on it are one. ${way}`;
}
