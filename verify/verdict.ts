/**
 * The verdict: evidence in, SAFE TO FORMAT or NOT SAFE with reasons out (design, section 5). Pure. It lists every way to be wrong and is
 * safe only when none holds; what is unknown is never a yes.
 */
import {accountCloses} from '../src/core/account.ts';
import {relateDrives} from '../src/core/drive.ts';
import {formatCount} from '../src/core/format-amounts.ts';
import {printable} from '../src/core/printable.ts';
import type {Reason, ReasonCode, Verdict, Waiver} from '../src/core/verdict.ts';
import type {DestinationEvidence, Evidence, FileEvidence, Waivers} from './evidence.ts';

/** Copies that a file needs, on as many drives. */
const COPIES_NEEDED = 2;

/** @returns the verdict; with `safe: false` at least one reason. */
export function judge(evidence: Evidence, waivers: Waivers): Verdict {
  const strict = reasonsAgainst(evidence, {sameDrive: false, cached: false});
  if (strict.length === 0) return {safe: true, reasons: [], waived: []};
  const reasons = reasonsAgainst(evidence, waivers);
  if (reasons.length > 0) return {safe: false, reasons, waived: []};
  return {safe: true, reasons: [], waived: waiversNeeded(evidence, waivers)};
}

/** The waivers without which the card would not be safe. */
function waiversNeeded(evidence: Evidence, waivers: Waivers): readonly Waiver[] {
  const without = {
    'same-drive': {...waivers, sameDrive: false},
    cached: {...waivers, cached: false},
  } as const;
  const names: readonly Waiver[] = ['same-drive', 'cached'];
  return names.filter((name) => reasonsAgainst(evidence, without[name]).length > 0);
}

function reasonsAgainst(evidence: Evidence, waivers: Waivers): readonly Reason[] {
  // Of an interrupted run only what went wrong is told: that not everything is done goes without saying.
  if (evidence.interrupted) return [...interruption(), ...fileFaults(evidence).filter(isFault)];
  return [
    ...fileFaults(evidence),
    ...accountFaults(evidence),
    ...cardFaults(evidence),
    ...copyFaults(evidence, waivers),
    ...manifestFaults(evidence),
  ];
}

const isFault = ({code}: Reason) => code === 'file-failed' || code === 'source-mismatch';

function interruption(): readonly Reason[] {
  return [
    reason(
      'interrupted',
      'the offload was stopped before it was done. Run the same command again: it goes on where it stopped.',
    ),
  ];
}

function fileFaults({files, destinations, secondRead, copiesAsked}: Evidence): readonly Reason[] {
  const reasons: Reason[] = [];
  const failed = files.filter((file) => file.failed);
  if (failed.length > 0) {
    const lost = destinations.filter((one) => one.lost).map((one) => printable(one.name));
    const because = lost.length > 0 ? ` ${lost.join(' and ')} was lost on the way.` : '';
    reasons.push(
      reason(
        'file-failed',
        `${filesAre(failed)} not on every drive.${because} Mend what is named above, then run the same command again.`,
      ),
    );
  }
  const unproved = files.filter(
    (file) => file.mismatched || (!file.failed && file.copies.length < copiesAsked),
  );
  if (unproved.length > 0) {
    reasons.push(
      reason(
        'file-unproved',
        `${filesAre(unproved)} not proved on every drive. Run the same command again; if it happens twice, change the cable, the port or the drive.`,
      ),
    );
  }
  const doubtful = files.filter((file) => file.sourceMismatch);
  const unmatched = secondRead.kind === 'asked' && secondRead.matched < files.length;
  if (doubtful.length > 0 || unmatched) {
    const which = doubtful.length > 0 ? `gave other bytes for ${countFiles(doubtful)}` : 'was not';
    const what =
      doubtful.length > 0
        ? `${which} when it was read a second time`
        : `${which} read a second time for every file`;
    reasons.push(
      reason(
        'source-mismatch',
        `the card ${what}. Try another card reader or cable and run the same command again.`,
      ),
    );
  }
  return reasons;
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
          `the card could not be listed again after the copy: ${card.relisting.why}. Put it in again and run the same command again.`,
        ),
      ];
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
    faults.set(fault, [...(faults.get(fault) ?? []), file]);
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
  // A camera that formats a whole card wipes the copy with it: no waiver helps.
  if (toCard.includes('same') && (card.wholeVolume || !waivers.sameDrive)) return 'same-drive';
  if (waivers.sameDrive) return 'none';
  const between = relateDrives(first.drives, second.drives);
  if (between === 'same') return 'same-drive';
  return between === 'unknown' || toCard.includes('unknown') ? 'drive-unknown' : 'none';
}

