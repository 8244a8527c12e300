import {classifyFileSystem} from './file-system-kind.ts';
import {findMount, type Mount} from './mountinfo.ts';

/** Places of the system itself: nobody puts pictures there. */
const SYSTEM_PLACES =
  /^\/(proc|sys|dev|etc|boot|efi|snap|run(?!\/media\/)|var\/(snap|lib\/(docker|containers|snapd)))(\/|$)/;

/** Read-only images that packages are mounted from. */
const PACKAGE_IMAGES = new Set(['squashfs', 'erofs', 'fuse.snapfuse', 'fuse.squashfuse']);

function isForPeople(mount: Mount): boolean {
  const kind = classifyFileSystem(mount);
  return (
    (kind === 'disk' || kind === 'fuse' || kind === 'network') &&
    !PACKAGE_IMAGES.has(mount.fileSystem) &&
    !SYSTEM_PLACES.test(mount.mountPoint)
  );
}

/**
 * The mounts that a person would call a drive: devices and network shares that can be seen, each file system once. Of several places
 * of one file system the one that shows the whole of it counts, else the first (bind mounts, subvolumes).
 */
export function chooseListedMounts(mounts: readonly Mount[]): readonly Mount[] {
  const seen = mounts.filter(
    (mount) => isForPeople(mount) && findMount(mounts, mount.mountPoint) === mount,
  );
  const chosen = new Map<string, Mount>();
  for (const mount of seen) {
    const key = `${mount.deviceNumber} ${mount.source}`;
    const before = chosen.get(key);
    if (before === undefined || (before.root !== '/' && mount.root === '/')) chosen.set(key, mount);
  }
  return [...chosen.values()];
}
