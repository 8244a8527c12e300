/** Copies with certain bytes that backups know of: what they copied, and what they copied it from. Hints, which are proved when they are read. */
import {join} from 'node:path';
import {staysInside} from '../../../verify/stays-inside.ts';
import {ARCHIVE_FOLDER} from '../../core/backup/mirror-tree.ts';
import {causeFrom, errnoOf} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import {RECORD_FOLDER} from '../../core/place-files.ts';
import type {Program} from '../program.ts';
import type {FoundPlace} from '../restore/collect-files.ts';
import type {Source} from '../restore/find-sources.ts';
import {findConnected} from '../volumes/find-connected.ts';
import {type MirrorStates, openMirrorStates} from './mirror-states.ts';
import {recordsOf} from './mirrors.ts';

export interface MirroredPlace extends FoundPlace {
  readonly hash: string;
  /** Where a backup copies from: the photographer works there, and other bytes are no fault of the drive. */
  readonly isOrigin: boolean;
}

interface Search {
  readonly sources: readonly Source[];
  readonly hashes: ReadonlySet<string>;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** @returns the folders that backups copy from first. */
export async function findMirrored(
  program: Program,
  {sources, hashes, emit, signal}: Search,
): Promise<readonly MirroredPlace[]> {
  const origins: MirroredPlace[] = [];
  const copies: MirroredPlace[] = [];
  const roots = await findRoots(program, sources);
  const keep = async (list: MirroredPlace[], root: string, place: MirroredPlace) => {
    if (await staysInside(program.files, root, place.path)) list.push(place);
  };
  for (const on of sources) {
    for await (const mirror of findTargets(program, on.folder.real)) {
      try {
        for (const state of mirror.states) {
          const from = roots.get(state.source.volume);
          for await (const {hash, path, target} of recordsOf({states: [state]})) {
            if (signal.aborted) return [];
            if (!hashes.has(hash)) continue;
            await keep(copies, mirror.folder, {
              hash,
              source: on,
              path: join(mirror.folder, target),
              isOrigin: false,
            });
            if (from === undefined) continue;
            const origin = join(from.root, state.source.folder, path);
            await keep(origins, from.root, {
              hash,
              source: from.source,
              path: origin,
              isOrigin: true,
            });
          }
        }
      } catch (error) {
        const cause = causeFrom(error, 'reading what a backup knows', mirror.folder);
        emit({type: 'noticed', level: 'warning', ...cause});
      }
    }
  }
  return [...origins, ...copies];
}

interface Root {
  readonly source: Source;
  /** Folder of the marker, absolute, without links. */
  readonly root: string;
}

/** Connected volumes that are what their markers say, by their ids. */
async function findRoots(
  program: Program,
  sources: readonly Source[],
): Promise<ReadonlyMap<string, Root>> {
  const roots = new Map<string, Root>();
  const connected = await findConnected(
    program,
    sources.map(({folder}) => folder.real),
  );
  for (const {id, folder, trust} of connected) {
    const source = sources.find(({volume}) => volume === id);
    if (source === undefined || trust !== 'fits') continue;
    try {
      roots.set(id, {source, root: await program.files.resolve(folder)});
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  return roots;
}

/** A target folder lies at the root of its drive, or a folder or two below. */
const DEPTH = 3;

async function* findTargets(program: Program, root: string): AsyncGenerator<MirrorStates> {
  let level = [root];
  for (let depth = 0; depth < DEPTH && level.length > 0; depth++) {
    const below: string[] = [];
    for (const folder of level) {
      const mirror = await findMirror(program, folder);
      if (mirror !== undefined) yield mirror;
      else below.push(...(await listFolders(program, folder)));
    }
    level = below;
  }
}

async function findMirror(program: Program, folder: string): Promise<MirrorStates | undefined> {
  try {
    return await openMirrorStates(program, folder);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

async function listFolders({files}: Program, folder: string): Promise<readonly string[]> {
  try {
    const entries = await files.lookAll(folder);
    return entries.flatMap(({name, facts}) =>
      facts?.kind === 'folder' &&
      !name.startsWith('.') &&
      name !== ARCHIVE_FOLDER &&
      name !== RECORD_FOLDER
        ? join(folder, name)
        : [],
    );
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
}
