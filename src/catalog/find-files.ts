import {placeOfCopy, restoreTarget} from '../core/catalog/copy-place.ts';
import {
  foldText,
  type HashRange,
  hashRangeOf,
  likePattern,
  trigramQuery,
} from '../core/catalog/search-text.ts';
import {storeText} from '../core/catalog/stored-text.ts';
import type {MediumRead} from '../core/drive.ts';
import type {FileFound} from '../core/events.ts';
import {DamagedRow, readHash, readInstant, readNumber, readText, readTextOrNull} from './rows.ts';
import type {Database} from './sqlite.ts';
import {storeTime} from './store-time.ts';

export type FoundFile = Omit<FileFound, 'type'>;

export interface FoundFiles {
  /** Newest offload first. */
  readonly files: readonly FoundFile[];
  /** True when there are more than the limit. */
  readonly more: boolean;
}

/** @param hash 64 hex digits; none has another. */
export function findByHash(db: Database, hash: string, limit: number): readonly FoundFile[] {
  const range = hashRangeOf(hash);
  if (range === null || range.low !== range.high) return [];
  return collect(db, [lookUpHash(db, range)], limit).files;
}

/** A file with the card that tells it from others, before its copies are looked up. */
interface Hit {
  readonly card: string;
  readonly file: Omit<FoundFile, 'copies'>;
}

const COLUMNS = `o.id, o.card, o.label, o.shoot, f.path, f.folded, f.size,
  CAST(f.mtime_ns AS TEXT) AS mtime_ns, f.hash`;

/**
 * Files whose path has the text as a part, whatever its case, and files whose hash begins with it. A file that stayed on a card over several offloads into one shoot is one
 * file, with the copies of all of them.
 */
export function findFiles(db: Database, text: string, limit: number): FoundFiles {
  const range = hashRangeOf(text);
  const byHash = range === null ? [] : [lookUpHash(db, range)];
  return collect(db, [...byHash, lookUpText(db, text)], limit);
}

function collect(db: Database, sources: readonly Iterable<Hit>[], limit: number): FoundFiles {
  const hits = new Map<string, Hit>();
  for (const source of sources) {
    for (const hit of source) {
      const {shoot, path, size, mtimeNs, hash} = hit.file;
      const key = JSON.stringify([hit.card, shoot, path, size, mtimeNs, hash]);
      if (!hits.has(key)) hits.set(key, hit);
      if (hits.size > limit) break;
    }
  }
  const shown = [...hits.values()].slice(0, limit);
  return {files: addCopies(db, shown), more: hits.size > limit};
}

function* lookUpHash(db: Database, {low, high}: HashRange): Generator<Hit> {
  const rows = db
    .prepare(
      `SELECT ${COLUMNS} FROM file f JOIN offload o ON o.key = f.offload
       WHERE f.hash BETWEEN ? AND ? ORDER BY f.hash, f.offload DESC, f.number`,
    )
    .iterate(Buffer.from(low, 'hex'), Buffer.from(high, 'hex'));
  for (const row of rows) yield toHit(row);
}

function* lookUpText(db: Database, text: string): Generator<Hit> {
  const folded = foldText(text);
  for (const row of iterateCandidates(db, folded)) {
    const searched = readTextOrNull(row, 'folded') ?? foldText(readText(row, 'path'));
    if (searched.includes(folded)) yield toHit(row);
  }
}

/** All files that have the text, and some that do not. Two signs are too few for the index: every path is looked at (measured: docs/catalog.md). */
function iterateCandidates(db: Database, folded: string): Iterable<unknown> {
  const query = trigramQuery(folded);
  if (query === null) {
    return db
      .prepare(
        String.raw`SELECT ${COLUMNS} FROM file f JOIN offload o ON o.key = f.offload
         WHERE (f.folded IS NULL AND f.path LIKE ?1 ESCAPE '\') OR instr(f.folded, ?2) > 0
         ORDER BY f.offload DESC, f.number DESC`,
      )
      .iterate(likePattern(folded), storeText(folded));
  }
  return db
    .prepare(
      `SELECT ${COLUMNS} FROM search
       CROSS JOIN file f ON f.offload = search.rowid >> 21 AND f.number = search.rowid & 2097151
       CROSS JOIN offload o ON o.key = f.offload
       WHERE search MATCH ? ORDER BY search.rowid DESC`,
    )
    .iterate(query);
}

const toHit = (row: unknown): Hit => ({
  card: readText(row, 'card'),
  file: {
    path: readText(row, 'path'),
    label: readText(row, 'label'),
    shoot: readText(row, 'shoot'),
    offload: readText(row, 'id'),
    size: readNumber(row, 'size'),
    mtimeNs: readText(row, 'mtime_ns'),
    hash: readHash(row, 'hash'),
  },
});

function addCopies(db: Database, hits: readonly Hit[]): readonly FoundFile[] {
  const statement = db.prepare(
    `SELECT d.volume, d.name, d.shoot_path, c.target, o.folder, c.proved_at, c.medium_read
     FROM file f INDEXED BY file_by_size_and_time
     JOIN offload o ON o.key = f.offload
     JOIN copy c ON c.offload = f.offload AND c.file = f.number
     JOIN destination d ON d.offload = c.offload AND d.number = c.destination
     WHERE f.size = ? AND f.mtime_ns = ? AND f.path = ? AND f.hash IS ? AND o.card = ? AND o.shoot = ?
     ORDER BY o.ended_at DESC, o.key DESC, c.destination`,
  );
  return hits.map(({card, file}) => {
    const rows = statement.all(
      file.size,
      storeTime(BigInt(file.mtimeNs)),
      storeText(file.path),
      file.hash === null ? null : Buffer.from(file.hash, 'hex'),
      storeText(card),
      storeText(file.shoot),
    );
    const copies = new Map<string, FoundFile['copies'][number]>();
    for (const row of rows) {
      const copy = toCopy(row, file.path);
      const key = JSON.stringify([copy.volume, copy.path]);
      // The first is that of the newest offload.
      if (!copies.has(key)) copies.set(key, copy);
    }
    return {...file, copies: [...copies.values()]};
  });
}

function toCopy(row: unknown, path: string): FoundFile['copies'][number] {
  const target = restoreTarget(readTextOrNull(row, 'target'), readText(row, 'folder'), path);
  return {
    volume: readText(row, 'volume'),
    name: readText(row, 'name'),
    path: placeOfCopy(readText(row, 'shoot_path'), target),
    provedAt: readInstant(row, 'proved_at'),
    mediumRead: readMediumRead(row),
  };
}

function readMediumRead(row: unknown): MediumRead {
  const word = readText(row, 'medium_read');
  if (word === 'direct' || word === 'evicted' || word === 'cached') return word;
  throw new DamagedRow('medium_read is no such word');
}
