/** What is known of a card, and of the files that are on it now. */
import {setImmediate as giveWay} from 'node:timers/promises';
import type {CardFile} from '../core/card.ts';
import type {CardHistory} from '../core/card-history.ts';
import {type CardPast, decideFromPast, decideHistory} from '../core/catalog/decide-history.ts';
import {storeText} from '../core/catalog/stored-text.ts';
import {readFlag, readInstant, readNumber, readText, readTexts} from './rows.ts';
import type {Database} from './sqlite.ts';
import {readStarted, type StartedOffload} from './started.ts';
import {storeTime} from './store-time.ts';

/** One offload of a card that came to its end. */
export interface RecordedOffload {
  /** Its number in the catalog. */
  readonly key: number;
  /** The id, as in its record. */
  readonly offload: string;
  readonly shoot: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly safe: boolean;
  readonly reasons: readonly string[];
  readonly waived: readonly string[];
  readonly files: number;
  readonly bytes: number;
}

export interface CardRecall {
  /** Newest end first. */
  readonly offloads: readonly RecordedOffload[];
  /** Began and have no end, newest first. */
  readonly started: readonly StartedOffload[];
}

export function recallCard(db: Database, cardId: string): CardRecall {
  const offloads = db
    .prepare(
      `SELECT key, id, shoot, started_at, ended_at, safe, reasons, waived, files, bytes
       FROM offload WHERE card = ? ORDER BY ended_at DESC, key DESC`,
    )
    .all(storeText(cardId))
    .map((row) => ({
      key: readNumber(row, 'key'),
      offload: readText(row, 'id'),
      shoot: readText(row, 'shoot'),
      startedAt: readInstant(row, 'started_at'),
      endedAt: readInstant(row, 'ended_at'),
      safe: readFlag(row, 'safe'),
      reasons: readTexts(row, 'reasons'),
      waived: readTexts(row, 'waived'),
      files: readNumber(row, 'files'),
      bytes: readNumber(row, 'bytes'),
    }));
  return {offloads, started: readStarted(db, cardId)};
}

/** What of a file tells whether it is the one that was recorded. */
export type ListedFile = Pick<CardFile, 'path' | 'size' | 'mtimeNs'>;

/** Files between two pauses in which the program does other things. */
const FILES_AT_A_STRETCH = 500;

/** Compares what is on a card now with its offloads: path, size and modification time must be the same. */
export async function compareListing(
  db: Database,
  cardId: string,
  files: readonly ListedFile[],
): Promise<CardHistory> {
  const {offloads, started} = recallCard(db, cardId);
  const past: CardPast = {offloads, startedAt: started[0]?.startedAt ?? null};
  const early = decideFromPast(past);
  if (early !== null) return early;
  const keys = new Set(offloads.map(({key}) => key));
  const holding = db.prepare(
    `SELECT offload FROM file INDEXED BY file_by_size_and_time
     WHERE size = ? AND mtime_ns = ? AND path = ?`,
  );
  const holders: number[][] = [];
  for (const {path, size, mtimeNs} of files) {
    const rows = holding.all(size, storeTime(mtimeNs), storeText(path));
    holders.push(rows.map((row) => readNumber(row, 'offload')).filter((key) => keys.has(key)));
    if (holders.length % FILES_AT_A_STRETCH === 0) await giveWay();
  }
  return decideHistory(past, holders);
}
