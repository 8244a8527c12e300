import {formOf, kindOf} from '../survey/file-kind.ts';
import type {TreePath} from './mirror-tree.ts';
import {foldersAbove, nameOf} from './walk-order.ts';

/** @returns true for raw files and films: cameras write them once, and programs keep what they say of them beside them. A DNG is none of them: what is said of it is written into it. */
export function neverChanges(path: TreePath): boolean {
  const form = formOf(path);
  return form === 'film' || (form === 'raw' && kindOf(path) !== 'DNG');
}

/** Files of an offload's record: `<shoot>/_offload/<id>.json` and `.b3` (design, section 6). */
const OFFLOAD_RECORD = /(?:^|\/)_offload\/[^/]+\.(?:json|b3)$/;

/** @returns true for records that an offload or an ASC MHL history keeps of the drive on which they lie: they differ from drive to drive on purpose. */
export function isDriveRecord(path: TreePath): boolean {
  if (OFFLOAD_RECORD.test(path)) return true;
  return foldersAbove(path).some((folder) => nameOf(folder) === 'ascmhl');
}
