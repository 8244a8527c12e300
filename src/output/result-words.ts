import type {DriveSeen, FileSalvaged} from '../core/events.ts';
import {formatBytes, formatCount} from '../core/format-amounts.ts';
import {printable} from '../core/printable.ts';

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
