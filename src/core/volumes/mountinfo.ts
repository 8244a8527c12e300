/**
 * The mount table of Linux, `/proc/self/mountinfo` (format: proc_pid_mountinfo(5), and in the kernel's
 * Documentation/filesystems/proc.rst, section 3.5).
 */
export interface Mount {
  readonly id: number;
  readonly parentId: number;
  /** `major:minor` of the files on it; major 0 means that no single block device is below (btrfs, network, memory). */
  readonly deviceNumber: string;
  /** The folder of the file system that is mounted here: not `/` for bind mounts and subvolumes. */
  readonly root: string;
  readonly mountPoint: string;
  readonly fileSystem: string;
  readonly source: string;
  /** Options of the file system as a whole, joined by commas. */
  readonly options: string;
}

/** The kernel writes space, tab, newline, backslash and `#` as a backslash with three octal digits. */
function decodeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

function parseLine(line: string): Mount | undefined {
  const words = line.split(' ');
  // Between the six fixed fields and `-` stands any number of optional ones (`shared:1`).
  const dash = words.indexOf('-', 6);
  const [id, parentId, deviceNumber, root, mountPoint] = words;
  const [fileSystem, source, options] = words.slice(dash + 1);
  if (dash === -1 || !mountPoint?.startsWith('/') || !fileSystem) return undefined;
  if (root === undefined || !deviceNumber || !/^\d+:\d+$/.test(deviceNumber)) return undefined;
  return {
    id: Number(id),
    parentId: Number(parentId),
    deviceNumber,
    root: decodeOctal(root),
    mountPoint: decodeOctal(mountPoint),
    fileSystem: decodeOctal(fileSystem),
    source: decodeOctal(source ?? ''),
    options: decodeOctal(options ?? ''),
  };
}

/** @returns the mounts in the order of the table; lines that are not understood are left out. */
export function parseMountinfo(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => parseLine(line) ?? []);
}

function holds(mountPoint: string, path: string): boolean {
  if (mountPoint === '/') return path.startsWith('/');
  return path === mountPoint || path.startsWith(`${mountPoint}/`);
}

/** Of the mounts that hold the path the one that a walk from the left meets first; of two at one place the later one. */
function firstOnTheWay(mounts: readonly Mount[]): Mount | undefined {
  const shortest = Math.min(...mounts.map((mount) => mount.mountPoint.length));
  return mounts.findLast((mount) => mount.mountPoint.length === shortest);
}

/**
 * The mount that a path is on. Walks as the kernel does, from parent to child, so that a mount hidden below a later one does not
 * count. Where the parents are not in the table (chroot) the longest mount point wins, and of two the later one.
 * @param path absolute, without `.`, `..` and links.
 */
export function findMount(mounts: readonly Mount[], path: string): Mount | undefined {
  const onTheWay = mounts.filter((mount) => holds(mount.mountPoint, path));
  const ids = new Set(mounts.map((mount) => mount.id));
  let current = onTheWay.find(
    (mount) =>
      mount.mountPoint === '/' && (mount.parentId === mount.id || !ids.has(mount.parentId)),
  );
  if (current === undefined) {
    const longest = Math.max(...onTheWay.map((mount) => mount.mountPoint.length));
    return onTheWay.findLast((mount) => mount.mountPoint.length === longest);
  }
  const left = new Set(onTheWay);
  for (;;) {
    left.delete(current);
    const parent: Mount = current;
    const next = firstOnTheWay([...left].filter((mount) => mount.parentId === parent.id));
    if (next === undefined) return current;
    current = next;
  }
}
