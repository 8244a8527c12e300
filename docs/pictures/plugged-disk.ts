/** Disks in memory that come and go as cards and drives do. */
import {rm, statfs} from 'node:fs/promises';
import {join} from 'node:path';
import type {Lab} from '../../test/rigs/lab.ts';
import {type FileSystem, mount, unmount} from '../../test/rigs/mounts.ts';
import {call} from '../../test/rigs/tools.ts';
import {makeZram} from '../../test/rigs/zram.ts';
import {limitSpeed, type Speed} from './limit-speed.ts';

/** A disk that is plugged in and out. */
export interface Plugged {
  readonly label: string;
  readonly mountPoint: string;
  plugIn(): Promise<void>;
}

export interface Making {
  readonly label: string;
  readonly fs: FileSystem;
  readonly megabytes: number;
  readonly speed: Speed;
}

/** A disk that is not plugged in yet. It goes with the lab. @param fill puts something on it before that. */
export async function makeDisk(
  lab: Lab,
  {label, fs, megabytes, speed}: Making,
  fill: (root: string) => Promise<void> = async () => {},
): Promise<Plugged> {
  const {device, unmount: release, mountPoint: first} = await makeZram(lab, {label, fs, megabytes});
  await fill(first);
  await release();
  await limitSpeed(lab, device, speed);
  const mountPoint = join(lab.folder, label);
  lab.defer(() => unmount(mountPoint));
  return {
    label,
    mountPoint,
    plugIn: () => mount({device, fs, mountPoint}),
  };
}

/** Bytes that are left on a drive that something else fills up. */
const ALMOST_FULL = 400_000_000;

/** Another program needs the space of a drive while it is copied to. @returns how that ends. */
export async function fillDrive({mountPoint}: Plugged): Promise<() => Promise<void>> {
  const {bavail, bsize} = await statfs(mountPoint);
  const path = join(mountPoint, 'render.mov');
  await call('fallocate', ['-l', String(Math.floor(bavail * bsize - ALMOST_FULL)), path]);
  return () => rm(path);
}
