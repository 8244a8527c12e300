import {type Cause, failed, ok, type Result} from '../../core/cause.ts';
import type {Volume} from '../../core/drive.ts';
import {parseMountinfo} from '../../core/volumes/mountinfo.ts';
import type {Ejected} from '../eject.ts';
import type {VolumeTools} from '../volumes/index.ts';
import {
  couldNotEject,
  inUse,
  isNoDrive,
  isNotAllowed,
  isStillMounted,
  isSystemVolume,
} from './causes.ts';
import {type DiskUse, LSBLK_ARGUMENTS, parseDiskUse} from './disk-use.ts';

/** Places of the system and of its users' homes. Below `/var`, `/media`, `/mnt` and `/run/media` drives of people can lie. */
const SYSTEM_PLACES =
  /^\/(?:(?:boot|dev|efi|etc|nix|proc|snap|sys|usr)(?:\/.*)?|home(?:\/[^/]+)?|opt|root|run|srv|tmp|var(?:\/(?:cache|home|lib|log|spool|tmp))?)?$/;

export async function ejectLinuxVolume(
  volume: Volume,
  tools: VolumeTools,
): Promise<Result<Ejected>> {
  if (SYSTEM_PLACES.test(volume.mountPoint)) return failed(isSystemVolume(volume));
  const isOwn = volume.kind !== 'network' && volume.kind !== 'unknown';
  if (!isOwn || !volume.device.startsWith('/dev/')) return failed(isNoDrive(volume));
  // Somebody else was quicker, or the card was pulled.
  if ((await lookFor(volume, tools)) === 'gone') return ok(await releaseDisk(volume, tools));
  const unmounted = await unmount(volume, tools);
  if (!unmounted.ok) return unmounted;
  const place = await lookFor(volume, tools);
  if (place === 'there') return failed(isStillMounted(volume));
  const isFlushed = place === 'gone' && unmounted.value.flushed;
  return ok(isFlushed ? await releaseDisk(volume, tools) : 'unmounted');
}

/** `unknown` where the mount table cannot be read. */
async function lookFor(
  {mountPoint, device}: Volume,
  tools: VolumeTools,
): Promise<'there' | 'gone' | 'unknown'> {
  const table = await tools.readText('/proc/self/mountinfo');
  if (!table.ok) return 'unknown';
  const isThere = parseMountinfo(table.value).some(
    (mount) => mount.mountPoint === mountPoint && mount.source === device,
  );
  return isThere ? 'there' : 'gone';
}

/**
 * By udisks, which lets a user of the desktop do it without a password; it is not asked to bring one up, because its question would
 * be drawn over the screen of this program. Where it is missing or cannot (no bus, another user), by umount(8).
 */
async function unmount(
  volume: Volume,
  tools: VolumeTools,
): Promise<Result<{readonly flushed: boolean}>> {
  const {device, mountPoint} = volume;
  const options = ['--no-user-interaction', '-b', device];
  const asked = await tools.run('udisksctl', ['unmount', ...options]);
  if (asked.ok && (await lookFor(volume, tools)) !== 'there') return ok({flushed: true});
  if (!asked.ok && saysBusy(asked.cause))
    return failed(inUse(volume, await findUsers(volume, tools)));
  const plain = await tools.run('umount', [mountPoint]);
  if (plain.ok) return ok({flushed: await flush(device, tools)});
  if (saysBusy(plain.cause)) return failed(inUse(volume, await findUsers(volume, tools)));
  const isAllowed = ![asked, plain].some((answer) => !answer.ok && saysForbidden(answer.cause));
  return failed(isAllowed ? couldNotEject(volume, plain.cause.message) : isNotAllowed(volume));
}

/** udisks 2.9: `…UDisks2.Error.DeviceBusy: Error unmounting /dev/sdb1: target is busy`; util-linux 2.38: `umount: /media/E: target is busy.` */
const saysBusy = ({message}: Cause) => /DeviceBusy|is busy/i.test(message);

/** `…UDisks2.Error.NotAuthorized…`, `umount: /media/E: must be superuser to unmount.`, `… Operation not permitted`. */
const saysForbidden = ({message}: Cause) =>
  /NotAuthorized|superuser|not permitted|permission denied/i.test(message);

/** The programs with open files on it, by lsof(8) where that is installed; a user sees only those that are his. */
async function findUsers({mountPoint}: Volume, tools: VolumeTools): Promise<readonly string[]> {
  const answer = await tools.run('lsof', ['-w', '-F', 'c', mountPoint]);
  if (!answer.ok) return [];
  const names = answer.value.split('\n').filter((line) => line.startsWith('c'));
  return [...new Set(names.map((line) => line.slice(1)))].slice(0, 3);
}

/** The device alone when this user may open it; all drives otherwise, which takes as long as they have to write. */
async function flush(device: string, tools: VolumeTools): Promise<boolean> {
  if ((await tools.run('sync', [device])).ok) return true;
  return (await tools.run('sync', [])).ok;
}

/** What may be done with the disk below, once the volume is unmounted. */
async function releaseDisk(volume: Volume, tools: VolumeTools): Promise<Ejected> {
  const answer = await tools.run('lsblk', LSBLK_ARGUMENTS);
  const disks = answer.ok ? parseDiskUse(answer.value) : [];
  const holders = disks.filter(({nodes}) => nodes.includes(volume.device));
  const [disk] = holders;
  if (disk === undefined || holders.length > 1 || disk.isUsed) return 'unmounted';
  // The card comes out and its reader stays: without power the reader would not see the next card until it is plugged in again.
  if (disk.isSlot) return 'safe-to-pull';
  if (disk.type !== 'disk' || !(await isAloneOnUsb(disk, disks, tools))) return 'unmounted';
  const off = ['power-off', '--no-user-interaction', '-b', `/dev/${disk.kname}`];
  return (await tools.run('udisksctl', off)).ok ? 'safe-to-pull' : 'unmounted';
}

/** The power goes off for the whole USB device, and with it every other slot or bay of it that has a medium (udisksctl(1), `power-off`). */
async function isAloneOnUsb(
  disk: DiskUse,
  disks: readonly DiskUse[],
  tools: VolumeTools,
): Promise<boolean> {
  const own = await findUsbDevice(disk.kname, tools);
  if (own === undefined) return false;
  const others = disks.filter(({kname}) => kname !== disk.kname);
  const devices = await Promise.all(others.map(({kname}) => findUsbDevice(kname, tools)));
  return !devices.includes(own);
}

/**
 * `/sys/block/sdb` leads to `…/usb2/2-1/2-1.3/2-1.3:1.0/host6/…/block/sdb`; the last `bus-port.port` in it is the USB device
 * (sysfs names of the kernel's USB devices: Documentation/ABI/stable/sysfs-bus-usb).
 */
async function findUsbDevice(kname: string, tools: VolumeTools): Promise<string | undefined> {
  const path = await tools.resolvePath(`/sys/block/${kname}`);
  return path.ok ? /^.*\/\d+-\d+(?:\.\d+)*(?=\/)/.exec(path.value)?.[0] : undefined;
}
