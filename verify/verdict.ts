/**
 * The verdict: evidence in, SAFE TO FORMAT or NOT SAFE with reasons out (design, section 5). Pure. It lists every way to be wrong and is
 * safe only when none holds; what is unknown is never a yes.
 */
import {accountCloses} from '../src/core/account.ts';
import {type PhysicalDrives, relateDrives} from '../src/core/drive.ts';
import {formatCount} from '../src/core/format-amounts.ts';
import {printable} from '../src/core/printable.ts';
import {unreachable} from '../src/core/unreachable.ts';
import type {Reason, ReasonCode, Verdict, Waiver} from '../src/core/verdict.ts';
import {joinWithAnd} from '../src/core/words.ts';
import type {DestinationEvidence, Evidence, FileEvidence, Waivers} from './evidence.ts';

/** Copies that a file needs, on as many drives. */
const COPIES_NEEDED = 2;

/**
 * What can be waived, the least first. Where either of two waivers would do, the smaller one is the one that was used: a verdict never
 * claims the full proof because it had two excuses.
 */
const WAIVER_SETS: readonly (readonly Waiver[])[] = [
  [],
  ['cached'],
  ['same-drive'],
  ['same-drive', 'cached'],
];

/** @returns the verdict; with `safe: false` at least one reason. */
export function judge(evidence: Evidence, waivers: Waivers): Verdict {
  for (const waived of WAIVER_SETS) {
    const used = {sameDrive: waived.includes('same-drive'), cached: waived.includes('cached')};
    const isGiven = (waivers.sameDrive || !used.sameDrive) && (waivers.cached || !used.cached);
    if (isGiven && reasonsAgainst(evidence, used).length === 0) {
      return {safe: true, reasons: [], waived};
    }
  }
  return {safe: false, reasons: reasonsAgainst(evidence, waivers), waived: []};
}

function reasonsAgainst(evidence: Evidence, waivers: Waivers): readonly Reason[] {
  // Of an interrupted run only what went wrong is told: that not everything is done goes without saying.
  if (evidence.interrupted) {
    return [...interruption(), ...failureFaults(evidence), ...sourceFaults(evidence)];
  }
  return [
    ...failureFaults(evidence),
    ...proofFaults(evidence),
    ...sourceFaults(evidence),
    ...accountFaults(evidence),
    ...cardFaults(evidence),
    ...copyFaults(evidence, waivers),
    ...manifestFaults(evidence),
  ];
}

function interruption(): readonly Reason[] {
  return [
    reason(
      'interrupted',
      'the offload was stopped before it was done. Run the same command again: it goes on where it stopped.',
    ),
  ];
}

function failureFaults({files, destinations}: Evidence): readonly Reason[] {
  const failed = files.filter((file) => file.failed);
  if (failed.length === 0) return [];
  const lost = destinations.filter((one) => one.lost);
  const because = lost.length > 0 ? ` ${namesOf(lost)} ${wasOrWere(lost)} lost on the way.` : '';
  return [
    reason(
      'file-failed',
      `${filesAre(failed)} not on every drive.${because} Mend what is named above, then run the same command again.`,
    ),
  ];
}

/** A file that did not fail and is not proved everywhere was forgotten: that is worse than a failure. */
function proofFaults({files, destinations, copiesAsked}: Evidence): readonly Reason[] {
  const misses = ({copies}: FileEvidence) => {
    const places = destinations.filter(({to}) => copies.some((copy) => copy.to === to));
    return places.length < copiesAsked;
  };
  const unproved = files.filter((file) => file.mismatched || (!file.failed && misses(file)));
  if (unproved.length === 0) return [];
  return [
    reason(
      'file-unproved',
      `${filesAre(unproved)} not proved on every drive. Run the same command again; if it happens twice, change the cable, the port or the drive.`,
    ),
  ];
}

function sourceFaults({files, secondRead, interrupted}: Evidence): readonly Reason[] {
  const doubtful = files.filter((file) => file.sourceMismatch);
  if (doubtful.length > 0) {
    return [
      reason(
        'source-mismatch',
        `the card gave other bytes for ${countFiles(doubtful)} when it was read a second time. Try another card reader or cable and run the same command again.`,
      ),
    ];
  }
  if (interrupted || secondRead.kind === 'not-asked' || secondRead.matched >= files.length) {
    return [];
  }
  return [
    reason(
      'source-mismatch',
      'the card was not read a second time, past the cache, for every file. Try another card reader, run as root where the file system needs it, and run the same command again.',
    ),
  ];
}

