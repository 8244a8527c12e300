/** Whether a marker lies on the volume that it was made for. Labels and letters never decide. */
import type {Volume} from '../drive.ts';

/** What the marker says of its volume. */
export interface MarkedFacts {
  readonly fsUuid: string | null;
  /** Bytes. */
  readonly sizeBytes: number | null;
}

/** `other-*`: a clone that carries the marker along, or a drive that was formatted anew and got its marker back. */
export type MarkerFit = 'fits' | 'other-file-system' | 'other-size';

/**
 * Systems count a volume's size differently: Linux gives the partition, Windows the clusters (Win32_Volume, "Capacity"), which leaves out tables and rests. 1 % holds all
 * that was reckoned for FAT32, exFAT and NTFS from 1 GB on.
 */
const SIZE_TOLERANCE = 0.01;

/** What one side does not know proves nothing. */
export function fitMarker(
  {fsUuid, sizeBytes}: MarkedFacts,
  {uuid, size}: Pick<Volume, 'uuid' | 'size'>,
): MarkerFit {
  if (fsUuid !== null && uuid !== null && differ(fsUuid, uuid)) return 'other-file-system';
  if (sizeBytes === null || size === null) return 'fits';
  const most = Math.max(sizeBytes, size);
  return Math.abs(sizeBytes - size) > most * SIZE_TOLERANCE ? 'other-size' : 'fits';
}

/**
 * Two ids of one form are equal or two file systems. Ids of different forms are not compared: Windows tells 32 bits of the 64 of NTFS, macOS makes an id of its own for FAT
 * and exFAT.
 */
function differ(a: string, b: string): boolean {
  const [one, other] = [plain(a), plain(b)];
  return one.length === other.length && one !== other;
}

const plain = (uuid: string): string => uuid.replaceAll('-', '').toLowerCase();
