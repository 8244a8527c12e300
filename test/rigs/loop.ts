/** Disks in files, by loop devices (losetup(8)). */
import {mkdir, open, writeFile} from 'node:fs/promises';
import {basename, join} from 'node:path';
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

/** As card readers have it, in KiB. */
const READ_AHEAD_KB = 128;

/**
 * A loop device keeps the limits of the disk that it was on before. With windows of a megabyte the kernel keeps one large page where a sector is bad, and gives none of its bytes
 * (queue-sysfs, Documentation/ABI/stable/sysfs-block).
 */
async function limitReads(device: string): Promise<void> {
  const queue = join('/sys/block', basename(device), 'queue');
  for (const limit of ['read_ahead_kb', 'max_sectors_kb'])
    await writeFile(join(queue, limit), `${READ_AHEAD_KB}`);
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
  await limitReads(device);
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
