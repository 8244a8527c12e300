/** What SQLite throws about a catalog of Lightroom, as what it means. The numbers are the primary result codes of sqlite.org/rescode.html. */
import {adviseOn, type Cause, errnoOf} from '../../core/cause.ts';
import {isClosed, type LrcatState} from './look-at-lrcat.ts';

const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const CANTOPEN = 14;
const NOTADB = 26;

/** @throws the same value when SQLite did not throw it and no system call did. */
export function causeOfLrcat(error: unknown, path: string, state: LrcatState): Cause {
  const code = codeOf(error);
  const why = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : '';
  switch (code) {
    case undefined: {
      const errno = errnoOf(error);
      // A word of the package itself: an answer that it cannot give.
      if (errno === undefined) throw error;
      if (errno.startsWith('ERR_')) return unreadable(path, why);
      return {code: errno, path, message: `reading failed (${errno})`, next: adviseOn(errno)};
    }
    case BUSY:
    case LOCKED:
      return busyCause(path);
    case READONLY:
      // What was begun when it crashed must be taken back, which is a write.
      return crashed(path);
    case CANTOPEN:
      return isClosed(state) || state.mode === 'log' ? unlockable(path) : crashed(path);
    case CORRUPT:
    case NOTADB:
      return damaged(path, why);
    case IOERR:
      return {code: 'EIO', path, message: `reading it failed (${why})`, next: adviseOn('EIO')};
    default:
      return unreadable(path, why);
  }
}

function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = Reflect.get(error, 'errcode');
  // The low byte is the primary code, the rest tells more.
  if (typeof code === 'number') return code & 0xff;
  // While rows are iterated the package throws the text alone.
  if (error.message === 'database is locked') return BUSY;
  return error.message === 'database disk image is malformed' ? CORRUPT : undefined;
}

export const busyCause = (path: string): Cause => ({
  code: 'lrcat-busy',
  path,
  message: 'Lightroom holds the catalog, so that nobody else can read it',
  next: 'Quit Lightroom, or wait: it is tried again. Never delete the lock of an open catalog.',
});

export const crashed = (path: string): Cause => ({
  code: 'lrcat-crashed',
  path,
  message: 'Lightroom ended in the middle of a change, and only Lightroom can put that right',
  next: 'Open the catalog in Lightroom and quit it again.',
});

const unlockable = (path: string): Cause => ({
  code: 'lrcat-unlockable',
  path,
  message: 'the catalog cannot be read while it may be open: its drive knows no locks',
  next: 'Quit Lightroom. If it is not running, open the catalog in it once and quit it again, so that its lock goes away.',
});

export const damaged = (path: string, why: string): Cause => ({
  code: 'lrcat-damaged',
  path,
  message: `the catalog is damaged (${why})`,
  next: 'Open it in Lightroom, which offers to repair it, or bring back a snapshot with offload lightroom restore. The snapshots that there are stay.',
});

const unreadable = (path: string, why: string): Cause => ({
  code: 'lrcat-unreadable',
  path,
  message: `the catalog does not answer as one of Lightroom Classic does (${why})`,
  next: 'Name the .lrcat file of Lightroom Classic. If it is one, its version is newer than this program knows: get a newer offload.',
});

export const oddName = (path: string): Cause => ({
  code: 'lrcat-unreadable',
  path,
  message: 'its path has characters that SQLite cannot be told',
  next: 'Rename the folder or the catalog.',
});

export const noDriver = (error: unknown): Cause => ({
  code: 'lrcat-unavailable',
  message: `SQLite cannot be loaded on this computer (${error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)})`,
  next: 'Install the program again to get the part that is missing.',
});
