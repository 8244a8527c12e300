import type {Volume} from '../core/drive.ts';
import type {NamingRules} from '../core/safe-names.ts';

/** File systems that hold every name but `/` and NUL, in any case. */
const POSIX = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'zfs',
  'f2fs',
  'bcachefs',
  'jfs',
  'reiserfs',
  'nilfs2',
  'tmpfs',
  'ramfs',
  'overlay',
]);
const APPLE = new Set(['apfs', 'hfs', 'hfs+']);

/** The family of Windows, where two Unicode forms of a name are two names. `fuseblk` is exFAT or NTFS. */
const KEEPS_FORMS = new Set(['exfat', 'vfat', 'msdos', 'ntfs', 'ntfs3', 'fuseblk', 'fat32']);

/** NAME_MAX of Linux (limits.h), in bytes; exFAT, NTFS and APFS count 255 UTF-16 units. */
const LONGEST_NAME = 255;

/**
 * Which names a destination can hold, by its file system. What is not known for certain gets the strictest rules: the backup may be read on another
 * computer.
 */
export function namingRulesOf({fileSystem}: Volume): NamingRules {
  const name = fileSystem.toLowerCase();
  if (POSIX.has(name)) {
    return {
      family: 'posix',
      caseSensitive: true,
      normalizes: false,
      maxBytes: LONGEST_NAME,
      maxUnits: null,
    };
  }
  if (APPLE.has(name)) {
    return {
      family: 'posix',
      caseSensitive: false,
      normalizes: true,
      maxBytes: null,
      maxUnits: LONGEST_NAME,
    };
  }
  // On Linux a name on exFAT or NTFS must also fit the kernel's 255 bytes.
  return {
    family: 'windows',
    caseSensitive: false,
    normalizes: !KEEPS_FORMS.has(name),
    maxBytes: LONGEST_NAME,
    maxUnits: LONGEST_NAME,
  };
}

/** FAT12, FAT16 and FAT32 hold files up to 4 GiB less one byte (Microsoft, "FAT32 File System Specification", 1.03). */
const FAT_LIMIT = 2 ** 32 - 1;
const FAT = new Set([
  'vfat',
  'msdos',
  'fat',
  'fat16',
  'fat32',
  'fusefat',
  'fuse.fusefat',
  'msdosfs',
]);

/** Bytes of the largest file that the file system can hold, or null when no card has a larger one. */
export function largestFileOn({fileSystem}: Volume): number | null {
  return FAT.has(fileSystem.toLowerCase()) ? FAT_LIMIT : null;
}
