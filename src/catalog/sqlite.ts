/** SQLite as far as the catalog needs it: the part of `node:sqlite` that the package has too, so that one can take the place of the other. */
import {type Cause, failed, ok, type Result} from '../core/cause.ts';

export type Value = string | number | bigint | null | Uint8Array;

export interface Statement {
  run(...values: readonly Value[]): unknown;
  get(...values: readonly Value[]): unknown;
  all(...values: readonly Value[]): unknown[];
  iterate(...values: readonly Value[]): Iterable<unknown>;
}

export interface Database {
  /** Statements without results and without values. */
  readonly exec: (sql: string) => void;
  /** The same statement for the same text: it must not be asked again while it is iterated. */
  readonly prepare: (sql: string) => Statement;
  /**
   * The values of the first column, asked without a statement that stays: the package lets go of a file only when the last statement is gone, and only the garbage collector
   * takes them. A file that is to be set aside must not be held open on Windows.
   */
  readonly ask: (column: string, from: string) => readonly unknown[];
  readonly close: () => void;
}

/** Opens a file, or makes it unless it is only to be read. @param timeout ms for which a call waits for a lock, and blocks. */
export type OpenDatabase = (
  path: string,
  options: {readonly timeout: number; readonly readOnly?: boolean},
) => Database;

/** @returns how to open a database, or why this machine cannot: the package has no binary for it. Loaded when it is needed, because most commands never ask the catalog. */
export async function loadSqlite(): Promise<Result<OpenDatabase>> {
  try {
    const {DatabaseSync} = await import('@photostructure/sqlite');
    return ok((path, options) => new Connection(new DatabaseSync(path, options)));
  } catch (error) {
    return failed(unavailable(error));
  }
}

/** What the package gives. */
interface Driver {
  exec: (sql: string) => void;
  prepare: (sql: string) => Statement;
  function: (name: string, act: (value: unknown) => null) => void;
  close: () => void;
}

/**
 * Keeps every statement as long as the connection: the package's iterators do not hold the statement that they step through, and the garbage collector would take it from
 * under them. The texts are few.
 */
class Connection implements Database {
  readonly #driver: Driver;
  readonly #statements = new Map<string, Statement>();
  #told: unknown[] = [];

  constructor(driver: Driver) {
    this.#driver = driver;
    driver.function('offload_tell', (value) => {
      this.#told.push(value);
      return null;
    });
  }

  exec = (sql: string): void => this.#driver.exec(sql);

  prepare = (sql: string): Statement => {
    const known = this.#statements.get(sql) ?? this.#driver.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  };

  ask = (column: string, from: string): readonly unknown[] => {
    this.#told = [];
    this.#driver.exec(`SELECT offload_tell(${column}) FROM ${from}`);
    return this.#told;
  };

  close = (): void => {
    this.#statements.clear();
    this.#driver.close();
  };
}

const unavailable = (error: unknown): Cause => ({
  code: 'catalog-unavailable',
  message: `SQLite cannot be loaded on this computer (${error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)})`,
  next: 'Offloads, checks and verdicts need no catalog. Install the program again to get the part that is missing.',
});
