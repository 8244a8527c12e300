import {isArchiveName} from './mirror-leave-out.ts';
import type {TreePath} from './mirror-tree.ts';

/** A part that is none: empty, `.` or `..`. */
const NO_PART = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** @returns true for a path that stays below its folder, whatever wrote it. */
export const isTreePath = (path: string): path is TreePath =>
  path !== '' && !path.includes('\0') && !NO_PART.test(path);

/** @returns true for one part of a path. */
export const isTreeName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');

/** @returns true for a place that a copy may have: not one of this program's own, and not in the archive. */
export function isTargetPath(path: string): path is TreePath {
  if (!isTreePath(path)) return false;
  const parts = path.split('/');
  return !parts.some((part) => /^\.offload-/i.test(part)) && !isArchiveName(parts[0] ?? '');
}
