import {readFile, writeFile} from 'node:fs/promises';
import type {Lab} from './lab.ts';
import {CannotRun} from './rig.ts';

/** The root group of cgroup v1, where everything runs that was put nowhere else (Linux Documentation/admin-guide/cgroup-v1/blkio-controller.rst). */
const LIMIT = '/sys/fs/cgroup/blkio/blkio.throttle.read_bps_device';

export interface SlowDisk {
  /** Lets it be as fast as it is. */
  release(): Promise<void>;
}

/** Reads of a device take their time until it is released, so that something can be done while it is read. @throws CannotRun where the kernel has no such limit. */
export async function slowReads(
  lab: Lab,
  device: string,
  bytesPerSecond: number,
): Promise<SlowDisk> {
  const name = device.replace('/dev/', '');
  const number = (await readFile(`/sys/block/${name}/dev`, 'utf8')).trim();
  const limit = async (rate: number) => writeFile(LIMIT, `${number} ${rate}`);
  try {
    await limit(bytesPerSecond);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CannotRun(`a device cannot be slowed down here (${why})`);
  }
  // 0 takes the limit away.
  lab.defer(() => limit(0));
  return {release: () => limit(0)};
}
