/** A {@link MemoryDisk} as a drive that is mounted, by nbdfuse(1) and losetup(8). */
import {mkdir, open} from 'node:fs/promises';
import type {Server} from 'node:net';
import {join} from 'node:path';
import {execa} from 'execa';
import type {Lab} from './lab.ts';
import {MemoryDisk, type Pages} from './memory-disk.ts';
import {type Drive, type FileSystem, format, mount, unmount} from './mounts.ts';
import {serveBlocks} from './nbd-server.ts';
import {call, type Tool} from './tools.ts';
import {tryAgain, waitUntil} from './wait.ts';
import {addZram} from './zram.ts';

export const MEMORY_DRIVE_TOOLS: readonly Tool[] = ['losetup', 'nbdfuse', 'fusermount3'];

export interface MemoryDrive extends Drive {
  readonly disk: MemoryDisk;
  /** How it is mounted from the next time on. */
  readOnly: boolean;
  /** Takes it out and puts it in again, with this content and empty caches. */
  replace(pages: Pages): Promise<void>;
}

interface Making {
  readonly megabytes: number;
  readonly fs: FileSystem;
  readonly label: string;
  /** Formatted already. */
  readonly pages?: Pages;
}

/**
 * Makes a disk, formats it and mounts it below the lab's folder. Programs take it for an image on a disk of its own: an empty one in memory lends its name.
 * Its blocks are served by this process: what runs here must not wait for its files without letting other work go on.
 */
export async function makeMemoryDrive(
  lab: Lab,
  {megabytes, fs, label, pages}: Making,
): Promise<MemoryDrive> {
  lab.signal.throwIfAborted();
  const namesake = await addZram(lab, 8);
  const folder = join(lab.folder, `${label}-disk`);
  const mountPoint = join(lab.folder, label);
  await mkdir(mountPoint, {recursive: true});
  const size = megabytes * 1024 * 1024;
  let life = 0;
  let disk = new MemoryDisk(size, pages);
  let attached: Attached | undefined;
  const attachDisk = async () => {
    attached = await attach({disk, folder: `${folder}-${++life}`, namesake});
  };
  const detach = async () => {
    await unmount(mountPoint);
    await attached?.detach();
    attached = undefined;
  };
  lab.defer(detach);
  await attachDisk();
  const device = () => attached?.device ?? '';
  if (pages === undefined) await format(device(), fs, label);
  const drive: MemoryDrive = {
    fs,
    mountPoint,
    readOnly: false,
    get device() {
      return device();
    },
    get disk() {
      return disk;
    },
    mount: () => mount({device: device(), fs, mountPoint}, {readOnly: drive.readOnly}),
    unmount: () => unmount(mountPoint),
    remove: detach,
    async replace(content) {
      await detach();
      disk = new MemoryDisk(size, content);
      await attachDisk();
      await drive.mount();
    },
  };
  await drive.mount();
  return drive;
}

interface Attached {
  readonly device: string;
  detach(): Promise<void>;
}

interface Attaching {
  readonly disk: MemoryDisk;
  readonly folder: string;
  readonly namesake: string;
}

async function attach({disk, folder, namesake}: Attaching): Promise<Attached> {
  await mkdir(folder);
  const socket = `${folder}.sock`;
  const server = await serveBlocks(disk, socket);
  const image = join(folder, 'img');
  const options = ['-o', `fsname=${namesake}`, '-C', '1'];
  const child = execa('nbdfuse', [...options, image, '--unix', socket], {
    stdin: 'ignore',
    reject: false,
  });
  await waitUntil('the disk is served', () => canOpen(image));
  // Past the cache of the served file: a read of the device must be a read of the disk.
  const device = await call('losetup', ['--direct-io=on', '-f', '--show', image]);
  return {device, detach: () => detach({device, folder, child, server})};
}

async function detach({
  device,
  folder,
  child,
  server,
}: {
  device: string;
  folder: string;
  child: Promise<unknown>;
  server: Server;
}): Promise<void> {
  await tryAgain(() => call('losetup', ['-d', device]));
  await tryAgain(() => call('fusermount3', ['-u', folder]));
  await child;
  server.close();
}

async function canOpen(path: string): Promise<boolean> {
  try {
    await (await open(path)).close();
    return true;
  } catch {
    return false;
  }
}
