/** The verbs that list volumes, name them, give them roles and places, adopt clones and forget what is lost. */
export {changeVolume, type VolumeChange} from './change-volume.ts';
export {forgetVolume} from './forget-volume.ts';
export {listVolumes} from './list-volumes.ts';
