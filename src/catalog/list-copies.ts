/** Files with their copies for a restore: where to look, never a proof. */
import {setImmediate as giveWay} from 'node:timers/promises';
import {placeOfCopy, restoreTarget} from '../core/catalog/copy-place.ts';
import {relativePath} from '../core/manifest.ts';
import {
  cameraWords,
  type KnownDrive,
  type KnownFile,
  volumeOf,
} from '../core/restore/known-file.ts';
import {readHash, readInstant, readNumber, readText, readTextOrNull, readThings} from './rows.ts';
import type {Database} from './sqlite.ts';

/** One copy: its drive, and where it lay when it was recorded. */
export interface ListedCopy {
  readonly file: KnownFile;
  readonly drive: KnownDrive;
  /** Absolute, as it was then. */
  readonly place: string;
}

export interface CopyChoice {
  /** IANA name of the zone in which days are told: the catalog does not keep that of the record. */
  readonly timeZone: string;
  readonly wants: (file: KnownFile) => boolean;
}

/** Rows between two pauses in which the program does other things. */
const ROWS_AT_A_STRETCH = 1000;

/** Looks at every file that has a copy. @returns the copies of those that are wanted, newest offload first. */
export async function listCopies(
  db: Database,
  {timeZone, wants}: CopyChoice,
): Promise<readonly ListedCopy[]> {
  const offloads = db
    .prepare('SELECT key, shoot, folder, cameras FROM offload ORDER BY ended_at DESC, key DESC')
    .all();
  const copies = db.prepare(
    `SELECT f.number, f.path, f.size, CAST(f.mtime_ns AS TEXT) AS mtime_ns, f.hash, c.target, c.proved_at,
       d.volume, d.name, d.shoot_path
     FROM file f JOIN copy c ON c.offload = f.offload AND c.file = f.number
     JOIN destination d ON d.offload = c.offload AND d.number = c.destination
     WHERE f.offload = ? AND f.hash IS NOT NULL ORDER BY f.number, c.destination`,
  );
  const listed: ListedCopy[] = [];
  let rows = 0;
  for (const offload of offloads) {
    const about = {
      shoot: readText(offload, 'shoot'),
      cameras: readThings(offload, 'cameras').flatMap((one) =>
        cameraWords({make: readText(one, 'make'), model: readText(one, 'model')}),
      ),
      timeZone,
    };
    const folder = readText(offload, 'folder');
    let file: (KnownFile & {readonly number: number}) | undefined;
    let isWanted = false;
    for (const row of copies.all(readNumber(offload, 'key'))) {
      if (++rows % ROWS_AT_A_STRETCH === 0) await giveWay();
      const path = readText(row, 'path');
      const target = restoreTarget(readTextOrNull(row, 'target'), folder, path);
      const number = readNumber(row, 'number');
      // The first row of a file has the target that its name is made of.
      if (file?.number !== number) {
        const [size, hash] = [readNumber(row, 'size'), readHash(row, 'hash') ?? ''];
        const mtimeNs = BigInt(readText(row, 'mtime_ns'));
        file = {...about, number, path, target, size, mtimeNs, hash};
        isWanted = relativePath.safeParse(target).success && wants(file);
      }
      if (!isWanted) continue;
      const {number: _, ...known} = file;
      const [name, seenAt] = [readText(row, 'name'), readInstant(row, 'proved_at')];
      const drive = {volume: volumeOf(readText(row, 'volume')), name, seenAt};
      listed.push({file: known, drive, place: placeOfCopy(readText(row, 'shoot_path'), target)});
    }
  }
  return listed;
}
