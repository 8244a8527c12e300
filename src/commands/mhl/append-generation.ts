/** Adds a generation to the ASC MHL histories of a folder: to its own, and to those of folders in it. */
import {basename, join} from 'node:path';
import type {MediumReader} from '../../../verify/read-medium.ts';
import {type Cause, causeFrom, errnoOf} from '../../core/cause.ts';
import type {MhlFormat, MhlValues} from '../../core/mhl/formats.ts';
import {formatsFor, weighFile} from '../../core/mhl/history.ts';
import {belowFolder, joinPath, ownerOf} from '../../core/mhl/history-folders.ts';
import type {FolderHash, MhlManifest} from '../../core/mhl/manifest-model.ts';
import {MHL_FOLDER, nameManifest} from '../../core/mhl/manifest-names.ts';
import {isWritablePath} from '../../core/mhl/xml-text.ts';
import {printable} from '../../core/printable.ts';
import {scanCard} from '../../engine/scan-card.ts';
import type {MediumMethod} from '../../system/medium.ts';
import type {Program} from '../program.ts';
import {type FolderHashes, hashTree} from './hash-tree.ts';
import {isOwnChain, type Owner, type Owners, openOwners} from './history-owners.ts';
import {inTurn} from './in-turn.ts';
import {TOOL_NAME} from './read-history.ts';
import {writeGeneration} from './write-generation.ts';

