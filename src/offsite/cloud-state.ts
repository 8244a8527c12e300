/** What is known of the files of one cloud job, on this computer. */
import {createHash} from 'node:crypto';
import {rollBack} from '../catalog/roll-back.ts';
import {readNumber, readText, readTextOrNull} from '../catalog/rows.ts';
import type {Database} from '../catalog/sqlite.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {storeText} from '../core/catalog/stored-text.ts';
import type {CloudProof} from '../core/offsite/cloud-listing.ts';
import type {CloudCounts, CloudRecord, ListedSource} from '../core/offsite/cloud-record.ts';

/** `OFCL`, so that no other program's database is taken for one (sqlite.org/fileformat2.html, "application ID"). */
const APPLICATION_ID = 0x4f46434c;
const VERSION = 1;

const TABLES = `
  CREATE TABLE file (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns TEXT NOT NULL,
    blake3 TEXT NOT NULL,
    sha1 TEXT NOT NULL,
    md5 TEXT NOT NULL,
    state TEXT NOT NULL,
    how TEXT,
    proved_at TEXT,
    gone_at TEXT,
    seal TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX file_by_hash ON file (blake3);

  CREATE TABLE archived (
    path TEXT NOT NULL,
    run TEXT NOT NULL,
    size INTEGER NOT NULL,
    blake3 TEXT,
    PRIMARY KEY (path, run)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE note (
    name TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    seal TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** What differs between source and remote, while a run lives: a million files need no memory. */
const WORK_TABLES = `
  CREATE TEMP TABLE IF NOT EXISTS todo (
    number INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns TEXT NOT NULL
  ) STRICT;
  CREATE TEMP TABLE IF NOT EXISTS seen (path TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
`;

const STATES = ['read', 'unproved', 'proved', 'damaged'] as const;
const PROOFS = ['sha1', 'md5', 'cryptcheck', 'check', 'download'] as const;

/** @throws what SQLite throws, and `DamagedState` for a database of something else. */
export function prepareState(db: Database): void {
  const [version] = db.ask('user_version', 'pragma_user_version');
  const [application] = db.ask('application_id', 'pragma_application_id');
  const tables = db.ask('1', 'sqlite_schema').length;
  if (tables === 0) {
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('BEGIN IMMEDIATE');
    try {
      if (db.ask('1', 'sqlite_schema').length === 0) {
        db.exec(TABLES);
        db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
        db.exec(`PRAGMA user_version = ${VERSION}`);
      }
      db.exec('COMMIT');
    } catch (error) {
      rollBack(db);
      throw error;
    }
  } else if (version !== VERSION || application !== APPLICATION_ID) {
    throw new DamagedState('it is a database of another program or of a newer version');
  }
  db.exec('PRAGMA synchronous = FULL');
  for (const table of ['file', 'archived', 'note']) db.ask('1', `(SELECT 1 FROM ${table} LIMIT 1)`);
}

/** Not what this program wrote. */
export class DamagedState extends Error {}

export interface ArchivedVersion {
  readonly path: TreePath;
  readonly run: string;
  readonly size: number;
  readonly blake3: string | null;
}

/** One job's files. Every method throws what SQLite throws. */
export class CloudState {
  readonly #db: Database;
  /** Rows whose seal did not fit: they count as never written. */
  damagedRows = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  get(path: TreePath): CloudRecord | undefined {
    const row = this.#db.prepare('SELECT * FROM file WHERE path = ?').get(storeText(path));
    return row === undefined ? undefined : this.#read(row);
  }

  put(record: CloudRecord): void {
    const cells = cellsOf(record);
    this.#db
      .prepare('INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(...cells, sealOf(cells));
  }

  /** All of it or nothing, durable when it returns. */
  write(change: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      change();
      this.#db.exec('COMMIT');
    } catch (error) {
      rollBack(this.#db);
      throw error;
    }
  }

  noteArchived({path, run, size, blake3}: ArchivedVersion): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO archived VALUES (?, ?, ?, ?)')
      .run(storeText(path), run, size, blake3);
  }

  /** Every record whose seal fits, by path, a stretch at a time: others may be written meanwhile. */
  *records(): Generator<CloudRecord> {
    let last = '';
    for (;;) {
      const rows = this.#db
        .prepare('SELECT * FROM file WHERE path > ? ORDER BY path LIMIT 500')
        .all(last);
      const newest = rows.at(-1);
      if (newest === undefined) return;
      last = storeText(readText(newest, 'path'));
      for (const row of rows) {
        const record = this.#read(row);
        if (record !== undefined) yield record;
      }
    }
  }

  /** Proved copies of these bytes. @param blake3 64 hex digits. */
  findByHash(blake3: string): readonly CloudRecord[] {
    return this.#db
      .prepare("SELECT * FROM file WHERE blake3 = ? AND state = 'proved' ORDER BY path")
      .all(blake3)
      .flatMap((row) => this.#read(row) ?? []);
  }

  counts(): CloudCounts {
    const row = this.#db
      .prepare(
        `SELECT coalesce(sum(state = 'proved' AND gone_at IS NULL), 0) AS proved,
           coalesce(sum(state = 'unproved' AND gone_at IS NULL), 0) AS unproved,
           coalesce(sum(state IN ('read', 'damaged') AND gone_at IS NULL), 0) AS pending,
           coalesce(sum(gone_at IS NOT NULL AND state <> 'read'), 0) AS kept,
           CAST(coalesce(total(CASE WHEN state = 'proved' AND gone_at IS NULL THEN size ELSE 0 END), 0) AS INTEGER) AS bytes,
           min(CASE WHEN state = 'proved' AND gone_at IS NULL THEN proved_at END) AS oldest
         FROM file`,
      )
      .get();
    return {
      proved: readNumber(row, 'proved'),
      unproved: readNumber(row, 'unproved'),
      pending: readNumber(row, 'pending'),
      kept: readNumber(row, 'kept'),
      bytes: readNumber(row, 'bytes'),
      oldestProof: readTextOrNull(row, 'oldest'),
    };
  }

  /** Of the files that the source has: they were seen in this run. */
  seenCounts(): Pick<CloudCounts, 'proved' | 'unproved'> {
    const row = this.#db
      .prepare(
        `SELECT coalesce(sum(state = 'proved'), 0) AS proved, coalesce(sum(state = 'unproved'), 0) AS unproved
         FROM file WHERE path IN (SELECT path FROM seen)`,
      )
      .get();
    return {proved: readNumber(row, 'proved'), unproved: readNumber(row, 'unproved')};
  }

  /** @returns what was kept under a name; undefined when nothing was, or when it is damaged. */
  note(name: string): string | undefined {
    const row = this.#db.prepare('SELECT * FROM note WHERE name = ?').get(name);
    if (row === undefined) return undefined;
    const text = readText(row, 'text');
    return readText(row, 'seal') === sealOf([name, text]) ? text : undefined;
  }

  keepNote(name: string, text: string): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO note VALUES (?, ?, ?)')
      .run(name, storeText(text), sealOf([name, text]));
  }

  beginWork(): void {
    this.#db.exec(WORK_TABLES);
    this.#db.exec('DELETE FROM todo');
    this.#db.exec('DELETE FROM seen');
  }

  /** The source has it. */
  see(path: TreePath): void {
    this.#db.prepare('INSERT OR IGNORE INTO seen VALUES (?)').run(storeText(path));
  }

  /** It is to be done, in the order of these calls. */
  plan({path, size, mtimeNs}: ListedSource): void {
    this.#db
      .prepare('INSERT INTO todo (path, size, mtime_ns) VALUES (?, ?, ?)')
      .run(storeText(path), size, String(mtimeNs));
  }

  /** @param after number of the last one; 0 for the first. */
  planned(after: number, limit: number): readonly (ListedSource & {readonly number: number})[] {
    return this.#db
      .prepare('SELECT * FROM todo WHERE number > ? ORDER BY number LIMIT ?')
      .all(after, limit)
      .map((row) => ({
        number: readNumber(row, 'number'),
        path: readText(row, 'path'),
        size: readNumber(row, 'size'),
        mtimeNs: BigInt(readText(row, 'mtime_ns')),
      }));
  }

  /** Records of files that the source had and that were not seen. @param after path of the last one. */
  unseen(after: TreePath, limit: number): readonly CloudRecord[] {
    return this.#db
      .prepare(
        `SELECT * FROM file WHERE path > ? AND gone_at IS NULL AND path NOT IN (SELECT path FROM seen)
         ORDER BY path LIMIT ?`,
      )
      .all(storeText(after), limit)
      .flatMap((row) => this.#read(row) ?? []);
  }

  forget(path: TreePath): void {
    this.#db.prepare('DELETE FROM file WHERE path = ?').run(storeText(path));
  }

  close(): void {
    this.#db.close();
  }

  #read(row: unknown): CloudRecord | undefined {
    const record: CloudRecord = {
      path: readText(row, 'path'),
      size: readNumber(row, 'size'),
      mtimeNs: nsOf(readText(row, 'mtime_ns')),
      hashes: {
        blake3: readText(row, 'blake3'),
        sha1: readText(row, 'sha1'),
        md5: readText(row, 'md5'),
      },
      state: oneOf(STATES, readText(row, 'state')),
      how: proofOf(readTextOrNull(row, 'how')),
      provedAt: readTextOrNull(row, 'proved_at'),
      goneAt: readTextOrNull(row, 'gone_at'),
    };
    if (readText(row, 'seal') === sealOf(cellsOf(record))) return record;
    this.damagedRows += 1;
    return undefined;
  }
}

type Cell = string | number | null;

function cellsOf(record: CloudRecord): readonly Cell[] {
  const {path, size, mtimeNs, hashes, state, how, provedAt, goneAt} = record;
  const {blake3, sha1, md5} = hashes;
  return [storeText(path), size, String(mtimeNs), blake3, sha1, md5, state, how, provedAt, goneAt];
}

/** A flipped bit in a page is seen by nobody else: SQLite keeps no sums. 64 bits of SHA-256 over what the row says. */
const sealOf = (cells: readonly Cell[]): string =>
  createHash('sha256').update(JSON.stringify(cells)).digest('hex').slice(0, 16);

const nsOf = (text: string): bigint => (/^-?\d{1,30}$/.test(text) ? BigInt(text) : -1n);

/** What is none of them makes a seal that does not fit. */
const oneOf = <T extends string>(words: readonly [T, ...T[]], text: string): T =>
  words.find((word) => word === text) ?? words[0];

const proofOf = (text: string | null): CloudProof | null =>
  PROOFS.find((word) => word === text) ?? null;
