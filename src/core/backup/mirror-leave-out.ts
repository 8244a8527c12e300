/** What a mirror leaves out by itself, on both sides, so that a second look finds nothing to do. */
import {junkFileRule, junkFolderRule} from '../leave-out.ts';
import {ARCHIVE_FOLDER, type TreePath} from './mirror-tree.ts';
import {nameOf} from './walk-order.ts';

/** Letters of ASCII only, as the junk of systems is compared: FAT and exFAT give the same file under both. */
const lower = (name: string) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Temporary files, markers and the state of this program: its marker is `.offload-volume.json`, its folder `.offload-mirror`. */
const OWN = '.offload-';
const RECORDS = '_offload';
/** At the root of ext2 to ext4 (mklost+found(8)): e2fsck puts pieces into it, and only the system may look there. */
const LOST_AND_FOUND = 'lost+found';

/** @returns the rule that leaves a folder out with all that is in it, or undefined. @param parent empty for the folder of the job. */
export function folderRule(name: string, parent: TreePath): string | undefined {
  const junk = junkFolderRule(name);
  if (junk !== undefined) return junk;
  // The first character decides for nearly all.
  if (name.startsWith('.') && lower(name).startsWith(OWN)) return '.offload-*';
  if (parent !== '') return undefined;
  if (name === LOST_AND_FOUND) return LOST_AND_FOUND;
  return isArchiveName(name) ? ARCHIVE_FOLDER : undefined;
}

/** @returns true for the name of the archive at the root, in any case: exFAT would take the one for the other. */
export const isArchiveName = (name: string): boolean => lower(name) === ARCHIVE_FOLDER;

/** @returns the rule that leaves a file out, or undefined. */
export function fileRule(name: string, parent: TreePath): string | undefined {
  const junk = junkFileRule(name);
  if (junk !== undefined) return junk;
  if (name.startsWith('.') && lower(name).startsWith(OWN)) return '.offload-*';
  if (!parent.endsWith(RECORDS) || nameOf(parent) !== RECORDS) return undefined;
  if (name === 'lock') return '_offload/lock';
  return name.endsWith('.journal') ? '_offload/*.journal' : undefined;
}

/** What a job leaves out, by paths below the source folder. */
export type LeaveOut = (path: TreePath, isFolder: boolean) => boolean;

/** Of a job without filters. */
export const LEAVE_NOTHING: LeaveOut = () => false;

/** The rule under which a plan names what {@link LeaveOut} said. */
export const FILTER_RULE = 'filter';
