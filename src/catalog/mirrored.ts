/** Copies that mirrors made and proved on backup volumes, and those that they put into an archive. */
import {setImmediate as giveWay} from 'node:timers/promises';
import {storeText} from '../core/catalog/stored-text.ts';
import type {MediumRead} from '../core/drive.ts';
import {rollBack} from './roll-back.ts';
import type {Database} from './sqlite.ts';

/** One copy on a volume. */
export interface MirroredCopy {
  /** Below the folder of the volume's marker, parts joined by `/`. */
  readonly path: string;
  /** BLAKE3, 64 hex digits. */
  readonly hash: string;
  /** Bytes. */
  readonly size: number;
  /** ISO 8601, UTC. */
  readonly provedAt: string;
  readonly mediumRead: MediumRead;
}

/** `drop`: what lay at the path is in the archive, or was moved: its path below the folder of the volume's marker. */
export type MirrorChange = {readonly put: MirroredCopy} | {readonly drop: string};

export interface MirrorChanges {
  /** Id of the target volume. */
  readonly volume: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** In the order in which they were made. */
  readonly changes: readonly MirrorChange[];
}

/** Changes between two pauses in which the program does other things. */
const CHANGES_AT_A_STRETCH = 1000;

/** Notes them in one transaction. @throws what SQLite throws; nothing is noted then. */
export async function noteMirror(
  db: Database,
  {volume, at, changes}: MirrorChanges,
): Promise<void> {
  const stored = storeText(volume);
  const now = Date.parse(at);
  db.exec('BEGIN IMMEDIATE');
  try {
    const drop = db.prepare(
      'UPDATE mirrored SET gone_at = ? WHERE volume = ? AND path = ? AND hash <> ? AND gone_at IS NULL',
    );
    const put = db.prepare(
      `INSERT INTO mirrored VALUES (?, ?, ?, ?, ?, ?, NULL)
       ON CONFLICT DO UPDATE SET size = excluded.size, proved_at = excluded.proved_at, medium_read = excluded.medium_read, gone_at = NULL`,
    );
    for (const [index, change] of changes.entries()) {
      if (index % CHANGES_AT_A_STRETCH === CHANGES_AT_A_STRETCH - 1) await giveWay();
      if ('drop' in change) {
        drop.run(now, stored, storeText(change.drop), NO_HASH);
        continue;
      }
      const {path, hash, size, provedAt, mediumRead} = change.put;
      const bytes = Buffer.from(hash, 'hex');
      // Other bytes that lay there before are in the archive now.
      drop.run(now, stored, storeText(path), bytes);
      put.run(stored, storeText(path), bytes, size, Date.parse(provedAt), mediumRead);
    }
    db.exec('COMMIT');
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

/** No copy has an empty hash. */
const NO_HASH = Buffer.alloc(0);
