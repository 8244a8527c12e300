/** What a mirror wrote down on its target, told whole: to a new catalog, and after a run that died before it had told all. */
import {setImmediate as giveWay} from 'node:timers/promises';
import {storeText} from '../core/catalog/stored-text.ts';
import {type MirroredCopy, UNCHOSEN} from './mirrored.ts';
import {rollBack} from './roll-back.ts';
import {DamagedRow, readFlag, readHash, readNumber, readText} from './rows.ts';
import type {Database} from './sqlite.ts';

/** A target folder. */
export interface MirrorFolder {
  /** Id of its volume. */
  readonly volume: string;
  /** Below the folder of the volume's marker, parts joined by `/`; empty for the whole volume. */
  readonly folder: string;
}

/** A job in its target folder. */
export interface MirrorOwner extends MirrorFolder {
  /** Id of the job. */
  readonly job: string;
}

/** A piece of what is there now. */
export interface MirrorState extends MirrorFolder {
  /** The first piece of a telling: what an earlier one named is forgotten. */
  readonly isFirst: boolean;
  readonly copies: readonly MirroredCopy[];
}

/** A copy that the catalog knows, and that no piece of the state has named. */
export interface UnnamedCopy {
  readonly path: string;
  /** BLAKE3, 64 hex digits. */
  readonly hash: string;
  /** Bytes. */
  readonly size: number;
  /** A piece has named other bytes at that place. */
  readonly isReplaced: boolean;
}

/** What came of an unnamed copy: it went into the archive at `goneAt` (ISO 8601, UTC), or nobody knows where it is (null). */
export interface SettledCopy extends Pick<UnnamedCopy, 'path' | 'hash'> {
  readonly goneAt: string | null;
  /** The job has a rule: that it is in the archive does not say that its file was deleted. */
  readonly isUnchosen?: boolean;
}

/** @returns the newest run of the job that the catalog was told whole; empty for a job that has not ended a run yet, null when something was not told. */
export function recallTold(db: Database, {volume, folder, job}: MirrorOwner): string | null {
  const row = db
    .prepare('SELECT run FROM mirror_told WHERE volume = ? AND folder = ? AND job = ?')
    .get(storeText(volume), storeText(folder), storeText(job));
  return row === undefined ? null : readText(row, 'run');
}

/** @param run as {@link recallTold} gives it. */
export function noteTold(db: Database, {volume, folder, job}: MirrorOwner, run: string | null) {
  const which = [storeText(volume), storeText(folder), storeText(job)] as const;
  if (run === null) {
    db.prepare('DELETE FROM mirror_told WHERE volume = ? AND folder = ? AND job = ?').run(...which);
  } else db.prepare('INSERT OR REPLACE INTO mirror_told VALUES (?, ?, ?, ?)').run(...which, run);
}

/** Copies between two pauses in which the program does other things. */
const COPIES_AT_A_STRETCH = 1000;

