/** What of a disk is in use, as lsblk(8) of Linux tells it. */
import {flagOf, isFields, listOf, parseJson, textOf} from '../../core/volumes/fields.ts';

/** MOUNTPOINT names one of several places, which is enough; MOUNTPOINTS is missing before util-linux 2.37. */
export const LSBLK_ARGUMENTS = ['-J', '-o', 'NAME,KNAME,TYPE,RM,MOUNTPOINT'] as const;

/** A whole disk that has a medium: lsblk leaves out empty slots. */
export interface DiskUse {
  /** The kernel's name: `sdb`, `mmcblk0`. */
  readonly kname: string;
  /** `disk`, `rom`, `loop`… */
  readonly type: string;
  /** True when the medium comes out of the drive: the slot of a card reader. */
  readonly isSlot: boolean;
  /** True when something on it is mounted, swapped to, or open as a part of something else (LUKS, LVM, RAID). */
  readonly isUsed: boolean;
  /** Paths of its device nodes and of those on it. */
  readonly nodes: readonly string[];
}

interface Entry {
  readonly name: string;
  readonly kname: string;
  readonly type: string;
  readonly removable: boolean;
  readonly isMounted: boolean;
}

function toEntries(value: unknown): readonly Entry[] {
  if (!isFields(value)) return [];
  const name = textOf(value.name);
  const kname = textOf(value.kname) ?? name;
  if (name === null || kname === null) return [];
  const entry: Entry = {
    name,
    kname,
    type: textOf(value.type) ?? '',
    removable: flagOf(value.rm) === true,
    isMounted: textOf(value.mountpoint) !== null,
  };
  return [entry, ...listOf(value.children).flatMap(toEntries)];
}

function toDiskUse([disk, ...parts]: readonly Entry[]): readonly DiskUse[] {
  if (disk === undefined) return [];
  const entries = [disk, ...parts];
  return [
    {
      kname: disk.kname,
      type: disk.type,
      // The kernel does not call SD cards in a slot of their own (mmc) removable.
      isSlot: disk.removable || /^mmcblk\d+$/.test(disk.kname),
      isUsed: entries.some(({isMounted}) => isMounted) || parts.some(({type}) => type !== 'part'),
      nodes: entries.flatMap(({name, kname}) => [
        `/dev/${kname}`,
        `/dev/${name}`,
        `/dev/mapper/${name}`,
      ]),
    },
  ];
}

/** @returns the disks of the answer; empty when it is not understood. */
export function parseDiskUse(json: string): readonly DiskUse[] {
  const answer = parseJson(json);
  const disks = isFields(answer) ? listOf(answer.blockdevices) : [];
  return disks.flatMap((disk) => toDiskUse(toEntries(disk)));
}
