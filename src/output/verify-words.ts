/** What a verify found, in lines for a person. */
import type {
  CopyChecked,
  CopyHealed,
  MirrorVerified,
  ShootVerified,
  VerifyFinished,
} from '../core/events.ts';
import {formatBytes, formatCount} from '../core/format-amounts.ts';
import {printable} from '../core/printable.ts';
import {countFiles} from '../core/words.ts';

/** A line for each copy that is not as it was proved; good copies are counted, not listed. */
export function describeCheckedCopy(event: CopyChecked): readonly string[] {
  const {state, change, path, message, next} = event;
  if (state === 'good') return [];
  const word = change === undefined || change === 'altered' ? state : change;
  return [`${word.toUpperCase()}: ${printable(path)}: ${sentences(message, next)}`.trimEnd()];
}

/** A line for each copy that was brought back, or could not be. */
export function describeHealedCopy(event: CopyHealed): readonly string[] {
  const {state, path, from, evidence, message, next} = event;
  if (state === 'failed') return [`NOT HEALED: ${printable(path)}: ${sentences(message, next)}`];
  const kept = evidence === undefined ? '' : `; the bad bytes are kept in ${printable(evidence)}`;
  return [`HEALED: ${printable(path)}: from ${printable(from ?? '')}, read back and proved${kept}`];
}

const sentences = (message: string | undefined, next: string | undefined): string =>
  printable(`${message ?? ''}. ${next ?? ''}`.trim());

/** The result of one shoot, first whether all is good. */
export function describeVerifiedShoot(event: ShootVerified): readonly string[] {
  const {shoot, files, cached, followed, problems} = event;
  if (files + followed + problems === 0)
    return [`NOTHING CHECKED: ${printable(shoot)}: its records name no copy in this place`];
  const lines = [describeResult(shoot, event), ...describeKinds(event)];
  if (problems > 0)
    lines.push(`  ${formatCount(problems)} records are damaged and are no evidence`);
  return [...lines, ...describeCached(cached)];
}

const describeCached = (cached: number): readonly string[] =>
  cached === 0
    ? []
    : [`  ${countFiles(cached)} may have come from the computer's memory and not from the drive`];

/** The result of the files that only a backup knows; none where it knows no such file. */
export function describeVerifiedMirror(event: MirrorVerified): readonly string[] {
  const {folder, files, cached, followed, problems} = event;
  if (files + followed + problems === 0) return [];
  const lines = [describeResult(folder, event), ...describeKinds(event)];
  lines.push('  files that no offload recorded, as the backup knows them');
  if (problems > 0)
    lines.push('  what a backup knew there is damaged: its other files were not compared');
  return [...lines, ...describeCached(cached)];
}

type Result = Pick<
  ShootVerified,
  'allGood' | 'files' | 'good' | 'bad' | 'rotten' | 'edited' | 'healed' | 'bytes' | 'followed'
>;

function describeResult(place: string, {allGood, files, good, bad, bytes}: Result): string {
  return allGood
    ? `ALL GOOD: ${printable(place)}: ${countFiles(files)}, ${formatBytes(bytes)}, read back and as they were proved`
    : `NOT ALL GOOD: ${printable(place)}: ${formatCount(bad)} of ${countFiles(files)} bad, ${formatCount(good)} good`;
}

function describeKinds({bad, rotten, edited, healed, followed}: Result): readonly string[] {
  const lines: string[] = [];
  if (healed > 0) lines.push(`  ${countFiles(healed)} brought back from another copy`);
  const isOnlyEdited = edited > 0 && edited === bad;
  if (rotten > 0) lines.push(`  ${countFiles(rotten)} lost bytes on the drive`);
  if (edited > 0)
    lines.push(
      `  ${countFiles(edited)} edited since they were proved${isOnlyEdited ? ': the drive lost nothing' : ''}`,
    );
  if (followed > 0)
    lines.push(
      `  ${countFiles(followed)} ${followed === 1 ? 'was' : 'were'} deleted, moved or replaced on the working drive, and the backup followed`,
    );
  return lines;
}

/** The result of several shoots, or of a slice; a single shoot has told its own. */
export function describeVerify(event: VerifyFinished): readonly string[] {
  const {path, mirrors, files, part} = event;
  const shoots = event.shoots + mirrors;
  const lines: string[] = [];
  if (part !== null && files === 0 && event.allGood)
    lines.push(`NOTHING TO CHECK: ${printable(path)}: no file of it belongs to this slice`);
  else if (part !== null || shoots > 1)
    lines.push(describeResult(path, event), ...describeKinds(event));
  if (part !== null) lines.push(`  slice ${part.part}/${part.of}${describeProgress(event)}`);
  else if (shoots > 1 && event.since !== null) lines.push(`  ${describeSince(event.since)}`);
  return lines;
}

function describeProgress({part, partsRead, partsBad, since}: VerifyFinished): string {
  if (part === null || partsRead === null) return '';
  const bad =
    partsBad === null || partsBad === 0 ? '' : `, ${formatCount(partsBad)} of them not all good`;
  const read = `; ${formatCount(partsRead)} of ${formatCount(part.of)} slices read${bad}`;
  return since === null ? read : `${read}; ${describeSince(since)}`;
}

const describeSince = (since: string): string =>
  `fully verified since ${printable(since.slice(0, 10))}`;
