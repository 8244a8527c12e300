import {storeText} from '../core/catalog/stored-text.ts';
import type {ShootKnown} from '../core/events.ts';
import {readFlag, readInstant, readNumber, readText} from './rows.ts';
import type {Database} from './sqlite.ts';

export type KnownShoot = Omit<ShootKnown, 'type'>;

/** Sums in SQLite can be larger than a number of JavaScript holds, when a record claims so. */
const MAX_BYTES = Number.MAX_SAFE_INTEGER;

/**
 * Makes the shoot's rows anew from its offloads, so that they do not depend on their order. A file that several offloads of a card list, because it stayed on the card, is
 * one file; so is a copy that several found.
 */
export function refreshShoot(db: Database, shoot: string): void {
  const name = storeText(shoot);
  db.prepare('DELETE FROM shoot WHERE name = ?').run(name);
  db.prepare('DELETE FROM shoot_volume WHERE shoot = ?').run(name);
  db.prepare(
    `INSERT INTO shoot
     SELECT ?1, count(DISTINCT o.card), sum.files, CAST(min(sum.bytes, ${MAX_BYTES}) AS INTEGER),
       min(o.started_at), max(o.ended_at), min(o.safe)
     FROM offload o, (
       SELECT count(*) AS files, total(size) AS bytes FROM (
         SELECT DISTINCT o.folder, f.path, f.size, f.mtime_ns
         FROM offload o JOIN file f ON f.offload = o.key WHERE o.shoot = ?1
       )
     ) sum
     WHERE o.shoot = ?1 HAVING count(*) > 0`,
  ).run(name);
  db.prepare(
    `INSERT INTO shoot_volume
     SELECT ?1, volume, name, shoot_path, (
       SELECT count(DISTINCT coalesce(c.target, o.folder || '/' || f.path))
       FROM offload o
       JOIN destination d ON d.offload = o.key
       JOIN copy c ON c.offload = d.offload AND c.destination = d.number
       JOIN file f ON f.offload = c.offload AND f.number = c.file
       WHERE o.shoot = ?1 AND d.volume = newest.volume
     ) FROM (
       SELECT d.volume, d.name, d.shoot_path,
         row_number() OVER (PARTITION BY d.volume ORDER BY o.ended_at DESC, o.key DESC) AS age
       FROM offload o JOIN destination d ON d.offload = o.key WHERE o.shoot = ?1
     ) newest WHERE age = 1`,
  ).run(name);
}

/** @returns every shoot, the newest first. */
export function listShoots(db: Database): readonly KnownShoot[] {
  const volumes = new Map<string, KnownShoot['volumes'][number][]>();
  for (const row of db.prepare('SELECT * FROM shoot_volume ORDER BY shoot, name, volume').all()) {
    const shoot = readText(row, 'shoot');
    const list = volumes.get(shoot) ?? [];
    volumes.set(shoot, list);
    list.push({
      volume: readText(row, 'volume'),
      name: readText(row, 'name'),
      path: readText(row, 'path'),
      files: readNumber(row, 'files'),
    });
  }
  return db
    .prepare('SELECT * FROM shoot ORDER BY last_offload DESC, name')
    .all()
    .map((row) => ({
      shoot: readText(row, 'name'),
      cards: readNumber(row, 'cards'),
      files: readNumber(row, 'files'),
      bytes: readNumber(row, 'bytes'),
      firstOffload: readInstant(row, 'first_offload'),
      lastOffload: readInstant(row, 'last_offload'),
      safe: readFlag(row, 'safe'),
      volumes: volumes.get(readText(row, 'name')) ?? [],
    }));
}

/** @returns the names of the shoots that something was last offloaded into, or begun, newest first. */
export function listRecentShoots(db: Database, limit: number): readonly string[] {
  return db
    .prepare(
      `SELECT name, max(at) AS at FROM (
         SELECT name, last_offload AS at FROM shoot UNION ALL SELECT shoot, started_at FROM started
       ) GROUP BY name ORDER BY at DESC, name LIMIT ?`,
    )
    .all(limit)
    .map((row) => readText(row, 'name'));
}
