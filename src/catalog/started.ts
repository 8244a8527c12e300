/** Offloads that began and have no end yet. A rebuild does not touch them: no record tells of them. */
import {storeText} from '../core/catalog/stored-text.ts';
import type {Manifest} from '../core/manifest.ts';
import type {Recorded} from './record-manifest.ts';
import {readInstant, readNumber, readText} from './rows.ts';
import type {Database} from './sqlite.ts';

export interface StartedOffload {
  /** Id of the offload, as its record will have it. */
  readonly offload: string;
  readonly cardId: string;
  readonly label: string;
  readonly shoot: string;
  readonly fingerprint: string;
  /** When this run of it began; ISO 8601, UTC. */
  readonly startedAt: string;
  readonly files: number;
  readonly bytes: number;
}

export function noteStarted(db: Database, start: StartedOffload): void {
  const {offload, cardId, label, shoot, fingerprint, startedAt, files, bytes} = start;
  const texts = [offload, cardId, label, shoot, fingerprint].map(storeText);
  db.prepare('INSERT OR REPLACE INTO started VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
    ...texts,
    Date.parse(startedAt),
    files,
    bytes,
  );
}

/** A new record ends its offload. One that was known does so only if it ended later: a record from before must not hide a run that goes on. */
export function forgetStart(db: Database, manifest: Manifest, recorded: Recorded): void {
  const id = storeText(manifest.offload);
  if (recorded === 'recorded') db.prepare('DELETE FROM started WHERE offload = ?').run(id);
  else {
    const ended = Date.parse(manifest.endedAt);
    db.prepare('DELETE FROM started WHERE offload = ? AND started_at <= ?').run(id, ended);
  }
}

/** @returns what began with this card and has no end, newest first. */
export function readStarted(db: Database, cardId: string): readonly StartedOffload[] {
  return db
    .prepare('SELECT * FROM started WHERE card = ? ORDER BY started_at DESC, offload DESC')
    .all(storeText(cardId))
    .map((row) => ({
      offload: readText(row, 'offload'),
      cardId: readText(row, 'card'),
      label: readText(row, 'label'),
      shoot: readText(row, 'shoot'),
      fingerprint: readText(row, 'fingerprint'),
      startedAt: readInstant(row, 'started_at'),
      files: readNumber(row, 'files'),
      bytes: readNumber(row, 'bytes'),
    }));
}
