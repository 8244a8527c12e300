/** Versions of files on connected mirrors: as they lie there now, and as runs archived them. */
import {join} from 'node:path';
import {ARCHIVE_FOLDER, MIRROR_FOLDER} from '../../core/backup/mirror-tree.ts';
import {isRunId, momentOf} from '../../core/backup/run-moment.ts';
import {errnoOf} from '../../core/cause.ts';
import {RECORD_FOLDER} from '../../core/place-files.ts';
import type {Version} from '../../core/restore/versions.ts';
import type {FileFacts} from '../../system/files.ts';
import type {Program} from '../program.ts';
import type {FoundPlace} from './collect-files.ts';
import type {Source} from './find-sources.ts';

export interface FoundVersion extends Version {
  readonly place: FoundPlace;
}

/** Versions by the path below the target folder of their mirror, parts joined by `/`, and then by mirror. */
export type VersionIndex = ReadonlyMap<string, ReadonlyMap<string, readonly FoundVersion[]>>;

export interface VersionSearch {
  readonly sources: readonly Source[];
  /** @param path below the target folder. */
  readonly wants: (path: string, facts: FileFacts) => boolean;
  readonly signal: AbortSignal;
}

/** A target folder lies at the root of its drive, or a folder or two below. */
const DEPTH = 3;

export async function findVersions(
  program: Program,
  {sources, wants, signal}: VersionSearch,
): Promise<VersionIndex> {
  const index = new Map<string, Map<string, FoundVersion[]>>();
  for (const source of sources) {
    for (const target of await findTargets(program, source.folder.real)) {
      const add = (path: string, untilMs: number, place: string, facts: FileFacts) => {
        if (!wants(path, facts)) return;
        const mirrors = index.get(path) ?? new Map<string, FoundVersion[]>();
        index.set(path, mirrors);
        const versions = mirrors.get(target) ?? [];
        mirrors.set(target, versions);
        const {size, mtimeNs} = facts;
        versions.push({size, mtimeNs, untilMs, place: {source, path: place}});
      };
      for await (const {path, place, facts} of walkFiles(program, target, signal))
        add(path, Number.POSITIVE_INFINITY, place, facts);
      const archive = join(target, ARCHIVE_FOLDER);
      for (const {name, facts: folder} of await listEntries(program, archive)) {
        const untilMs = momentOf(name);
        if (untilMs === undefined || folder.kind !== 'folder') continue;
        const run = join(archive, name);
        for await (const {path, place, facts} of walkFiles(program, run, signal))
          add(path, untilMs, place, facts);
      }
    }
  }
  return index;
}

/** Folders that a mirror writes into: they hold its archive or its state. Below one there is no other. */
async function findTargets(program: Program, root: string): Promise<readonly string[]> {
  const targets: string[] = [];
  let level = [root];
  for (let depth = 0; depth < DEPTH && level.length > 0; depth++) {
    const below: string[] = [];
    for (const folder of level) {
      const entries = await listEntries(program, folder);
      const folders = entries.flatMap(({name, facts}) => (facts.kind === 'folder' ? name : []));
      const isTarget =
        folders.includes(MIRROR_FOLDER) ||
        (folders.includes(ARCHIVE_FOLDER) &&
          (await hasRuns(program, join(folder, ARCHIVE_FOLDER))));
      if (isTarget) targets.push(folder);
      else below.push(...folders.filter(isOpen).map((name) => join(folder, name)));
    }
    level = below;
  }
  return targets;
}

/** Others have folders of that name too. */
async function hasRuns(program: Program, archive: string): Promise<boolean> {
  const entries = await listEntries(program, archive);
  return entries.some(({name, facts}) => facts.kind === 'folder' && isRunId(name));
}

const isOpen = (name: string): boolean =>
  !name.startsWith('.') && name !== ARCHIVE_FOLDER && name !== RECORD_FOLDER;

interface WalkedFile {
  readonly path: string;
  readonly place: string;
  readonly facts: FileFacts;
}

/** Regular files; links, records, archives, hidden folders and what this program has not finished are passed over. */
async function* walkFiles(
  program: Program,
  root: string,
  signal: AbortSignal,
): AsyncGenerator<WalkedFile> {
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (signal.aborted) return;
    for (const {name, facts} of await listEntries(program, join(root, folder))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (facts.kind === 'folder' && isOpen(name)) folders.push(path);
      if (facts.kind === 'file' && !name.startsWith('.offload-'))
        yield {path, place: join(root, path), facts};
    }
  }
}

/** What cannot be listed or looked at has nothing to restore from. */
async function listEntries({files}: Program, folder: string) {
  const entries: {readonly name: string; readonly facts: FileFacts}[] = [];
  try {
    for (const name of [...(await files.list(folder))].sort()) {
      try {
        entries.push({name, facts: await files.look(join(folder, name))});
      } catch (error) {
        if (errnoOf(error) === undefined) throw error;
      }
    }
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
  return entries;
}
