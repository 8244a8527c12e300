import type {Result} from '../../core/cause.ts';
import type {Volume} from '../../core/drive.ts';
import {unknownVolume} from '../../core/volumes/disk-facts.ts';
import {type DetectedDrive, listDrives} from './drivelist.ts';
import {describeLinuxVolume, listLinuxVolumes} from './linux.ts';
import {describeMacVolume, listMacVolumes} from './macos.ts';
import {mergeDrive} from './merge-drives.ts';
import type {VolumeTools} from './volume-tools.ts';
import {describeWindowsVolume, listMountedWindowsVolumes} from './windows.ts';

/**
 * The volume that a path lies on, links followed. Never rejects for a fault of a tool or a disk: what cannot be learned is null or
 * unknown, with the reason in `physical.why`.
 * @param path absolute; it need not be the root of the volume. A path that does not exist is taken as it is written.
 */
export async function describeVolume(path: string, tools: VolumeTools): Promise<Volume> {
  const resolved = await tools.resolvePath(path);
  const place = resolved.ok ? resolved.value : path;
  switch (tools.platform) {
    case 'linux':
      return describeLinuxVolume(place, tools);
    case 'darwin':
      return describeMacVolume(place, tools);
    case 'win32':
      return describeWindowsVolume(place, tools);
    default:
      return unknownVolume(path, `disks cannot be told on ${tools.platform}`);
  }
}

async function listMounted(tools: VolumeTools): Promise<readonly Volume[]> {
  switch (tools.platform) {
    case 'linux':
      return listLinuxVolumes(tools);
    case 'darwin':
      return listMacVolumes(tools);
    case 'win32':
      return listMountedWindowsVolumes(tools);
    default:
      return [];
  }
}

/**
 * The mounted volumes that a person would call a drive or a card: devices and network shares, not the file systems of the system
 * itself, each once. Empty when the platform tells none.
 * @param list the disks by drivelist, which starts a process of its own on Linux.
 */
export async function listVolumes(
  tools: VolumeTools,
  list: () => Promise<Result<readonly DetectedDrive[]>> = listDrives,
): Promise<readonly Volume[]> {
  const [volumes, drives] = await Promise.all([listMounted(tools), list()]);
  return drives.ok ? volumes.map((volume) => mergeDrive(volume, drives.value)) : volumes;
}
