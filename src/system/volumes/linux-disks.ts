import {failed, ok, type Result} from '../../core/cause.ts';
import type {Volume} from '../../core/drive.ts';
import {type DiskFacts, disksOf, joinDisks, unknownDisks} from '../../core/volumes/disk-facts.ts';
import {
  type BlockDevice,
  findLowest,
  LSBLK_ARGUMENTS,
  parseLsblk,
  wholeDisk,
} from '../../core/volumes/lsblk-disks.ts';
import type {VolumeTools} from './volume-tools.ts';

/** What lsblk tells of one device node and all that is below it. */
export async function askLsblk(node: string, tools: VolumeTools): Promise<Result<BlockDevice>> {
  const answer = await tools.run('lsblk', [...LSBLK_ARGUMENTS, node]);
  return answer.ok ? parseLsblk(answer.value) : answer;
}

/** The file behind a loop device, as the kernel shows it in sysfs-block(5) `loop/backing_file`. */
async function readBackingFile(kname: string, tools: VolumeTools): Promise<Result<string>> {
  const text = await tools.readText(`/sys/block/${kname}/loop/backing_file`);
  if (!text.ok) return text;
  const path = text.value.replace(/\n$/, '');
  // The kernel marks a file that was deleted, or unmounted lazily, while the loop device still uses it.
  if (path.startsWith('/') && !path.endsWith(' (deleted)')) return ok(path);
  return failed({code: 'no-file', message: 'its file is gone', next: 'Attach the image again.'});
}

/** Describes the volume that holds a path: how a loop device finds the disks of its file. */
export type Describe = (path: string) => Promise<Volume>;

async function lowestDisk(
  device: BlockDevice,
  {tools, describe}: {readonly tools: VolumeTools; readonly describe: Describe},
): Promise<DiskFacts> {
  if (device.type !== 'loop') return wholeDisk(device);
  const file = await readBackingFile(device.kname, tools);
  if (!file.ok) return unknownDisks(`${device.kname} is an image, and ${file.cause.message}`);
  return disksOf(await describe(file.value));
}

/** The whole disks below a device; an image counts as the disks of the volume that holds its file. */
export async function findDisks(
  device: BlockDevice,
  below: {readonly tools: VolumeTools; readonly describe: Describe},
): Promise<DiskFacts> {
  return joinDisks(await Promise.all(findLowest(device).map((each) => lowestDisk(each, below))));
}
