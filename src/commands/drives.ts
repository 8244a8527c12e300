/** `offload drives`: cards and drives as the program sees them. Writes nothing. */
import type {DriveSeen, Emit} from '../core/events.ts';
import {lookAtVolume} from './look-at-volume.ts';
import type {RunEnd} from './offload.ts';
import type {Program} from './program.ts';

const ORDER: readonly DriveSeen['role'][] = [
  'card',
  'working',
  'backup',
  'off-site',
  'none',
  'system',
];

/** Emits one `drive` for each mounted volume, cards first. */
export async function drives(program: Program, emit: Emit): Promise<RunEnd> {
  const seen: DriveSeen[] = [];
  for (const volume of await program.listVolumes()) seen.push(await lookAtVolume(program, volume));
  seen.sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role) || (a.path < b.path ? -1 : 1));
  for (const drive of seen) emit(drive);
  return {outcome: 'complete', exitCode: 0};
}
