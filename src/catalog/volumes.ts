/** What was seen of volumes when they were connected, and what offloads were recorded on them. */
import {storeText} from '../core/catalog/stored-text.ts';
import type {PhysicalDrives} from '../core/drive.ts';
import type {VolumePair} from '../core/volumes/drive-relations.ts';
import {volumeOf} from '../core/volumes/volume-id.ts';
import type {RecordedDestination, SeenVolume, VolumeMemory} from '../core/volumes/volume-memory.ts';
import {rollBack} from './roll-back.ts';
import {
  DamagedRow,
  readFlag,
  readInstant,
  readNumber,
  readText,
  readTextOrNull,
  readTexts,
} from './rows.ts';
import type {Database} from './sqlite.ts';

/** Remembers volumes that are connected at this moment, and which of them share a drive. A volume that was forgotten is known again. @throws what SQLite throws; nothing is remembered then. */
export function noteVolumes(
  db: Database,
  seen: readonly SeenVolume[],
  pairs: readonly VolumePair[],
): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const volume of seen) noteVolume(db, volume);
    for (const {a, b, same} of pairs) {
      db.prepare('INSERT OR REPLACE INTO volume_pair VALUES (?, ?, ?)').run(
        storeText(a),
        storeText(b),
        Number(same),
      );
    }
    db.exec('COMMIT');
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

function noteVolume(db: Database, volume: SeenVolume): void {
  const {id, name, role, place, fileSystem, size, free, drives, path, seenAt} = volume;
  db.prepare('INSERT OR REPLACE INTO volume VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
    storeText(id),
    storeText(name),
    role,
    place === null ? null : storeText(place),
    storeText(fileSystem),
    size,
    free,
    drives.known ? JSON.stringify(drives.ids) : null,
    storeText(path),
    Date.parse(seenAt),
  );
  db.prepare('DELETE FROM forgotten WHERE volume = ?').run(storeText(id));
}

/** Forgets a volume: its copies are not counted until it is seen, or something is offloaded to it, again. */
export function forgetVolume(db: Database, id: string, at: string): void {
  const stored = storeText(id);
  db.exec('BEGIN IMMEDIATE');
  try {
    db.prepare('DELETE FROM volume WHERE id = ?').run(stored);
    db.prepare('INSERT OR REPLACE INTO forgotten VALUES (?, ?)').run(stored, Date.parse(at));
    db.exec('COMMIT');
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

export function recallVolumes(db: Database): VolumeMemory {
  const forgotten = new Map(
    db
      .prepare('SELECT volume, at FROM forgotten')
      .all()
      .map((row) => [readText(row, 'volume'), readInstant(row, 'at')] as const),
  );
  const destinations = listDestinations(db);
  for (const {destination, endedAt} of destinations) {
    const at = forgotten.get(volumeOf(destination));
    if (at !== undefined && endedAt > at) forgotten.delete(volumeOf(destination));
  }
  return {
    seen: db.prepare('SELECT * FROM volume ORDER BY id').all().map(toSeen),
    destinations,
    pairs: db
      .prepare('SELECT a, b, same FROM volume_pair ORDER BY a, b')
      .all()
      .map((row) => ({a: readText(row, 'a'), b: readText(row, 'b'), same: readFlag(row, 'same')})),
    forgotten,
  };
}

function listDestinations(db: Database): readonly RecordedDestination[] {
  return db
    .prepare(
      `SELECT o.key || ' ' || d.number AS ref, o.id AS offload, o.shoot, d.volume, d.name, d.folder,
         d.file_system, d.size, d.drives, d.lost, o.ended_at,
         coalesce(json_extract(d.facts, '$.kind'), '') AS kind, p.proof
       FROM offload o JOIN destination d ON d.offload = o.key
       LEFT JOIN (
         SELECT c.offload, c.destination,
           max(max(c.proved_at, CASE WHEN r.good = 1 THEN r.at ELSE c.proved_at END)) AS proof
         FROM copy c LEFT JOIN reading r
           ON r.offload = c.offload AND r.file = c.file AND r.destination = c.destination
         GROUP BY c.offload, c.destination
       ) p ON p.offload = d.offload AND p.destination = d.number
       ORDER BY o.ended_at DESC, o.key DESC, d.number`,
    )
    .all()
    .map((row) => ({
      ref: readText(row, 'ref'),
      offload: readText(row, 'offload'),
      shoot: readText(row, 'shoot'),
      destination: readText(row, 'volume'),
      name: readText(row, 'name'),
      folder: readText(row, 'folder'),
      fileSystem: readText(row, 'file_system'),
      size: readNumberOrNull(row, 'size'),
      // Memory never counts as a drive.
      drives: readText(row, 'kind') === 'ram' ? IN_MEMORY : readDrives(row),
      lost: readFlag(row, 'lost'),
      endedAt: readInstant(row, 'ended_at'),
      lastProof: Reflect.get(Object(row), 'proof') === null ? null : readInstant(row, 'proof'),
    }));
}

const IN_MEMORY: PhysicalDrives = {known: false, why: 'it lies in memory'};

const readDrives = (row: unknown): PhysicalDrives =>
  readTextOrNull(row, 'drives') === null
    ? {known: false, why: 'it was not known'}
    : {known: true, ids: readTexts(row, 'drives')};

const readNumberOrNull = (row: unknown, name: string): number | null =>
  Reflect.get(Object(row), name) === null ? null : readNumber(row, name);

const toSeen = (row: unknown): SeenVolume => ({
  id: readText(row, 'id'),
  name: readText(row, 'name'),
  role: readRole(row),
  place: readTextOrNull(row, 'place'),
  fileSystem: readText(row, 'file_system'),
  size: readNumberOrNull(row, 'size'),
  free: readNumberOrNull(row, 'free'),
  drives: readDrives(row),
  path: readText(row, 'path'),
  seenAt: readInstant(row, 'seen_at'),
});

function readRole(row: unknown): SeenVolume['role'] {
  const role = readTextOrNull(row, 'role');
  if (role === null || role === 'working' || role === 'backup' || role === 'off-site') return role;
  throw new DamagedRow('role is no such word');
}
