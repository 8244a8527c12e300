/** What later readings of copies found out: the age of the last proof, and what is none any more. */
import {setImmediate as giveWay} from 'node:timers/promises';
import {storeText} from '../core/catalog/stored-text.ts';
import type {MediumRead} from '../core/drive.ts';
import {rollBack} from './roll-back.ts';
import {readFlag, readNumber} from './rows.ts';
import type {Database} from './sqlite.ts';

/** One copy that was read again. */
export interface NotedCopy {
  /** Place of its file in the record. */
  readonly number: number;
  /** On the card. */
  readonly path: string;
  /** BLAKE3 that the record has, 64 hex digits. */
  readonly hash: string;
  /** How it was read when it has these bytes; null when it has not, or could not be read. */
  readonly mediumRead: MediumRead | null;
}

/** Copies of one offload on one destination. */
export interface NotedReadings {
  readonly offload: string;
  /** Id as the record has it. */
  readonly destination: string;
  /** ISO 8601: all was read then or later. */
  readonly at: string;
  readonly copies: readonly NotedCopy[];
}

/** Copies between two pauses in which the program does other things. */
const COPIES_AT_A_STRETCH = 1000;

/**
 * Notes them in one transaction. What the catalog has another record of is passed over, and so is a good reading that a cache may have answered where the user did not waive that: it
 * proves nothing. @throws what SQLite throws; nothing is noted then.
 */
export async function noteReadings(
  db: Database,
  {offload, destination, at, copies}: NotedReadings,
): Promise<void> {
  db.exec('BEGIN IMMEDIATE');
  try {
    const known = db
      .prepare(
        `SELECT o.key, d.number, instr(o.waived, '"cached"') > 0 AS waived
         FROM offload o JOIN destination d ON d.offload = o.key WHERE o.id = ? AND d.volume = ?`,
      )
      .get(storeText(offload), storeText(destination));
    if (known !== undefined) await insertReadings(db, known, {at, copies});
    db.exec('COMMIT');
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

async function insertReadings(
  db: Database,
  known: unknown,
  {at, copies}: Pick<NotedReadings, 'at' | 'copies'>,
): Promise<void> {
  const [key, destination] = [readNumber(known, 'key'), readNumber(known, 'number')];
  const trustsCache = readFlag(known, 'waived');
  // An older reading that is told later changes nothing.
  const insert = db.prepare(
    `INSERT INTO reading
     SELECT offload, number, ?, ?, ? FROM file WHERE offload = ? AND number = ? AND path = ? AND hash = ?
     ON CONFLICT DO UPDATE SET at = excluded.at, good = excluded.good WHERE excluded.at >= reading.at`,
  );
  for (const [index, {number, path, hash, mediumRead}] of copies.entries()) {
    if (index % COPIES_AT_A_STRETCH === COPIES_AT_A_STRETCH - 1) await giveWay();
    if (mediumRead === 'cached' && !trustsCache) continue;
    const good = Number(mediumRead !== null);
    const bytes = Buffer.from(hash, 'hex');
    insert.run(destination, Date.parse(at), good, key, number, storeText(path), bytes);
  }
}
