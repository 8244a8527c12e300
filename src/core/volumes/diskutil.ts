import {failed, ok, type Result} from '../cause.ts';
import {isFields, listOf, numberOf, textOf} from './fields.ts';
import {parsePlist} from './plist.ts';

/**
 * What `diskutil info -plist DEVICE` tells (diskutil(8)). The keys are those of real answers; the fullest public list of them is
 * pkg/diskutil/disk.go in aws/ec2-macos-utils.
 */
export interface DiskInfo {
  /** `disk4s1`. */
  readonly device: string;
  /** The disk that this is a part of; of an APFS volume the synthesized disk, not the physical one. */
  readonly wholeDevice: string | null;
  /** Partitions that an APFS container lies on; a Fusion drive has two. */
  readonly stores: readonly string[];
  /** `USB`, `PCI-Express`, `Secure Digital`, `Apple Fabric`, `Disk Image`… */
  readonly bus: string | null;
  /** Made by software: an APFS container, a CoreStorage volume. */
  readonly isVirtual: boolean;
  /** A RAID of macOS itself, or a part of one. */
  readonly isRaid: boolean;
  readonly fileSystem: string | null;
  readonly label: string | null;
  readonly uuid: string | null;
  /** Bytes. */
  readonly size: number | null;
  readonly solidState: boolean | null;
  readonly removable: boolean | null;
  readonly model: string | null;
}

function storesOf(value: unknown): readonly string[] {
  return listOf(value).flatMap((store) => {
    if (!isFields(store)) return textOf(store) ?? [];
    return textOf(store.APFSPhysicalStore) ?? textOf(store.DeviceIdentifier) ?? [];
  });
}

const flag = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);

/** @returns `unreadable-answer` for anything but a property list about a device, the tool's own error list included. */
export function parseDiskInfo(xml: string): Result<DiskInfo> {
  const info = parsePlist(xml);
  const device = isFields(info) ? textOf(info.DeviceIdentifier) : null;
  if (!isFields(info) || device === null) {
    const said = isFields(info) ? textOf(info.ErrorMessage) : null;
    return failed({
      code: 'unreadable-answer',
      message: said === null ? 'diskutil does not tell a device' : `diskutil says: ${said}`,
      next: 'Run `diskutil info` on the volume to see what it says.',
    });
  }
  return ok({
    device,
    wholeDevice: info.WholeDisk === true ? device : textOf(info.ParentWholeDisk),
    stores: storesOf(info.APFSPhysicalStores),
    bus: textOf(info.BusProtocol),
    isVirtual:
      info.VirtualOrPhysical === 'Virtual' ||
      Object.keys(info).some((key) => key.startsWith('CoreStorage')),
    isRaid: info.RAIDMaster === true || info.RAIDSlice === true,
    fileSystem: textOf(info.FilesystemType),
    label: textOf(info.VolumeName),
    uuid: textOf(info.VolumeUUID),
    size: numberOf(info.TotalSize) ?? numberOf(info.Size),
    solidState: flag(info.SolidState),
    removable: flag(info.RemovableMediaOrExternalDevice) ?? flag(info.RemovableMedia),
    model: textOf(info.MediaName),
  });
}

/** One step down from a device to the disk it lies on. */
export type StepDown =
  | {readonly to: 'stores'; readonly devices: readonly string[]}
  | {readonly to: 'whole'; readonly device: string}
  | {readonly to: 'image'; readonly device: string}
  | {readonly to: 'disk'; readonly device: string}
  | {readonly to: 'nowhere'; readonly why: string};

/**
 * Where the bytes of a device lie. `ParentWholeDisk` of an APFS volume is a synthesized disk, so its stores are followed instead. An
 * image's container says `Disk Image` too, and its stores lead to the image's own device.
 * @param isStore true when the device was reached as a store: a store can name the container on it again, and its companions.
 */
export function stepDown(info: DiskInfo, isStore: boolean): StepDown {
  const {device, wholeDevice} = info;
  if (info.isRaid) return {to: 'nowhere', why: `the disks of the RAID set ${device} are not told`};
  if (!isStore && info.stores.length > 0) return {to: 'stores', devices: info.stores};
  if (wholeDevice === null) return {to: 'nowhere', why: `the disk of ${device} is not told`};
  if (wholeDevice !== device) return {to: 'whole', device: wholeDevice};
  if (info.bus === 'Disk Image') return {to: 'image', device};
  if (info.isVirtual)
    return {to: 'nowhere', why: `${device} is a virtual disk and the disks below it are not told`};
  return {to: 'disk', device};
}
