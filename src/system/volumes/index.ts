/** Which volume a path lies on and which physical disks are below it. Callers use what this file names; it reads and never writes. */
export {describeVolume, listVolumes} from './describe-volume.ts';
export {type DetectedDrive, listDrives} from './drivelist.ts';
export {rememberAnswer, rememberAnswers} from './remember-answers.ts';
export {realVolumeTools, type VolumeTools} from './volume-tools.ts';
export {watchMounted} from './watch-mounted.ts';
export type {WatchVolumes} from './watch-volumes.ts';
