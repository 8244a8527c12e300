/** The verbs of off-site copies: sets of drives that take turns, and clouds. */
export {addOffsite, editOffsite, removeOffsite} from './change-offsite.ts';
export {findWorkingFolder} from './find-working.ts';
export {runOffsite, verifyOffsite} from './run-offsite.ts';
export {tellOffsite} from './tell-offsite.ts';
export type {TypedOffsite} from './typed-offsite.ts';
