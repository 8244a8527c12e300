/** One line of mount(8) on macOS: `/dev/disk4s1 on /Volumes/EOS_DIGITAL (exfat, local, nodev, nosuid, noowners)`. */
export interface MacMount {
  readonly source: string;
  readonly mountPoint: string;
  readonly fileSystem: string;
  /** What stands after the file system: `local`, `nobrowse`, `read-only`… */
  readonly flags: readonly string[];
}

export function parseMacMounts(text: string): readonly MacMount[] {
  return text.split('\n').flatMap((line) => {
    const [, source, mountPoint, rest] = /^(.+?) on (\/.*) \(([^()]*)\)$/.exec(line) ?? [];
    const [fileSystem, ...flags] = rest?.split(', ') ?? [];
    if (source === undefined || mountPoint === undefined || !fileSystem) return [];
    return {source, mountPoint, fileSystem, flags};
  });
}

/**
 * The mount point in the answer of `df -P PATH`: the system itself says on which volume a path is, firm links between the system
 * volume and the data volume included. POSIX gives the columns: source, blocks, used, available, capacity, mount point.
 */
export function parseDfMountPoint(text: string): string | undefined {
  const [, line] = text.trimEnd().split('\n');
  return /\s\d+\s+\d+\s+-?\d+\s+(?:\d+%|-)\s+(\/.*)$/.exec(line ?? '')?.[1];
}

/** Volumes that Finder hides (`nobrowse`) are parts of the system, except its root. */
export function chooseListedMacMounts(mounts: readonly MacMount[]): readonly MacMount[] {
  const systemPlaces = /^\/(dev|private\/var\/vm|System\/Volumes)(\/|$)/;
  return mounts.filter(
    ({mountPoint, flags}) =>
      mountPoint === '/' || (!flags.includes('nobrowse') && !systemPlaces.test(mountPoint)),
  );
}
