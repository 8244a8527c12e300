import type {Volume} from '../../core/drive.ts';
import type {DetectedDrive} from './drivelist.ts';

function isDriveOf(volume: Volume, drive: DetectedDrive): boolean {
  if (drive.mountPoints.includes(volume.mountPoint)) return true;
  return volume.device !== '' && drive.device === volume.device;
}

/** Text that drivelist makes of a PCI number is no name. */
const nameOf = (drive: DetectedDrive) =>
  drive.description !== null && /^0x[0-9a-f]+$/i.test(drive.description) ? null : drive.description;

/** Adds what drivelist knows: a name where there is none, and that a drive can be unplugged. */
export function mergeDrive(volume: Volume, drives: readonly DetectedDrive[]): Volume {
  const drive = drives.find((each) => isDriveOf(volume, each));
  if (drive === undefined) return volume;
  const unplugs = drive.isRemovable === true || drive.isUsb === true;
  return {
    ...volume,
    model: volume.model ?? nameOf(drive),
    removable: unplugs ? true : (volume.removable ?? drive.isRemovable),
  };
}
