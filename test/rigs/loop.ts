/** Disks in files, by loop devices (losetup(8)). */
import {mkdir, open} from 'node:fs/promises';
import {join} from 'node:path';
import type {Lab} from './lab.ts';
import {type Drive, type FileSystem, format, mount, unmount} from './mounts.ts';
import {call} from './tools.ts';
import {tryAgain} from './wait.ts';

interface Making {
  /** Where the image is made; the file must not be there yet. */
  readonly image: string;
  readonly megabytes: number;
  readonly fs: FileSystem;
  readonly label: string;
}

/** Makes an image, formats it and mounts it below the lab's folder. The loop device goes with the lab; the image stays. */
export async function makeLoop(
  lab: Lab,
  {image, megabytes, fs, label}: Making,
): Promise<Drive & {readonly image: string}> {
  const file = await open(image, 'wx');
  await file.truncate(megabytes * 1024 * 1024);
  await file.close();
  await format(image, fs, label);
  const drive = await attach(lab, {image, fs, label, readOnly: false});
  return {...drive, image};
}

/** Attaches an image that is there and mounts it. */
export async function attach(
  lab: Lab,
  {
    image,
    fs,
    label,
    readOnly,
  }: {
    readonly image: string;
    readonly fs: FileSystem;
    readonly label: string;
    readonly readOnly: boolean;
  },
): Promise<Drive> {
  lab.signal.throwIfAborted();
  const device = await call('losetup', ['-f', '--show', ...(readOnly ? ['-r'] : []), image]);
  const mountPoint = join(lab.folder, `${label}-${device.replaceAll('/', '')}`);
  let removed = false;
  const drive: Drive = {
    device,
    fs,
    mountPoint,
    mount: () => mount({device, fs, mountPoint}, {readOnly}),
    unmount: () => unmount(mountPoint),
    async remove() {
      if (removed) return;
      removed = true;
      await unmount(mountPoint);
      await tryAgain(() => call('losetup', ['-d', device]));
    },
  };
  lab.defer(() => drive.remove());
  await mkdir(mountPoint, {recursive: true});
  await drive.mount();
  return drive;
}
