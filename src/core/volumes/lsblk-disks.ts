import {failed, ok, type Result} from '../cause.ts';
import {type DiskFacts, joinDisks, unknownDisks} from './disk-facts.ts';
import {flagOf, isFields, listOf, numberOf, parseJson, textOf} from './fields.ts';

/**
 * Arguments before the device's name: `-s` lists from the device down to its disks, so what JSON calls `children` is what lies
 * below (lsblk(8)).
 */
export const LSBLK_ARGUMENTS = [
  ...['-s', '-J', '-b', '-o'],
  'NAME,KNAME,TYPE,SIZE,ROTA,RM,SERIAL,WWN,MODEL,VENDOR,TRAN,FSTYPE,LABEL,UUID',
] as const;

export interface BlockDevice {
  /** The kernel's name: `sda1`, `dm-0`. */
  readonly kname: string;
  /** `disk`, `part`, `crypt`, `lvm`, `raid1`, `loop`, `rom`… */
  readonly type: string;
  /** Bytes. */
  readonly size: number | null;
  readonly rotating: boolean | null;
  readonly removable: boolean | null;
  readonly transport: string | null;
  /** Vendor and model. */
  readonly model: string | null;
  readonly label: string | null;
  readonly uuid: string | null;
  readonly below: readonly BlockDevice[];
}

/** Not names: `ATA` is the bus, and virtio tells a PCI number. */
const NO_VENDOR = /^(ata|0x[0-9a-f]+)$/i;

/** What a person calls a disk, or null. */
export function nameModel(vendor: string | null, model: string | null): string | null {
  if (vendor === null || NO_VENDOR.test(vendor)) return model;
  if (model === null) return vendor;
  return model.toLowerCase().startsWith(vendor.toLowerCase()) ? model : `${vendor} ${model}`;
}

function toBlockDevice(value: unknown): BlockDevice | undefined {
  if (!isFields(value)) return undefined;
  const kname = textOf(value.kname) ?? textOf(value.name);
  if (kname === null) return undefined;
  return {
    kname,
    type: textOf(value.type) ?? '',
    size: numberOf(value.size),
    rotating: flagOf(value.rota),
    removable: flagOf(value.rm),
    transport: textOf(value.tran),
    model: nameModel(textOf(value.vendor), textOf(value.model)),
    label: textOf(value.label),
    uuid: textOf(value.uuid),
    below: listOf(value.children).flatMap((child) => toBlockDevice(child) ?? []),
  };
}

/** @returns the device with all that lies below it; `unreadable-answer` when that is not what lsblk said. */
export function parseLsblk(json: string): Result<BlockDevice> {
  const answer = parseJson(json);
  const devices = isFields(answer) ? listOf(answer.blockdevices) : [];
  const device = devices.length === 1 ? toBlockDevice(devices[0]) : undefined;
  if (device !== undefined) return ok(device);
  return failed({
    code: 'unreadable-answer',
    message: 'lsblk does not tell one device',
    next: 'Run `lsblk -s` on the device to see what it says.',
  });
}

/** The lowest devices of the stack, each once. */
export function findLowest(device: BlockDevice): readonly BlockDevice[] {
  if (device.below.length === 0) return [device];
  const lowest = device.below.flatMap((below) => findLowest(below));
  return [...new Map(lowest.map((each) => [each.kname, each])).values()];
}

/** Devices that the kernel calls disks and that are on another computer: nbd, Ceph's rbd, drbd, ATA over Ethernet. */
const ELSEWHERE = /^(nbd|rbd|drbd|etherd!)/;
const IN_MEMORY = /^ram\d+$/;

/** All namespaces `nvme0n1`, `nvme0n2` are one piece of hardware: they get the name of the first. */
function diskId(kname: string): string {
  return `disk:${kname.replace(/^(nvme\d+)n\d+$/, '$1n1')}`;
}

/**
 * The facts of one lowest device that is a whole disk. A zram device counts as a disk of its own. A loop device is no disk: whoever
 * asks must follow its backing file.
 */
export function wholeDisk(device: BlockDevice): DiskFacts {
  const {kname, type, rotating, removable, model, transport} = device;
  if (type !== 'disk' && type !== 'rom')
    return unknownDisks(`the disk below ${kname} (${type || 'no type'}) is not told`);
  if (ELSEWHERE.test(kname) || transport === 'iscsi')
    return unknownDisks(`${kname} is a disk of another computer`);
  const medium = IN_MEMORY.test(kname) ? 'ram' : 'disk';
  return {
    physical: {known: true, ids: [diskId(kname)]},
    rotating,
    model,
    removable: transport === 'usb' || kname.startsWith('mmcblk') ? true : removable,
    medium,
  };
}

/** The whole disks below a device when no loop device is among them. */
export function wholeDisks(device: BlockDevice): DiskFacts {
  return joinDisks(findLowest(device).map(wholeDisk));
}
