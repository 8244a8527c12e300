/**
 * Catalogs as Lightroom Classic makes them: its tables and columns, as far as this program and its tests look at them (SQL of a catalog of version 13; the older ones have the
 * same columns). Nothing of Adobe's is copied here.
 */
import {rmSync, writeFileSync} from 'node:fs';
import {mkdir} from 'node:fs/promises';
import {dirname} from 'node:path';
import {DatabaseSync, type DatabaseSyncInstance} from '@photostructure/sqlite';

/** One row of `Adobe_images`: the picture, or a virtual copy of it. */
export interface MadeVersion {
  /** 1 to 5; null for none. */
  readonly rating?: number | null;
  /** 1 picked, 0 none, -1 rejected. */
  readonly pick?: number;
  /** Text of the colour label, in the language of that Lightroom. */
  readonly label?: string;
  /** Whole paths: `Wedding/Portfolio`. */
  readonly keywords?: readonly string[];
}

export interface MadePicture extends MadeVersion {
  /** Below the root folder, parts joined by `/`. */
  readonly path: string;
  /** As Lightroom writes them: `JPG,xmp`. */
  readonly sidecars?: string;
  readonly virtualCopies?: readonly MadeVersion[];
}

export interface MadeCatalog {
  /** `wal` is what Lightroom Classic uses now, `delete` what it used before. */
  readonly journal?: 'wal' | 'delete';
  /** Of that computer, with `/` at its end. */
  readonly root?: string;
  readonly pictures?: readonly MadePicture[];
  /** `Adobe_DBVersion`. */
  readonly version?: string;
  /** Rows of the history of edits, of 500 bytes each: for a catalog that has some size. */
  readonly history?: number;
}

/** A catalog that is open, as Lightroom has it. */
export interface OpenLrcat {
  /** Committed when it returns; in `wal` mode it lies in the log only. */
  add(...pictures: readonly MadePicture[]): void;
  readonly db: DatabaseSyncInstance;
  /** As Lightroom quits: the log goes into the file and away, and so does the lock. */
  close(): void;
}

const TABLES = `
CREATE TABLE Adobe_variablesTable (id_local INTEGER PRIMARY KEY, id_global UNIQUE NOT NULL, name, type, value NOT NULL DEFAULT '');
CREATE TABLE AgLibraryRootFolder (id_local INTEGER PRIMARY KEY, id_global UNIQUE NOT NULL, absolutePath UNIQUE NOT NULL DEFAULT '', name NOT NULL DEFAULT '', relativePathFromCatalog);
CREATE TABLE AgLibraryFolder (id_local INTEGER PRIMARY KEY, id_global UNIQUE NOT NULL, parentId INTEGER, pathFromRoot NOT NULL DEFAULT '', rootFolder INTEGER NOT NULL DEFAULT 0, visibility INTEGER);
CREATE TABLE AgLibraryFile (id_local INTEGER PRIMARY KEY, id_global UNIQUE NOT NULL, baseName NOT NULL DEFAULT '', errorMessage, errorTime, extension NOT NULL DEFAULT '', externalModTime,
  folder INTEGER NOT NULL DEFAULT 0, idx_filename NOT NULL DEFAULT '', importHash, lc_idx_filename NOT NULL DEFAULT '', lc_idx_filenameExtension NOT NULL DEFAULT '', md5, modTime,
  originalFilename NOT NULL DEFAULT '', sidecarExtensions);
CREATE TABLE Adobe_images (id_local INTEGER PRIMARY KEY, id_global UNIQUE NOT NULL, aspectRatioCache NOT NULL DEFAULT -1, bitDepth NOT NULL DEFAULT 0, captureTime, colorChannels NOT NULL DEFAULT 0,
  colorLabels NOT NULL DEFAULT '', colorMode NOT NULL DEFAULT -1, copyCreationTime NOT NULL DEFAULT -63113817600, copyName, copyReason, developSettingsIDCache, editLock INTEGER NOT NULL DEFAULT 0,
  fileFormat NOT NULL DEFAULT 'unset', fileHeight, fileWidth, hasMissingSidecars INTEGER, masterImage INTEGER, orientation, originalCaptureTime, originalRootEntity INTEGER, panningDistanceH,
  panningDistanceV, pick NOT NULL DEFAULT 0, positionInFolder NOT NULL DEFAULT 'z', propertiesCache, pyramidIDCache, rating, rootFile INTEGER NOT NULL DEFAULT 0, sidecarStatus,
  touchCount NOT NULL DEFAULT 0, touchTime NOT NULL DEFAULT 0);
CREATE INDEX index_Adobe_images_rootFile ON Adobe_images (rootFile);
CREATE TABLE AgLibraryKeyword (id_local INTEGER PRIMARY KEY, id_global UNIQUE NOT NULL, dateCreated NOT NULL DEFAULT '', genealogy NOT NULL DEFAULT '', imageCountCache DEFAULT -1,
  includeOnExport INTEGER NOT NULL DEFAULT 1, includeParents INTEGER NOT NULL DEFAULT 1, includeSynonyms INTEGER NOT NULL DEFAULT 1, keywordType, lastApplied, lc_name, name, parent INTEGER);
CREATE TABLE AgLibraryKeywordImage (id_local INTEGER PRIMARY KEY, image INTEGER NOT NULL DEFAULT 0, tag INTEGER NOT NULL DEFAULT 0);
CREATE TABLE AgLibraryCollection (id_local INTEGER PRIMARY KEY, creationId NOT NULL DEFAULT '', genealogy NOT NULL DEFAULT '', imageCount, name NOT NULL DEFAULT '', parent INTEGER, systemOnly NOT NULL DEFAULT '');
CREATE TABLE AgLibraryCollectionImage (id_local INTEGER PRIMARY KEY, collection INTEGER NOT NULL DEFAULT 0, image INTEGER NOT NULL DEFAULT 0, pick NOT NULL DEFAULT 0, positionInCollection);
CREATE TABLE Adobe_imageDevelopSettings (id_local INTEGER PRIMARY KEY, image INTEGER, text);
CREATE TABLE Adobe_libraryImageDevelopHistoryStep (id_local INTEGER PRIMARY KEY, id_global UNIQUE NOT NULL, dateCreated, digest, hasDevelopAdjustments, image INTEGER, name, relValueString, text, valueString);
`;

