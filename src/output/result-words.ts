import type {CopyChecked, DriveSeen, FileSalvaged, ShootVerified} from '../core/events.ts';
import {formatBytes, formatCount} from '../core/format-amounts.ts';
import {printable} from '../core/printable.ts';
import {countFiles} from '../core/words.ts';

/** A line for each copy that is not as it was proved; good copies are counted, not listed. */
export function describeCheckedCopy({state, path, message, next}: CopyChecked): readonly string[] {
  if (state === 'good') return [];
  const why = printable(`${message ?? ''}. ${next ?? ''}`.trim());
  return [`${state.toUpperCase()}: ${printable(path)}: ${why}`.trimEnd()];
}

/** One line for a verified shoot, the result first. */
export function describeVerifiedShoot(event: ShootVerified): readonly string[] {
  const {allGood, shoot, files, good, bad, bytes, cached, problems} = event;
  if (files === 0 && problems === 0)
    return [`NOTHING CHECKED: ${printable(shoot)}: its records name no copy in this place`];
  const lines = [
    allGood
      ? `ALL GOOD: ${printable(shoot)}: ${countFiles(files)}, ${formatBytes(bytes)}, read back and as they were proved`
      : `NOT ALL GOOD: ${printable(shoot)}: ${formatCount(bad)} of ${countFiles(files)} bad, ${formatCount(good)} good`,
  ];
  if (problems > 0)
    lines.push(`  ${formatCount(problems)} records are damaged and are no evidence`);
  if (cached > 0)
    lines.push(
      `  ${countFiles(cached)} may have come from the computer's memory and not from the drive`,
    );
  return lines;
}

/** What is kept of a file that could not be read whole. */
export function describeSalvage({path, target, map, bytes, missing}: FileSalvaged): string {
  const amount = `${formatCount(bytes)} of ${formatCount(bytes + missing)} bytes`;
  return `${printable(path)}: ${amount} lie in ${printable(target)}, which is no copy; ${printable(map)} tells what is missing`;
}

const READ_BACK = {
  direct: 'read back past the cache',
  evicted: 'read back after the cache is emptied',
  cached: 'CACHE POSSIBLE when read back',
} as const;

/** Two lines for a drive: what it is, and what its copies are worth. */
export function describeDrive(event: DriveSeen): readonly string[] {
  const {role, name, path, size, free, drive, fileSystem, mediumRead, rotating, why} = event;
  const space =
    free === null || size === null
      ? 'space unknown'
      : `${formatBytes(free)} free of ${formatBytes(size)}`;
  const kind = rotating === null ? '' : rotating ? ', rotating' : ', solid state';
  const proof = mediumRead === null ? 'medium read not tried' : READ_BACK[mediumRead];
  return [
    `${role.padEnd(8)} ${printable(name)}  ${printable(path)}  ${space}`,
    `         on ${printable(drive)}${kind}, ${fileSystem === '' ? 'file system unknown' : printable(fileSystem)}, ${proof}${why === null ? '' : ` (${printable(why)})`}`,
  ];
}
