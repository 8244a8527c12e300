/** Where copies with certain bytes may lie on connected drives: hints, which are proved when they are read. All records are read once for a run. */
import type {Emit} from '../../core/events.ts';
import {type KnownDrive, knownFilesOf} from '../../core/restore/known-file.ts';
import {readShootRecords} from '../../system/shoot-records.ts';
import {walkShoots} from '../catalog/walk-shoots.ts';
import type {Program} from '../program.ts';
import {
  addFromCatalog,
  collectRecords,
  type FoundPlace,
  tellProblems,
} from '../restore/collect-files.ts';
import {findSources, type Source} from '../restore/find-sources.ts';
import {findMirrored, type MirroredPlaces} from './find-mirrored.ts';
import {HashRefs} from './hash-refs.ts';

export interface GoodCopies {
  /** By hash; those of other drives first. */
  readonly placesOf: (hash: string) => readonly FoundPlace[];
  /** By hash: every drive that is said to hold such a copy. */
  readonly drivesOf: (hash: string) => readonly KnownDrive[];
  readonly sources: readonly Source[];
  /** True for a file that a backup copied once: that it is another one now, or gone, is no fault of its drive. */
  readonly mayDiffer: (path: string) => boolean;
}

interface Search {
  readonly hashes: ReadonlySet<string>;
  /** Of the drive that is to be healed: its own copies come last. */
  readonly device: bigint;
}

export type FindGoodCopies = (search: Search) => Promise<GoodCopies>;

interface Listening {
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** @returns what looks for copies; at its first look it reads the records of all connected drives, and remembers in a few bytes for each copy where it is told of. */
export function openGoodCopies(program: Program, listening: Listening): FindGoodCopies {
  let reading: Promise<ReadRecords> | undefined;
  return async (search) => {
    reading ??= readAll(program, listening);
    return await findIn(program, await reading, {...search, ...listening});
  };
}

interface ToldShoot {
  readonly shoot: string;
  readonly source: Source;
}

interface ReadRecords {
  readonly sources: readonly Source[];
  readonly shoots: readonly ToldShoot[];
  /** Numbers of the shoots whose records name a hash. */
  readonly shootsOf: HashRefs;
  readonly mirrored: MirroredPlaces;
}

async function readAll(program: Program, {emit, signal}: Listening): Promise<ReadRecords> {
  const found = await findSources(program, []);
  const sources = found.ok ? found.value : [];
  const mirrored = await findMirrored(program, {sources, emit, signal});
  const shoots: ToldShoot[] = [];
  const shootsOf = new HashRefs();
  for (const source of sources) {
    for await (const records of walkShoots(program, source.folder.real)) {
      if (signal.aborted) break;
      tellProblems(records, emit);
      const {shoot, manifests} = records;
      const number = shoots.push({shoot, source}) - 1;
      for (const {manifest} of manifests) {
        for (const {file} of knownFilesOf(manifest)) shootsOf.add(file.hash, number);
      }
    }
  }
  return {sources, shoots, shootsOf, mirrored};
}

async function findIn(
  program: Program,
  {sources, shoots, shootsOf, mirrored}: ReadRecords,
  {hashes, device, emit}: Search & Listening,
): Promise<GoodCopies> {
  const places = new Map<string, Map<string, FoundPlace>>();
  const drives = new Map<string, Map<string, KnownDrive>>();
  // The folder that a backup copies from comes first, then what backups hold, then what offloads recorded.
  const origins = new Set<string>();
  for (const hash of hashes) {
    const known = new Map<string, FoundPlace>();
    places.set(hash, known);
    for (const {isOrigin, ...place} of await mirrored.find(program, hash)) {
      if (isOrigin) origins.add(place.path);
      known.set(place.path, place);
    }
  }
  const wanted = {
    wants: ({hash}: {readonly hash: string}) => hashes.has(hash),
    add({hash}: {readonly hash: string}, on: readonly KnownDrive[], at: readonly FoundPlace[]) {
      for (const place of at) places.get(hash)?.set(place.path, place);
      const named = drives.get(hash) ?? new Map<string, KnownDrive>();
      drives.set(hash, named);
      for (const drive of on) named.set(drive.volume, drive);
    },
  };
  const {files, hashOfText} = program;
  for (const number of new Set([...hashes].flatMap((hash) => shootsOf.refsOf(hash)))) {
    const told = shoots[number];
    if (told === undefined) continue;
    const {shoot, source} = told;
    const records = await readShootRecords(files, shoot, hashOfText);
    await collectRecords(program, wanted, {source, records});
  }
  await addFromCatalog({program, sources, emit}, wanted, {hashes});
  const isOwn = ({source}: FoundPlace) => Number(source.folder.device === device);
  return {
    placesOf: (hash) => [...(places.get(hash)?.values() ?? [])].sort((a, b) => isOwn(a) - isOwn(b)),
    drivesOf: (hash) => [...(drives.get(hash)?.values() ?? [])],
    sources,
    mayDiffer: (path) => origins.has(path),
  };
}
