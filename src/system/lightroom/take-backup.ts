/** A consistent copy of a catalog on this computer's own disk, made while Lightroom may be writing in it. */
import {type Cause, failed, type Result} from '../../core/cause.ts';
import type {Files} from '../files.ts';
import {type CheckedCopy, checkCopy, MAIN_TABLES} from './check-copy.ts';
import {isClosed} from './look-at-lrcat.ts';
import {type LrcatReader, readLrcat} from './open-lrcat.ts';

export interface LrcatBackup {
  readonly method: 'online' | 'closed';
  /** `Adobe_DBVersion`; null when it has none. */
  readonly version: string | null;
  /** Rows of the main tables, counted in the catalog, in the same state. */
  readonly rows: Readonly<Record<string, number>>;
  /** Empty for a sound copy; otherwise what SQLite found in it, first things first. */
  readonly faults: readonly string[];
}

/** Without these it is another program's database. */
const NEEDED_TABLES = ['Adobe_images', 'AgLibraryFile', 'Adobe_variablesTable'];

/** Pages that are copied between two looks at the signal: 4 MB at the usual page size. */
const PAGES_AT_A_TIME = 1024;

/**
 * ms for which a catalog with a journal may be held while it is open: Lightroom cannot write meanwhile. One with a log is never in anybody's way (sqlite.org/wal.html, "Concurrency").
 */
const LONGEST_HOLD_MS = 10_000;

interface Order {
  /** The catalog, absolute. */
  readonly path: string;
  /** Where the copy goes, absolute: nothing is there. */
  readonly to: string;
  readonly signal: AbortSignal;
  /** ms of a clock that goes forward. */
  readonly monotonic: () => number;
}

/**
 * Copies a catalog page by page out of one state of it, and has SQLite look through the copy.
 * @returns what it holds; or why there is none: a cause of {@link readLrcat}, `lrcat-foreign` for another program's database, `lrcat-held` when it would be in Lightroom's way for too long,
 * `stopped`, or an errno of the disk that the copy goes to.
 */
export async function takeBackup(files: Files, order: Order): Promise<Result<LrcatBackup>> {
  const {path, to} = order;
  let refused: Cause | undefined;
  const made = await readLrcat(files, path, async (lrcat) => {
    refused = findForeign(lrcat, path);
    if (refused !== undefined) return undefined;
    await removeIfThere(files, to);
    refused = await copyPages(lrcat, order);
    if (refused !== undefined) return undefined;
    const method = isClosed(lrcat.state) ? 'closed' : 'online';
    return {method, version: readVersion(lrcat), rows: countRows(lrcat)} as const;
  });
  if (refused !== undefined) return failed(refused);
  if (!made.ok) return made;
  if (made.value === undefined) throw new Error('a backup ended without a word');
  const checked = await checkCopy(to);
  if (!checked.ok) return checked;
  const faults = checked.value.faults ?? differ(made.value, checked.value);
  return {ok: true, value: {...made.value, faults}};
}

async function copyPages(
  lrcat: LrcatReader,
  {path, to, signal, monotonic}: Order,
): Promise<Cause | undefined> {
  const {backup} = await import('@photostructure/sqlite');
  const isInTheWay = lrcat.state.mode === 'journal' && !isClosed(lrcat.state);
  const until = monotonic() + LONGEST_HOLD_MS;
  let cause: Cause | undefined;
  try {
    await backup(lrcat.connection, to, {
      rate: PAGES_AT_A_TIME,
      progress() {
        if (signal.aborted) cause = stopped(path);
        else if (isInTheWay && monotonic() > until) cause = held(path);
        // A thrown word ends the copy.
        if (cause !== undefined) throw new Error(cause.code);
      },
    });
    return undefined;
  } catch (error) {
    if (cause !== undefined) return cause;
    throw error;
  }
}

const tablesOf = (lrcat: LrcatReader): ReadonlySet<unknown> =>
  new Set(lrcat.rows(['name'], "sqlite_schema WHERE type = 'table'").map(([name]) => name));

function findForeign(lrcat: LrcatReader, path: string): Cause | undefined {
  const tables = tablesOf(lrcat);
  const missing = NEEDED_TABLES.find((name) => !tables.has(name));
  return missing === undefined ? undefined : foreign(path, missing);
}

function countRows(lrcat: LrcatReader): Readonly<Record<string, number>> {
  const tables = tablesOf(lrcat);
  return Object.fromEntries(
    MAIN_TABLES.filter((name) => tables.has(name)).map((name) => [
      name,
      Number(lrcat.rows(['count(*)'], name)[0]?.[0] ?? 0),
    ]),
  );
}

function readVersion(lrcat: LrcatReader): string | null {
  const [row] = lrcat.rows(['value'], "Adobe_variablesTable WHERE name = 'Adobe_DBVersion'");
  return row?.[0] === undefined || row[0] === null ? null : String(row[0]);
}

/** Counted in the catalog and in its copy: a copy that lacks a row is none. */
const differ = ({rows}: Pick<LrcatBackup, 'rows'>, copy: CheckedCopy): readonly string[] =>
  Object.entries(rows).flatMap(([name, count]) =>
    copy.rows[name] === count
      ? []
      : [`${name} has ${count} rows, and ${copy.rows[name] ?? 0} in the copy`],
  );

async function removeIfThere(files: Files, path: string): Promise<void> {
  try {
    await files.removeFile(path);
  } catch (error) {
    if (!(error instanceof Error) || Reflect.get(error, 'code') !== 'ENOENT') throw error;
  }
}

const foreign = (path: string, missing: string): Cause => ({
  code: 'lrcat-foreign',
  path,
  message: `this is a database of another program: it has no table ${missing}`,
  next: 'Name the .lrcat file of Lightroom Classic.',
});

const held = (path: string): Cause => ({
  code: 'lrcat-held',
  path,
  message: 'the catalog is open and too large to be copied without being in the way of Lightroom',
  next: 'Quit Lightroom, or wait: it is tried again.',
});

const stopped = (path: string): Cause => ({
  code: 'stopped',
  path,
  message: 'it was stopped',
  next: 'Run the same command again.',
});
