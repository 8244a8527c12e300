/** The records that lie on a connected volume now: what the catalog does not know yet is read, the rest is only seen to be there. */
import {basename, join} from 'node:path';
import type {Catalog} from '../../catalog/catalog.ts';
import {isArchiveOfRun} from '../../core/archive-folder.ts';
import {type Cause, errnoOf} from '../../core/cause.ts';
import {RECORD_FOLDER} from '../../core/place-files.ts';
import {readShootRecords} from '../../system/shoot-records.ts';
import type {Program} from '../program.ts';

/** As `find-records.ts` has it: shoots lie at the root of a destination, which may be a folder or two below the volume's root. */
const DEPTH = 4;

export interface ReadRecords {
  readonly catalog: Catalog;
  /** Offloads that the catalog knows; those that are read are added. */
  readonly known: Set<string>;
  readonly signal: AbortSignal;
}

export interface LyingRecords {
  /** Ids of the offloads whose records lie there. */
  readonly offloads: ReadonlySet<string>;
  /** Records that cannot be read, and what the catalog could not take. */
  readonly problems: readonly Cause[];
}

/** @param roots folders that may hold shoots. Folders that begin with a dot, and links, are passed over. */
export async function readRecords(
  program: Program,
  roots: readonly string[],
  {catalog, known, signal}: ReadRecords,
): Promise<LyingRecords> {
  const {files, hashOfText} = program;
  const offloads = new Set<string>();
  const problems: Cause[] = [];
  for await (const shoot of walkRecordFolders(program, roots, signal)) {
    const ids = (await listNames(program, join(shoot, RECORD_FOLDER)))
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length));
    for (const id of ids) if (known.has(id)) offloads.add(id);
    if (ids.every((id) => known.has(id))) continue;
    const records = await readShootRecords(files, shoot, hashOfText);
    // A journal belongs to an offload that has no record yet.
    problems.push(...records.problems.filter(({code}) => code !== 'journal-damaged'));
    for (const {manifest} of records.manifests) {
      offloads.add(manifest.offload);
      if (known.has(manifest.offload)) continue;
      const recorded = await catalog.recordManifest(manifest);
      if (recorded.ok) known.add(manifest.offload);
      else problems.push(recorded.cause);
    }
  }
  return {offloads, problems};
}

async function* walkRecordFolders(
  program: Program,
  roots: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  let level = [...roots];
  for (let depth = 0; depth < DEPTH && level.length > 0; depth += 1) {
    const below: string[] = [];
    for (const folder of level) {
      if (signal.aborted) return;
      const names = await listNames(program, folder);
      if (names.includes(RECORD_FOLDER) && (await isFolder(program, join(folder, RECORD_FOLDER)))) {
        const records = await listNames(program, join(folder, RECORD_FOLDER));
        // A folder of that name without records is somebody's own: shoots may lie beside it.
        if (records.some((name) => name.endsWith('.json'))) {
          yield folder;
          continue;
        }
      }
      for (const name of names) {
        if (name.startsWith('.') || name === RECORD_FOLDER) continue;
        if (isArchiveOfRun(basename(folder), name)) continue;
        if (await isFolder(program, join(folder, name))) below.push(join(folder, name));
      }
    }
    level = below;
  }
}

/** What cannot be listed has nothing that counts. */
async function listNames({files}: Program, folder: string): Promise<readonly string[]> {
  try {
    return [...(await files.list(folder))].sort();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
}

async function isFolder({files}: Program, path: string): Promise<boolean> {
  try {
    return (await files.look(path)).kind === 'folder';
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}
