import {formatCount} from '../format-amounts.ts';
import {formOf} from '../survey/file-kind.ts';
import type {Warning} from '../verdict.ts';
import {ABSENT, type CardCheck} from './card-check.ts';
import {type Count, countOf} from './counters.ts';
import {type FileParts, groupBy, partsOf} from './file-parts.ts';

/** More gaps than this are what a card looks like on which pictures were deleted in the camera: they are told in one sentence. */
const MOST_GAPS = 5;

/** A longer hole is a counter that was set anew, or another camera's pictures: a folder of DCF holds 999 pictures by default. */
const LONGEST_GAP = 999;

interface Counted extends Count {
  readonly file: FileParts;
}

interface Gap {
  readonly before: Counted;
  readonly after: Counted;
  readonly numbers: string;
  readonly missing: number;
}

/** `numbering-gap`: numbers that no file has, between two that have one. A counter that starts again, in a new folder or after its last number, makes no gap. */
export const findNumberingGaps: CardCheck = (files) => {
  const counted = files.flatMap((one): Counted[] => {
    const file = partsOf(one);
    const count = countOf(file);
    return count === undefined ? [] : [{...count, file}];
  });
  const gaps = [...groupBy(counted, ({series}) => series).values()].flatMap(findGaps);
  return gaps.length > MOST_GAPS ? [summarize(gaps)] : gaps.map(describe);
};

function findGaps(series: readonly Counted[]): readonly Gap[] {
  const folders = [...groupBy(series, ({folder}) => String(folder)).values()]
    .map(inOrder)
    .sort(([a], [b]) => (a?.folder ?? 0) - (b?.folder ?? 0));
  return folders.flat().flatMap((after, index, all) => {
    const before = all[index - 1];
    return before === undefined ? [] : gapBetween(before, after);
  });
}

/** Each number once, in the order in which it was given. A folder may hold the end of one round of the counter and the start of the next. */
function inOrder(folder: readonly Counted[]): readonly Counted[] {
  const byNumber = new Map<number, Counted>();
  for (const one of folder) {
    const known = byNumber.get(one.number);
    if (known === undefined || speaksBefore(one, known)) byNumber.set(one.number, one);
  }
  const sorted = [...byNumber.values()].sort((a, b) => a.number - b.number);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first?.last === undefined || last === undefined) return sorted;
  const wraps = first.number <= LONGEST_GAP && last.number > first.last - LONGEST_GAP;
  if (!wraps) return sorted;
  const holes = sorted.map(({number}, index) => number - (sorted[index - 1]?.number ?? number));
  const widest = holes.indexOf(Math.max(...holes));
  if ((holes[widest] ?? 0) <= LONGEST_GAP) return sorted;
  return [...sorted.slice(widest), ...sorted.slice(0, widest)];
}

/** A picture or film speaks for its number before its proxies do, and of two the first by name: cards list them in any order. */
function speaksBefore(one: Counted, other: Counted): boolean {
  if (isTaken(one) !== isTaken(other)) return isTaken(one);
  return one.file.path < other.file.path;
}

const isTaken = ({file}: Counted): boolean => formOf(file.path) !== undefined;

function gapBetween(before: Counted, after: Counted): Gap[] {
  const {last} = before;
  const wraps =
    last !== undefined && before.folder === after.folder && after.number < before.number;
  const next = wraps ? after.number + last : after.number;
  const missing = next - before.number - 1;
  if (missing < 1 || missing > LONGEST_GAP) return [];
  const show = (number: number) => {
    const shown = last !== undefined && number > last ? number - last : number;
    return String(shown).padStart(before.digits, '0');
  };
  const [from, to] = [show(before.number + 1), show(next - 1)];
  return [{before, after, missing, numbers: missing === 1 ? from : `${from} to ${to}`}];
}

function describe({before, after, numbers, missing}: Gap): Warning {
  const what = missing === 1 ? `number ${numbers} is` : `numbers ${numbers} are`;
  return {
    code: 'numbering-gap',
    path: before.file.path,
    message: `is followed by ${after.file.name}: ${what} missing. ${ABSENT}`,
  };
}

function summarize(gaps: readonly Gap[]): Warning {
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0);
  const shown = gaps
    .slice(0, MOST_GAPS)
    .map(({before, numbers}) => `${numbers} after ${before.file.name}`);
  const more = formatCount(gaps.length - MOST_GAPS);
  return {
    code: 'numbering-gap',
    message: `${formatCount(missing)} numbers are missing in ${formatCount(gaps.length)} places (${shown.join(', ')} and ${more} more), as on a card on which pictures were deleted in the camera. The copies have all that the card lists. If you deleted none, do not format yet: a recovery program may still find them on the card`,
  };
}
