import type {Rig} from './rig.ts';
import {threeDrives} from './three-drives.rig.ts';

/** In the order in which they run. */
export const allRigs: readonly Rig[] = [threeDrives];
