import {mkdir} from 'node:fs/promises';
import {readMountPoints} from './lab.ts';
import {call} from './tools.ts';
import {tryAgain} from './wait.ts';

export type FileSystem = 'btrfs' | 'exfat' | 'ext4' | 'ntfs' | 'xfs';

/** A block device with a file system and its mount folder. */
export interface Drive {
  /** `/dev/zram1`, `/dev/loop0`. */
  readonly device: string;
  readonly fs: FileSystem;
  /** Absolute; an ordinary empty folder while nothing is mounted. */
  readonly mountPoint: string;
  mount(): Promise<void>;
  unmount(): Promise<void>;
  /** Unmounts it and takes the device away; does nothing the second time. */
  remove(): Promise<void>;
}

/** ext4 without blocks kept for root, so that "full" means full; labels as a person gives them. */
export async function format(device: string, fs: FileSystem, label: string): Promise<void> {
  switch (fs) {
    case 'btrfs':
      await call('mkfs.btrfs', ['-q', '-f', '-L', label, device]);
      return;
    case 'exfat':
      await call('mkfs.exfat', ['-L', label, device]);
      return;
    case 'ext4':
      await call('mkfs.ext4', ['-q', '-F', '-b', '4096', '-m', '0', '-L', label, device]);
      return;
    case 'ntfs':
      await call('mkfs.ntfs', ['-q', '-F', '-Q', '-L', label, device]);
      return;
    case 'xfs':
      await call('mkfs.xfs', ['-q', '-f', '-L', label, device]);
      return;
  }
}

export interface MountOptions {
  /** For a card with a lock switch, or one whose medium cannot be written. */
  readonly readOnly?: boolean;
  /** Number of the user who is to own the files of an exFAT volume, as a desktop mounts it for who sits there. */
  readonly owner?: number;
}

export async function mount(
  {device, fs, mountPoint}: Pick<Drive, 'device' | 'fs' | 'mountPoint'>,
  {readOnly = false, owner}: MountOptions = {},
): Promise<void> {
  await mkdir(mountPoint, {recursive: true});
  const chosen = [
    ...(readOnly ? ['ro'] : []),
    ...(owner === undefined ? [] : [`uid=${owner}`, `gid=${owner}`]),
  ];
  const options = chosen.length === 0 ? [] : ['-o', chosen.join(',')];
  // Without the exFAT module of the kernel, which many small systems lack.
  if (fs === 'exfat') await call('mount.exfat-fuse', [...options, device, mountPoint]);
  else if (fs === 'ntfs') await call('ntfs-3g', [...options, device, mountPoint]);
  else await call('mount', ['-t', fs, ...options, device, mountPoint]);
}

/** Unmounts all that is mounted at a folder; lazily when somebody holds it. */
export async function unmount(mountPoint: string): Promise<void> {
  while (await isMounted(mountPoint)) {
    try {
      await tryAgain(() => call('umount', [mountPoint]), 2000);
    } catch {
      await call('umount', ['-l', mountPoint]);
    }
  }
}

export async function isMounted(mountPoint: string): Promise<boolean> {
  return (await readMountPoints()).includes(mountPoint);
}
