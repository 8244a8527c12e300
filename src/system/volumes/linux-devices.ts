import {failed, ok, type Result} from '../../core/cause.ts';
import type {BlockDevice} from '../../core/volumes/lsblk-disks.ts';
import type {Mount} from '../../core/volumes/mountinfo.ts';
import {parsePoolDevices} from '../../core/volumes/zpool-status.ts';
import {askLsblk} from './linux-disks.ts';
import type {VolumeTools} from './volume-tools.ts';

const untold = (message: string) =>
  failed({code: 'device-unknown', message, next: 'Use a drive with its own file system.'});

/** `/dev/sdb1`: sysfs names the device of a number (sysfs, `uevent`), also where the mount table says `/dev/root`. */
async function nodeOfNumber(mount: Mount, tools: VolumeTools): Promise<string | undefined> {
  if (mount.deviceNumber.startsWith('0:')) return undefined;
  const uevent = await tools.readText(`/sys/dev/block/${mount.deviceNumber}/uevent`);
  const name = uevent.ok ? /^DEVNAME=(.+)$/m.exec(uevent.value)?.[1] : undefined;
  return name === undefined ? undefined : `/dev/${name}`;
}

/** findmnt shows a subvolume as `/dev/sda1[/photos]`; bcachefs joins several devices by `:`. */
function nodesOfSource({fileSystem, source}: Mount): readonly string[] {
  if (fileSystem === 'bcachefs') return source.split(':');
  return [fileSystem === 'btrfs' ? source.replace(/\[\/[^\]]*\]$/, '') : source];
}

async function listFolder(path: string, tools: VolumeTools): Promise<readonly string[]> {
  const names = await tools.run('ls', [path]);
  return names.ok ? names.value.split('\n').filter((name) => name !== '') : [];
}

/** Every mounted btrfs has a folder with links to all its devices: `/sys/fs/btrfs/UUID/devices` (btrfs(5)). */
async function findBtrfsDevices(
  device: BlockDevice,
  tools: VolumeTools,
): Promise<{readonly uuid: string; readonly knames: readonly string[]} | undefined> {
  const uuids = (await listFolder('/sys/fs/btrfs', tools)).filter((name) => name.includes('-'));
  for (const uuid of uuids) {
    const knames = await listFolder(`/sys/fs/btrfs/${uuid}/devices`, tools);
    if (knames.includes(device.kname)) return {uuid, knames};
  }
  return undefined;
}

/** The block devices that hold one file system, and its id where that is learned on the way. */
export interface MountDevices {
  readonly devices: readonly BlockDevice[];
  readonly uuid: string | null;
}

async function askAll(
  nodes: readonly string[],
  tools: VolumeTools,
): Promise<Result<readonly BlockDevice[]>> {
  const devices: BlockDevice[] = [];
  for (const answer of await Promise.all(nodes.map((node) => askLsblk(node, tools)))) {
    if (!answer.ok) return answer;
    devices.push(answer.value);
  }
  return ok(devices);
}

async function addBtrfsMembers(
  device: BlockDevice,
  tools: VolumeTools,
): Promise<Result<MountDevices>> {
  const set = await findBtrfsDevices(device, tools);
  if (set === undefined) return untold('the devices of the btrfs file system are not told');
  // The kernel writes `/` in a device's name as `!`.
  const members = await askAll(
    set.knames.map((kname) => `/dev/${kname.replaceAll('!', '/')}`),
    tools,
  );
  return members.ok ? ok({devices: members.value, uuid: set.uuid}) : members;
}

async function findPoolNodes(mount: Mount, tools: VolumeTools): Promise<Result<readonly string[]>> {
  const pool = mount.source.split('/')[0] ?? '';
  const status = await tools.run('zpool', ['status', '-P', pool]);
  const nodes = status.ok ? parsePoolDevices(status.value) : undefined;
  return nodes === undefined ? untold(`the disks of the ZFS pool ${pool} are not told`) : ok(nodes);
}

/** All block devices below a mount: several for btrfs, ZFS and bcachefs. */
export async function findDevices(mount: Mount, tools: VolumeTools): Promise<Result<MountDevices>> {
  const node = await nodeOfNumber(mount, tools);
  const nodes =
    mount.fileSystem === 'zfs'
      ? await findPoolNodes(mount, tools)
      : ok(node === undefined ? nodesOfSource(mount) : [node]);
  if (!nodes.ok) return nodes;
  const devices = await askAll(nodes.value, tools);
  if (!devices.ok) return devices;
  const [first] = devices.value;
  if (mount.fileSystem === 'btrfs' && first !== undefined) return addBtrfsMembers(first, tools);
  return ok({devices: devices.value, uuid: null});
}
