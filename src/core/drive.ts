/** Facts about volumes and the physical disks below them, as far as the platform tells them. */

/**
 * The physical disks that hold a volume. `ids` are names that are equal exactly when the disk is the same while it is attached
 * (`disk:sda`, `net:nas.local`); a RAID has several. Anything that is not known is `known: false`, which never counts as different.
 */
export type PhysicalDrives =
  | {readonly known: true; readonly ids: readonly string[]}
  | {readonly known: false; readonly why: string};

/** `ram` never counts as a copy; `network` is read back through somebody else's cache. */
export type VolumeKind = 'disk' | 'fuse' | 'network' | 'ram' | 'unknown';

export interface Volume {
  /** Where it is mounted: `/media/W`, `W:\`. */
  readonly mountPoint: string;
  /** The device or share as the platform names it: `/dev/sdb1`, `nas:/photos`, `disk4s1`; empty when unknown. */
  readonly device: string;
  /** `ext4`, `exfat`, `fuseblk`, `nfs4`, `apfs`, `NTFS`…; empty when unknown. */
  readonly fileSystem: string;
  readonly kind: VolumeKind;
  readonly label: string | null;
  /** The file system's own id; null where the platform does not tell. Never unique in the wild. */
  readonly uuid: string | null;
  /** Bytes. */
  readonly size: number | null;
  readonly physical: PhysicalDrives;
  /** A head that cannot be in two places; null when the platform does not say. */
  readonly rotating: boolean | null;
  /** What a person calls the disk: vendor and model. */
  readonly model: string | null;
  readonly removable: boolean | null;
}

/** How two volumes relate: only `different` makes two copies. */
export type Relation = 'different' | 'same' | 'unknown';

/** @returns `different` only when both sets are known, not empty and share no disk. */
export function relateDrives(a: PhysicalDrives, b: PhysicalDrives): Relation {
  if (!a.known || !b.known || a.ids.length === 0 || b.ids.length === 0) return 'unknown';
  return a.ids.some((id) => b.ids.includes(id)) ? 'same' : 'different';
}

/**
 * How bytes were read back (design, section 3): `direct` past the operating system's cache, `evicted` after the cache was emptied and
 * found empty, `cached` when the cache may have answered.
 */
export type MediumRead = 'direct' | 'evicted' | 'cached';
