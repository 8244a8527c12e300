/** The state of a shoot from counts of its files by the volumes that hold them. */
import type {RelateVolumes} from '../volumes/drive-relations.ts';
import {volumeOf} from '../volumes/volume-id.ts';
import {judgeSet, LACKS, type Lack} from './judge-set.ts';
import {placesOf, type StatusVolume} from './status-volume.ts';

/** How many files have proved copies at exactly these destinations. */
export interface FileGroup {
  /** Ids as records have them. */
  readonly destinations: readonly string[];
  readonly files: number;
  /** Bytes. */
  readonly bytes: number;
}

/** The proofs at one destination. */
export interface ProofSpan {
  readonly destination: string;
  readonly files: number;
  /** ISO 8601: of each file the last proof there; the oldest and the newest of these. */
  readonly oldest: string;
  readonly newest: string;
}

export interface ShootCount {
  readonly groups: readonly FileGroup[];
  readonly spans: readonly ProofSpan[];
  /** Files that were deleted or replaced on the working drive, and that every backup has in its archive only. They are in no group. */
  readonly letGo: number;
}

export interface ShootWorth {
  readonly files: number;
  readonly letGo: number;
  /** Bytes. */
  readonly bytes: number;
  /** Of the file that has the fewest. */
  readonly copies: number;
  readonly drives: number;
  /** Places that are known of the volumes that hold it. */
  readonly places: readonly string[];
  /** The worst thing that keeps a file from 3-2-1, how many files it keeps, and on which volumes those are; null when every file reached it. */
  readonly lack: {
    readonly what: Lack;
    readonly files: number;
    readonly on: readonly StatusVolume[];
  } | null;
  readonly oldestProof: string | null;
  readonly newestProof: string | null;
  /** Volumes that hold it, those with most files first. */
  readonly volumes: readonly VolumeShare[];
}

export interface VolumeShare {
  readonly volume: StatusVolume;
  /** Files with a proved copy there; where a volume has two destinations the larger number of the two, because which files both have is not told. */
  readonly files: number;
  readonly newestProof: string;
}

export interface CountedWith {
  /** @returns the volume; undefined when nothing is known of it, and then it counts as none. */
  readonly find: (volume: string) => StatusVolume | undefined;
  readonly relate: RelateVolumes;
}

/** A shoot without files has no worth: nothing is reached by nothing. One whose files were all let go lacks nothing. */
export function countShoot(
  {groups, spans, letGo}: ShootCount,
  {find, relate}: CountedWith,
): ShootWorth {
  let [files, bytes] = [0, 0];
  let [copies, drives] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const lacks = new Map<Lack, {files: number; on: Map<string, StatusVolume>}>();
  for (const group of groups) {
    const volumes = volumesOf(group.destinations, find);
    const worth = judgeSet(volumes, relate);
    files += group.files;
    bytes += group.bytes;
    copies = Math.min(copies, worth.copies);
    drives = Math.min(drives, worth.drives);
    if (worth.lack === null) continue;
    const lack = lacks.get(worth.lack) ?? {files: 0, on: new Map()};
    lack.files += group.files;
    for (const volume of volumes) lack.on.set(volume.id, volume);
    lacks.set(worth.lack, lack);
  }
  if (files === 0 && letGo === 0) lacks.set('copies', {files: 0, on: new Map()});
  const worst = LACKS.find((lack) => lacks.has(lack));
  const found = worst === undefined ? undefined : lacks.get(worst);
  const shares = shareOut(spans, find);
  const proofs = spans.filter(({destination}) => find(volumeOf(destination)) !== undefined);
  return {
    files,
    letGo,
    bytes,
    copies: files === 0 ? 0 : copies,
    drives: files === 0 ? 0 : drives,
    places: placesOf(shares.map(({volume}) => volume)),
    lack:
      worst === undefined || found === undefined
        ? null
        : {
            what: worst,
            files: found.files,
            on: [...found.on.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
          },
    oldestProof: least(proofs.map(({oldest}) => oldest)),
    newestProof: most(proofs.map(({newest}) => newest)),
    volumes: shares,
  };
}

function volumesOf(
  destinations: readonly string[],
  find: CountedWith['find'],
): readonly StatusVolume[] {
  const ids = new Set(destinations.map(volumeOf));
  return [...ids].flatMap((id) => find(id) ?? []);
}

function shareOut(spans: readonly ProofSpan[], find: CountedWith['find']): readonly VolumeShare[] {
  const shares = new Map<string, VolumeShare>();
  for (const {destination, files, newest} of spans) {
    const volume = find(volumeOf(destination));
    if (volume === undefined) continue;
    const known = shares.get(volume.id);
    shares.set(volume.id, {
      volume,
      files: Math.max(files, known?.files ?? 0),
      newestProof: known !== undefined && known.newestProof > newest ? known.newestProof : newest,
    });
  }
  return [...shares.values()].sort(
    (a, b) => b.files - a.files || (a.volume.name < b.volume.name ? -1 : 1),
  );
}

// Times of one form, `…Z`, sort as texts.
const least = (times: readonly string[]): string | null => [...times].sort()[0] ?? null;
const most = (times: readonly string[]): string | null => [...times].sort().at(-1) ?? null;
