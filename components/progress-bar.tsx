import {Text} from 'ink';
import type {ReactElement} from 'react';
import type {Symbols} from './theme.ts';

export interface BarAmounts {
  /** Cells. */
  readonly width: number;
  /** Bytes; nothing is drawn while it is 0. */
  readonly total: number;
  readonly proved: number;
  /** Bytes that are copied, the proved ones among them. */
  readonly copied: number;
}

/**
 * The three stretches of a bar; together exactly `width` cells. Rounded down: a full bar means all of it. Half a cell stands only before what is still
 * to come: before copied cells it would be a dark notch.
 */
export function drawBar(
  {width, total, proved, copied}: BarAmounts,
  symbols: Pick<Symbols, 'proved' | 'half' | 'copied' | 'rest'>,
): {readonly proved: string; readonly copied: string; readonly rest: string} {
  const cells = Math.max(0, Math.floor(width));
  const provedHalves = Math.floor(shareOf(proved, total) * cells * 2);
  const full = Math.floor(provedHalves / 2);
  const copiedCells = Math.floor(shareOf(copied, total) * cells);
  const hasHalf = provedHalves % 2 === 1 && copiedCells <= full;
  const half = hasHalf ? (symbols.half ?? '') : '';
  const waiting = Math.max(0, copiedCells - full - half.length);
  return {
    proved: symbols.proved.repeat(full) + half,
    copied: symbols.copied.repeat(waiting),
    rest: symbols.rest.repeat(cells - full - half.length - waiting),
  };
}

function shareOf(part: number, total: number): number {
  return total <= 0 ? 0 : Math.min(1, Math.max(0, part / total));
}

/** One bar, in which what is proved and what is only copied are drawn apart. */
export function ProgressBar({
  symbols,
  ...amounts
}: BarAmounts & {readonly symbols: Symbols}): ReactElement {
  const bar = drawBar(amounts, symbols);
  return (
    <Text>
      <Text {...symbols.styles.accent}>{bar.proved}</Text>
      <Text>{bar.copied}</Text>
      <Text {...symbols.styles.quiet}>{bar.rest}</Text>
    </Text>
  );
}
