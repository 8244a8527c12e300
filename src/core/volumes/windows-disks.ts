import {type DiskFacts, joinDisks, unknownDisks} from './disk-facts.ts';
import type {WindowsDisk, WindowsFacts, WindowsVolume} from './windows-facts.ts';

/** BusType of MSFT_Disk (learn.microsoft.com, windows-hardware/drivers/storage/msft-disk). */
const BUS = {usb: 7, iscsi: 9, sd: 12, mmc: 13, virtual: 14, fileBacked: 15, storageSpaces: 16};
const PLUGGED_IN: readonly (number | null)[] = [BUS.usb, BUS.sd, BUS.mmc];
/** Win32_Volume, DriveType 2: a medium that can be taken out. */
const REMOVABLE = 2;

/** MediaType of MSFT_PhysicalDisk: 3 is a hard disk, 4 and 5 are solid state, 0 is not told. */
function isRotating(mediaType: number | null | undefined): boolean | null {
  if (mediaType === 3) return true;
  return mediaType === 4 || mediaType === 5 ? false : null;
}

/**
 * Partitions of dynamic disks, whose volumes can span several: MBR type 0x42, and the GPT types of the logical disk manager
 * (learn.microsoft.com, PARTITION_INFORMATION_GPT).
 */
const DYNAMIC_GPT = [
  'af9b60a0-1431-4f62-bc68-3311714a69ad',
  '5808c8aa-7e8f-42e0-85d2-e1e90434cfb3',
];

function isDynamic(facts: WindowsFacts, disk: number): boolean {
  return facts.partitions.some(
    (part) =>
      part.disk === disk &&
      (part.mbrType === 0x42 ||
        DYNAMIC_GPT.some((type) => part.gptType?.toLowerCase().includes(type))),
  );
}

function physicalDisk(facts: WindowsFacts, disk: WindowsDisk, deviceId: string): DiskFacts {
  const known = facts.physicalDisks.find((each) => each.deviceId === deviceId);
  return {
    physical: {known: true, ids: [`disk:${deviceId}`]},
    rotating: isRotating(known?.mediaType),
    model: known?.model ?? disk.model,
    removable: disk.busType === null ? null : PLUGGED_IN.includes(disk.busType),
    medium: 'disk',
  };
}

interface Search {
  readonly facts: WindowsFacts;
  /** Disks that are being looked up already: an image on itself ends there. */
  readonly above: readonly number[];
}

function disksOfNumber(number: number, search: Search): DiskFacts {
  const {facts, above} = search;
  const disk = facts.disks.find((each) => each.number === number);
  if (disk === undefined || disk.busType === null || above.includes(number))
    return unknownDisks(`Windows does not tell what disk ${number} is`);
  if (isDynamic(facts, number))
    return unknownDisks(`disk ${number} is a dynamic disk, whose volumes can span several`);
  if (disk.busType === BUS.iscsi)
    return unknownDisks(`disk ${number} (iSCSI) is a disk of another computer`);
  if (disk.busType === BUS.virtual) return unknownDisks(`disk ${number} is a virtual disk`);
  if (disk.busType === BUS.fileBacked)
    return disksOfImage(disk, {facts, above: [...above, number]});
  if (disk.busType !== BUS.storageSpaces) return physicalDisk(facts, disk, String(number));
  const space = facts.spaces.find((each) => each.uniqueId === disk.uniqueId);
  if (space === undefined || space.deviceIds.length === 0)
    return unknownDisks(`the disks of the storage space on disk ${number} are not told`);
  return joinDisks(space.deviceIds.map((deviceId) => physicalDisk(facts, disk, deviceId)));
}

/** A mounted VHD or VHDX: `Location` is the path of its file. */
function disksOfImage(disk: WindowsDisk, search: Search): DiskFacts {
  const holder = disk.location === null ? undefined : findHolder(search.facts, disk.location);
  if (holder === undefined)
    return unknownDisks(`the file behind the virtual disk ${disk.number} is not told`);
  return disksOfVolume(holder, search);
}

/** Windows compares paths without case. */
const sameOrBelow = (folder: string, path: string) =>
  `${path}\\`.toLowerCase().startsWith(folder.toLowerCase());

/** The volume that a path lies on: the one with the longest mount folder (`W:\`, `C:\mnt\photos\`). */
export function findHolder(facts: WindowsFacts, path: string): WindowsVolume | undefined {
  return facts.volumes
    .filter((volume) => sameOrBelow(volume.name, path))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

/** The disks below a volume; a volume without a partition that names it (a dynamic one, a drive made by software) is unknown. */
export function disksOfVolume(
  volume: WindowsVolume,
  search: Search | {readonly facts: WindowsFacts},
): DiskFacts {
  const {facts} = search;
  const above = 'above' in search ? search.above : [];
  const names = [volume.id, volume.name].map((name) => name.toLowerCase());
  const numbers = facts.partitions
    .filter((part) => part.accessPaths.some((path) => names.includes(path.toLowerCase())))
    .map((part) => part.disk);
  if (numbers.length === 0)
    return unknownDisks(`Windows does not tell on which disk ${volume.name} lies`);
  const disks = joinDisks(
    [...new Set(numbers)].map((number) => disksOfNumber(number, {facts, above})),
  );
  return volume.driveType === REMOVABLE ? {...disks, removable: true} : disks;
}
