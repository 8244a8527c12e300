import {loadText, storeText} from '../core/catalog/stored-text.ts';
import type {FileGroup, ProofSpan, ShootCount} from '../core/status/count-shoot.ts';
import {readInstant, readNumber, readTextOrNull, readTexts} from './rows.ts';
import type {Database} from './sqlite.ts';

/** What counts as a proved copy: it was read back from the medium, or the user waived that; the drive was there to the end; and it is none of those that are left out. */
const COUNTS = `d.lost = 0
  AND (c.medium_read <> 'cached' OR instr(o.waived, '"cached"') > 0)
  AND (d.offload || ' ' || d.number) NOT IN (SELECT value FROM json_each(?2))`;

/**
 * Files of a shoot with the destinations that hold them. A file that several offloads of a card list is one file. One that could not be read at first and was read later is the
 * later one. A file that no offload of the shoot has copied (`--only-new`) lies where other offloads have proved its bytes.
 */
const FOUND = `
  WITH listed AS (
    SELECT o.key, o.waived, f.number, o.folder, f.path, f.size, f.mtime_ns, f.hash,
      max(f.hash IS NOT NULL) OVER (PARTITION BY o.folder, f.path, f.size, f.mtime_ns) AS hashed
    FROM offload o JOIN file f ON f.offload = o.key WHERE o.shoot = ?1
  ), own AS (
    SELECT o.folder, o.path, o.size, o.mtime_ns, o.hash, d.volume, max(c.proved_at) AS proof
    FROM listed o LEFT JOIN copy c ON c.offload = o.key AND c.file = o.number
    LEFT JOIN destination d ON d.offload = c.offload AND d.number = c.destination AND ${COUNTS}
    WHERE o.hash IS NOT NULL OR o.hashed = 0
    GROUP BY o.folder, o.path, o.size, o.mtime_ns, o.hash, d.volume
  ), bare AS (
    SELECT folder, path, size, mtime_ns, hash FROM own
    GROUP BY folder, path, size, mtime_ns, hash HAVING count(volume) = 0 AND hash IS NOT NULL
  ), found AS MATERIALIZED (
    SELECT * FROM own
    UNION ALL
    SELECT b.folder, b.path, b.size, b.mtime_ns, b.hash, d.volume, max(c.proved_at)
    FROM bare b JOIN file f ON f.hash = b.hash AND f.size = b.size
    JOIN offload o ON o.key = f.offload
    JOIN copy c ON c.offload = f.offload AND c.file = f.number
    JOIN destination d ON d.offload = c.offload AND d.number = c.destination
    WHERE ${COUNTS}
    GROUP BY b.folder, b.path, b.size, b.mtime_ns, b.hash, d.volume
  )`;

/** Sums in SQLite can be larger than a number of JavaScript holds, when a record claims so. */
const MAX_BYTES = Number.MAX_SAFE_INTEGER;

/** @param without `ref` of the destinations whose copies do not count. */
export function countCopies(db: Database, shoot: string, without: readonly string[]): ShootCount {
  const rows = db
    .prepare(
      `${FOUND}
       SELECT volumes, NULL AS volume, count(*) AS files,
         CAST(min(total(size), ${MAX_BYTES}) AS INTEGER) AS bytes, 0 AS oldest, 0 AS newest
       FROM (
         SELECT size, json_group_array(volume) FILTER (WHERE volume IS NOT NULL) AS volumes
         FROM found GROUP BY folder, path, size, mtime_ns, hash
       ) GROUP BY volumes
       UNION ALL
       SELECT '[]', volume, count(*), 0, min(proof), max(proof)
       FROM found WHERE volume IS NOT NULL GROUP BY volume`,
    )
    .all(storeText(shoot), JSON.stringify(without));
  const groups: FileGroup[] = [];
  const spans: ProofSpan[] = [];
  for (const row of rows) {
    const files = readNumber(row, 'files');
    const destination = readTextOrNull(row, 'volume');
    if (destination === null) {
      const destinations = readTexts(row, 'volumes').map(loadText);
      groups.push({destinations, files, bytes: readNumber(row, 'bytes')});
    } else {
      const [oldest, newest] = [readInstant(row, 'oldest'), readInstant(row, 'newest')];
      spans.push({destination, files, oldest, newest});
    }
  }
  return {groups, spans};
}
