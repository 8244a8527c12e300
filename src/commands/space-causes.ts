/** Why something does not fit on a drive. */
import type {Cause} from '../core/cause.ts';
import {formatBytes} from '../core/format-amounts.ts';
import {printable} from '../core/printable.ts';

/** @param size bytes. @param name what a person calls the drive. */
export const tooLarge = ({path, size}: {path: string; size: number}, name: string): Cause => ({
  code: 'file-too-large',
  path,
  message: `${printable(path)} has ${formatBytes(size)}, and ${printable(name)} is formatted with FAT, which holds files up to 4.3 GB`,
  next: 'Use a drive that is formatted with exFAT, APFS, NTFS or ext4.',
});

/** @param full `bytes` are needed, `free` are there. */
export const tooFull = (full: {to: string; name: string; bytes: number; free: number}): Cause => ({
  code: 'not-enough-space',
  path: full.to,
  message: `${printable(full.name)} has ${formatBytes(full.free)} free and needs ${formatBytes(full.bytes)}`,
  next: `Free ${formatBytes(full.bytes - full.free)} there or give another --to.`,
});
