/**
 * The verdict: evidence in, SAFE TO FORMAT or NOT SAFE with reasons out (design, section 5). Pure. It lists every way to be wrong and is
 * safe only when none holds; what is unknown is never a yes.
 */
import {accountCloses} from '../src/core/account.ts';
import {formatCount} from '../src/core/format-amounts.ts';
import {printable} from '../src/core/printable.ts';
import {unreachable} from '../src/core/unreachable.ts';
import type {Reason, Verdict, Waiver} from '../src/core/verdict.ts';
import {copyFaults} from './copy-faults.ts';
import type {Evidence, FileEvidence, Waivers} from './evidence.ts';
import {countFiles, filesAre, namesOf, reason, wasOrWere} from './reason-words.ts';

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
      `${filesAre(failed)} not on every drive.${because} Mend what failed, then run the same command again.`,
    ),
  ];
}

/** True when the file is not proved on as many destinations as were asked for. */
function lacksCopies(file: FileEvidence, {destinations, copiesAsked}: Evidence): boolean {
  const places = destinations.filter(({to}) => file.copies.some((copy) => copy.to === to));
  return places.length < (file.copiesAsked ?? copiesAsked);
}

/** A file that did not fail and is not proved everywhere was forgotten: that is worse than a failure. */
function proofFaults(evidence: Evidence): readonly Reason[] {
  const unproved = evidence.files.filter(
    (file) => file.mismatched || (!file.failed && lacksCopies(file, evidence)),
  );
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

/** Files that failed have a reason of their own; the account is open when the sum does not close, or counts failures that no file has. */
function accountFaults(evidence: Evidence): readonly Reason[] {
  const {account, files, card} = evidence;
  if (card.isPart) {
    return [
      reason(
        'account-open',
        'only this folder of the card was looked at, and formatting the card wipes what lies beside it too. Name the card itself with --card.',
      ),
    ];
  }
  const isListed = account.found - account.leftOut === files.length;
  const faulty = files.filter(
    (file) => file.failed || file.mismatched || file.sourceMismatch || lacksCopies(file, evidence),
  );
  const isExplained = account.failed >= 0 && account.failed <= faulty.length;
  if (accountCloses(account) && isListed && isExplained && card.unreadable === 0) return [];
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
