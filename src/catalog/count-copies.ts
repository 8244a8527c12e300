import {loadText, storeText} from '../core/catalog/stored-text.ts';
import type {FileGroup, ProofSpan, ShootCount} from '../core/status/count-shoot.ts';
import {UNCHOSEN} from './mirrored.ts';
import {readInstant, readNumber, readTextOrNull, readTexts} from './rows.ts';
import type {Database} from './sqlite.ts';

/**
 * What counts as a proved copy: it was read back from the medium, then or later, or the user waived that; the last reading found its bytes; the drive was there to the end; and it is none
 * of those that are left out.
 */
const COUNTS = `d.lost = 0 AND coalesce(r.good, 1) = 1
  AND (c.medium_read <> 'cached' OR r.good = 1 OR instr(o.waived, '"cached"') > 0)
  AND (d.offload || ' ' || d.number) NOT IN (SELECT value FROM json_each(?2))`;

const LAST_READING = `LEFT JOIN reading r
  ON r.offload = c.offload AND r.file = c.file AND r.destination = c.destination`;
const LAST_PROOF = 'max(max(c.proved_at, coalesce(r.at, c.proved_at)))';

/** A destination is the volume of a mirror, or a folder of it: `<id of the volume>:<folder>`. */
const IS_ON = `(m.volume = found.volume OR m.volume || ':' = substr(found.volume, 1, length(m.volume) + 1))`;

/**
 * Files of a shoot with the destinations that hold them. A file that several offloads of a card list is one file. One that could not be read at first and was read later is the
 * later one. A file that no offload of the shoot has copied (`--only-new`) lies where other offloads have proved its bytes. What a mirror copied lies on its target too. What it put into the
 * archive there is no copy, though an offload brought it; and what every mirror that had it has archived was deleted or replaced on the working drive: nobody wants it kept, and it is not
 * counted, unless it was read good after that, or a mirror archived it because its rule chose it no more: then it lies on the working drive still.
 */
const FOUND = `
  WITH listed AS (
    SELECT o.key, o.waived, f.number, o.folder, f.path, f.size, f.mtime_ns, f.hash,
      max(f.hash IS NOT NULL) OVER (PARTITION BY o.folder, f.path, f.size, f.mtime_ns) AS hashed
    FROM offload o JOIN file f ON f.offload = o.key WHERE o.shoot = ?1
  ), own AS (
    SELECT o.folder, o.path, o.size, o.mtime_ns, o.hash, d.volume, ${LAST_PROOF} AS proof
    FROM listed o LEFT JOIN copy c ON c.offload = o.key AND c.file = o.number
    ${LAST_READING}
    LEFT JOIN destination d ON d.offload = c.offload AND d.number = c.destination AND ${COUNTS}
    WHERE o.hash IS NOT NULL OR o.hashed = 0
    GROUP BY o.folder, o.path, o.size, o.mtime_ns, o.hash, d.volume
  ), bare AS (
    SELECT folder, path, size, mtime_ns, hash FROM own
    GROUP BY folder, path, size, mtime_ns, hash HAVING count(volume) = 0 AND hash IS NOT NULL
  ), found AS MATERIALIZED (
    SELECT * FROM own
    UNION ALL
    SELECT b.folder, b.path, b.size, b.mtime_ns, b.hash, d.volume, ${LAST_PROOF}
    FROM bare b JOIN file f ON f.hash = b.hash AND f.size = b.size
    JOIN offload o ON o.key = f.offload
    JOIN copy c ON c.offload = f.offload AND c.file = f.number
    ${LAST_READING}
    JOIN destination d ON d.offload = c.offload AND d.number = c.destination
    WHERE ${COUNTS}
    GROUP BY b.folder, b.path, b.size, b.mtime_ns, b.hash, d.volume
    UNION ALL
    SELECT o.folder, o.path, o.size, o.mtime_ns, o.hash, m.volume, max(m.proved_at)
    FROM (SELECT DISTINCT folder, path, size, mtime_ns, hash FROM own WHERE hash IS NOT NULL) o
    JOIN mirrored m ON m.hash = o.hash AND m.size = o.size
    WHERE m.gone_at IS NULL AND m.medium_read NOT IN ('cached', 'bad')
      AND m.volume NOT IN (SELECT value FROM json_each(?3))
    GROUP BY o.folder, o.path, o.size, o.mtime_ns, o.hash, m.volume
  ), judged AS MATERIALIZED (
    SELECT *, EXISTS (SELECT 1 FROM mirrored m WHERE m.hash = found.hash AND ${IS_ON} AND m.gone_at >= found.proof)
        AND NOT EXISTS (SELECT 1 FROM mirrored m WHERE m.hash = found.hash AND ${IS_ON} AND m.gone_at IS NULL) AS archived,
      NOT EXISTS (SELECT 1 FROM mirrored m WHERE m.hash = found.hash AND m.gone_at IS NULL)
        AND coalesce((SELECT max(m.gone_at) FILTER (WHERE m.medium_read <> '${UNCHOSEN}')
            >= max(coalesce(found.proof, 0), coalesce(max(m.gone_at) FILTER (WHERE m.medium_read = '${UNCHOSEN}'), 0))
          FROM mirrored m WHERE m.hash = found.hash), 0) AS gone
    FROM found
  ), kept AS MATERIALIZED (
    SELECT folder, path, size, mtime_ns, hash, proof, CASE WHEN archived THEN NULL ELSE volume END AS volume,
      min(gone) OVER (PARTITION BY folder, path, size, mtime_ns, hash) AS let_go
    FROM judged
  )`;

