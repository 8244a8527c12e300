/** What it means that a copy has other bytes than were proved. */
import type {CardPath} from '../card.ts';
import {kindOf} from '../survey/file-kind.ts';

/**
 * `rotten`: nobody wrote to the file, so the drive lost bytes. `edited`: it was written to, and programs do write to such files. `altered`: it was written to, or cut, and no
 * program should do that to such a file.
 */
export type Change = 'rotten' | 'edited' | 'altered';

export interface RecordedCopy {
  readonly path: CardPath;
  /** Bytes. */
  readonly size: number;
  /** ns since 1970. */
  readonly mtimeNs: bigint;
  /** When its offload began and when the copy was proved, ms since 1970: a drive that does not let a user set times gives a copy one in between. */
  readonly writing: {readonly fromMs: number; readonly toMs: number};
  /** The drive keeps times as a clock on a wall shows them, or may do so: FAT and exFAT. */
  readonly keepsLocalTimes: boolean;
}

export interface FoundCopy {
  readonly size: number;
  /** ns since 1970. */
  readonly mtimeNs: bigint;
}

/**
 * Pictures and sidecars that photographers' programs write into: ratings, keywords, edits. XMP, DNG, JPEG, TIFF, PSD, HEIC and their like; DOP of DxO, PP3 of RawTherapee, ARP of
 * ART, COS of Capture One, ON1, AAE of Apple, NKSC of Nikon.
 */
const REWRITTEN = new Set(
  'XMP DNG JPG JPEG TIF TIFF PSD PSB HEIC HEIF HIF PNG WEBP AVIF JXL DOP PP3 ARP COS ON1 AAE NKSC'.split(
    ' ',
  ),
);

/** @param found undefined when the file went meanwhile. */
export function judgeChange(recorded: RecordedCopy, found: FoundCopy | undefined): Change {
  if (found === undefined) return 'altered';
  const isRewritten = REWRITTEN.has(kindOf(recorded.path));
  const isUntouched = hasOwnTime(recorded, found, isRewritten && !recorded.keepsLocalTimes);
  // A drive can cut a file; what has grown was written to by a program that kept the time, as `exiftool -P` does.
  const isCut = !isRewritten && found.size < recorded.size;
  if (isUntouched && (found.size === recorded.size || isCut)) return 'rotten';
  // No program leaves an empty picture; a file system that lost it does.
  return isRewritten && found.size > 0 ? 'edited' : 'altered';
}

/** FAT keeps times to two seconds (Microsoft, "File Times"). */
const COARSE_MS = 2000;
/** exFAT and FAT keep local times: on another clock they are off by a whole number of quarter hours, a day and two hours at the most. */
const ZONE_STEP_MS = 15 * 60 * 1000;
const MOST_SHIFT_MS = 26 * 60 * 60 * 1000;

/** True for two times of one file as file systems keep them, in ns since 1970. */
export function isSameTime(one: bigint, other: bigint): boolean {
  const offMs = Math.abs(Number(one / 1_000_000n) - Number(other / 1_000_000n));
  const restMs = offMs % ZONE_STEP_MS;
  const isShifted = Math.min(restMs, ZONE_STEP_MS - restMs) <= COARSE_MS;
  return isShifted && offMs <= MOST_SHIFT_MS + COARSE_MS;
}

/** @param exactly no shift of a clock explains the time: of the pictures that are edited on the day they were taken, one in some hundred is saved whole quarter hours later. */
function hasOwnTime({mtimeNs, writing}: RecordedCopy, found: FoundCopy, exactly: boolean): boolean {
  const foundMs = Number(found.mtimeNs / 1_000_000n);
  const isNear = Math.abs(foundMs - Number(mtimeNs / 1_000_000n)) <= COARSE_MS;
  if (exactly ? isNear : isSameTime(mtimeNs, found.mtimeNs)) return true;
  return foundMs >= writing.fromMs - COARSE_MS && foundMs <= writing.toMs + COARSE_MS;
}
