import type {Volume} from '../../core/drive.ts';
import {unreachable} from '../../core/unreachable.ts';
import {parseBlkid} from '../../core/volumes/blkid.ts';
import {joinDisks, kindOn, unknownVolume} from '../../core/volumes/disk-facts.ts';
import {classifyFileSystem} from '../../core/volumes/file-system-kind.ts';
import {chooseListedMounts} from '../../core/volumes/listed-mounts.ts';
import {findMount, type Mount, parseMountinfo} from '../../core/volumes/mountinfo.ts';
import {networkDrives} from '../../core/volumes/network-drives.ts';
import {findDevices} from './linux-devices.ts';
import {findDisks} from './linux-disks.ts';
import {namesOfThisComputer} from './this-computer.ts';
import type {VolumeTools} from './volume-tools.ts';

/** An image on an image on an image: nobody does that, but a loop of bind mounts could. */
const MAX_IMAGES = 8;

interface Look {
  readonly tools: VolumeTools;
  readonly mounts: readonly Mount[];
  /** How many images have been opened on the way down. */
  readonly images: number;
}

/** Label and id, where lsblk has no udev to ask: blkid reads them from the device, for which it must be root. */
async function askBlkid(node: string | undefined, tools: VolumeTools) {
  if (node === undefined) return {label: null, uuid: null};
  const answer = await tools.run('blkid', ['-c', '/dev/null', '-o', 'export', node]);
  return parseBlkid(answer.ok ? answer.value : '');
}

async function describeOnDevices(mount: Mount, look: Look): Promise<Volume> {
  const plain = withoutDisks(mount, '');
  const found = await findDevices(mount, look.tools);
  if (!found.ok) return {...plain, physical: {known: false, why: found.cause.message}};
  const {devices, uuid} = found.value;
  const describe = (path: string) => describeImageFile(path, look);
  const disks = joinDisks(
    await Promise.all(devices.map((device) => findDisks(device, {tools: look.tools, describe}))),
  );
  const [first] = devices;
  const told = {label: first?.label ?? null, uuid: uuid ?? first?.uuid ?? null};
  const asked =
    told.label !== null && told.uuid !== null
      ? told
      : await askBlkid(first && `/dev/${first.kname}`, look.tools);
  const sizes = devices.map((device) => device.size);
  const {medium: _, ...facts} = disks;
  return {
    ...plain,
    ...facts,
    kind: kindOn(disks, plain.kind),
    label: told.label ?? asked.label,
    uuid: told.uuid ?? asked.uuid,
    size: sizes.includes(null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
  };
}

async function describeImageFile(path: string, look: Look): Promise<Volume> {
  if (look.images >= MAX_IMAGES) return unknownVolume(path, 'it is an image on too many images');
  const mount = findMount(look.mounts, path);
  if (mount === undefined) return unknownVolume(path, 'no mount holds its image');
  return describeMount(mount, {...look, images: look.images + 1});
}

/** All that the mount table itself tells. */
function withoutDisks(mount: Mount, why: string): Volume {
  const {mountPoint, source, fileSystem} = mount;
  const kind = classifyFileSystem(mount);
  return {...unknownVolume(mountPoint, why), device: source, fileSystem, kind};
}

async function describeMount(mount: Mount, look: Look): Promise<Volume> {
  const kind = classifyFileSystem(mount);
  switch (kind) {
    case 'ram':
      return withoutDisks(mount, 'it is in memory, not on a disk');
    case 'network':
      return {
        ...withoutDisks(mount, ''),
        physical: networkDrives(mount, namesOfThisComputer()),
      };
    case 'unknown':
      return withoutDisks(mount, `the file system ${mount.fileSystem} does not tell its disk`);
    case 'disk':
    case 'fuse':
      return describeOnDevices(mount, look);
    default:
      return unreachable(kind);
  }
}

async function readMounts(tools: VolumeTools): Promise<readonly Mount[]> {
  const text = await tools.readText('/proc/self/mountinfo');
  return text.ok ? parseMountinfo(text.value) : [];
}

/** @param path absolute, with links followed. */
export async function describeLinuxVolume(path: string, tools: VolumeTools): Promise<Volume> {
  const mounts = await readMounts(tools);
  const mount = findMount(mounts, path);
  if (mount === undefined)
    return unknownVolume(path, 'the mount table does not tell a mount there');
  return describeMount(mount, {tools, mounts, images: 0});
}

export async function listLinuxVolumes(tools: VolumeTools): Promise<readonly Volume[]> {
  const mounts = await readMounts(tools);
  const look = {tools, mounts, images: 0};
  return Promise.all(chooseListedMounts(mounts).map((mount) => describeMount(mount, look)));
}
