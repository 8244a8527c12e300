/**
 * Reads a catalog of Lightroom Classic that may be open in Lightroom at the same time. It is never opened for writing, and never without locks while anybody may have it
 * open: both have destroyed catalogs (github.com/iMediaSandboxing/iMedia/pull/94).
 */
import type {DatabaseSyncInstance} from '@photostructure/sqlite';
import {failed, ok, type Result} from '../../core/cause.ts';
import {isWellFormedName} from '../../core/file-names.ts';
import type {Files} from '../files.ts';
import {isClosed, isSameState, type LrcatState, lookAtLrcat} from './look-at-lrcat.ts';
import {busyCause, causeOfLrcat, noDriver, oddName} from './lrcat-causes.ts';
import {withoutLocks} from './without-locks.ts';

export type LrcatValue = string | number | bigint | null | Uint8Array;
/** Values in the order of the columns that were asked for. */
export type LrcatRow = readonly LrcatValue[];

/** One state of a catalog: all that is asked of it belongs together, whatever Lightroom writes meanwhile. */
export interface LrcatReader {
  /** As it was looked at right before. */
  readonly state: LrcatState;
  /**
   * Asks `SELECT columns FROM from`.
   * @param take gets every row, at once.
   * @throws what SQLite throws; {@link readLrcat} makes a cause of it.
   */
  each(columns: readonly string[], from: string, take: (row: LrcatRow) => void): void;
  /** The same, all rows at a time. */
  rows(columns: readonly string[], from: string): readonly LrcatRow[];
  /** The package's own connection: for its online backup only. A statement of it would keep the catalog open until the garbage collector comes. */
  readonly connection: DatabaseSyncInstance;
}

/** A catalog that is opened or closed in Lightroom at this very moment is looked at again. */
const TRIES = 3;

/** ms for which SQLite waits for a lock, and blocks. A transaction of Lightroom takes less; a catalog that is held for longer is busy. */
const WAIT_MS = 250;

/**
 * Opens a catalog for reading, asks it and closes it again.
 * @param path absolute, of the `.lrcat` file.
 * @param ask gets one consistent state. It may be called again when the state changed meanwhile, so it must keep nothing but what it returns.
 * @returns what `ask` returned; or `lrcat-busy` when Lightroom holds it, `lrcat-crashed`, `lrcat-damaged`, `lrcat-unlockable`, `lrcat-unreadable`, `lrcat-unavailable` or an errno.
 */
export async function readLrcat<T>(
  files: Files,
  path: string,
  ask: (reader: LrcatReader) => T | Promise<T>,
): Promise<Result<T>> {
  if (!isWellFormedName(path)) return failed(oddName(path));
  for (let tried = 0; tried < TRIES; tried++) {
    const before = await lookAtLrcat(files, path);
    if (!before.ok) return before;
    const asked = await askOnce({path, state: before.value}, ask);
    if (!asked.ok) return asked;
    if (asked.value.locked) return ok(asked.value.answer);
    // Without locks the answer counts only when nobody came meanwhile.
    const after = await lookAtLrcat(files, path);
    if (!after.ok) return after;
    if (isSameState(before.value, after.value)) return ok(asked.value.answer);
  }
  return failed(busyCause(path));
}

interface Seen {
  readonly path: string;
  readonly state: LrcatState;
}

interface Asked<T> {
  readonly answer: T;
  /** SQLite's locks kept the state together. */
  readonly locked: boolean;
}

async function askOnce<T>(
  seen: Seen,
  ask: (reader: LrcatReader) => T | Promise<T>,
): Promise<Result<Asked<T>>> {
  const opened = await openOnce(seen);
  if (!opened.ok) return opened;
  const {connection, locked} = opened.value;
  const reader = new Reader(connection, seen.state);
  try {
    return ok({answer: await ask(reader), locked});
  } catch (error) {
    return failed(causeOfLrcat(error, seen.path, seen.state));
  } finally {
    reader.close();
  }
}

interface Opened {
  readonly connection: DatabaseSyncInstance;
  readonly locked: boolean;
}

async function openOnce({path, state}: Seen): Promise<Result<Opened>> {
  const driver = await loadDriver();
  if (!driver.ok) return driver;
  const open = (location: string): DatabaseSyncInstance => {
    const connection = new driver.value(location, {readOnly: true, timeout: WAIT_MS});
    try {
      // Only a read takes the lock that keeps the state together.
      connection.exec(
        'PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; BEGIN; SELECT count(*) FROM sqlite_schema',
      );
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  };
  const closed = isClosed(state);
  try {
    // A reader with locks would leave a log and its index beside a catalog that is closed.
    if (closed && state.mode === 'log')
      return ok({connection: open(withoutLocks(path)), locked: false});
    return ok({connection: open(path), locked: true});
  } catch (error) {
    const cause = causeOfLrcat(error, path, state);
    if (cause.code !== 'lrcat-unlockable' || !closed) return failed(cause);
  }
  // exFAT and some shares have no locks, and SQLite opens nothing there that it must lock.
  try {
    return ok({connection: open(withoutLocks(path)), locked: false});
  } catch (error) {
    return failed(causeOfLrcat(error, path, state));
  }
}

async function loadDriver() {
  try {
    const {DatabaseSync} = await import('@photostructure/sqlite');
    return ok(DatabaseSync);
  } catch (error) {
    return failed(noDriver(error));
  }
}

/**
 * Asks without statements that stay: the package lets go of a file only when the last one is gone, which only the garbage collector sees to. Lightroom could not put its log away
 * until then.
 */
class Reader implements LrcatReader {
  readonly connection: DatabaseSyncInstance;
  readonly state: LrcatState;
  #take: (row: LrcatRow) => void = () => {};

  constructor(connection: DatabaseSyncInstance, state: LrcatState) {
    this.connection = connection;
    this.state = state;
    connection.function(
      'offload_take',
      {varargs: true, directOnly: true},
      (...row: LrcatValue[]) => {
        this.#take(row);
        return null;
      },
    );
  }

  each(columns: readonly string[], from: string, take: (row: LrcatRow) => void): void {
    this.#take = take;
    this.connection.exec(`SELECT offload_take(${columns.join(', ')}) FROM ${from}`);
  }

  rows(columns: readonly string[], from: string): readonly LrcatRow[] {
    const rows: LrcatRow[] = [];
    this.each(columns, from, (row) => rows.push(row));
    return rows;
  }

  close(): void {
    // An error of the disk may have ended it already.
    if (this.connection.isTransaction) this.connection.exec('ROLLBACK');
    this.connection.close();
  }
}
