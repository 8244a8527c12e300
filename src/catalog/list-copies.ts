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
  /** Only files of these sizes (bytes), or with these hashes (64 hex digits), are looked at; undefined: every file. */
  readonly among?: Among;
}

export type Among = {readonly sizes: ReadonlySet<number>} | {readonly hashes: ReadonlySet<string>};

/** Rows between two pauses in which the program does other things. */
const ROWS_AT_A_STRETCH = 1000;

/** @param which files of the offload; all when it is empty. */
const selectCopies = (which: string): string => `
  SELECT f.number, f.path, f.size, CAST(f.mtime_ns AS TEXT) AS mtime_ns, f.hash, c.target, c.proved_at,
    d.volume, d.name, d.shoot_path
  FROM file f JOIN copy c ON c.offload = f.offload AND c.file = f.number
  JOIN destination d ON d.offload = c.offload AND d.number = c.destination
  WHERE f.offload = ? AND f.hash IS NOT NULL ${which} ORDER BY f.number, c.destination`;

/** Looks at every file that has a copy, or at those that an index finds. @returns the copies of those that are wanted, newest offload first. */
export async function listCopies(
  db: Database,
  {timeZone, wants, among}: CopyChoice,
): Promise<readonly ListedCopy[]> {
  const offloads = db
    .prepare('SELECT key, shoot, folder, cameras FROM offload ORDER BY ended_at DESC, key DESC')
    .all();
  const picked = among === undefined ? undefined : await pickFiles(db, among);
  const copiesOf = db.prepare(selectCopies('AND f.number = ?'));
  const copies = db.prepare(selectCopies(''));
  const rowsOf = (key: number) =>
    picked === undefined
      ? copies.all(key)
      : (picked.get(key) ?? []).flatMap((number) => copiesOf.all(key, number));
  const listed: ListedCopy[] = [];
  let rows = 0;
  for (const offload of offloads) {
    const key = readNumber(offload, 'key');
    if (picked?.has(key) === false) continue;
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
    for (const row of rowsOf(key)) {
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

/** @returns numbers of the files, by offload, in ascending order. */
async function pickFiles(
  db: Database,
  among: Among,
): Promise<ReadonlyMap<number, readonly number[]>> {
  const bySize = 'sizes' in among;
  const find = db.prepare(`SELECT offload, number FROM file WHERE ${bySize ? 'size' : 'hash'} = ?`);
  const values = bySize ? among.sizes : [...among.hashes].map((hash) => Buffer.from(hash, 'hex'));
  const picked = new Map<number, number[]>();
  let asked = 0;
  for (const value of values) {
    if (++asked % ROWS_AT_A_STRETCH === 0) await giveWay();
    for (const row of find.all(value)) {
      const key = readNumber(row, 'offload');
      const numbers = picked.get(key) ?? [];
      picked.set(key, numbers);
      numbers.push(readNumber(row, 'number'));
    }
  }
  for (const numbers of picked.values()) numbers.sort((a, b) => a - b);
  return picked;
}
