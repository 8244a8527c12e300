import {nameCameras} from '../core/catalog/camera-names.ts';
import {storeText} from '../core/catalog/stored-text.ts';
import type {CardKnown} from '../core/events.ts';
import {readFlag, readInstant, readNumber, readText, readTexts, readThings} from './rows.ts';
import type {Database} from './sqlite.ts';

export type KnownCard = Omit<CardKnown, 'type'>;

/** Makes the card's row anew from its offloads, so that it does not depend on their order. */
export function refreshCard(db: Database, cardId: string): void {
  const id = storeText(cardId);
  db.prepare('DELETE FROM card WHERE id = ?').run(id);
  db.prepare(
    `INSERT INTO card
     SELECT card, label, card_volume, ?2, (SELECT count(*) FROM offload WHERE card = ?1),
       shoot, files, bytes, ended_at, safe
     FROM offload WHERE card = ?1 ORDER BY ended_at DESC, key DESC LIMIT 1`,
  ).run(id, JSON.stringify(findCameras(db, id)));
}

/** The cameras of all its offloads, those of the newest first. */
function findCameras(db: Database, id: string): readonly string[] {
  const rows = db
    .prepare(
      `SELECT cameras FROM offload WHERE card = ? GROUP BY cameras
       ORDER BY max(ended_at) DESC, max(key) DESC`,
    )
    .all(id);
  return nameCameras(
    rows.flatMap((row) =>
      readThings(row, 'cameras').map((camera) => ({
        make: readText(camera, 'make'),
        model: readText(camera, 'model'),
      })),
    ),
  );
}

/** @returns every card that ended an offload, the newest first. */
export function listCards(db: Database): readonly KnownCard[] {
  return db
    .prepare('SELECT * FROM card ORDER BY last_offload DESC, id')
    .all()
    .map((row) => ({
      id: readText(row, 'id'),
      label: readText(row, 'label'),
      cameras: readTexts(row, 'cameras'),
      offloads: readNumber(row, 'offloads'),
      shoot: readText(row, 'shoot'),
      files: readNumber(row, 'files'),
      bytes: readNumber(row, 'bytes'),
      lastOffload: readInstant(row, 'last_offload'),
      safe: readFlag(row, 'safe'),
    }));
}
