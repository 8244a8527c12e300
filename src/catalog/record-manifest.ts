/** The one way in: a record becomes rows, the same ones from every drive and in every order. */
import {createHash} from 'node:crypto';
import {setImmediate as giveWay} from 'node:timers/promises';
import {replaces} from '../core/catalog/manifest-order.ts';
import {offloadKey} from '../core/catalog/offload-key.ts';
import {destinationRows, type FileRow, fileRow, offloadRow} from '../core/catalog/offload-rows.ts';
import {storeText} from '../core/catalog/stored-text.ts';
import type {Manifest} from '../core/manifest.ts';
import {refreshCard} from './cards.ts';
import {rollBack} from './roll-back.ts';
import {readFlag, readNumber, readText} from './rows.ts';
import {refreshShoot} from './shoots.ts';
import type {Database, Value} from './sqlite.ts';
import {forgetStart} from './started.ts';
import {storeTime} from './store-time.ts';

/** `recorded`: the rows are new or newer; `known`: they were there; `older`: a newer record of the same offload is there and stays. */
export type Recorded = 'recorded' | 'known' | 'older';

/** Files between two pauses in which the program does other things. */
const FILES_AT_A_STRETCH = 200;

/** Records an offload in one transaction. @throws what SQLite throws; nothing is recorded then. */
export async function recordManifest(db: Database, manifest: Manifest): Promise<Recorded> {
  const digest = digestOf(manifest);
  db.exec('BEGIN IMMEDIATE');
  try {
    const recorded = await replaceRows(db, manifest, digest);
    forgetStart(db, manifest, recorded);
    db.exec('COMMIT');
    return recorded;
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

async function replaceRows(db: Database, manifest: Manifest, digest: string): Promise<Recorded> {
  const known = db
    .prepare('SELECT key, digest, runs, ended_at, safe, card, shoot FROM offload WHERE id = ?')
    .get(storeText(manifest.offload));
  const row = offloadRow(manifest);
  if (known !== undefined) {
    const age = {runs: readNumber(known, 'runs'), endedMs: readNumber(known, 'ended_at')};
    const other = {...age, safe: readFlag(known, 'safe'), digest: readText(known, 'digest')};
    if (other.digest === digest) return 'known';
    if (!replaces({...row, digest}, other)) return 'older';
    forget(db, readNumber(known, 'key'));
  }
  const key = findFreeKey(db, offloadKey(manifest.startedAt, manifest.offload));
  insertOffload(db, {key, digest, manifest});
  await insertFiles(db, key, manifest);
  refreshCard(db, row.card);
  refreshShoot(db, row.shoot);
  if (known !== undefined) {
    const [card, shoot] = [readText(known, 'card'), readText(known, 'shoot')];
    if (card !== row.card) refreshCard(db, card);
    if (shoot !== row.shoot) refreshShoot(db, shoot);
  }
  return 'recorded';
}

/** SHA-256 over all that a record says, without the two members that differ between the drives. */
function digestOf({files, writtenTo: _, seal: __, signature: ___, ...rest}: Manifest): string {
  const hash = createHash('sha256').update(JSON.stringify(rest));
  for (const file of files) hash.update(JSON.stringify(file));
  return hash.digest('hex');
}

function findFreeKey(db: Database, wanted: number): number {
  const taken = db.prepare('SELECT 1 FROM offload WHERE key = ?');
  let key = wanted;
  while (taken.get(key) !== undefined) key += 1;
  return key;
}

/** The first number in the search index of an offload, and how a file's is reckoned there: `FILES_PER_OFFLOAD`. A number of JavaScript could not hold it. */
const SEARCH_ROW = 'CAST(? AS INTEGER) * 2097152 + CAST(? AS INTEGER)';

function forget(db: Database, key: number): void {
  const numbers = db.prepare('SELECT number FROM file WHERE offload = ?').all(key);
  const drop = db.prepare(`DELETE FROM search WHERE rowid = ${SEARCH_ROW}`);
  for (const row of numbers) drop.run(key, readNumber(row, 'number'));
  for (const table of ['reading', 'copy', 'file', 'destination']) {
    db.prepare(`DELETE FROM ${table} WHERE offload = ?`).run(key);
  }
  db.prepare('DELETE FROM offload WHERE key = ?').run(key);
}

function insert(db: Database, table: string, columns: Readonly<Record<string, Value>>): void {
  const names = Object.keys(columns);
  const marks = names.map(() => '?').join(', ');
  db.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks})`).run(
    ...Object.values(columns).map((value) =>
      typeof value === 'string' ? storeText(value) : value,
    ),
  );
}

function insertOffload(
  db: Database,
  {
    key,
    digest,
    manifest,
  }: {readonly key: number; readonly digest: string; readonly manifest: Manifest},
): void {
  const row = offloadRow(manifest);
  insert(db, 'offload', {
    key,
    id: row.id,
    digest,
    card: row.card,
    label: row.label,
    fingerprint: row.fingerprint,
    card_path: row.cardPath,
    card_volume: row.cardVolume,
    cameras: row.cameras,
    shoot: row.shoot,
    folder: row.folder,
    host: row.host,
    started_at: row.startedMs,
    ended_at: row.endedMs,
    runs: row.runs,
    files: row.files,
    bytes: row.bytes,
    failed: row.failed,
    left_out: row.leftOut,
    safe: Number(row.safe),
    reasons: row.reasons,
    waived: row.waived,
  });
  for (const [number, one] of destinationRows(manifest).entries()) {
    insert(db, 'destination', {
      offload: key,
      number,
      volume: one.volume,
      name: one.name,
      folder: one.to,
      shoot_path: one.shoot,
      file_system: one.fileSystem,
      uuid: one.uuid,
      size: one.size,
      drives: one.drives,
      facts: one.facts,
      medium_read: one.mediumRead,
      lost: Number(one.lost),
      files: one.files,
      bytes: one.bytes,
    });
  }
}

async function insertFiles(db: Database, key: number, manifest: Manifest): Promise<void> {
  const {files, folder, destinations} = manifest;
  const places = new Map(destinations.map(({id}, place) => [id, place]));
  const intoFile = db.prepare('INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  // A record that names one destination twice for a file has one copy there.
  const intoCopy = db.prepare('INSERT OR IGNORE INTO copy VALUES (?, ?, ?, ?, ?, ?, ?)');
  const intoSearch = db.prepare(`INSERT INTO search (rowid, text) VALUES (${SEARCH_ROW}, ?)`);
  const insertFile = (number: number, file: FileRow) => {
    const {path, size, mtimeNs, hash, retries, folded, searchText, copies} = file;
    const bytes = hash === null ? null : Buffer.from(hash, 'hex');
    const text = folded === null ? null : storeText(folded);
    intoFile.run(key, number, storeText(path), size, storeTime(mtimeNs), bytes, retries, text);
    intoSearch.run(key, number, searchText);
    for (const {destination, target, provedMs, mediumRead, origin} of copies) {
      const short = target === null ? null : storeText(target);
      intoCopy.run(key, number, destination, short, provedMs, mediumRead, origin);
    }
  };
  for (const [number, file] of files.entries()) {
    insertFile(number, fileRow(file, folder, places));
    if (number % FILES_AT_A_STRETCH === FILES_AT_A_STRETCH - 1) await giveWay();
  }
}
