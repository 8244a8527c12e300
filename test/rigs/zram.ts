/** Compressed disks in memory (Linux Documentation/admin-guide/blockdev/zram.rst): each is a whole disk of its own to lsblk. */
import {access, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {execa} from 'execa';
import type {Lab} from './lab.ts';
import {type Drive, type FileSystem, format, type MountOptions, mount, unmount} from './mounts.ts';
import {CannotRun} from './rig.ts';
import {tryAgain} from './wait.ts';

const CONTROL = '/sys/class/zram-control';

interface Making {
  readonly megabytes: number;
  readonly fs: FileSystem;
  readonly label: string;
  readonly options?: MountOptions;
}

/**
 * Makes a disk, formats it and mounts it below the lab's folder. It goes with the lab.
 * @throws CannotRun where the kernel has no zram.
 */
export async function makeZram(
  lab: Lab,
  {megabytes, fs, label, options = {}}: Making,
): Promise<Drive> {
  lab.signal.throwIfAborted();
  const number = await addDevice();
  const device = `/dev/zram${number}`;
  const mountPoint = join(lab.folder, `${label}-zram${number}`);
  let removed = false;
  const drive: Drive = {
    device,
    fs,
    mountPoint,
    mount: () => mount({device, fs, mountPoint}, options),
    unmount: () => unmount(mountPoint),
    async remove() {
      if (removed) return;
      removed = true;
      await unmount(mountPoint);
      await removeDevice(number);
    },
  };
  lab.defer(() => drive.remove());
  await writeFile(`/sys/block/zram${number}/disksize`, `${megabytes}M`);
  await format(device, fs, label);
  await drive.mount();
  return drive;
}

/** An empty disk. It goes with the lab. @returns its device. */
export async function addZram(lab: Lab, megabytes: number): Promise<string> {
  const number = await addDevice();
  lab.defer(() => removeDevice(number));
  await writeFile(`/sys/block/zram${number}/disksize`, `${megabytes}M`);
  return `/dev/zram${number}`;
}

async function removeDevice(number: string): Promise<void> {
  await tryAgain(() => writeFile(`/sys/block/zram${number}/reset`, '1'));
  await tryAgain(() => writeFile(join(CONTROL, 'hot_remove'), number));
}

/** Reading `hot_add` makes a device and tells its number. Devices that were there before are never touched. */
async function addDevice(): Promise<string> {
  try {
    await access(CONTROL);
  } catch {
    await execa('modprobe', ['zram'], {stdin: 'ignore', reject: false});
  }
  try {
    return (await readFile(join(CONTROL, 'hot_add'), 'utf8')).trim();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CannotRun(`this kernel makes no zram device (${why})`);
  }
}
