import type {VolumeKind} from '../drive.ts';

/** File systems that live in memory (names as in `/proc/filesystems`; tmpfs also on macOS). */
const IN_MEMORY = new Set(['tmpfs', 'ramfs', 'devtmpfs', 'rootfs', 'hugetlbfs']);

/**
 * File systems whose bytes come from another computer, or from the host of a virtual machine: somebody else's cache answers.
 * The names are those of mount(8) on Linux and macOS; `fuse.` is added by libfuse.
 */
const OVER_A_NETWORK = new Set([
  ...['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', 'ncpfs', 'afs', 'coda', '9p', 'virtiofs'],
  ...['ceph', 'glusterfs', 'lustre', 'beegfs', 'orangefs'],
  ...['afpfs', 'webdav', 'davfs', 'ftp', 'drvfs', 'vboxsf', 'vmhgfs', 'prl_fs'],
  ...['sshfs', 'fuse.sshfs', 'fuse.rclone', 'fuse.s3fs', 'fuse.davfs', 'fuse.davfs2'],
  ...['fuse.curlftpfs', 'fuse.glusterfs', 'fuse.ceph', 'fuse.ceph-fuse', 'fuse.smbnetfs'],
  ...['fuse.gcsfuse', 'fuse.goofys', 'fuse.juicefs', 'fuse.vmhgfs-fuse'],
]);

/** Kernel file systems that are on disks without naming one as `/dev/…`. */
const WITHOUT_DEVICE_NAME = new Set(['zfs']);

/** Drivers in user space: fuseblk is how Linux names those on a block device, the others are macOS's. */
const IN_USER_SPACE = /^(fuseblk|fuse|fuse\..+|macfuse|osxfuse|macfuse_.+|osxfuse_.+)$/;

/**
 * @param fileSystem as the mount table has it, `source` likewise.
 * @returns `fuse` for a driver in user space on a local device; `unknown` for all that shows other file systems (overlay) or none.
 */
export function classifyFileSystem(mounted: {
  readonly fileSystem: string;
  readonly source: string;
}): VolumeKind {
  const {fileSystem, source} = mounted;
  if (IN_MEMORY.has(fileSystem)) return 'ram';
  if (OVER_A_NETWORK.has(fileSystem)) return 'network';
  if (WITHOUT_DEVICE_NAME.has(fileSystem)) return 'disk';
  if (!source.startsWith('/dev/')) return 'unknown';
  return IN_USER_SPACE.test(fileSystem) ? 'fuse' : 'disk';
}
