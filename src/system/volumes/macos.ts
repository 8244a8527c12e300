import type {Result} from '../../core/cause.ts';
import type {Volume} from '../../core/drive.ts';
import {unreachable} from '../../core/unreachable.ts';
import {
  type DiskFacts,
  disksOf,
  joinDisks,
  kindOn,
  unknownDisks,
  unknownVolume,
} from '../../core/volumes/disk-facts.ts';
import {type DiskInfo, parseDiskInfo, stepDown} from '../../core/volumes/diskutil.ts';
import {classifyFileSystem} from '../../core/volumes/file-system-kind.ts';
import {findImagePath} from '../../core/volumes/hdiutil.ts';
import {
  chooseListedMacMounts,
  type MacMount,
  parseDfMountPoint,
  parseMacMounts,
} from '../../core/volumes/mac-mounts.ts';
import {networkDrives} from '../../core/volumes/network-drives.ts';
import {namesOfThisComputer} from './this-computer.ts';
import type {VolumeTools} from './volume-tools.ts';

/** Volume, store, whole disk, image, and again: more steps are a circle. */
const MAX_STEPS = 16;

interface Look {
  readonly tools: VolumeTools;
  readonly steps: number;
  /** True below an APFS container: see {@link stepDown}. */
  readonly isStore: boolean;
}

async function askDiskutil(device: string, tools: VolumeTools): Promise<Result<DiskInfo>> {
  const answer = await tools.run('diskutil', ['info', '-plist', device]);
  return answer.ok ? parseDiskInfo(answer.value) : answer;
}

async function findImageDisks(device: string, look: Look): Promise<DiskFacts> {
  const answer = await look.tools.run('hdiutil', ['info', '-plist']);
  const path = answer.ok ? findImagePath(answer.value, device) : undefined;
  if (path?.startsWith('ram://'))
    return {...unknownDisks(`${device} is in memory, not on a disk`), medium: 'ram'};
  if (!path?.startsWith('/'))
    return unknownDisks(`${device} is a disk image, and its file is not told`);
  return disksOf(await describePath(path, {...look, isStore: false}));
}

async function findDeviceDisks(device: string, look: Look): Promise<DiskFacts> {
  const info = await askDiskutil(device, look.tools);
  return info.ok ? findInfoDisks(info.value, look) : unknownDisks(info.cause.message);
}

async function findInfoDisks(info: DiskInfo, look: Look): Promise<DiskFacts> {
  if (look.steps > MAX_STEPS) return unknownDisks(`the disks below ${info.device} form a circle`);
  const below = {...look, steps: look.steps + 1};
  const step = stepDown(info, look.isStore);
  switch (step.to) {
    case 'nowhere':
      return unknownDisks(step.why);
    case 'image':
      return findImageDisks(step.device, below);
    case 'whole':
      return findDeviceDisks(step.device, below);
    case 'stores': {
      const store = {...below, isStore: true};
      return joinDisks(
        await Promise.all(step.devices.map((device) => findDeviceDisks(device, store))),
      );
    }
    case 'disk':
      return {
        physical: {known: true, ids: [`disk:${step.device}`]},
        rotating: info.solidState === null ? null : !info.solidState,
        model: info.model,
        removable: info.removable,
        medium: 'disk',
      };
    default:
      return unreachable(step);
  }
}

async function describeMacMount(mount: MacMount, look: Look): Promise<Volume> {
  const {source, mountPoint, fileSystem, flags} = mount;
  const kind = classifyFileSystem(mount);
  const plain = {...unknownVolume(mountPoint, ''), device: source, fileSystem, kind};
  if (kind === 'network') {
    const options = flags.join(',');
    const physical = networkDrives({source, fileSystem, options}, namesOfThisComputer());
    return {...plain, physical};
  }
  if (kind === 'ram' || kind === 'unknown') {
    const why = kind === 'ram' ? 'it is in memory' : `${fileSystem} does not tell its disk`;
    return {...plain, physical: {known: false, why}};
  }
  const info = await askDiskutil(source, look.tools);
  if (!info.ok) return {...plain, physical: {known: false, why: info.cause.message}};
  const disks = await findInfoDisks(info.value, look);
  const {medium: _, ...facts} = disks;
  const {label, uuid, size} = info.value;
  return {...plain, ...facts, label, uuid, size, kind: kindOn(disks, kind)};
}

async function readMacMounts(tools: VolumeTools): Promise<readonly MacMount[]> {
  const answer = await tools.run('mount', []);
  return answer.ok ? parseMacMounts(answer.value) : [];
}

async function describePath(path: string, look: Look): Promise<Volume> {
  const df = await look.tools.run('df', ['-P', path]);
  const mountPoint = df.ok ? parseDfMountPoint(df.value) : undefined;
  const mounts = await readMacMounts(look.tools);
  const mount = mounts.findLast((each) => each.mountPoint === mountPoint);
  if (mount === undefined) return unknownVolume(path, 'macOS does not tell on which volume it is');
  return describeMacMount(mount, look);
}

/** @param path absolute, with links followed. */
export async function describeMacVolume(path: string, tools: VolumeTools): Promise<Volume> {
  return describePath(path, {tools, steps: 0, isStore: false});
}

export async function listMacVolumes(tools: VolumeTools): Promise<readonly Volume[]> {
  const mounts = chooseListedMacMounts(await readMacMounts(tools)).filter(
    (mount) => classifyFileSystem(mount) !== 'unknown',
  );
  return Promise.all(
    mounts.map((mount) => describeMacMount(mount, {tools, steps: 0, isStore: false})),
  );
}
