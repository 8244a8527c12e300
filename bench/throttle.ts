/**
 * Disks that are as slow as cards and rotating disks are: files as loop devices, held back by the kernel (Linux Documentation/admin-guide/cgroup-v1/blkio-controller.rst). Root only.
 */
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';

const BLKIO = '/sys/fs/cgroup/blkio';

export interface SlowDisk {
  /** Where it is mounted. */
  readonly folder: string;
  /** Bytes a second for reading and for writing from now on; 0 for no limit. */
  hold(bytesPerSecond: number): Promise<void>;
  remove(): Promise<void>;
}

/** @throws Error where the kernel has no such control, or somebody is not root. */
export async function makeSlowDisk(
  dir: string,
  {name, bytes}: {readonly name: string; readonly bytes: number},
): Promise<SlowDisk> {
  const image = path.join(dir, `${name}.img`);
  const folder = path.join(dir, name);
  await mkdir(folder, {recursive: true});
  await execa('truncate', ['-s', String(bytes), image]);
  await execa('mkfs.ext4', ['-q', '-m', '0', '-L', name, image]);
  const {stdout: device} = await execa('losetup', ['--find', '--show', '--direct-io=on', image]);
  await execa('mount', [device, folder]);
  const number = (await readFile(`/sys/block/${path.basename(device)}/dev`, 'utf8')).trim();
  const hold = async (bytesPerSecond: number) => {
    for (const what of ['read', 'write']) {
      await writeFile(`${BLKIO}/blkio.throttle.${what}_bps_device`, `${number} ${bytesPerSecond}`);
    }
  };
  return {
    folder,
    hold,
    async remove() {
      await hold(0);
      await execa('umount', [folder]);
      await execa('losetup', ['--detach', device]);
      await rm(image);
    },
  };
}
