import type {DriveSeen, VolumeArrived, VolumeLeft} from '../core/events.ts';
import {formatBytes} from '../core/format-amounts.ts';
import {printable} from '../core/printable.ts';
import {unreachable} from '../core/unreachable.ts';

/** @returns what a person calls a volume of that role. */
function nameRole(role: DriveSeen['role']): string {
  switch (role) {
    case 'card':
      return 'card';
    case 'working':
      return 'working drive';
    case 'backup':
      return 'backup';
    case 'off-site':
      return 'off-site drive';
    case 'system':
      return 'system drive';
    case 'none':
      return 'drive without a role';
    default:
      return unreachable(role);
  }
}

/** `64 GB`, and for what is written to `1.2 TB free of 2 TB`. */
function describeSpace({role, size, free}: VolumeArrived): string {
  if (size === null) return 'size unknown';
  return role === 'card' || free === null
    ? formatBytes(size)
    : `${formatBytes(free)} free of ${formatBytes(size)}`;
}

/** @returns one line for a card or drive that came or went: what it is, its name, its size, where, on which disk. */
export function describeArrival(event: VolumeArrived | VolumeLeft): string {
  const {type, role, name, path} = event;
  const what = `${nameRole(role)} ${printable(name)}`;
  if (type === 'volume-left') return `${what} left, was at ${printable(path)}`;
  const {label, fileSystem, drive} = event;
  const named = label === null || name.includes(label) ? '' : ` (${printable(label)})`;
  const system = fileSystem === '' ? '' : ` ${printable(fileSystem)}`;
  const disk = drive === 'unknown' ? 'disk unknown' : `disk ${printable(drive)}`;
  return `${what}${named} arrived: ${describeSpace(event)}${system} at ${printable(path)}, ${disk}`;
}