/** Takes a piece of the state in one transaction. A later reading, good or bad, keeps its word. @throws what SQLite throws; nothing is noted then. */
export async function noteMirrorState(
  db: Database,
  {volume, isFirst, copies}: MirrorState,
): Promise<void> {
  db.exec('CREATE TEMP TABLE IF NOT EXISTS named (path TEXT, hash BLOB, PRIMARY KEY (path, hash))');
  const stored = storeText(volume);
  db.exec('BEGIN IMMEDIATE');
  try {
    if (isFirst) db.exec('DELETE FROM temp.named');
    const name = db.prepare('INSERT OR IGNORE INTO temp.named VALUES (?, ?)');
    const put = db.prepare(
      `INSERT INTO mirrored VALUES (?, ?, ?, ?, ?, ?, NULL)
       ON CONFLICT DO UPDATE SET gone_at = NULL,
         medium_read = CASE WHEN excluded.proved_at > proved_at OR medium_read = '${UNCHOSEN}' THEN excluded.medium_read ELSE medium_read END,
         proved_at = max(proved_at, excluded.proved_at)
       WHERE gone_at IS NOT NULL OR excluded.proved_at > proved_at`,
    );
    for (const [index, copy] of copies.entries()) {
      if (index % COPIES_AT_A_STRETCH === COPIES_AT_A_STRETCH - 1) await giveWay();
      const [path, hash] = [storeText(copy.path), Buffer.from(copy.hash, 'hex')];
      name.run(path, hash);
      put.run(stored, path, hash, copy.size, Date.parse(copy.provedAt), copy.mediumRead);
    }
    db.exec('COMMIT');
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

export interface UnnamedSearch extends MirrorFolder {
  /** The last one of the page before; null for the first page. */
  readonly after: UnnamedCopy | null;
  readonly limit: number;
}

/** @returns copies of the folder that are held for current and that no piece since the first one named, by path. */
export function listUnnamed(
  db: Database,
  {volume, folder, after, limit}: UnnamedSearch,
): readonly UnnamedCopy[] {
  const from = folder === '' ? '' : `${storeText(folder)}/`;
  // `0` comes right after `/`.
  const to = folder === '' ? null : `${storeText(folder)}0`;
  const rows = db
    .prepare(
      `SELECT path, hash, size,
         EXISTS (SELECT 1 FROM temp.named n WHERE n.path = m.path) AS is_replaced
       FROM mirrored m
       WHERE volume = ?1 AND path >= ?2 AND (?3 IS NULL OR path < ?3) AND gone_at IS NULL
         AND (path, hash) > (?4, ?5)
         AND NOT EXISTS (SELECT 1 FROM temp.named n WHERE n.path = m.path AND n.hash = m.hash)
       ORDER BY path, hash LIMIT ?6`,
    )
    .all(
      storeText(volume),
      from,
      to,
      after === null ? '' : storeText(after.path),
      Buffer.from(after?.hash ?? '', 'hex'),
      limit,
    );
  return rows.map((row) => {
    const hash = readHash(row, 'hash');
    if (hash === null) throw new DamagedRow('a mirrored copy has no hash');
    const isReplaced = readFlag(row, 'is_replaced');
    return {path: readText(row, 'path'), hash, size: readNumber(row, 'size'), isReplaced};
  });
}

/** Notes what went into the archive, and forgets what nobody knows any more, in one transaction. @throws what SQLite throws; nothing is noted then. */
export function settleUnnamed(
  db: Database,
  {volume, copies}: {readonly volume: string; readonly copies: readonly SettledCopy[]},
): void {
  const stored = storeText(volume);
  db.exec('BEGIN IMMEDIATE');
  try {
    const go = db.prepare(
      'UPDATE mirrored SET gone_at = ?, medium_read = coalesce(?, medium_read) WHERE volume = ? AND path = ? AND hash = ?',
    );
    const forget = db.prepare('DELETE FROM mirrored WHERE volume = ? AND path = ? AND hash = ?');
    for (const {path, hash, goneAt, isUnchosen = false} of copies) {
      const which = [stored, storeText(path), Buffer.from(hash, 'hex')] as const;
      if (goneAt === null) forget.run(...which);
      else go.run(Date.parse(goneAt), isUnchosen ? UNCHOSEN : null, ...which);
    }
    db.exec('COMMIT');
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

/** A place on a volume and the bytes that lay there. */
export interface PlacedCopy {
  /** Below the folder of the volume's marker, parts joined by `/`. */
  readonly path: string;
  /** BLAKE3, 64 hex digits. */
  readonly hash: string;
}

/** @returns when a mirror put each into the archive, or moved it, ISO 8601 (UTC); null for what it did not, or holds again. In the order of `copies`. */
export function recallGone(
  db: Database,
  {volume, copies}: {readonly volume: string; readonly copies: readonly PlacedCopy[]},
): readonly (string | null)[] {
  const find = db.prepare(
    'SELECT gone_at FROM mirrored WHERE volume = ? AND path = ? AND hash = ? AND gone_at IS NOT NULL',
  );
  const stored = storeText(volume);
  return copies.map(({path, hash}) => {
    const row = find.get(stored, storeText(path), Buffer.from(hash, 'hex'));
    return row === undefined ? null : new Date(readNumber(row, 'gone_at')).toISOString();
  });
}
