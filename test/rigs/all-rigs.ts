import {filledMeanwhile, tooSmall} from './disk-full.rig.ts';
import {exfatDestination} from './exfat-destination.rig.ts';
import {oddNames} from './odd-names.rig.ts';
import {oneDiskFolders, oneDiskImages} from './one-disk.rig.ts';
import {shutDownMeanwhile, unmountedMeanwhile} from './pulled-drive.rig.ts';
import type {Rig} from './rig.ts';
import {threeDrives} from './three-drives.rig.ts';
import {volatileDrive} from './volatile-drive.rig.ts';

/** In the order in which they run. */
export const allRigs: readonly Rig[] = [
  threeDrives,
  oneDiskFolders,
  oneDiskImages,
  exfatDestination,
  oddNames,
  volatileDrive,
  tooSmall,
  filledMeanwhile,
  unmountedMeanwhile,
  shutDownMeanwhile,
];
