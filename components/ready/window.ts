/** Which rows of a list are shown when it is longer than its place. */
export interface Window {
  /** Index of the first row shown, and of the one after the last. */
  readonly first: number;
  readonly end: number;
  /** True when the last line is kept for how many are not shown. */
  readonly scrolls: boolean;
}

export interface WindowOptions {
  /** Lines of each row. */
  readonly heights: readonly number[];
  /** Blank lines between rows. */
  readonly gap: number;
  /** Lines. */
  readonly room: number;
  /** Index of the row that must be seen; below 0 for none. */
  readonly selected: number;
}

/** @returns the rows around the selected one that have room; all of them when they have. */
export function windowRows({heights, gap, room, selected}: WindowOptions): Window {
  if (measureRows(heights, gap) <= room) return {first: 0, end: heights.length, scrolls: false};
  const lines = room - 1;
  let first = Math.min(Math.max(0, selected), heights.length - 1);
  let end = first + 1;
  const fits = (from: number, to: number) =>
    from >= 0 && to <= heights.length && measureRows(heights.slice(from, to), gap) <= lines;
  for (;;) {
    const below = fits(first, end + 1);
    if (below) end += 1;
    const above = fits(first - 1, end);
    if (above) first -= 1;
    if (!below && !above)
      return {first, end, scrolls: measureRows(heights.slice(first, end), gap) <= lines};
  }
}

/** @returns lines. */
export function measureRows(heights: readonly number[], gap: number): number {
  return heights.reduce((sum, height) => sum + height, gap * Math.max(0, heights.length - 1));
}
