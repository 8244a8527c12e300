import {failed, type Result} from '../core/cause.ts';
import type {Volume} from '../core/drive.ts';
import {ejectLinuxVolume} from './eject/linux.ts';
import {ejectMacVolume} from './eject/macos.ts';
import {ejectWindowsVolume} from './eject/windows.ts';
import {runTool} from './tools.ts';
import {realVolumeTools, type VolumeTools} from './volumes/index.ts';

/**
 * `safe-to-pull`: it is unmounted, nothing else on the same disk is in use, and the medium is removable, ejected or without power.
 * `unmounted`: it is unmounted and flushed, but the disk below is still running, has another volume in use, or is not known.
 */
export type Ejected = 'safe-to-pull' | 'unmounted';

/** What ejecting needs of the platform: a look at what is mounted, and tools that are given the time to flush a slow drive. */
export function realEjectTools(platform: string): VolumeTools {
  return {...realVolumeTools(platform), run: runTool};
}

/**
 * Unmounts a volume, and takes the power from its drive where nothing else depends on it. Never forces and never unmounts lazily: what
 * is in use stays. The mount table is read again afterwards. Nothing rejects for a fault of a tool or a drive.
 * @returns what may be done now, or why it is still there: `EBUSY` when a program uses it, `EPERM` when this user may not,
 * `system-volume`, `not-ejectable`, `drive-shared`, `still-mounted`, `eject-failed`.
 */
export async function ejectVolume(volume: Volume, tools: VolumeTools): Promise<Result<Ejected>> {
  switch (tools.platform) {
    case 'linux':
      return ejectLinuxVolume(volume, tools);
    case 'darwin':
      return ejectMacVolume(volume, tools);
    case 'win32':
      return ejectWindowsVolume(volume, tools);
    default:
      return failed({
        code: 'not-ejectable',
        path: volume.mountPoint,
        message: `drives cannot be ejected on ${tools.platform} by this program`,
        next: 'Unmount it as you do with other drives.',
      });
  }
}
