/** What the command line and the other commands have of cloud jobs. */
export {addCloud, editCloud, removeCloud} from './change-clouds.ts';
export type {TypedCloud} from './cloud-words.ts';
export {describeClouds} from './describe-clouds.ts';
export {type CloudCopy, CloudShelf, openShelf} from './fetch-from-cloud.ts';
export {listCloudNeeds, lookAtRclone} from './look-at-rclone.ts';
export {runCloud, runDueClouds} from './run-clouds.ts';
export {verifyCloud} from './verify-clouds.ts';
