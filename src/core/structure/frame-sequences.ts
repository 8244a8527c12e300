import {formatCount} from '../format-amounts.ts';
import type {Warning} from '../verdict.ts';
import {ABSENT, type CardCheck} from './card-check.ts';
import {type FileParts, groupBy, missingNumbers, partsOf} from './file-parts.ts';

/** Films as a file for each frame: ARRIRAW (`A001C001_130101_R1AB.0001234.ari`) and CinemaDNG (`A001_C001_000123.dng`). */
const EXTENSIONS = new Set(['ARI', 'ARX', 'DNG', 'DPX']);
const FRAME = /^(.+)[._](\d{6,8})$/;

/** A second of film. Fewer are single pictures. */
const FEWEST_FRAMES = 24;
/** Numbers with larger holes are times of day. */
const DENSE = 0.9;

interface Frame {
  readonly file: FileParts;
  readonly clip: string;
  readonly number: number;
}

/** `frame-missing`: holes in a film of single frames. */
export const findMissingFrames: CardCheck = (files) => {
  const frames = files.map(partsOf).flatMap((file): Frame[] => {
    const [, clip, number] = EXTENSIONS.has(file.ext) ? (FRAME.exec(file.stem) ?? []) : [];
    if (clip === undefined) return [];
    return [{file, clip: `${file.folder}${clip}`, number: Number(number)}];
  });
  return [...groupBy(frames, ({clip}) => clip).values()].flatMap(checkClip);
};

function checkClip(frames: readonly Frame[]): readonly Warning[] {
  if (frames.length < FEWEST_FRAMES) return [];
  const numbers = new Set(frames.map(({number}) => number));
  const sorted = [...numbers].sort((a, b) => a - b);
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)];
  const span = last - first + 1;
  if (numbers.size === span || numbers.size < span * DENSE) return [];
  const missing = missingNumbers(numbers, first, last);
  const lowest = frames.find(({number}) => number === first);
  if (lowest === undefined) return [];
  const what = missing.length === 1 ? 'frame is' : 'frames are';
  const message = `begins a film of ${formatCount(span)} frames: ${formatCount(missing.length)} ${what} missing, the first is number ${missing[0]}. ${ABSENT}`;
  return [{code: 'frame-missing', path: lowest.file.path, message}];
}
