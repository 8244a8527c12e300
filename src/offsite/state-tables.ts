/** The tables of what is known of a cloud job. */
import {rollBack} from '../catalog/roll-back.ts';
import type {Database} from '../catalog/sqlite.ts';

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

/** @throws what SQLite throws, and `DamagedState` for a database of something else. */
export function prepareState(db: Database): void {
  // Tables first: another process may make them in this moment, with version and id in one transaction.
  const tables = db.ask('1', 'sqlite_schema').length;
  const [version] = db.ask('user_version', 'pragma_user_version');
  const [application] = db.ask('application_id', 'pragma_application_id');
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
