import {dirname} from 'node:path';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../core/cause.ts';
import {type Clock, realClock} from '../system/clock.ts';
import type {FileFacts, Files} from '../system/files.ts';
import {realFiles} from '../system/real-files.ts';
import type {Catalog} from './catalog.ts';
import {bringUp, refuseDamage} from './schema.ts';
import {damagedCause, setAside, stuckCause} from './set-aside.ts';
import {type Database, loadSqlite, type OpenDatabase} from './sqlite.ts';
import {SqliteCatalog} from './sqlite-catalog.ts';
import {faultFrom, lockedCause, NOTHING_LOST} from './sqlite-faults.ts';
import {waitForLock} from './wait-for-lock.ts';

export type {Catalog};

export interface OpenCatalogOptions {
  readonly files?: Files;
  /** `catalog.sqlite` in the data folder, absolute. Folder and file are made when they are missing. */
  readonly path: string;
  readonly clock?: Clock;
  /** ms for which another program's lock is waited for. */
  readonly waitMs?: number;
  readonly load?: () => Promise<Result<OpenDatabase>>;
}

const WAIT_MS = 2000;

/** Times that a damaged catalog is set aside before something else must be wrong. */
const TRIES = 3;

/**
 * Opens the catalog, or makes an empty one. A damaged one is set aside as `catalog-damaged-<time>.sqlite`, and `notice` of the new one says so.
 * @returns why there is none: `catalog-unavailable`, `catalog-newer`, `catalog-foreign`, `catalog-locked`, `catalog-not-writable`, `catalog-not-a-file`, `catalog-disk-full`,
 * `catalog-disk-error`, `catalog-damaged` where it cannot be set aside, or an errno.
 */
export async function openCatalog(options: OpenCatalogOptions): Promise<Result<Catalog>> {
  const {files = realFiles, path, clock = realClock, waitMs = WAIT_MS, load = loadSqlite} = options;
  const open = await load();
  if (!open.ok) return open;
  const folder = await makeFolders(files, dirname(path));
  if (!folder.ok) return folder;
  let notice: Cause | null = null;
  for (let tried = 0; tried < TRIES; tried += 1) {
    const seen = await lookAt(files, path);
    if (!seen.ok) return seen;
    if (seen.value === null) await makeOwn(files, path);
    try {
      const opened = await waitForLock({clock, waitMs, path}, async () =>
        openFile(open.value, path),
      );
      if (!opened.ok) return opened;
      const now = await lookAt(files, path);
      if (!now.ok || now.value === null) return failed(now.ok ? gone(path) : now.cause);
      const setting = {path, files, clock, waitMs, notice, seen: now.value};
      return ok(new SqliteCatalog(opened.value, setting));
    } catch (error) {
      const fault = faultFrom(error, path);
      if (fault === undefined) throw error;
      if (fault.kind === 'locked') return failed(lockedCause(path));
      if (fault.kind === 'other') return failed(fault.cause);
      const aside = await setAside(files, {path, seen: seen.value, now: clock.now()});
      if (!aside.ok) return failed(stuckCause(path, fault.why, aside.cause));
      notice = damagedCause(path, fault.why, aside.value);
    }
  }
  return failed(notice ?? gone(path));
}

/** ms for which SQLite itself waits, and blocks; the rest is waited for in `wait-for-lock.ts`. */
const BLOCKING_MS = 50;

/** @throws what SQLite throws, a damaged file included. */
function openFile(open: OpenDatabase, path: string): Result<Database> {
  const db = open(path, {timeout: BLOCKING_MS});
  try {
    const up = bringUp(db, path);
    if (!up.ok) {
      db.close();
      return up;
    }
    refuseDamage(db);
    tune(db);
    return ok(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * A log beside the file where the file system takes one: readers and a writer do not stop each other then. Otherwise the answer is the mode that stays, and all works as well.
 * Commits are flushed: an offload that was noted and cut off by an empty battery is to be known.
 */
function tune(db: Database): void {
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = FULL');
  // KiB: hashes are scattered over their index, and pages that do not fit are written twice.
  db.exec('PRAGMA cache_size = -32000');
  // Bytes that the log may keep after a long transaction.
  db.exec('PRAGMA journal_size_limit = 16000000');
}

async function makeFolders(files: Files, folder: string): Promise<Result<void>> {
  try {
    const {kind} = await files.follow(folder);
    return kind === 'folder' ? ok(undefined) : failed(notAFolder(folder));
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || folder === dirname(folder)) {
      return failed(causeFrom(error, 'opening the folder of the catalog', folder));
    }
  }
  const above = await makeFolders(files, dirname(folder));
  if (!above.ok) return above;
  try {
    await files.makeFolder(folder, {onlyOwner: true});
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') {
      return failed(causeFrom(error, 'making the folder of the catalog', folder));
    }
  }
  return ok(undefined);
}

/** SQLite makes its files for everybody to read, and its log as the file is: who offloads what is nobody else's business. */
async function makeOwn(files: Files, path: string): Promise<void> {
  try {
    const file = await files.createFile(path, {direct: false, onlyOwner: true});
    await file.close();
  } catch (error) {
    // SQLite says in its own words why a file cannot be made, and another program may have made it just now.
    if (errnoOf(error) === undefined) throw error;
  }
}

/** @returns null when nothing is there. A device or a pipe of that name would hang the program or worse. */
async function lookAt(files: Files, path: string): Promise<Result<FileFacts | null>> {
  try {
    const facts = await files.follow(path);
    return facts.kind === 'file' ? ok(facts) : failed(notAFile(path));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return ok(null);
    return failed(causeFrom(error, 'opening the catalog', path));
  }
}

const notAFile = (path: string): Cause => ({
  code: 'catalog-not-a-file',
  path,
  message: 'what stands in the place of the catalog is no file',
  next: `${NOTHING_LOST} Move it away.`,
});

const notAFolder = (path: string): Cause => ({
  code: 'ENOTDIR',
  path,
  message: 'the folder of the catalog is no folder',
  next: `${NOTHING_LOST} Move it away, or set OFFLOAD_HOME to a folder.`,
});

const gone = (path: string): Cause => ({
  code: 'ENOENT',
  path,
  message: 'the catalog disappeared while it was opened',
  next: `${NOTHING_LOST} Run the same command again.`,
});
