import {basename} from 'node:path';
import {failed, ok, type Result} from '../../core/cause.ts';
import type {Volume} from '../../core/drive.ts';
import {parseMacMounts} from '../../core/volumes/mac-mounts.ts';
import type {Ejected} from '../eject.ts';
import type {VolumeTools} from '../volumes/index.ts';
import {couldNotEject, inUse, isNoDrive, isStillMounted, isSystemVolume} from './causes.ts';
import {findNeighbours} from './neighbours.ts';

const SYSTEM_PLACES =
  /^\/(?:(?:Applications|Library|System|bin|cores|dev|nix|opt|private|sbin|usr)(?:\/.*)?|Users(?:\/[^/]+)?|home)?$/;

export async function ejectMacVolume(volume: Volume, tools: VolumeTools): Promise<Result<Ejected>> {
  if (SYSTEM_PLACES.test(volume.mountPoint)) return failed(isSystemVolume(volume));
  if (!volume.device.startsWith('/dev/')) return failed(isNoDrive(volume));
  // `eject` takes the whole disk with all that is on it (diskutil(8)).
  const takesDisk = volume.physical.known && (await findNeighbours(volume, tools)).length === 0;
  const verb = takesDisk ? 'eject' : 'unmount';
  const answer = await tools.run('diskutil', [verb, volume.mountPoint]);
  if (await isMounted(volume, tools)) {
    return failed(answer.ok ? isStillMounted(volume) : explain(volume, answer.cause.message));
  }
  return ok(answer.ok && takesDisk ? 'safe-to-pull' : 'unmounted');
}

/** `Unmount was dissented by PID 9572 (/Applications/Preview.app/Contents/MacOS/Preview)`. */
function explain(volume: Volume, message: string) {
  const program = /dissented by PID \d+ \((.+)\)/.exec(message)?.[1];
  if (program !== undefined) return inUse(volume, [basename(program)]);
  const isBusy = /dissented|in use|busy|could not be unmounted/i.test(message);
  return isBusy ? inUse(volume) : couldNotEject(volume, message);
}

/** Where mount(8) does not answer, diskutil is believed. */
async function isMounted({mountPoint}: Volume, tools: VolumeTools): Promise<boolean> {
  const table = await tools.run('mount', []);
  return table.ok && parseMacMounts(table.value).some((mount) => mount.mountPoint === mountPoint);
}
