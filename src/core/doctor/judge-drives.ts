/** Connected drives: how they are read back, which of them are one disk, and what still fits on them. */
import {type MediumRead, type PhysicalDrives, relateDrives} from '../drive.ts';
import {formatBytes} from '../format-amounts.ts';
import {bad, type Finding, good, look} from './finding.ts';

export interface DriveFacts {
  readonly name: string;
  readonly path: string;
  readonly role: 'card' | 'working' | 'backup' | 'off-site' | 'none';
  /** Null when it was not tried: there is no file to read. */
  readonly mediumRead: MediumRead | null;
  /** Why it is read through a cache. */
  readonly why: string | null;
  readonly drives: PhysicalDrives;
  /** Bytes; null when the volume does not tell. */
  readonly size: number | null;
  readonly free: number | null;
}

const called = ({name, path}: Pick<DriveFacts, 'name' | 'path'>): string =>
  name === path ? name : `${name} (${path})`;

export function judgeReading(drive: DriveFacts): Finding {
  const where = {area: 'reading', about: called(drive)};
  switch (drive.mediumRead) {
    case 'direct':
      return good(where, 'copies are read back past the cache');
    case 'evicted':
      return good(where, 'copies are read back after the cache is emptied');
    case null:
      return good(where, 'how it is read back was not tried, for there is no file to read');
    case 'cached':
      return look(
        where,
        `copies may be read back from memory${drive.why === null ? '' : `: ${drive.why}`}`,
        'A copy there does not make a card safe without --accept-cached. Use a drive that is plugged in directly, with exFAT, NTFS, APFS, ext4 or their like.',
      );
  }
}

type Kept = DriveFacts & {readonly role: 'working' | 'backup' | 'off-site'};

const isKept = (drive: DriveFacts): drive is Kept =>
  drive.role === 'working' || drive.role === 'backup' || drive.role === 'off-site';

/** Two drives with roles on one disk are lost together. @returns one finding for each pair that is, or may be, one. */
export function judgeDisks(drives: readonly DriveFacts[]): readonly Finding[] {
  const where = {area: 'disks'};
  const kept = drives.filter(isKept);
  const faults = kept.flatMap((one, index) =>
    kept.slice(index + 1).flatMap((other) => {
      const names = `${called(one)} and ${called(other)}`;
      const relation = relateDrives(one.drives, other.drives);
      if (relation === 'same')
        return [
          bad(
            where,
            `${names} are one physical disk: when it fails, the copies on both are gone`,
            'Keep one of them on another drive.',
          ),
        ];
      if (relation === 'different') return [];
      return [
        look(
          where,
          `whether ${names} are two physical disks cannot be told here`,
          'Plug both in directly, without a hub, a dock or a server between.',
        ),
      ];
    }),
  );
  if (faults.length > 0) return faults;
  const few =
    kept.length === 0
      ? 'no drive with a role is connected'
      : kept.length === 1
        ? 'one drive with a role is connected'
        : 'the connected drives with roles are different physical disks';
  return [good(where, few)];
}

/** A card of today has up to this much. */
const CARD_BYTES = 128e9;
/** Below it not even the records of an offload are sure to fit. */
const LEAST_BYTES = 1e9;

/** @returns null for a drive without a role. */
export function judgeSpace(drive: DriveFacts): Finding | null {
  if (!isKept(drive)) return null;
  const where = {area: 'space', about: called(drive)};
  const {free, size, role} = drive;
  if (free === null) return look(where, 'it does not tell what is free', 'Look at it by hand.');
  const words = `${formatBytes(free)} free${size === null ? '' : ` of ${formatBytes(size)}`}`;
  if (free < LEAST_BYTES)
    return bad(where, words, 'Nothing more fits: make room, or use a larger drive.');
  // A small drive has little free however empty it is.
  const isShort = free < CARD_BYTES && (size === null || free < size / 5);
  if (!isShort) return good(where, words);
  const what = role === 'working' ? 'a large card' : 'what the working drive gets';
  return look(where, words, `It will soon not hold ${what}: make room, or use a larger drive.`);
}
