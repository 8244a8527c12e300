/** A consistent copy of a catalog on this computer's own disk, made while Lightroom may be writing in it. */
import {type Cause, failed, type Result} from '../../core/cause.ts';
import type {Files} from '../files.ts';
import {isClosed} from './look-at-lrcat.ts';
import {type LrcatReader, readLrcat, withoutLocks} from './open-lrcat.ts';

export interface LrcatBackup {
  readonly method: 'online' | 'closed';
  /** `Adobe_DBVersion`; null when it has none. */
  readonly version: string | null;
  /** Rows of the main tables, counted in the catalog, in the same state. */
  readonly rows: Readonly<Record<string, number>>;
  /** Empty for a sound copy; otherwise what SQLite found in it, first things first. */
  readonly faults: readonly string[];
}

/** Tables of every version from 4 to 15 that hold what cannot be had from the pictures. */
const MAIN_TABLES = [
  'Adobe_images',
  'AgLibraryFile',
  'AgLibraryFolder',
  'AgLibraryRootFolder',
  'AgLibraryKeyword',
  'AgLibraryKeywordImage',
  'AgLibraryCollection',
  'AgLibraryCollectionImage',
  'Adobe_imageDevelopSettings',
  'Adobe_libraryImageDevelopHistoryStep',
];

/** Without these it is another program's database. */
const NEEDED_TABLES = ['Adobe_images', 'AgLibraryFile', 'Adobe_variablesTable'];

/** Pages that are copied between two looks at the signal: 4 MB at the usual page size. */
const PAGES_AT_A_TIME = 1024;

/**
 * ms for which a catalog with a journal may be held while it is open: Lightroom cannot write meanwhile. One with a log is never in anybody's way (sqlite.org/wal.html, "Concurrency").
 */
const LONGEST_HOLD_MS = 10_000;

/** Faults that are told. */
const FAULTS = 5;

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

/** SQLITE_CORRUPT and SQLITE_NOTADB: sqlite.org/rescode.html. */
const DAMAGE: readonly unknown[] = [11, 26];

function isDamage(error: unknown): error is Error {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'errcode') : undefined;
  return typeof code === 'number' && DAMAGE.includes(code & 0xff);
}

interface Copy {
  readonly faults: readonly string[] | undefined;
  readonly rows: Readonly<Record<string, number>>;
}

/** @returns what SQLite finds in a copy; or why it cannot be looked through, which says nothing of the catalog. */
export async function checkCopy(path: string): Promise<Result<Copy>> {
  try {
    return {ok: true, value: await readCopy(path)};
  } catch (error) {
    if (!(error instanceof Error) || Reflect.get(error, 'code') !== 'ERR_SQLITE_ERROR') throw error;
    return failed(unchecked(path, error.message));
  }
}

/** @returns rows of a copy that is SQLite's own and that nobody else opens. @throws what SQLite throws. */
async function readCopy(path: string): Promise<Copy> {
  const {DatabaseSync} = await import('@photostructure/sqlite');
  const connection = new DatabaseSync(withoutLocks(path), {readOnly: true});
  const answers: unknown[] = [];
  try {
    connection.function('offload_take', {varargs: true, directOnly: true}, (...row: unknown[]) => {
      answers.push(row.length === 1 ? row[0] : row);
      return null;
    });
    connection.exec(`SELECT offload_take(quick_check) FROM pragma_quick_check LIMIT ${FAULTS}`);
    const faults = answers.splice(0).map(String);
    if (faults.length !== 1 || faults[0] !== 'ok') return {faults, rows: {}};
    connection.exec("SELECT offload_take(name) FROM sqlite_schema WHERE type = 'table'");
    const tables = new Set(answers.splice(0));
    const rows: Record<string, number> = {};
    for (const name of MAIN_TABLES.filter((one) => tables.has(one))) {
      connection.exec(`SELECT offload_take(count(*)) FROM ${name}`);
      rows[name] = Number(answers.pop());
    }
    return {faults: undefined, rows};
  } catch (error) {
    if (!isDamage(error)) throw error;
    return {faults: [error.message], rows: {}};
  } finally {
    connection.close();
  }
}

/** Counted in the catalog and in its copy: a copy that lacks a row is none. */
const differ = ({rows}: Pick<LrcatBackup, 'rows'>, copy: Copy): readonly string[] =>
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

const unchecked = (path: string, why: string): Cause => ({
  code: 'lrcat-unchecked',
  path,
  message: `SQLite could not look through the copy (${why})`,
  next: 'Check the disk of this computer and its room, then run the same command again.',
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
