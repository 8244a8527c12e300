import type {Volume, VolumeKind} from '../drive.ts';
import {kindOn, unknownVolume} from './disk-facts.ts';
import {networkDrives} from './network-drives.ts';
import {disksOfVolume, findHolder} from './windows-disks.ts';
import type {WindowsFacts, WindowsVolume} from './windows-facts.ts';

/** DriveType of Win32_Volume and Win32_LogicalDisk: 2 removable, 3 local disk, 4 network, 5 CD, 6 RAM disk. */
function kindOf(driveType: number | null): VolumeKind {
  if (driveType === 2 || driveType === 3 || driveType === 5) return 'disk';
  if (driveType === 4) return 'network';
  return driveType === 6 ? 'ram' : 'unknown';
}

/** FAT and exFAT have a serial of 32 bits, which Linux shows as `1A2B-3C4D` too. */
function formatSerial(serial: number): string {
  const digits = serial.toString(16).toUpperCase().padStart(8, '0');
  return `${digits.slice(0, -4)}-${digits.slice(-4)}`;
}

function toLocalVolume(volume: WindowsVolume, facts: WindowsFacts): Volume {
  const {medium, ...disks} = disksOfVolume(volume, {facts});
  return {
    mountPoint: volume.name,
    device: volume.id,
    fileSystem: volume.fileSystem ?? '',
    kind: kindOn({medium, ...disks}, kindOf(volume.driveType)),
    label: volume.label,
    uuid: volume.serial === null ? null : formatSerial(volume.serial),
    size: volume.size,
    ...disks,
  };
}

interface Share {
  readonly mountPoint: string;
  /** `\\nas\photos`. */
  readonly share: string;
  readonly fileSystem: string | null;
}

function toNetworkVolume(share: Share, ownNames: readonly string[]): Volume {
  const source = {fileSystem: 'unc', source: share.share, options: ''};
  return {
    ...unknownVolume(share.mountPoint, ''),
    device: share.share,
    fileSystem: share.fileSystem ?? '',
    kind: 'network',
    physical: networkDrives(source, ownNames),
  };
}

const NETWORK_DRIVE = 4;
const isShare = (path: string) => /^\\\\[^\\?.]/.test(path);

/**
 * The volume that a path lies on.
 * @param path absolute, with links followed: `W:\2026`, `\\nas\photos\2026`.
 * @param ownNames names and addresses of this computer.
 */
export function findWindowsVolume(
  path: string,
  facts: WindowsFacts,
  ownNames: readonly string[],
): Volume {
  const plain = path.replaceAll('/', '\\');
  if (isShare(plain)) {
    const share = plain.split('\\').slice(0, 4).join('\\');
    return toNetworkVolume({mountPoint: `${share}\\`, share, fileSystem: null}, ownNames);
  }
  const letter = facts.letters.find(
    (each) => each.letter.toLowerCase() === plain.slice(0, 2).toLowerCase(),
  );
  if (letter?.driveType === NETWORK_DRIVE) {
    const {share, fileSystem} = letter;
    return toNetworkVolume(
      {mountPoint: `${letter.letter}\\`, share: share ?? '', fileSystem},
      ownNames,
    );
  }
  const volume = findHolder(facts, plain);
  if (volume !== undefined) return toLocalVolume(volume, facts);
  return unknownVolume(plain.slice(0, 3), 'Windows does not list a volume there');
}

/** The volumes that a person sees: mounted, with a medium in it, and network drives. */
export function listWindowsVolumes(
  facts: WindowsFacts,
  ownNames: readonly string[],
): readonly Volume[] {
  const local = facts.volumes
    .filter((volume) => /^[a-z]:\\/i.test(volume.name) && volume.size !== null)
    .map((volume) => toLocalVolume(volume, facts));
  const network = facts.letters
    .filter((letter) => letter.driveType === NETWORK_DRIVE)
    .map((letter) => findWindowsVolume(`${letter.letter}\\`, facts, ownNames));
  return [...local, ...network].sort((a, b) => (a.mountPoint < b.mountPoint ? -1 : 1));
}
