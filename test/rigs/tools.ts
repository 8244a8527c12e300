/** Programs of the system that rigs call. */
import {access, constants} from 'node:fs/promises';
import {delimiter, join} from 'node:path';
import {execa} from 'execa';

/** The Debian package of each (Debian 12). */
const PACKAGES = {
  b3sum: 'b3sum',
  blockdev: 'util-linux',
  chroot: 'coreutils',
  ddrescue: 'gddrescue',
  ddrescuelog: 'gddrescue',
  e2fsck: 'e2fsprogs',
  filefrag: 'e2fsprogs',
  fusermount3: 'fuse3',
  losetup: 'mount',
  gcc: 'build-essential',
  'mkfs.btrfs': 'btrfs-progs',
  'mkfs.exfat': 'exfatprogs',
  'mkfs.ext4': 'e2fsprogs',
  'mkfs.ntfs': 'ntfs-3g',
  'mkfs.xfs': 'xfsprogs',
  'mount.exfat-fuse': 'exfat-fuse',
  nbdfuse: 'nbdfuse',
  nbdkit: 'nbdkit',
  nsenter: 'util-linux',
  'ntfs-3g': 'ntfs-3g',
  rclone: 'rclone',
  rsync: 'rsync',
  setpriv: 'util-linux',
  'sftp-server': 'openssh-sftp-server',
  socat: 'socat',
  sshfs: 'sshfs',
  tar: 'tar',
  tmux: 'tmux',
  unshare: 'util-linux',
  unzip: 'unzip',
  wine: 'wine',
  wineserver: 'wine',
  xfs_io: 'xfsprogs',
  xmllint: 'libxml2-utils',
} as const;

export type Tool = keyof typeof PACKAGES;

/** Some systems keep these folders out of a user's PATH. */
const FOLDERS = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/sbin',
  '/sbin',
  '/usr/lib/openssh',
];

export const isRoot = process.getuid?.() === 0;

export async function hasTool(tool: string): Promise<boolean> {
  for (const folder of FOLDERS) {
    try {
      await access(join(folder, tool), constants.X_OK);
      return true;
    } catch {}
  }
  return false;
}

/** @returns the tools that are not there. */
export async function findMissing(tools: Iterable<Tool>): Promise<readonly Tool[]> {
  const missing: Tool[] = [];
  for (const tool of new Set(tools)) if (!(await hasTool(tool))) missing.push(tool);
  return missing;
}

/** Installs what is missing, as far as this system can; whether it worked is seen by looking again. */
export async function installMissing(tools: Iterable<Tool>): Promise<void> {
  const missing = await findMissing(tools);
  if (missing.length === 0 || !isRoot || !(await hasTool('apt-get'))) return;
  const packages = [...new Set(missing.map((tool) => PACKAGES[tool]))];
  const options = {stdin: 'ignore', reject: false, timeout: 300_000} as const;
  const env = {DEBIAN_FRONTEND: 'noninteractive'};
  await execa('apt-get', ['update', '-qq'], options);
  await execa('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    ...options,
    env,
  });
}

/** Runs a program of the system. @returns its stdout. @throws Error when it ends with another exit code than 0 or one of `okCodes`. */
export async function call(
  program: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly timeoutMs?: number;
    readonly okCodes?: readonly number[];
  } = {},
): Promise<string> {
  const answer = await execa(program, [...args], {
    stdin: 'ignore',
    reject: false,
    timeout: options.timeoutMs ?? 60_000,
    env: {PATH: FOLDERS.join(delimiter), LC_ALL: 'C.UTF-8'},
    ...(options.cwd === undefined ? {} : {cwd: options.cwd}),
  });
  if (answer.failed && !options.okCodes?.includes(answer.exitCode ?? -1)) {
    throw answer instanceof Error ? answer : new Error(`${program} failed`);
  }
  return answer.stdout;
}
