/** The tables, and how older ones become newer ones. What the columns mean is in `docs/catalog.md`. */
import {type Cause, failed, ok, type Result} from '../core/cause.ts';
import {rollBack} from './roll-back.ts';
import {DamagedRow} from './rows.ts';
import type {Database} from './sqlite.ts';
import {NOTHING_LOST} from './sqlite-faults.ts';

/** `OFLD`, so that no other program's database is taken for a catalog (sqlite.org/fileformat2.html, "application ID"). */
export const APPLICATION_ID = 0x4f464c44;

/**
 * One step for each version of the schema; the version is in `user_version`. Steps are only ever added.
 *
 * The search index keeps trigrams and no positions: a quarter of the size (measured: 43 MB instead of 91 MB for a million files), and what it finds is compared again.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE offload (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL,
    card TEXT NOT NULL,
    label TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    card_path TEXT NOT NULL,
    card_volume TEXT NOT NULL,
    cameras TEXT NOT NULL,
    shoot TEXT NOT NULL,
    folder TEXT NOT NULL,
    host TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    files INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    left_out INTEGER NOT NULL,
    safe INTEGER NOT NULL,
    reasons TEXT NOT NULL,
    waived TEXT NOT NULL
  ) STRICT;
  CREATE INDEX offload_by_card ON offload (card, ended_at);
  CREATE INDEX offload_by_shoot ON offload (shoot, ended_at);

  CREATE TABLE destination (
    offload INTEGER NOT NULL,
    number INTEGER NOT NULL,
    volume TEXT NOT NULL,
    name TEXT NOT NULL,
    folder TEXT NOT NULL,
    shoot_path TEXT NOT NULL,
    file_system TEXT NOT NULL,
    uuid TEXT,
    size INTEGER,
    drives TEXT,
    facts TEXT NOT NULL,
    medium_read TEXT NOT NULL,
    lost INTEGER NOT NULL,
    files INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (offload, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX destination_by_volume ON destination (volume);

  CREATE TABLE file (
    offload INTEGER NOT NULL,
    number INTEGER NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns ANY NOT NULL,
    hash BLOB,
    retries INTEGER NOT NULL,
    folded TEXT,
    PRIMARY KEY (offload, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX file_by_hash ON file (hash);
  CREATE INDEX file_by_size_and_time ON file (size, mtime_ns);

  CREATE TABLE copy (
    offload INTEGER NOT NULL,
    file INTEGER NOT NULL,
    destination INTEGER NOT NULL,
    target TEXT,
    proved_at INTEGER NOT NULL,
    medium_read TEXT NOT NULL,
    origin TEXT NOT NULL,
    PRIMARY KEY (offload, file, destination)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE card (
    id TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    volume TEXT NOT NULL,
    cameras TEXT NOT NULL,
    offloads INTEGER NOT NULL,
    shoot TEXT NOT NULL,
    files INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    last_offload INTEGER NOT NULL,
    safe INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE shoot (
    name TEXT PRIMARY KEY,
    cards INTEGER NOT NULL,
    files INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    first_offload INTEGER NOT NULL,
    last_offload INTEGER NOT NULL,
    safe INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE shoot_volume (
    shoot TEXT NOT NULL,
    volume TEXT NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    files INTEGER NOT NULL,
    PRIMARY KEY (shoot, volume)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE started (
    offload TEXT PRIMARY KEY,
    card TEXT NOT NULL,
    label TEXT NOT NULL,
    shoot TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    files INTEGER NOT NULL,
    bytes INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX started_by_card ON started (card, started_at);

  CREATE VIRTUAL TABLE search USING fts5(
    text, content='', contentless_delete=1, detail=none,
    tokenize='trigram case_sensitive 1'
  );
  `,
  `
  CREATE TABLE volume (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT,
    place TEXT,
    file_system TEXT NOT NULL,
    size INTEGER,
    free INTEGER,
    drives TEXT,
    path TEXT NOT NULL,
    seen_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE volume_pair (
    a TEXT NOT NULL,
    b TEXT NOT NULL,
    same INTEGER NOT NULL,
    PRIMARY KEY (a, b)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE forgotten (
    volume TEXT PRIMARY KEY,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE reading (
    offload INTEGER NOT NULL,
    file INTEGER NOT NULL,
    destination INTEGER NOT NULL,
    at INTEGER NOT NULL,
    good INTEGER NOT NULL,
    PRIMARY KEY (offload, file, destination)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE mirrored (
    volume TEXT NOT NULL,
    path TEXT NOT NULL,
    hash BLOB NOT NULL,
    size INTEGER NOT NULL,
    proved_at INTEGER NOT NULL,
    medium_read TEXT NOT NULL,
    gone_at INTEGER,
    PRIMARY KEY (volume, path, hash)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX mirrored_by_hash ON mirrored (hash);
  `,
  `
  CREATE TABLE mirror_told (
    volume TEXT NOT NULL,
    folder TEXT NOT NULL,
    job TEXT NOT NULL,
    run TEXT NOT NULL,
    PRIMARY KEY (volume, folder, job)
  ) STRICT, WITHOUT ROWID;
  `,
];

/** Tables that a look must find in every catalog of this version. */
const TABLES = [
  'offload',
  'destination',
  'file',
  'copy',
  'card',
  'shoot',
  'shoot_volume',
  'volume',
  'volume_pair',
  'forgotten',
  'reading',
  'mirrored',
  'mirror_told',
];

