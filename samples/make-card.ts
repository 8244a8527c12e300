/**
 * Makes a small camera card to try the program on: about 9 MB in 35 files, all of them real and readable.
 *
 *     npx tsx samples/make-card.ts DIR [SEED]
 *
 * writes the folder SAMPLE_CARD into DIR, which must not have one yet. The same seed gives the same bytes and modification times.
 */
import {realpathSync} from 'node:fs';
import {mkdir, utimes, writeFile} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type NewFile, shootRoll} from './camera-roll.ts';
import {clockTime, toEpochMs} from './card-time.ts';
import {leaveJunk} from './junk-files.ts';

export interface SampleFile {
  /** Below the card's root, parts joined by `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Modification time in ms since 1970 (UTC). */
  readonly mtimeMs: number;
  /** True for what operating systems left there: it is not to be copied. */
  readonly junk: boolean;
}

export interface SampleCard {
  /** The card's root, absolute. */
  readonly path: string;
  /** Name of that folder. */
  readonly label: 'SAMPLE_CARD';
  /** In order of their paths, by code units. */
  readonly files: readonly SampleFile[];
  /** Every folder below the root in the same order, those of junk and empty ones too. */
  readonly folders: readonly string[];
}

const LABEL = 'SAMPLE_CARD';
const EMPTY_FOLDER = 'DCIM/EOSMISC';
const EMPTY_SINCE = clockTime(14, 2);

/**
 * Writes the folder SAMPLE_CARD below `into`, which is made where it is missing.
 * @throws the file system's error; EEXIST when there is a SAMPLE_CARD already, which is left as it is.
 */
export async function makeSampleCard({
  into,
  seed,
}: {
  into: string;
  seed: number;
}): Promise<SampleCard> {
  const root = resolve(into, LABEL);
  await mkdir(resolve(into), {recursive: true});
  await mkdir(root);
  const roll = shootRoll(seed);
  const junk = leaveJunk(seed);
  const files = [...roll, ...junk];
  const folders = listFolders(files);
  for (const folder of folders) await mkdir(join(root, folder));
  for (const file of files) await putFile(root, file);
  // A folder's time changes with every file in it, so the folders come after all files.
  for (const folder of ['', ...folders].toReversed()) {
    await stamp(join(root, folder), newestIn(folder, files));
  }
  return {
    path: root,
    label: LABEL,
    files: [
      ...roll.map((file) => describe(file, false)),
      ...junk.map((file) => describe(file, true)),
    ].sort((a, b) => compare(a.path, b.path)),
    folders,
  };
}

async function putFile(root: string, {path, bytes, modified}: NewFile): Promise<void> {
  const place = join(root, path);
  await writeFile(place, bytes, {flag: 'wx'});
  await stamp(place, modified);
}

async function stamp(place: string, time: number): Promise<void> {
  const seconds = toEpochMs(time) / 1000;
  await utimes(place, seconds, seconds);
}

/** @returns all folders, a parent before what is in it. */
function listFolders(files: readonly NewFile[]): string[] {
  const folders = new Set([EMPTY_FOLDER]);
  for (const {path} of files) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) folders.add(parts.slice(0, depth).join('/'));
  }
  return [...folders].sort(compare);
}

function newestIn(folder: string, files: readonly NewFile[]): number {
  const inside = folder === '' ? files : files.filter(({path}) => path.startsWith(`${folder}/`));
  return Math.max(EMPTY_SINCE, ...inside.map(({modified}) => modified));
}

function describe({path, bytes, modified}: NewFile, junk: boolean): SampleFile {
  return {path, size: bytes.length, mtimeMs: toEpochMs(modified), junk};
}

// Not localeCompare: its order depends on the machine.
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

async function main([into, seed = '1', ...rest]: readonly string[]): Promise<number> {
  if (into === undefined || !/^\d{1,9}$/.test(seed) || rest.length > 0) {
    console.error(
      'Usage: npx tsx samples/make-card.ts DIR [SEED]      (SEED: a number, 1 if not given)',
    );
    return 2;
  }
  try {
    const card = await makeSampleCard({into, seed: Number(seed)});
    const bytes = card.files.reduce((sum, {size}) => sum + size, 0);
    console.log(`${card.path}: ${card.files.length} files, ${(bytes / 1e6).toFixed(1)} MB`);
    return 0;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const next = error.code === 'EEXIST' ? ' Choose a folder that has no SAMPLE_CARD yet.' : '';
    console.error(`The card was not made: ${error.message}.${next}`);
    return 1;
  }
}

const started = process.argv[1];
if (started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}
