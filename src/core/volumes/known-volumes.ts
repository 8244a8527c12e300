/** Every volume that is known: connected ones by their markers, the others as the catalog remembers them. */
import type {PhysicalDrives, Volume} from '../drive.ts';
import type {StatusVolume} from '../status/status-volume.ts';
import {type Moment, pairsOf, type VolumePair} from './drive-relations.ts';
import type {MarkerFit} from './marker-fit.ts';
import {volumeOf} from './volume-id.ts';
import type {RecordedDestination, SeenVolume, VolumeMemory} from './volume-memory.ts';

/** A connected volume with a marker. */
export interface ConnectedVolume {
  /** From the marker. */
  readonly id: string;
  readonly name: string;
  readonly role: StatusVolume['role'];
  readonly place: string | null;
  /** Where the marker lies, absolute. */
  readonly folder: string;
  readonly volume: Volume;
  /** Bytes; null when the volume does not tell. */
  readonly free: number | null;
  /** `twin` when another connected volume has the same id. */
  readonly trust: MarkerFit | 'twin';
}

export interface KnownVolume extends StatusVolume {
  /** `doubted`: something with its marker is connected, and it is not certain that this is it. */
  readonly state: 'connected' | 'away' | 'doubted';
  /** Where it is connected; null when it is away. */
  readonly path: string | null;
  readonly fileSystem: string;
  /** Bytes; null when unknown. What is free is as of {@link asOf}. */
  readonly size: number | null;
  readonly free: number | null;
  /** When all this was last known to be so; ISO 8601, UTC. */
  readonly asOf: string;
  /** The newest proof of a copy on it; null when none is recorded. */
  readonly lastProof: string | null;
}

/** Two markers of one id: both are in doubt, whichever fits. */
export function markTwins(connected: readonly ConnectedVolume[]): readonly ConnectedVolume[] {
  return connected.map((one) =>
    connected.some((other) => other !== one && other.id === one.id) ? {...one, trust: 'twin'} : one,
  );
}

/** What lies in memory has no drive that counts. */
export const drivesOf = ({kind, physical}: Volume): PhysicalDrives =>
  kind === 'ram' ? {known: false, why: 'it lies in memory'} : physical;

/** @returns a connected volume as the catalog remembers it. @param seenAt ISO 8601, UTC. */
export function toSeenVolume(connected: ConnectedVolume, seenAt: string): SeenVolume {
  const {id, name, role, place, folder, volume, free} = connected;
  const {fileSystem, size} = volume;
  const drives = drivesOf(volume);
  return {id, name, role, place, fileSystem, size, free, drives, path: folder, seenAt};
}

/** What is known of which volumes share a drive: as it was noted, as offloads had them together, and as it is now. */
export function allPairs(
  {pairs, destinations}: VolumeMemory,
  connected: readonly ConnectedVolume[],
): readonly VolumePair[] {
  const moments = new Map<string, Moment>();
  for (const {offload, destination, drives, lost} of destinations) {
    if (lost) continue;
    const seen = moments.get(offload) ?? [];
    moments.set(offload, [...seen, {volume: volumeOf(destination), drives}]);
  }
  return [...pairs, ...[...moments.values()].flatMap(pairsOf), ...pairsNow(connected)];
}

/** Of connected volumes that are what their markers say. */
export const pairsNow = (connected: readonly ConnectedVolume[]): readonly VolumePair[] =>
  pairsOf(
    connected
      .filter(({trust}) => trust === 'fits')
      .map(({id, volume}) => ({volume: id, drives: drivesOf(volume)})),
  );

/** @param now ISO 8601, UTC. @returns connected ones first, then by name. */
export function listKnown(
  memory: VolumeMemory,
  connected: readonly ConnectedVolume[],
  now: string,
): readonly KnownVolume[] {
  const recorded = groupByVolume(memory.destinations);
  const seen = new Map(memory.seen.map((one) => [one.id, one]));
  const here = new Set(connected.map(({id}) => id));
  const known = connected.map((one) => {
    const before = recorded.get(one.id) ?? [];
    return fromConnected(one, {now, before, seen: seen.get(one.id)});
  });
  for (const id of new Set([...seen.keys(), ...recorded.keys()])) {
    if (here.has(id) || memory.forgotten.has(id)) continue;
    const volume = fromMemory(id, seen.get(id), recorded.get(id) ?? []);
    if (volume !== undefined) known.push(volume);
  }
  return known.sort(
    (a, b) =>
      Number(a.state === 'away') - Number(b.state === 'away') ||
      compare(a.name, b.name) ||
      compare(a.id, b.id),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function groupByVolume(destinations: readonly RecordedDestination[]) {
  const groups = new Map<string, RecordedDestination[]>();
  for (const one of destinations) {
    const id = volumeOf(one.destination);
    const group = groups.get(id) ?? [];
    groups.set(id, group);
    group.push(one);
  }
  return groups;
}

function fromConnected(
  {id, name, role, place, folder, volume, free, trust}: ConnectedVolume,
  {
    now,
    before,
    seen,
  }: {
    readonly now: string;
    readonly before: readonly RecordedDestination[];
    readonly seen: SeenVolume | undefined;
  },
): KnownVolume {
  return {
    id,
    name,
    role,
    place,
    state: trust === 'fits' ? 'connected' : 'doubted',
    path: folder,
    fileSystem: volume.fileSystem,
    size: volume.size,
    free,
    asOf: now,
    lastProof: newestProof(before),
    hasKnownDrive: isKnown([drivesOf(volume), ...drivesBefore(seen, before)]),
  };
}

function fromMemory(
  id: string,
  seen: SeenVolume | undefined,
  before: readonly RecordedDestination[],
): KnownVolume | undefined {
  const newest = seen ?? before[0];
  if (newest === undefined) return undefined;
  const times = [seen?.seenAt, ...before.map(({endedAt}) => endedAt)];
  return {
    id,
    name: newest.name,
    role: seen?.role ?? null,
    place: seen?.place ?? null,
    state: 'away',
    path: null,
    fileSystem: newest.fileSystem,
    size: newest.size,
    free: seen?.free ?? null,
    asOf:
      times
        .flatMap((time) => time ?? [])
        .sort()
        .at(-1) ?? '',
    lastProof: newestProof(before),
    hasKnownDrive: isKnown(drivesBefore(seen, before)),
  };
}

const drivesBefore = (seen: SeenVolume | undefined, before: readonly RecordedDestination[]) => [
  ...(seen === undefined ? [] : [seen.drives]),
  ...before.map(({drives}) => drives),
];

const isKnown = (drives: readonly PhysicalDrives[]): boolean =>
  drives.some((one) => one.known && one.ids.length > 0);

const newestProof = (before: readonly RecordedDestination[]): string | null =>
  before
    .flatMap(({lost, lastProof}) => (lost ? [] : (lastProof ?? [])))
    .sort()
    .at(-1) ?? null;
