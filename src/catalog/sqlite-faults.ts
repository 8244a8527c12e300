/** What SQLite throws, as what it means for a catalog. The numbers are the primary result codes of sqlite.org/rescode.html. */
import type {Cause} from '../core/cause.ts';
import {DamagedRow} from './rows.ts';

const BUSY = 5;
const LOCKED = 6;
const PERM = 3;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

export type Fault =
  | {readonly kind: 'locked'}
  | {readonly kind: 'damaged'; readonly why: string}
  | {readonly kind: 'other'; readonly cause: Cause};

/** @returns what a thrown value means; undefined when it is a fault of this program and not of the file. */
export function faultFrom(error: unknown, path: string): Fault | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof DamagedRow || isTooLarge(error)) {
    return {kind: 'damaged', why: error.message};
  }
  if (Reflect.get(error, 'code') !== 'ERR_SQLITE_ERROR') return undefined;
  switch (codeOf(error)) {
    case BUSY:
    case LOCKED:
      return {kind: 'locked'};
    case CORRUPT:
    case NOTADB:
      return {kind: 'damaged', why: error.message};
    case PERM:
    case READONLY:
    case CANTOPEN:
      return {kind: 'other', cause: notWritable(path, error.message)};
    case FULL:
      return {kind: 'other', cause: diskFull(path)};
    case IOERR:
      return {kind: 'other', cause: diskFails(path, error.message)};
    default:
      // A table that should be there is not.
      return /^no such (?:table|column)/.test(error.message)
        ? {kind: 'damaged', why: error.message}
        : {kind: 'other', cause: failedCause(path, error.message)};
  }
}

/** An integer that no number of JavaScript holds: this program writes none where it reads one. The package tells it in two ways. */
const isTooLarge = (error: Error): boolean =>
  Reflect.get(error, 'code') === 'ERR_OUT_OF_RANGE' ||
  error.message.startsWith('Value is too large');

/** The texts that SQLite has for the codes that matter (sqlite3ErrStr in main.c). While rows are iterated the package throws the text alone. */
const TEXTS: Readonly<Record<string, number>> = {
  'database is locked': BUSY,
  'database table is locked': LOCKED,
  'database disk image is malformed': CORRUPT,
  'file is not a database': NOTADB,
};

function codeOf(error: Error): number | undefined {
  const code: unknown = Reflect.get(error, 'errcode');
  // The low byte is the primary code, the rest tells more: sqlite.org/rescode.html, section 2.
  if (typeof code === 'number') return code & 0xff;
  return Object.hasOwn(TEXTS, error.message) ? TEXTS[error.message] : undefined;
}

/** Said wherever the catalog is missing something: nothing depends on it. */
export const NOTHING_LOST = 'Offloads and verdicts do not need the catalog.';

export const lockedCause = (path: string): Cause => ({
  code: 'catalog-locked',
  path,
  message: 'another program is writing in the catalog',
  next: `${NOTHING_LOST} Wait until the other offload is done, then ask again; what was not recorded comes back with offload catalog rebuild PATH…`,
});

const notWritable = (path: string, why: string): Cause => ({
  code: 'catalog-not-writable',
  path,
  message: `the catalog cannot be opened or written (${why})`,
  next: `${NOTHING_LOST} Check the permissions of the folder that holds it and that it is no other drive's, then read the records back with offload catalog rebuild PATH…`,
});

const diskFull = (path: string): Cause => ({
  code: 'catalog-disk-full',
  path,
  message: 'the disk that holds the catalog is full',
  next: `${NOTHING_LOST} Free space on the disk of this computer, then read the records back with offload catalog rebuild PATH…`,
});

const failedCause = (path: string, why: string): Cause => ({
  code: 'catalog-failed',
  path,
  message: `the catalog did not do what it was asked (${why})`,
  next: `${NOTHING_LOST} Move the file away and read the records back with offload catalog rebuild PATH…`,
});

const diskFails = (path: string, why: string): Cause => ({
  code: 'catalog-disk-error',
  path,
  message: `the disk that holds the catalog reports an error (${why})`,
  next: `${NOTHING_LOST} Check the disk of this computer; the records on the drives can be read back with offload catalog rebuild PATH…`,
});