function accountFaults({account, files, card}: Evidence): readonly Reason[] {
  const listed = account.found - account.leftOut === files.length;
  if (accountCloses(account) && listed && account.failed === 0 && card.unreadable === 0) return [];
  const {found, copied, present, leftOut, failed} = account;
  const sum = `${formatCount(found)} found, ${formatCount(copied)} copied, ${formatCount(present)} already there, ${formatCount(leftOut)} left out, ${formatCount(failed)} failed`;
  const unread =
    card.unreadable > 0 ? `, ${formatCount(card.unreadable)} could not be looked at` : '';
  return [
    reason(
      'account-open',
      `not every file of the card is accounted for: ${sum}${unread}. Run the same command again.`,
    ),
  ];
}

function cardFaults({card}: Evidence): readonly Reason[] {
  switch (card.relisting.kind) {
    case 'same':
      return [];
    case 'changed': {
      const names = card.relisting.paths.slice(0, 3).map(printable).join(', ');
      return [
        reason(
          'card-changed',
          `the card changed while it was copied (${names}). Let nothing write on it and run the same command again.`,
        ),
      ];
    }
    case 'not-done':
      return [
        reason(
          'card-changed',
          `the card could not be listed again after the copy: ${printable(card.relisting.why)}. Put it in again and run the same command again.`,
        ),
      ];
    default:
      return unreachable(card.relisting);
  }
}

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

function copyFaults(evidence: Evidence, waivers: Waivers): readonly Reason[] {
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

function faultOf(file: FileEvidence, evidence: Evidence, waivers: Waivers): PairFault {
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
  {destinations, card}: Evidence,
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
  evidence: Evidence,
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

function sayWhatIsMissing(files: readonly FileEvidence[], {destinations}: Evidence): string {
  if (destinations.length < COPIES_NEEDED) {
    const given = destinations.length === 0 ? 'is none' : 'is one destination';
    return `two copies on two different drives are needed, and there ${given}. Give a second --to on another drive.`;
  }
  if (files.length === 0) {
    return 'there is no file on the card that could be proved. Check that it is the right card and that it is mounted, then run the same command again.';
  }
  return `${filesAre(files)} not proved on two drives. Run the same command again.`;
}

function sayWhatIsUnknown({destinations, card}: Evidence): string {
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

function sayWhatIsShared({destinations, card}: Evidence): string {
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

/** Every destination must hold the record: which two of three will survive is not known today. What is lost holds nothing that could be relied on. */
function manifestFaults({destinations}: Evidence): readonly Reason[] {
  const missing = destinations.filter((one) => !one.manifest || one.lost);
  if (missing.length === 0) return [];
  const lost = missing.filter((one) => one.lost);
  const way =
    lost.length > 0
      ? `Check ${namesOf(lost)} and its cable, plug it in again`
      : 'Free some space there';
  return [
    reason(
      'manifest-missing',
      `the record of this offload is not on ${namesOf(missing)}. ${way}, then run the same command again.`,
    ),
  ];
}

const reason = (code: ReasonCode, message: string): Reason => ({code, message});

const nameOf = ({name}: DestinationEvidence) => printable(name);
const namesOf = (destinations: readonly DestinationEvidence[]) =>
  joinWithAnd(destinations.map(nameOf));
const isOrAre = ({length}: readonly unknown[]) => (length === 1 ? 'is' : 'are');
const wasOrWere = ({length}: readonly unknown[]) => (length === 1 ? 'was' : 'were');

const countFiles = (files: readonly FileEvidence[]) =>
  files.length === 1 ? '1 file' : `${formatCount(files.length)} files`;

/** "1 file (DCIM/A.JPG) is", "3 files are". */
function filesAre(files: readonly FileEvidence[]): string {
  const [only] = files;
  if (files.length === 1 && only !== undefined) return `1 file (${printable(only.path)}) is`;
  return `${countFiles(files)} are`;
}
