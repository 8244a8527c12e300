/** Copies that backups know of, by their hashes: what they copied, and what they copied it from. Hints, which are proved when they are read. */
import {join} from 'node:path';
import {staysInside} from '../../../verify/stays-inside.ts';
import {causeFrom, errnoOf} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import type {Program} from '../program.ts';
import type {FoundPlace} from '../restore/collect-files.ts';
import type {Source} from '../restore/find-sources.ts';
import {findConnected} from '../volumes/find-connected.ts';
import {findTargets} from './find-targets.ts';
import {HashRefs} from './hash-refs.ts';
import type {KnownMirror} from './mirror-states.ts';
import {NameList} from './name-list.ts';

export interface MirroredPlace extends FoundPlace {
  /** Where a backup copies from: the photographer works there, and other bytes are no fault of the drive. */
  readonly isOrigin: boolean;
}

/** A folder with copies that a backup made, or made copies of. */
interface MirroredFolder {
  /** Absolute; names are below it. */
  readonly root: string;
  readonly source: Source;
  readonly isOrigin: boolean;
}

/** Every copy that the states of connected targets name: some 60 bytes for each. */
export class MirroredPlaces {
  readonly #refs = new HashRefs();
  readonly #names = new NameList();
  /** Of each name. */
  readonly #folderOf: number[] = [];
  readonly #folders: MirroredFolder[] = [];

  /** @returns the number of the folder. */
  addFolder(folder: MirroredFolder): number {
    return this.#folders.push(folder) - 1;
  }

  add(hash: string, folder: number, name: string): void {
    const ref = this.#names.add(name);
    this.#folderOf[ref] = folder;
    this.#refs.add(hash, ref);
  }

  /** @returns the places that are said to have these bytes, where no link leads out of their folder; the folders that backups copy from first. */
  async find({files}: Program, hash: string): Promise<readonly MirroredPlace[]> {
    const places: MirroredPlace[] = [];
    for (const ref of this.#refs.refsOf(hash)) {
      const folder = this.#folders[this.#folderOf[ref] ?? -1];
      if (folder === undefined) continue;
      const {root, source, isOrigin} = folder;
      const path = join(root, this.#names.get(ref));
      if (await staysInside(files, root, path)) places.push({source, path, isOrigin});
    }
    return places.sort((a, b) => Number(b.isOrigin) - Number(a.isOrigin));
  }
}

interface Search {
  readonly sources: readonly Source[];
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Reads the states of all targets on the sources. */
export async function findMirrored(
  program: Program,
  {sources, emit, signal}: Search,
): Promise<MirroredPlaces> {
  const places = new MirroredPlaces();
  const roots = await findRoots(program, sources);
  for (const source of sources) {
    for await (const {folder, states} of findTargets(program, source.folder.real)) {
      try {
        for (const state of states) {
          const target = places.addFolder({root: folder, source, isOrigin: false});
          const origin = addOrigin(places, state, roots);
          for await (const {records} of state.reader.folders()) {
            if (signal.aborted) return places;
            for (const record of records.values()) {
              places.add(record.hash, target, record.target);
              if (origin !== undefined) places.add(record.hash, origin, record.path);
            }
          }
        }
      } catch (error) {
        const cause = causeFrom(error, 'reading what a backup knows', folder);
        emit({type: 'noticed', level: 'warning', ...cause});
      }
    }
  }
  return places;
}

/** @returns undefined when the drive that a backup copies from is not connected, or in doubt. */
function addOrigin(
  places: MirroredPlaces,
  {source: {volume, folder}}: KnownMirror,
  roots: ReadonlyMap<string, Root>,
): number | undefined {
  const from = roots.get(volume);
  if (from === undefined) return undefined;
  const {root, source} = from;
  return places.addFolder({root: join(root, folder), source, isOrigin: true});
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
