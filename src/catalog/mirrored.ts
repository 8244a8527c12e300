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

/**
 * `drop`: what lay at the path is in the archive, or was moved: its path below the folder of the volume's marker. `isUnchosen`: the source has the file still, and the rule of the job wants no copy
 * of it any more.
 */
export type MirrorChange =
  | {readonly put: MirroredCopy}
  | {readonly drop: string; readonly isUnchosen?: boolean};

/** In the place of how a copy was read: it went into the archive though its file was not deleted. That no backup keeps a file then does not say that nobody wants it. */
export const UNCHOSEN = 'unchosen';

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
    const unchoose = db.prepare(
      'UPDATE mirrored SET gone_at = ?, medium_read = ? WHERE volume = ? AND path = ? AND gone_at IS NULL',
    );
    const put = db.prepare(
      `INSERT INTO mirrored VALUES (?, ?, ?, ?, ?, ?, NULL)
       ON CONFLICT DO UPDATE SET size = excluded.size, proved_at = excluded.proved_at, medium_read = excluded.medium_read, gone_at = NULL`,
    );
    for (const [index, change] of changes.entries()) {
      if (index % CHANGES_AT_A_STRETCH === CHANGES_AT_A_STRETCH - 1) await giveWay();
      if ('drop' in change) {
        const place = storeText(change.drop);
        if (change.isUnchosen === true) unchoose.run(now, UNCHOSEN, stored, place);
        else drop.run(now, stored, place, NO_HASH);
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

/** A copy on a mirror that was read again. */
export interface ReadMirror {
  /** Below the folder of the volume's marker, parts joined by `/`. */
  readonly path: string;
  /** BLAKE3 that was expected there, 64 hex digits. */
  readonly hash: string;
  /** How it was read when it has these bytes; null when it has not, or could not be read. */
  readonly mediumRead: MediumRead | null;
}

export interface MirrorReadings {
  readonly volume: string;
  /** ISO 8601: all was read then or later. */
  readonly at: string;
  readonly copies: readonly ReadMirror[];
}

/** In the place of how a copy was read: the last reading did not find its bytes. */
const BAD = 'bad';

/**
 * Notes them in one transaction: a good one is the last proof, a bad one does not count until it is good again, or the mirror writes it anew. Copies that no mirror made are passed over,
 * and so are good readings that a cache may have answered.
 * @throws what SQLite throws; nothing is noted then.
 */
export async function noteMirrorReadings(
  db: Database,
  {volume, at, copies}: MirrorReadings,
): Promise<void> {
  const [stored, now] = [storeText(volume), Date.parse(at)];
  db.exec('BEGIN IMMEDIATE');
  try {
    const good = db.prepare(
      'UPDATE mirrored SET proved_at = ?, medium_read = ? WHERE volume = ? AND path = ? AND hash = ? AND proved_at <= ? AND gone_at IS NULL',
    );
    // The time of the last proof stays.
    const bad = db.prepare(
      'UPDATE mirrored SET medium_read = ? WHERE volume = ? AND path = ? AND hash = ? AND proved_at <= ? AND gone_at IS NULL',
    );
    for (const [index, {path, hash, mediumRead}] of copies.entries()) {
      if (index % CHANGES_AT_A_STRETCH === CHANGES_AT_A_STRETCH - 1) await giveWay();
      const which = [stored, storeText(path), Buffer.from(hash, 'hex'), now] as const;
      if (mediumRead === null) bad.run(BAD, ...which);
      else if (mediumRead !== 'cached') good.run(now, mediumRead, ...which);
    }
    db.exec('COMMIT');
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

/** No copy has an empty hash. */
const NO_HASH = Buffer.alloc(0);
