import {ARCHIVE_FOLDER} from './backup/mirror-tree.ts';
import {isRunId} from './backup/run-moment.ts';

/** True for a folder of what one run of a mirror put into its archive: nothing in it lies where it was recorded. @param parent name of the folder around it. */
export const isArchiveOfRun = (parent: string, name: string): boolean =>
  parent === ARCHIVE_FOLDER && isRunId(name);
