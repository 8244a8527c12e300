import {readFile, writeFile} from 'node:fs/promises';
import type {Lab} from '../../test/rigs/lab.ts';

/** The root group of cgroup v1 (Linux Documentation/admin-guide/cgroup-v1/blkio-controller.rst). */
const GROUP = '/sys/fs/cgroup/blkio';

/** Bytes in a second. */
export interface Speed {
  readonly read: number;
  readonly write: number;
}

/** Holds a disk to a speed until the lab closes. @throws where the kernel has no such limit. */
export async function limitSpeed(lab: Lab, device: string, {read, write}: Speed): Promise<void> {
  const name = device.replace('/dev/', '');
  const number = (await readFile(`/sys/block/${name}/dev`, 'utf8')).trim();
  const limit = async (speed: Speed) => {
    await writeFile(`${GROUP}/blkio.throttle.read_bps_device`, `${number} ${speed.read}`);
    await writeFile(`${GROUP}/blkio.throttle.write_bps_device`, `${number} ${speed.write}`);
  };
  // 0 takes a limit away.
  lab.defer(() => limit({read: 0, write: 0}));
  await limit({read, write});
}
