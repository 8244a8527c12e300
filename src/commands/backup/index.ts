/** The verbs that make backup jobs, run them and watch for them. */
export {addJob, editJob, removeJob} from './change-jobs.ts';
export {installJobs, uninstallJobs} from './install-jobs.ts';
export type {TypedJob} from './job-words.ts';
export {listJobs} from './list-jobs.ts';
export {runJobs} from './run-jobs.ts';
export {explainPictures} from './selection/explain.ts';
export {watchJobs} from './watch-jobs.ts';