function sentenceOn(
  fault: Exclude<PairFault, 'none'>,
  files: readonly FileEvidence[],
  {destinations, card}: Evidence,
): string {
  const all = destinations.map((one) => printable(one.name)).join(' and ');
  switch (fault) {
    case 'copies-missing':
      return destinations.length < COPIES_NEEDED
        ? 'two copies on two different drives are needed, and there is one destination. Give a second --to on another drive.'
        : `${filesAre(files)} not proved on two drives. Run the same command again.`;
    case 'volatile-drive':
      return `${namesOf(destinations.filter((one) => one.kind === 'ram'))} lies in this computer's memory and is gone when it is switched off. Give a --to on a real drive.`;
    case 'drive-unknown': {
      const unknown = destinations.filter((one) => !one.drives.known);
      const why =
        unknown.length > 0
          ? whyUnknown(unknown)
          : card.drives.known
            ? ''
            : ` (card: ${card.drives.why})`;
      return `it is not known on which physical drive ${unknown.length > 0 ? namesOf(unknown) : 'the card'} lies${why}, so two copies cannot be told from one. Use a drive that is plugged in directly, or waive the rule with --allow-same-drive.`;
    }
    case 'same-drive': {
      const onCard = destinations.filter((one) => relateDrives(one.drives, card.drives) === 'same');
      if (onCard.length > 0 && card.wholeVolume) {
        return `${namesOf(onCard)} is on the card's own drive: formatting the card would wipe that copy. Give a --to on another drive.`;
      }
      return `${all} are on one physical drive${onCard.length > 0 ? ', the same as the card' : ''}: two copies on it are one. Give a --to on another drive, or waive the rule with --allow-same-drive.`;
    }
    case 'cache-possible':
      return "a copy may have been read back from the computer's memory and not from the drive. Run as root or use a drive whose file system this computer reads itself, or waive the rule with --accept-cached.";
  }
}

function whyUnknown(unknown: readonly DestinationEvidence[]): string {
  const whys = unknown.flatMap((one) => (one.drives.known ? [] : [one.drives.why]));
  return ` (${[...new Set(whys)].join('; ')})`;
}

/** Every destination must hold the record: which two of three will survive is not known today. */
function manifestFaults({destinations}: Evidence): readonly Reason[] {
  const missing = destinations.filter((one) => !one.manifest);
  if (missing.length === 0) return [];
  return [
    reason(
      'manifest-missing',
      `the record of this offload is not on ${namesOf(missing)}. Free some space there, then run the same command again.`,
    ),
  ];
}

const reason = (code: ReasonCode, message: string): Reason => ({code, message});

const namesOf = (destinations: readonly DestinationEvidence[]) =>
  destinations.map((one) => printable(one.name)).join(' and ');

const countFiles = (files: readonly FileEvidence[]) =>
  files.length === 1 ? '1 file' : `${formatCount(files.length)} files`;

/** "1 file (DCIM/A.JPG) is", "3 files are". */
function filesAre(files: readonly FileEvidence[]): string {
  const [only] = files;
  if (files.length === 1 && only !== undefined) return `1 file (${printable(only.path)}) is`;
  return `${countFiles(files)} are`;
}