/** A file whose bytes were read from the medium in this run. */
export interface ComparedFile {
  /** Below the folder of the history, parts joined by `/`. */
  readonly path: string;
  readonly size: number;
  readonly mtimeNs: bigint;
  /** Of the bytes that lie there now, 64 hex digits. */
  readonly blake3: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface Appending {
  readonly program: Program;
  readonly reader: MediumReader;
  /** The folder, absolute. */
  readonly folder: string;
  readonly compared: readonly ComparedFile[];
  /** The hashes of a file's bytes in these formats; undefined when they cannot be had, which the asker hears of in another way. */
  readonly valuesOf: (
    file: ComparedFile,
    formats: ReadonlySet<MhlFormat>,
  ) => Promise<MhlValues | undefined>;
  /** The format of new entries. Without it the history's own is used, nothing is begun anew, and only files that the history knows are told of. */
  readonly chosen: MhlFormat | undefined;
  readonly how: MhlManifest['how'];
  readonly comment: string;
  /** The start of the operation. */
  readonly startedAt: Date;
  /** True when the folder is a shoot folder: the records lie in it. */
  readonly holdsRecords: boolean;
  /** A word for temporary names that no other running program uses. */
  readonly token: string;
  readonly method: MediumMethod;
  /** True for a recorded copy: it must stay as it is. @param path below the folder. */
  readonly isCopy: (path: string) => boolean;
  /** Makes the folder of a history. @param path below the folder. */
  readonly makeFolder: (path: string) => Promise<void>;
}

/** A file whose bytes are not those of the history. */
export interface MhlMismatch {
  readonly path: string;
  readonly format: MhlFormat;
}

export interface Appended {
  readonly written: readonly {
    /** The manifest, absolute. */
    readonly path: string;
    readonly generation: number;
    readonly files: number;
  }[];
  readonly mismatches: readonly MhlMismatch[];
  /** Files that a manifest cannot name, below the folder. */
  readonly unnamed: readonly string[];
  readonly failures: readonly Cause[];
}

interface Told {
  readonly written: Appended['written'][number][];
  readonly mismatches: MhlMismatch[];
  readonly unnamed: string[];
  readonly failures: Cause[];
}

/** @returns what was written and what was not. Never rejects for a drive that fails. */
export async function appendGenerations(appending: Appending): Promise<Appended> {
  return await inTurn(appending.folder, () => append(appending));
}

async function append(appending: Appending): Promise<Appended> {
  const told: Told = {written: [], mismatches: [], unnamed: [], failures: []};
  const {program, folder} = appending;
  try {
    const tree = await scanCard(program.files, folder);
    const {folders, owners} = await openOwners({
      ...appending,
      files: program.files,
      listed: tree.files,
      onFailure: (cause) => void told.failures.push(cause),
    });
    await compareFiles(appending, {folders, owners}, told);
    const hashes = await hashTree(folder, {folders, owners}, tree);
    // The deepest first: a history names the newest manifests of those below it.
    for (const owned of folders) {
      const owner = owners.get(owned);
      if (owner !== undefined) await writeOwner(appending, {owner, folders, owners, hashes}, told);
    }
  } catch (error) {
    told.failures.push(causeFrom(error, 'writing the ASC MHL history', folder));
  }
  return told;
}

async function compareFiles(
  {compared, chosen, valuesOf}: Appending,
  {folders, owners}: Owners,
  told: Told,
): Promise<void> {
  for (const file of compared) {
    const owner = owners.get(ownerOf(file.path, folders) ?? '');
    if (owner === undefined || ownerOf(file.path, folders) === undefined) continue;
    const path = belowFolder(file.path, owner.folder);
    if (owner.isIgnored(path)) {
      if (!path.split('/').includes(MHL_FOLDER)) told.unnamed.push(file.path);
      continue;
    }
    if (!isWritablePath(path)) {
      told.unnamed.push(file.path);
      continue;
    }
    const known = owner.standing?.history.files.get(path);
    if (known === undefined && chosen === undefined) continue;
    const values = await valuesOf(file, formatsFor(known, owner.format));
    if (values === undefined) continue;
    const {size, mtimeNs, blake3, at} = file;
    const hashes = weighFile({known, values, chosen: owner.format, at});
    owner.files.push({path, size, mtimeNs, blake3, hashes});
    const failed = hashes.find(({action}) => action === 'failed');
    if (failed !== undefined) told.mismatches.push({path: file.path, format: failed.format});
  }
}

async function writeOwner(
  appending: Appending,
  {owner, folders, owners, hashes}: Owners & {owner: Owner; hashes: FolderHashes},
  told: Told,
): Promise<void> {
  const {program, folder, startedAt, comment, how, makeFolder} = appending;
  const {files, references, ignore, format, standing} = owner;
  if (files.length === 0 && references.length === 0) return;
  const found = hashes.get(format) ?? new Map<string, FolderHash>();
  const manifest: MhlManifest = {
    createdAt: startedAt.toISOString(),
    host: printable(program.self.host),
    tool: {name: TOOL_NAME, version: program.version},
    comment: printable(comment),
    how,
    root: found.get(owner.folder),
    ignore,
    files,
    folders: [...found]
      .filter(([path]) => path !== '' && ownerOf(path, folders) === owner.folder)
      .map(([path, hash]) => ({path: belowFolder(path, owner.folder), hash})),
    references,
  };
  const home = joinPath(owner.folder, MHL_FOLDER);
  const links = standing?.history.links ?? [];
  const number = links.length + 1;
  const name = nameManifest(number, basename(join(folder, owner.folder)), startedAt);
  try {
    await makeFolder(home);
    const written = await writeGeneration(appending, {
      folder: join(folder, home),
      links,
      name,
      manifest,
      replacesChain: standing !== undefined && isOwnChain(standing),
    });
    if (!written.ok) {
      told.failures.push(written.cause);
      return;
    }
    told.written.push({path: join(folder, home, name), generation: number, files: files.length});
    const above = ownerOf(
      owner.folder,
      folders.filter((one) => one !== owner.folder),
    );
    if (owner.folder === '' || above === undefined) return;
    const path = belowFolder(joinPath(home, name), above);
    owners.get(above)?.references.push({path, c4: written.value});
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    told.failures.push(causeFrom(error, 'writing the ASC MHL history', join(folder, home)));
  }
}
