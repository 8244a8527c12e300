import type {VolumeArrived, VolumeLeft} from '../core/events.ts';
import {printable} from '../core/printable.ts';

/** @returns one line for a card or drive that came or went. */
export function describeArrival({type, role, name, path}: VolumeArrived | VolumeLeft): string {
  const came = type === 'volume-arrived' ? 'arrived' : 'left';
  return `${role} ${printable(name)} ${came} at ${printable(path)}`;
}
