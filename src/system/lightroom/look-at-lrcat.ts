/** What a catalog of Lightroom Classic looks like from outside: open or closed, and which state of it. */
import {type Cause, causeFrom, errnoOf, failed, ok, type Result} from '../../core/cause.ts';
import {journalOf, lockOf, logOf} from '../../core/lightroom/catalog-names.ts';
import type {FileFacts, Files} from '../files.ts';

export interface LrcatState {
  /** Bytes. */
  readonly size: number;
  /** ns since 1970. */
  readonly mtimeNs: bigint;
  readonly changedNs: bigint;
  /** The lock lies there: Lightroom has it open, or crashed. */
  readonly hasLock: boolean;
  /** Bytes of the log; 0 when there is none. What is in it is not in the catalog's file yet. */
  readonly logSize: number;
  /** ns since 1970; null when there is no log. */
  readonly logMtimeNs: bigint | null;
  /** Bytes of the journal; 0 when there is none. */
  readonly journalSize: number;
  /** How SQLite writes it: into a log beside it, or into the file with a journal of the old pages. */
  readonly mode: 'log' | 'journal';
  /** The file's own counter of changes. It stands still while changes go to a log. */
  readonly changeCounter: number;
}

/** The header of a database: sqlite.org/fileformat2.html, section 1.3. */
const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
const WRITE_VERSION_AT = 18;
const LOG_VERSION = 2;
const COUNTER_AT = 24;

/**
 * Looks at a catalog without SQLite. Never while SQLite has it open in this process: closing a file lets go of all locks that the process has on it (fcntl(2), "Record locks").
 * @param path absolute. @returns `lrcat-damaged` for what is no catalog, or an errno.
 */
export async function lookAtLrcat(files: Files, path: string): Promise<Result<LrcatState>> {
  try {
    const facts = await files.follow(path);
    if (facts.kind !== 'file') return failed(notACatalog(path, 'it is no file'));
    const header = await readHeader(files, await files.resolve(path));
    if (header.toString('latin1', 0, MAGIC.length) !== MAGIC)
      return failed(notACatalog(path, 'it does not begin as a catalog does'));
    const log = await lookIfThere(files, logOf(path));
    return ok({
      size: facts.size,
      mtimeNs: facts.mtimeNs,
      changedNs: facts.changedNs,
      hasLock: (await lookIfThere(files, lockOf(path))) !== undefined,
      logSize: log?.size ?? 0,
      logMtimeNs: log?.mtimeNs ?? null,
      journalSize: (await lookIfThere(files, journalOf(path)))?.size ?? 0,
      mode: header[WRITE_VERSION_AT] === LOG_VERSION ? 'log' : 'journal',
      changeCounter: header.readUInt32BE(COUNTER_AT),
    });
  } catch (error) {
    return failed(causeFrom(error, 'looking at the catalog', path));
  }
}

/** True when nobody has it open as far as can be seen: no lock, and nothing in a log or a journal that is not in the file. */
export const isClosed = ({hasLock, logSize, journalSize}: LrcatState): boolean =>
  !hasLock && logSize === 0 && journalSize === 0;

/** True when both are one state of the same file. */
export const isSameState = (one: LrcatState, other: LrcatState): boolean =>
  one.size === other.size &&
  one.mtimeNs === other.mtimeNs &&
  one.changedNs === other.changedNs &&
  one.hasLock === other.hasLock &&
  one.logSize === other.logSize &&
  one.logMtimeNs === other.logMtimeNs &&
  one.journalSize === other.journalSize &&
  one.changeCounter === other.changeCounter;

async function readHeader(files: Files, path: string): Promise<Buffer> {
  const header = Buffer.alloc(HEADER_BYTES);
  const file = await files.openToRead(path, {direct: false});
  try {
    await file.read(header, HEADER_BYTES, 0);
    return header;
  } finally {
    await file.close();
  }
}

async function lookIfThere(files: Files, path: string): Promise<FileFacts | undefined> {
  try {
    return await files.look(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return undefined;
  }
}

const notACatalog = (path: string, why: string): Cause => ({
  code: 'lrcat-damaged',
  path,
  message: `this is no catalog of Lightroom Classic: ${why}`,
  next: 'Name the .lrcat file. If it is the right one, it is damaged: open Lightroom, which offers to repair it, or bring back a snapshot with offload lightroom restore.',
});
