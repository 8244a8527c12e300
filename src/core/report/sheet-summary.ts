import {formatCount} from '../format-amounts.ts';
import type {PhotoFacts} from '../photo/photo-facts.ts';
import {joinWithAnd} from '../words.ts';
import {describeCamera, describeTime} from './exif-line.ts';
import type {SheetCell} from './sheet-cells.ts';

export interface SheetSummary {
  readonly pictures: number;
  readonly films: number;
  /** `2026-11-22 14:02`; null where no picture says. */
  readonly first: string | null;
  readonly last: string | null;
  /** Most first. */
  readonly cameras: readonly {readonly camera: string; readonly count: number}[];
}

/** @returns how many there are, from when to when, and with what they were taken. */
export function summarizeSheet(
  cells: readonly SheetCell[],
  factsOf: (path: string) => PhotoFacts | undefined,
): SheetSummary {
  const counts = new Map<string, number>();
  let first: string | null = null;
  let last: string | null = null;
  for (const {files} of cells) {
    const facts = factsOf(files[0].file.path);
    if (facts === undefined) continue;
    const camera = describeCamera(facts);
    if (camera !== '') counts.set(camera, (counts.get(camera) ?? 0) + 1);
    const time = facts.takenAt?.source === 'file' ? '' : describeTime(facts).slice(0, 16);
    if (time === '') continue;
    if (first === null || time < first) first = time;
    if (last === null || time > last) last = time;
  }
  const films = cells.filter(({form}) => form === 'film').length;
  return {
    pictures: cells.length - films,
    films,
    first,
    last,
    cameras: [...counts]
      .map(([camera, count]) => ({camera, count}))
      .sort((a, b) => b.count - a.count),
  };
}

/** @returns `412 pictures and 12 films`. */
export function describeAmount({
  pictures,
  films,
}: Pick<SheetSummary, 'pictures' | 'films'>): string {
  const parts = [count(pictures, 'picture'), count(films, 'film')].filter((part) => part !== '');
  return parts.length === 0 ? 'no pictures' : joinWithAnd(parts);
}

const count = (n: number, what: string): string =>
  n === 0 ? '' : n === 1 ? `1 ${what}` : `${formatCount(n)} ${what}s`;