/**
 * Makes the tables, or brings older ones to this version, in one step that is done or not done.
 * @returns why the file is left alone: it is from a newer version, or another program's.
 * @throws what SQLite throws.
 */
export function bringUp(db: Database, path: string, migrations = MIGRATIONS): Result<void> {
  const problem = findForeign(db, path, migrations.length);
  if (problem !== undefined) return failed(problem);
  if (versionOf(db) < migrations.length) {
    db.exec('BEGIN IMMEDIATE');
    try {
      // Another program may have done it meanwhile.
      for (const step of migrations.slice(versionOf(db))) db.exec(step);
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      db.exec(`PRAGMA user_version = ${migrations.length}`);
      db.exec('COMMIT');
    } catch (error) {
      rollBack(db);
      throw error;
    }
  }
  return ok(undefined);
}

function findForeign(db: Database, path: string, version: number): Cause | undefined {
  if (versionOf(db) > version) return newer(path);
  const tables = db.ask('1', 'sqlite_schema').length;
  return tables > 0 && askNumber(db, 'application_id') !== APPLICATION_ID
    ? foreign(path)
    : undefined;
}

const versionOf = (db: Database): number => askNumber(db, 'user_version');

/** Of a pragma that has one number. */
function askNumber(db: Database, pragma: string): number {
  const [answer] = db.ask(pragma, `pragma_${pragma}`);
  if (typeof answer !== 'number') throw new DamagedRow(`${pragma} is no number`);
  return answer;
}

/** Bytes up to which a whole check costs less than anybody notices. */
const SMALL_CATALOG = 4_000_000;

/** A cheap look at every table, and a whole check of a small catalog. What it does not see, the next question does. @throws when the file is damaged. */
export function refuseDamage(db: Database): void {
  for (const table of TABLES) db.ask('1', `(SELECT 1 FROM ${table} LIMIT 1)`);
  if (askNumber(db, 'page_count') * askNumber(db, 'page_size') > SMALL_CATALOG) return;
  const [answer] = db.ask('quick_check', 'pragma_quick_check');
  if (answer !== 'ok') throw new DamagedRow(String(answer));
}

const newer = (path: string): Cause => ({
  code: 'catalog-newer',
  path,
  message: 'the catalog was written by a newer version of this program and is left alone',
  next: `${NOTHING_LOST} Use the newer version to ask it.`,
});

const foreign = (path: string): Cause => ({
  code: 'catalog-foreign',
  path,
  message: 'this is a database of another program and is left alone',
  next: `${NOTHING_LOST} Move that file away if it stands there by mistake.`,
});
