/** The columns of the working screen, in cells. */
export interface Grid {
  readonly total: number;
  readonly name: number;
  readonly bar: number;
  readonly perCent: number;
  /** Speed or state of a row; 0 where there is no room for it. */
  readonly note: number;
}

/** Below this the screen is told in fewer words. */
const WIDE = 60;
/** Bars get no longer than this: an eye that has to travel loses the line. */
const WIDEST = 120;

/** Sentences get no longer than this. */
const LONGEST_LINE = 100;

const PER_CENT = '  100 %'.length;
const NOTE = '  1,234 MB/s'.length;

/** @param wide false asks for the narrow columns on a wide terminal too, where height is short. */
export function layOutGrid(columns: number, wide: boolean): Grid {
  const total = Math.max(20, Math.min(WIDEST, Math.floor(columns)));
  if (!wide || total < WIDE) {
    const name = 3;
    return {total, name, bar: total - name - 1 - PER_CENT, perCent: PER_CENT, note: 0};
  }
  const name = total < 100 ? 14 : 24;
  return {total, name, bar: total - name - 1 - PER_CENT - NOTE, perCent: PER_CENT, note: NOTE};
}

/** Blank cells at both sides of a screen, as wide as the pointer of the ready screen. */
export function sideMargin(columns: number): number {
  return columns >= WIDE + 4 ? 2 : 0;
}

/** @returns cells between the margins. */
export function innerWidth(columns: number): number {
  return Math.max(20, Math.floor(columns) - 2 * sideMargin(columns));
}

/** @returns cells of sentences and of the frames around verdicts. */
export function textWidth(columns: number): number {
  return Math.min(LONGEST_LINE, innerWidth(columns));
}
