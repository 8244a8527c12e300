/** What is known of the files of one cloud job, on this computer. */
import {rollBack} from '../catalog/roll-back.ts';
import {readNumber, readText, readTextOrNull} from '../catalog/rows.ts';
import type {Database} from '../catalog/sqlite.ts';
import type {TreePath} from '../core/backup/mirror-tree.ts';
import {storeText} from '../core/catalog/stored-text.ts';
import type {CloudCounts, CloudRecord, ListedSource} from '../core/offsite/cloud-record.ts';
import {cellsOf, recordOf, sealOf} from './state-rows.ts';

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

export interface ArchivedVersion {
  readonly path: TreePath;
  readonly run: string;
  readonly size: number;
  readonly blake3: string | null;
}

/** Files that are noted at once. */
const AT_A_STRETCH = 2000;

/** One job's files. Every method throws what SQLite throws. */
export class CloudState {
  readonly #db: Database;
  #seen: string[] = [];
  #planned: ListedSource[] = [];
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
    this.#flush();
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
    this.#seen = [];
    this.#planned = [];
    this.#db.exec('DELETE FROM todo');
    this.#db.exec('DELETE FROM seen');
  }

  /** The source has it. */
  see(path: TreePath): void {
    this.#seen.push(storeText(path));
    if (this.#seen.length >= AT_A_STRETCH) this.#flush();
  }

  /** It is to be done, in the order of these calls. */
  plan(file: ListedSource): void {
    this.#planned.push(file);
    if (this.#planned.length >= AT_A_STRETCH) this.#flush();
  }

  /** A transaction for each would take longer than all else. */
  #flush(): void {
    const [seen, planned] = [this.#seen, this.#planned];
    if (seen.length + planned.length === 0) return;
    this.#seen = [];
    this.#planned = [];
    const see = this.#db.prepare('INSERT OR IGNORE INTO seen VALUES (?)');
    const plan = this.#db.prepare('INSERT INTO todo (path, size, mtime_ns) VALUES (?, ?, ?)');
    this.write(() => {
      for (const path of seen) see.run(path);
      for (const {path, size, mtimeNs} of planned) plan.run(storeText(path), size, String(mtimeNs));
    });
  }

  /** @param after number of the last one; 0 for the first. */
  planned(after: number, limit: number): readonly (ListedSource & {readonly number: number})[] {
    this.#flush();
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
    this.#flush();
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
    const record = recordOf(row);
    if (record === null) this.damagedRows += 1;
    return record ?? undefined;
  }
}