const ROOT_FOLDER = 1;
const ROOT_KEYWORD = 2;

/** Makes a catalog, closed as Lightroom leaves it. Folders above it are made too. */
export async function makeLrcat(path: string, catalog: MadeCatalog = {}): Promise<void> {
  const {version = '1300000', root = '/Volumes/W/Photos/', journal = 'wal'} = catalog;
  await mkdir(dirname(path), {recursive: true});
  const db = new DatabaseSync(path);
  try {
    db.exec(`BEGIN; ${TABLES}`);
    const variables = db.prepare(
      'INSERT INTO Adobe_variablesTable (id_global, name, value) VALUES (?, ?, ?)',
    );
    variables.run('var-1', 'Adobe_DBVersion', version);
    variables.run('var-2', 'Adobe_entityIDCounter', '1000');
    db.prepare(
      'INSERT INTO AgLibraryRootFolder (id_local, id_global, absolutePath, name) VALUES (?, ?, ?, ?)',
    ).run(ROOT_FOLDER, 'root-1', root, 'Photos');
    db.prepare(
      'INSERT INTO AgLibraryKeyword (id_local, id_global, genealogy) VALUES (?, ?, ?)',
    ).run(ROOT_KEYWORD, 'keyword-root', `/1${ROOT_KEYWORD}`);
    const rows = new Rows(db);
    for (const picture of catalog.pictures ?? []) rows.add(picture);
    const step = db.prepare(
      'INSERT INTO Adobe_libraryImageDevelopHistoryStep (id_global, name, text) VALUES (?, ?, hex(randomblob(250)))',
    );
    for (let made = 0; made < (catalog.history ?? 0); made++) step.run(`step-${made}`, 'Exposure');
    db.exec('COMMIT');
  } finally {
    db.close();
  }
  // A connection with statements stays open until the garbage collector comes: without any, it leaves the files as Lightroom does.
  const last = new DatabaseSync(path);
  last.exec(`PRAGMA journal_mode = ${journal}`);
  last.close();
}

