/** SQLite looks through a whole catalog, in the thread that asks. */
import {withoutLocks} from './without-locks.ts';

/** Tables of every version from 4 to 15 that hold what cannot be had from the pictures. */
export const MAIN_TABLES = [
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

/** Faults that are told. */
const FAULTS = 5;

/** SQLITE_CORRUPT and SQLITE_NOTADB: sqlite.org/rescode.html. */
const DAMAGE: readonly unknown[] = [11, 26];

function isDamage(error: unknown): error is Error {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'errcode') : undefined;
  return typeof code === 'number' && DAMAGE.includes(code & 0xff);
}

export interface CheckedCopy {
  /** What SQLite found, first things first; undefined for a sound copy. */
  readonly faults: readonly string[] | undefined;
  /** Of the main tables; none of a damaged copy. */
  readonly rows: Readonly<Record<string, number>>;
}

/** The answer of a look, as one thread tells it to another. */
export type LookedThrough =
  | {readonly copy: CheckedCopy}
  /** It could not be looked through, in SQLite's words. */
  | {readonly trouble: string};

/** @param path of a copy that nobody else opens. @throws what is no word of SQLite. */
export async function lookThrough(path: string): Promise<LookedThrough> {
  try {
    return {copy: await readCopy(path)};
  } catch (error) {
    if (!(error instanceof Error) || Reflect.get(error, 'code') !== 'ERR_SQLITE_ERROR') throw error;
    return {trouble: error.message};
  }
}

async function readCopy(path: string): Promise<CheckedCopy> {
  const {DatabaseSync} = await import('@photostructure/sqlite');
  const connection = new DatabaseSync(withoutLocks(path), {readOnly: true});
  const answers: unknown[] = [];
  try {
    connection.function('offload_take', {varargs: true, directOnly: true}, (answer: unknown) => {
      answers.push(answer);
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
