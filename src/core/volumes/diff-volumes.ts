/** What came and what went between two looks at the mounted volumes. */
import type {Volume} from '../drive.ts';

/** Mount point to a mark that is another one when something else is mounted there. */
export type Signature = ReadonlyMap<string, string>;

/** A volume as one look saw it. */
export interface SeenVolume {
  readonly volume: Volume;
  /** Its mark in the signature; null when the signature does not know its mount point. */
  readonly mark: string | null;
}

/** By mount point. */
export type SeenVolumes = ReadonlyMap<string, SeenVolume>;

export function sameSignature(a: Signature, b: Signature): boolean {
  return a.size === b.size && [...a].every(([mountPoint, mark]) => b.get(mountPoint) === mark);
}

/** The volumes of a list with their marks. */
export function markVolumes(volumes: readonly Volume[], signature: Signature): SeenVolumes {
  return new Map(
    volumes.map((volume) => [
      volume.mountPoint,
      {volume, mark: signature.get(volume.mountPoint) ?? null},
    ]),
  );
}

/** Two ids that are both known and differ are two file systems. A tool that once does not tell one proves nothing. */
function isReplaced(before: SeenVolume, now: SeenVolume): boolean {
  if (before.mark !== null && now.mark !== null && before.mark !== now.mark) return true;
  if (before.volume.device !== now.volume.device) return true;
  const [was, is] = [before.volume.uuid, now.volume.uuid];
  return was !== null && is !== null && was !== is;
}

/** Mount points of told volumes that the signature knew and knows no more, or knows as something else. No details are needed for that. */
export function findUnmounted(told: SeenVolumes, signature: Signature): readonly string[] {
  return [...told].flatMap(([mountPoint, {mark}]) =>
    mark === null || signature.get(mountPoint) === mark ? [] : mountPoint,
  );
}

export interface VolumesDiff {
  /** Told before; not there any more, or another one is there now. */
  readonly left: readonly Volume[];
  /** There, and not told yet; what replaced another one is here too. */
  readonly fresh: readonly SeenVolume[];
  /** Mounted as before, and yet not in the list: a tool did not answer. */
  readonly untold: readonly Volume[];
}

/** @param told what was told so far. @param seen a look at all volumes with the signature of the same moment. */
export function diffVolumes(
  told: SeenVolumes,
  seen: SeenVolumes,
  signature: Signature,
): VolumesDiff {
  const left: Volume[] = [];
  const untold: Volume[] = [];
  for (const [mountPoint, before] of told) {
    const now = seen.get(mountPoint);
    if (now !== undefined && !isReplaced(before, now)) continue;
    const isStillMounted = before.mark !== null && signature.get(mountPoint) === before.mark;
    (now === undefined && isStillMounted ? untold : left).push(before.volume);
  }
  const gone = new Set(left.map((volume) => volume.mountPoint));
  const fresh = [...seen.values()].filter(
    ({volume: {mountPoint}}) => !told.has(mountPoint) || gone.has(mountPoint),
  );
  return {left, fresh, untold};
}

/** New volumes that are not told yet, by mount point, and how often they were looked at. */
export type WaitingVolumes = ReadonlyMap<
  string,
  {readonly seen: SeenVolume; readonly looks: number}
>;

/** A volume whose details never stay the same is told all the same. */
const MOST_LOOKS = 4;

/**
 * Which of the new volumes may be told: those of which two looks saw the same. An automounter mounts, unmounts and mounts again, and a label may come late.
 * @param stood true when it is known in another way that nothing changes any more.
 */
export function settleVolumes(
  fresh: readonly SeenVolume[],
  waiting: WaitingVolumes,
  stood: boolean,
): {readonly settled: readonly SeenVolume[]; readonly waiting: WaitingVolumes} {
  const settled: SeenVolume[] = [];
  const left = new Map<string, {seen: SeenVolume; looks: number}>();
  for (const seen of fresh) {
    const {mountPoint} = seen.volume;
    const before = waiting.get(mountPoint);
    const looks = before?.seen.mark === seen.mark ? before.looks + 1 : 1;
    const isSame = JSON.stringify(before?.seen) === JSON.stringify(seen);
    if (stood || isSame || looks >= MOST_LOOKS) settled.push(seen);
    else left.set(mountPoint, {seen, looks});
  }
  return {settled, waiting: left};
}