/** Opens a catalog as Lightroom does, with its lock file. @param locking `EXCLUSIVE`: nobody else can read it, which needs a process of its own to be noticed. */
export function openAsLightroom(
  path: string,
  {locking = 'NORMAL'}: {readonly locking?: 'NORMAL' | 'EXCLUSIVE'} = {},
): OpenLrcat {
  writeFileSync(`${path}.lock`, `${process.pid}\n`);
  const db = new DatabaseSync(path);
  // The log must not go into the file by itself.
  db.exec(`PRAGMA locking_mode = ${locking}; PRAGMA wal_autocheckpoint = 0`);
  const rows = new Rows(db);
  return {
    db,
    add(...pictures) {
      db.exec('BEGIN IMMEDIATE');
      for (const picture of pictures) rows.add(picture);
      db.exec('COMMIT');
    },
    close() {
      if (!db.isOpen) return;
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      db.close();
      for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`, {force: true});
      rmSync(`${path}.lock`, {force: true});
    },
  };
}

class Rows {
  readonly #db: DatabaseSyncInstance;

  constructor(db: DatabaseSyncInstance) {
    this.#db = db;
  }

  add({path, sidecars, virtualCopies = [], ...version}: MadePicture): void {
    const cut = path.lastIndexOf('/') + 1;
    const name = path.slice(cut);
    const dot = name.lastIndexOf('.');
    const file = this.#next('AgLibraryFile');
    this.#run(
      'INSERT INTO AgLibraryFile (id_local, id_global, baseName, extension, folder, idx_filename, lc_idx_filename, originalFilename, sidecarExtensions) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      file,
      `file-${file}`,
      dot === -1 ? name : name.slice(0, dot),
      dot === -1 ? '' : name.slice(dot + 1),
      this.#folder(path.slice(0, cut)),
      name,
      name.toLowerCase(),
      name,
      sidecars ?? null,
    );
    const master = this.#addVersion(file, version, null);
    for (const copy of virtualCopies) this.#addVersion(file, copy, master);
  }

  #addVersion(
    file: number,
    {rating = null, pick = 0, label = '', keywords = []}: MadeVersion,
    master: number | null,
  ): number {
    const image = this.#next('Adobe_images');
    this.#run(
      'INSERT INTO Adobe_images (id_local, id_global, colorLabels, copyName, fileFormat, masterImage, pick, rating, rootFile) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      image,
      `image-${image}`,
      label,
      master === null ? null : `Copy ${image}`,
      'RAW',
      master,
      pick,
      rating,
      file,
    );
    for (const keyword of keywords)
      this.#run(
        'INSERT INTO AgLibraryKeywordImage (image, tag) VALUES (?, ?)',
        image,
        this.#keyword(keyword),
      );
    return image;
  }

  #folder(pathFromRoot: string): number {
    const known = this.#find(
      'SELECT id_local FROM AgLibraryFolder WHERE pathFromRoot = ?',
      pathFromRoot,
    );
    if (known !== undefined) return known;
    const id = this.#next('AgLibraryFolder');
    this.#run(
      'INSERT INTO AgLibraryFolder (id_local, id_global, pathFromRoot, rootFolder) VALUES (?, ?, ?, ?)',
      id,
      `folder-${id}`,
      pathFromRoot,
      ROOT_FOLDER,
    );
    return id;
  }

  #keyword(path: string): number {
    let parent = ROOT_KEYWORD;
    for (const name of path.split('/')) {
      const known = this.#find(
        'SELECT id_local FROM AgLibraryKeyword WHERE name = ? AND parent = ?',
        name,
        parent,
      );
      if (known !== undefined) {
        parent = known;
        continue;
      }
      const id = this.#next('AgLibraryKeyword');
      this.#run(
        'INSERT INTO AgLibraryKeyword (id_local, id_global, genealogy, lc_name, name, parent) VALUES (?, ?, ?, ?, ?, ?)',
        id,
        `keyword-${id}`,
        `/1${parent}/1${id}`,
        name.toLowerCase(),
        name,
        parent,
      );
      parent = id;
    }
    return parent;
  }

  #next(table: string): number {
    return (this.#find(`SELECT max(id_local) AS id_local FROM ${table}`) ?? 10) + 1;
  }

  #find(sql: string, ...values: readonly (string | number)[]): number | undefined {
    const row: {id_local?: unknown} | undefined = this.#db.prepare(sql).get(...values);
    return typeof row?.id_local === 'number' ? row.id_local : undefined;
  }

  #run(sql: string, ...values: readonly (string | number | null)[]): void {
    this.#db.prepare(sql).run(...values);
  }
}
