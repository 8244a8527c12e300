/** Where copies with certain bytes may lie on connected drives: hints, which are proved when they are read. */
import type {Emit} from '../../core/events.ts';
import type {KnownDrive} from '../../core/restore/known-file.ts';
import type {Program} from '../program.ts';
import {collectInto, type FoundPlace} from '../restore/collect-files.ts';
import {findSources, type Source} from '../restore/find-sources.ts';
import {findMirrored} from './find-mirrored.ts';

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
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export async function findGoodCopies(
  program: Program,
  {hashes, device, emit, signal}: Search,
): Promise<GoodCopies> {
  const places = new Map<string, Map<string, FoundPlace>>();
  const drives = new Map<string, Map<string, KnownDrive>>();
  const found = await findSources(program, []);
  const sources = found.ok ? found.value : [];
  // The folder that a backup copies from comes first, then what backups hold, then what offloads recorded.
  const origins = new Set<string>();
  const mirrored = await findMirrored(program, {sources, hashes, emit, signal});
  for (const {hash, isOrigin, ...place} of mirrored) {
    if (isOrigin) origins.add(place.path);
    const known = places.get(hash) ?? new Map<string, FoundPlace>();
    places.set(hash, known);
    known.set(place.path, place);
  }
  await collectInto(
    {
      wants: ({hash}) => hashes.has(hash),
      add({hash}, onDrives, at) {
        const known = places.get(hash) ?? new Map<string, FoundPlace>();
        places.set(hash, known);
        for (const place of at) known.set(place.path, place);
        const named = drives.get(hash) ?? new Map<string, KnownDrive>();
        drives.set(hash, named);
        for (const drive of onDrives) named.set(drive.volume, drive);
      },
    },
    {program, sources, emit, signal},
  );
  const isOwn = ({source}: FoundPlace) => Number(source.folder.device === device);
  return {
    placesOf: (hash) => [...(places.get(hash)?.values() ?? [])].sort((a, b) => isOwn(a) - isOwn(b)),
    drivesOf: (hash) => [...(drives.get(hash)?.values() ?? [])],
    sources,
    mayDiffer: (path) => origins.has(path),
  };
}
