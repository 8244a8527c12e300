/** SQLite takes some ten seconds for each GB that it looks through: a thread does it, so that the program answers meanwhile. */
import {Worker} from 'node:worker_threads';
import {type Cause, failed, ok, type Result} from '../../core/cause.ts';
import {type CheckedCopy, type LookedThrough, lookThrough} from './look-through.ts';

export {MAIN_TABLES} from './look-through.ts';
export type {CheckedCopy};

/** The thread's own file lies beside the built program. From the sources there are no threads: node cannot read them. */
const BUILT_THREAD = import.meta.url.endsWith('.ts')
  ? undefined
  : new URL('./lrcat-thread.js', import.meta.url);

/**
 * @param path of a copy that nobody else opens, absolute.
 * @param thread the file that the thread runs.
 * @returns what SQLite finds in it; or `lrcat-unchecked`, which says nothing of the catalog.
 */
export async function checkCopy(
  path: string,
  thread: URL | undefined = BUILT_THREAD,
): Promise<Result<CheckedCopy>> {
  const looked = (thread && (await askThread(path, thread))) ?? (await lookThrough(path));
  return 'copy' in looked ? ok(looked.copy) : failed(unchecked(path, looked.trouble));
}

/** @returns undefined where no thread starts: then this one looks. */
function askThread(path: string, thread: URL): Promise<LookedThrough | undefined> {
  return new Promise((resolve) => {
    const worker = new Worker(thread, {workerData: path});
    worker.once('message', resolve);
    worker.once('error', () => resolve(undefined));
    worker.once('exit', () => resolve(undefined));
  });
}

const unchecked = (path: string, why: string): Cause => ({
  code: 'lrcat-unchecked',
  path,
  message: `SQLite could not look through the copy (${why})`,
  next: 'Check the disk of this computer and its room, then run the same command again.',
});
