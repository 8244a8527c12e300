/**
 * What was had of a file that cannot be read whole, as a text that GNU ddrescue and ddrescuelog read and go on from (GNU ddrescue manual, version 1.27, "Mapfile
 * structure"). Pure.
 */
import {printable} from './printable.ts';

/** `-` a bad sector; `*` a larger part that gave an error and was not tried in smaller ones; `?` not tried. */
export type MissingStatus = '-' | '*' | '?';

/** A part of a file, in bytes. */
export interface MissingRange {
  readonly position: number;
  readonly size: number;
  readonly status: MissingStatus;
}

/** `+` was read. */
export interface RescueRange {
  readonly position: number;
  readonly size: number;
  readonly status: MissingStatus | '+';
}

/** @returns bytes that are not there. */
export function countMissing(missing: readonly MissingRange[]): number {
  return missing.reduce((sum, {size}) => sum + size, 0);
}

/**
 * @param size of the whole file, in bytes.
 * @param missing in ascending order, without overlaps.
 * @returns the whole file without gaps, in ascending order; neighbours of one status are one range.
 * @throws RangeError when the parts are out of order or do not lie in the file: a wrong map is worse than none.
 */
export function rescueRanges(
  size: number,
  missing: readonly MissingRange[],
): readonly RescueRange[] {
  const ranges: RescueRange[] = [];
  let end = 0;
  const add = (range: RescueRange) => {
    if (range.size === 0) return;
    const last = ranges.at(-1);
    if (last?.status === range.status)
      ranges[ranges.length - 1] = {...last, size: last.size + range.size};
    else ranges.push(range);
    end = range.position + range.size;
  };
  for (const range of missing) {
    if (range.position < end || range.size < 0)
      throw new RangeError(`the part at byte ${range.position} is out of order`);
    add({position: end, size: range.position - end, status: '+'});
    add(range);
  }
  if (end > size) throw new RangeError(`the parts end at byte ${end} of ${size}`);
  add({position: end, size: size - end, status: '+'});
  return ranges;
}

export interface RescuedFile {
  /** Label of the card. */
  readonly card: string;
  /** Path on the card. */
  readonly path: string;
  /** Of the whole file, in bytes. */
  readonly size: number;
  /** In ascending order, without overlaps. */
  readonly missing: readonly MissingRange[];
}

/** @returns the mapfile's text. What comes from the card stands in comments, each on one line whatever it holds. */
export function rescueMapText({card, path, size, missing}: RescuedFile): string {
  const ranges = rescueRanges(size, missing);
  // What is left to be tried says with which phase ddrescue goes on; bad sectors alone are the end of it.
  const open =
    ranges.find(({status}) => status === '?') ?? ranges.find(({status}) => status === '*');
  const rows = ranges.map((range) => `${hex(range.position)}  ${hex(range.size)}  ${range.status}`);
  return [
    '# Mapfile. Created by offload',
    `# Card: ${printable(card)}`,
    `# File: ${printable(path)}`,
    `# Size: ${size} bytes, ${countMissing(missing)} of them missing and filled with zeros`,
    '# current_pos  current_status  current_pass',
    `${hex(open?.position ?? 0)}     ${open?.status ?? '+'}               1`,
    '#      pos        size  status',
    ...rows,
    '',
  ].join('\n');
}

const hex = (bytes: number) => `0x${bytes.toString(16).toUpperCase().padStart(8, '0')}`;
