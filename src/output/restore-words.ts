/** What a restore did, in lines for a person. */
import type {FileRestored, RestoreFinished} from '../core/events.ts';
import {formatBytes, formatCount} from '../core/format-amounts.ts';
import {printable} from '../core/printable.ts';
import {countFiles} from '../core/words.ts';

/** A line for each file that was not restored; the others are counted. */
export function describeRestored(event: FileRestored): readonly string[] {
  const {state, shoot, path, message, next} = event;
  if (state === 'restored' || state === 'present') return [];
  const why = printable(`${message ?? ''}. ${next ?? ''}`.trim());
  return [`${state.toUpperCase()}: ${printable(shoot)}: ${printable(path)}: ${why}`];
}

/** The result first. */
export function describeRestore(event: RestoreFinished): readonly string[] {
  const {to, files, restored, present, missing, failed, bytes, unrecorded, unrated, cached, test} =
    event;
  const good = restored + present;
  const isAll = good === files;
  const what = test === null ? 'RESTORED' : 'TEST';
  const place = printable(to);
  const before = present === 0 ? '' : `, ${formatCount(present)} of them there before`;
  const lines = [
    isAll
      ? `ALL ${what}: ${countFiles(files)}, ${formatBytes(bytes)}, in ${place}, read back and proved${before}`
      : `NOT ALL ${what}: ${formatCount(good)} of ${countFiles(files)}, ${formatBytes(bytes)}, in ${place}, read back and proved${before}; ${formatCount(missing)} missing, ${formatCount(failed)} failed`,
  ];
  if (unrated > 0) lines.push(`  ${countFiles(unrated)} without a rating, not restored`);
  if (unrecorded > 0)
    lines.push(
      `  ${countFiles(unrecorded)} as archived: the bytes are those of the archive, and no record says what they should be`,
    );
  if (cached > 0)
    lines.push(
      `  ${countFiles(cached)} may have come from the computer's memory and not from the drive`,
    );
  if (test === 'removed') lines.push(`  a test: ${place} was removed again`);
  if (test === 'left') lines.push(`  a test: ${place} could not be removed and is left`);
  return lines;
}