/** Sums in SQLite can be larger than a number of JavaScript holds, when a record claims so. */
const MAX_BYTES = Number.MAX_SAFE_INTEGER;

export interface Uncounted {
  /** `ref` of the destinations whose copies do not count. */
  readonly destinations: readonly string[];
  /** Ids of volumes whose mirrored copies do not count. */
  readonly volumes: readonly string[];
}

export function countCopies(db: Database, shoot: string, without: Uncounted): ShootCount {
  const rows = db
    .prepare(
      `${FOUND}
       SELECT volumes, NULL AS volume, count(*) AS files,
         CAST(min(total(size), ${MAX_BYTES}) AS INTEGER) AS bytes, 0 AS oldest, 0 AS newest
       FROM (
         SELECT size, json_group_array(volume) FILTER (WHERE volume IS NOT NULL) AS volumes
         FROM kept WHERE let_go = 0 GROUP BY folder, path, size, mtime_ns, hash
       ) GROUP BY volumes
       UNION ALL
       SELECT '[]', volume, count(*), 0, min(proof), max(proof)
       FROM (
         SELECT volume, max(proof) AS proof FROM kept WHERE volume IS NOT NULL AND let_go = 0
         GROUP BY volume, folder, path, size, mtime_ns, hash
       ) GROUP BY volume
       UNION ALL
       SELECT NULL, NULL, count(*), 0, 0, 0
       FROM (SELECT DISTINCT folder, path, size, mtime_ns, hash FROM kept WHERE let_go = 1)`,
    )
    .all(storeText(shoot), JSON.stringify(without.destinations), JSON.stringify(without.volumes));
  const groups: FileGroup[] = [];
  const spans: ProofSpan[] = [];
  let letGo = 0;
  for (const row of rows) {
    const files = readNumber(row, 'files');
    const destination = readTextOrNull(row, 'volume');
    if (readTextOrNull(row, 'volumes') === null) letGo = files;
    else if (destination === null) {
      const destinations = readTexts(row, 'volumes').map(loadText);
      groups.push({destinations, files, bytes: readNumber(row, 'bytes')});
    } else {
      const [oldest, newest] = [readInstant(row, 'oldest'), readInstant(row, 'newest')];
      spans.push({destination, files, oldest, newest});
    }
  }
  return {groups, spans, letGo};
}
