/** Records of offloads as data, and what a catalog holds. */
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import type {Catalog} from '../../src/catalog/catalog.ts';
import {type OpenCatalogOptions, openCatalog} from '../../src/catalog/open-catalog.ts';
import type {Result} from '../../src/core/cause.ts';
import type {Manifest, RecordedFile} from '../../src/core/manifest.ts';
import {sampleManifest} from '../core/sample-manifest.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

export interface MadeFile {
  readonly path: string;
  readonly size?: number;
  readonly mtimeNs?: string;
  readonly blake3?: string | null;
  /** Ids of the destinations that have a proved copy; both when it is not given. */
  readonly on?: readonly string[];
  readonly target?: string;
}

export type MadeRecord = Partial<Omit<Manifest, 'card' | 'files' | 'verdict'>> & {
  readonly card?: Partial<Manifest['card']>;
  readonly files?: readonly MadeFile[];
  readonly safe?: boolean;
};

/** A record on two drives, W and B; SAFE unless it says otherwise. */
export function makeRecord({card, files = [], safe = true, ...rest}: MadeRecord): Manifest {
  const folder = rest.folder ?? sampleManifest.folder;
  const made = files.map((file, index) => makeFile(file, index, folder));
  return {
    ...sampleManifest,
    runs: 1,
    ...rest,
    card: {...sampleManifest.card, ...card},
    files: made,
    account: {
      ...sampleManifest.account,
      found: made.length,
      bytes: Math.min(
        made.reduce((sum, {size}) => sum + size, 0),
        Number.MAX_SAFE_INTEGER,
      ),
    },
    verdict: safe
      ? {safe, reasons: [], waived: []}
      : {safe, reasons: [{code: 'file-failed', message: 'Mend it.'}], waived: []},
    seal: '0'.repeat(64),
  };
}

function makeFile(
  {path, size = 1000, mtimeNs, blake3, on = ['working', 'backup'], target}: MadeFile,
  index: number,
  folder: string,
): RecordedFile {
  return {
    path,
    size,
    mtimeNs: mtimeNs ?? `${1_763_830_800_123_456_700n + BigInt(index)}`,
    blake3: blake3 === undefined ? index.toString(16).padStart(64, 'a') : blake3,
    retries: 0,
    copies: on.map((destination) => ({
      destination,
      target: target ?? `${folder}/${path}`,
      provedAt: '2026-11-22T19:03:11.250Z',
      mediumRead: 'direct',
      origin: 'copied',
    })),
  };
}

export const unwrap = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.cause.code}: ${result.cause.message}`);
  return result.value;
};

/** A catalog in a temporary folder; closed after the test. */
export async function openTrial(
  t: ExecutionContext,
  options: Partial<OpenCatalogOptions> = {},
): Promise<Catalog> {
  const path = options.path ?? join(await makeTemporaryFolder(t), 'data', 'catalog.sqlite');
  const catalog = unwrap(await openCatalog({...options, path}));
  t.teardown(() => catalog.close());
  return catalog;
}

/** A second look at the file, with SQLite itself. */
export async function openRaw(t: ExecutionContext, path: string) {
  const {DatabaseSync} = await import('@photostructure/sqlite');
  const db = new DatabaseSync(path, {readBigInts: true});
  t.teardown(() => {
    if (db.isOpen) db.close();
  });
  return db;
}

const TABLES = [
  'offload',
  'destination',
  'file',
  'copy',
  'card',
  'shoot',
  'shoot_volume',
  'started',
];

/** Every row of every table, sorted, as text; and which rows the search index has for some words. */
export async function dumpCatalog(t: ExecutionContext, path: string): Promise<readonly string[]> {
  const db = await openRaw(t, path);
  const asText = (_: string, value: unknown) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
    return typeof value === 'bigint' ? `${value}` : value;
  };
  const rows = TABLES.flatMap((table) =>
    db
      .prepare(`SELECT * FROM ${table}`)
      .all()
      .map((row) => `${table} ${JSON.stringify(row, asText)}`),
  );
  const indexed = ['"IMG"', '"JPG"', '"CR3"'].map((word) => {
    const found = db.prepare('SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid');
    return `search ${word} ${JSON.stringify(found.all(word), asText)}`;
  });
  db.close();
  return [...rows.sort(), ...indexed];
}
