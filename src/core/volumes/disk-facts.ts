import type {PhysicalDrives, Volume, VolumeKind} from '../drive.ts';

/** What is known of the disks below a volume, whatever the platform. */
export interface DiskFacts {
  readonly physical: PhysicalDrives;
  readonly rotating: boolean | null;
  readonly model: string | null;
  readonly removable: boolean | null;
  /** Where the bytes end up when the device is an image of a disk: in memory or on another computer. */
  readonly medium: 'disk' | 'network' | 'ram';
}

export function unknownDisks(why: string): DiskFacts {
  return {
    physical: {known: false, why},
    rotating: null,
    model: null,
    removable: null,
    medium: 'disk',
  };
}

/** True when one is true, false when all are false, otherwise not known. */
export function anyTrue(flags: readonly (boolean | null)[]): boolean | null {
  if (flags.includes(true)) return true;
  return flags.length > 0 && flags.every((flag) => flag === false) ? false : null;
}

function joinPhysical(parts: readonly PhysicalDrives[]): PhysicalDrives {
  const gaps = parts.flatMap((part) => (part.known ? [] : [part.why]));
  if (gaps.length > 0) return {known: false, why: [...new Set(gaps)].join('; ')};
  const ids = new Set(parts.flatMap((part) => (part.known ? part.ids : [])));
  if (ids.size === 0) return {known: false, why: 'no disk was found below it'};
  return {known: true, ids: [...ids].sort()};
}

function joinMedium(parts: readonly DiskFacts[]): DiskFacts['medium'] {
  const media = parts.map((part) => part.medium);
  if (media.includes('ram')) return 'ram';
  return media.includes('network') ? 'network' : 'disk';
}

/** Several disks as one: a single disk that is not known makes all of them unknown. */
export function joinDisks(parts: readonly DiskFacts[]): DiskFacts {
  const models = new Set(parts.flatMap((part) => (part.model === null ? [] : [part.model])));
  return {
    physical: joinPhysical(parts.map((part) => part.physical)),
    rotating: anyTrue(parts.map((part) => part.rotating)),
    model: models.size === 0 ? null : [...models].join(' + '),
    removable: anyTrue(parts.map((part) => part.removable)),
    medium: joinMedium(parts),
  };
}

/** The disks below an image of a disk: those of the volume that holds the image's file. */
export function disksOf(volume: Volume): DiskFacts {
  const {physical, rotating, model, removable, kind} = volume;
  const medium = kind === 'ram' || kind === 'network' ? kind : 'disk';
  return {physical, rotating, model, removable, medium};
}

/** The kind of a volume once its disks are known: an image in memory is memory. */
export function kindOn(disks: DiskFacts, kind: VolumeKind): VolumeKind {
  return disks.medium === 'disk' ? kind : disks.medium;
}

/** A volume of which nothing but its place is known. */
export function unknownVolume(mountPoint: string, why: string): Volume {
  return {
    mountPoint,
    device: '',
    fileSystem: '',
    kind: 'unknown',
    label: null,
    uuid: null,
    size: null,
    physical: {known: false, why},
    rotating: null,
    model: null,
    removable: null,
  };
}
