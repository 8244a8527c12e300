/** What a restore did, in lines for a person. */
import type {FileRestored, FileVersions, RestoreFinished} from '../core/events.ts';
import {formatBytes, formatCount} from '../core/format-amounts.ts';
import {printable} from '../core/printable.ts';
import {unreachable} from '../core/unreachable.ts';
import {countFiles} from '../core/words.ts';
import {localTime, padEnd, padStart} from './catalog-words.ts';

/** A line for each file that was not restored; the others are counted. */
export function describeRestored(event: FileRestored): readonly string[] {
  const {state, shoot, path, message, next} = event;
  if (state === 'restored' || state === 'present') return [];
  const why = printable(`${message ?? ''}. ${next ?? ''}`.trim());
  return [`${state.toUpperCase()}: ${printable(shoot)}: ${printable(path)}: ${why}`];
}

const STATE_CELLS = 22;
const BYTES_CELLS = 9;

/** The file, and a line for each version with what to give for it. */
export function describeVersions({shoot, target, versions}: FileVersions): readonly string[] {
  const file = printable(shoot === '' ? target : `${shoot}/${target}`);
  if (versions.length === 0) return [file, '  nothing is left of it on what is connected or known'];
  return [file, ...versions.map(describeVersion)];
}

function describeVersion(version: FileVersions['versions'][number]): string {
  const {size, name, at, from} = version;
  const what = `  ${padEnd(stateWords(version), STATE_CELLS)} ${padStart(formatBytes(size), BYTES_CELLS)}`;
  const words = [
    ...(at === null ? [] : [`--at ${printable(at)}`]),
    ...(from === null ? [] : [`--from "${printable(from)}"`]),
  ];
  return `${what}  on ${printable(name)}${words.length === 0 ? '' : `  ${words.join(' ')}`}`;
}

function stateWords({state, until, lastSeen}: FileVersions['versions'][number]): string {
  switch (state) {
    case 'current':
      return 'as it is now';
    case 'archived':
      return `until ${localTime(until ?? '')}`;
    case 'offloaded':
      return until === null ? 'as offloaded' : 'as offloaded, archived';
    case 'away':
      return `away since ${printable((lastSeen ?? '').slice(0, 10))}`;
    default:
      return unreachable(state);
  }
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
  if (unrated > 0)
    lines.push(`  ${countFiles(unrated)} of which nobody knows what the rule asks, not restored`);
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
