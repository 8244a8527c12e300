/** A look at the catalog without opening it for writing: for who asks whether it is well. */
import {pathToFileURL} from 'node:url';
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../core/cause.ts';
import type {Files} from '../system/files.ts';
import {APPLICATION_ID, MIGRATIONS} from './schema.ts';
import {type Database, loadSqlite} from './sqlite.ts';
import {faultFrom, lockedCause} from './sqlite-faults.ts';

export interface CatalogHealth {
  /** Bytes. */
  readonly size: number;
  readonly version: number;
  /** True when every page was looked at; a large one is not, because a look is to be quick. */
  readonly checkedWhole: boolean;
  readonly offloads: number;
  /** The newest moment that is recorded in it, ms since 1970; null when nothing is. */
  readonly newestMs: number | null;
}

/** Bytes. A check reads the whole file (measured: 176 MB in 0.2 s where it lies in memory already); from a slow disk more takes longer than a person waits. */
const LARGE = 256_000_000;

/** ms for which SQLite waits for a lock, and blocks. */
const WAIT_MS = 250;

/**
 * @param path of the catalog, absolute. Nothing is made, brought up to date or left beside it.
 * @returns what it is like, null where there is none; `catalog-damaged`, `catalog-newer`, `catalog-foreign`, `catalog-locked`, `catalog-unavailable` or an errno.
 */
export async function examineCatalog(
  files: Files,
  path: string,
): Promise<Result<CatalogHealth | null>> {
  const size = await sizeOf(files, path);
  if (!size.ok || size.value === null) return size.ok ? ok(null) : size;
  const log = await sizeOf(files, `${path}-wal`);
  const open = await loadSqlite();
  if (!open.ok) return open;
  // Without a log nobody has it open, and it can be read without leaving one.
  const isAlone = log.ok && (log.value ?? 0) === 0;
  try {
    const db = open.value(isAlone ? withoutLocks(path) : path, {readOnly: true, timeout: WAIT_MS});
    try {
      return examine(db, path, size.value);
    } finally {
      db.close();
    }
  } catch (error) {
    const fault = faultFrom(error, path);
    if (fault === undefined) throw error;
    if (fault.kind === 'locked') return failed(lockedCause(path));
    return failed(fault.kind === 'other' ? fault.cause : damaged(path, fault.why));
  }
}

function examine(db: Database, path: string, size: number): Result<CatalogHealth> {
  const version = askNumber(db, 'user_version', 'pragma_user_version');
  if (version > MIGRATIONS.length) return failed(newer(path));
  const tables = askNumber(db, 'count(*)', 'sqlite_schema');
  const [application] = db.ask('application_id', 'pragma_application_id');
  if (tables > 0 && application !== APPLICATION_ID) return failed(foreign(path));
  if (tables === 0) return ok({size, version, checkedWhole: true, offloads: 0, newestMs: null});
  const checkedWhole = size <= LARGE;
  const [answer] = checkedWhole ? db.ask('quick_check', 'pragma_quick_check') : ['ok'];
  if (answer !== 'ok') return failed(damaged(path, String(answer)));
  const newest = [
    ...db.ask('max(ended_at)', 'offload'),
    ...db
      .ask('1', "sqlite_schema WHERE name = 'volume'")
      .flatMap(() => db.ask('max(seen_at)', 'volume')),
  ].filter((at) => typeof at === 'number');
  const newestMs = newest.length === 0 ? null : Math.max(...newest);
  return ok({
    size,
    version,
    checkedWhole,
    offloads: askNumber(db, 'count(*)', 'offload'),
    newestMs,
  });
}

const askNumber = (db: Database, column: string, from: string): number =>
  Number(db.ask(column, from)[0]);

/** sqlite.org/uri.html, "immutable": no locks, no log. Only for what nobody has open. */
function withoutLocks(path: string): string {
  const url = pathToFileURL(path);
  url.search = 'immutable=1';
  return url.href;
}

async function sizeOf(files: Files, path: string): Promise<Result<number | null>> {
  try {
    return ok((await files.follow(path)).size);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return ok(null);
    return failed(causeFrom(error, 'looking at the catalog', path));
  }
}

const damaged = (path: string, why: string): Cause => ({
  code: 'catalog-damaged',
  path,
  message: `the catalog is damaged (${why})`,
  next: 'The next offload sets it aside and begins a new one. Read the records back with offload catalog rebuild PATH… for each drive.',
});

const newer = (path: string): Cause => ({
  code: 'catalog-newer',
  path,
  message: 'a newer version of offload wrote the catalog, so this one leaves it alone',
  next: 'Use that version.',
});

const foreign = (path: string): Cause => ({
  code: 'catalog-foreign',
  path,
  message: 'the file in the place of the catalog is another program’s',
  next: 'Move it away.',
});
