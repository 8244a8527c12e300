import {ok, type Result} from '../../core/cause.ts';
import type {Signature} from '../../core/volumes/diff-volumes.ts';
import {chooseListedMounts} from '../../core/volumes/listed-mounts.ts';
import {type Mount, parseMountinfo} from '../../core/volumes/mountinfo.ts';
import type {VolumeTools} from './volume-tools.ts';
import type {SignatureSource} from './watch-volumes.ts';

/**
 * The mount table, and for each mount a small file of its device in sysfs. drivelist would start lsblk each time: 7 ms of CPU on the machine where this was measured, which
 * is 1 % of a core at this pace; these reads take 0.15 ms.
 */
const EVERY_MS = 700;

/** Where sysfs has the device of a mount: by its number, or by its name where the number says nothing (btrfs, drivers in user space). */
function findDeviceFolder({deviceNumber, source}: Mount): string | undefined {
  if (!deviceNumber.startsWith('0:')) return `/sys/dev/block/${deviceNumber}`;
  const name = /^\/dev\/([^/:]+)$/.exec(source)?.[1];
  return name === undefined ? undefined : `/sys/class/block/${name}`;
}

/**
 * A drive that is pulled without being unmounted stays in the mount table; its device is gone from sysfs. `uevent` also counts the media that were put into a
 * reader (`DISKSEQ`, Linux 5.15), so that another card at the same place is seen as another.
 * @returns undefined when the device is gone.
 */
async function markMount(mount: Mount, tools: VolumeTools): Promise<string | undefined> {
  const {id, deviceNumber, root, fileSystem, source} = mount;
  const plain = [id, deviceNumber, root, fileSystem, source].join(' ');
  const folder = findDeviceFolder(mount);
  if (folder === undefined) return plain;
  const uevent = await tools.readText(`${folder}/uevent`);
  if (uevent.ok) return `${plain} ${uevent.value}`;
  // A container may have no sysfs, or another one: what cannot be seen there is not gone.
  const isGone = uevent.cause.code === 'ENOENT' && (await tools.resolvePath('/sys/dev/block')).ok;
  return isGone ? undefined : plain;
}

export function linuxSignature(tools: VolumeTools): SignatureSource {
  let before: {readonly text: string; readonly mounts: readonly Mount[]} | undefined;
  return {
    everyMs: EVERY_MS,
    knowsAll: true,
    async readSignature(): Promise<Result<Signature>> {
      const table = await tools.readText('/proc/self/mountinfo');
      if (!table.ok) return table;
      if (before?.text !== table.value)
        before = {text: table.value, mounts: chooseListedMounts(parseMountinfo(table.value))};
      const marks = await Promise.all(
        before.mounts.map(
          async (mount) => [mount.mountPoint, await markMount(mount, tools)] as const,
        ),
      );
      return ok(
        new Map(marks.flatMap(([place, mark]) => (mark === undefined ? [] : [[place, mark]]))),
      );
    },
  };
}
