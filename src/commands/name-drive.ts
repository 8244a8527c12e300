import {basename} from 'node:path';
import type {Volume} from '../core/drive.ts';

/** What a person calls a destination: its label, or the folder's name; on Windows the letter. */
export function nameDestination(path: string, volume: Volume): string {
  const letter = /^([A-Z]:)\\/.exec(path)?.[1];
  if (letter !== undefined) return volume.label === null ? letter : `${letter} (${volume.label})`;
  if (volume.label !== null && volume.mountPoint !== '/') return volume.label;
  return basename(path) === '' ? path : basename(path);
}

/** The physical disks below a volume as a person reads them: `Samsung T7 (disk:sdb)`, or `unknown`. */
export function nameDrive({physical, model}: Volume): string {
  if (!physical.known) return 'unknown';
  const ids = physical.ids.join(', ');
  return model === null ? ids : `${model} (${ids})`;
}
