import {stripVTControlCharacters} from 'node:util';
import {countCells} from '../../src/core/wrap-words.ts';
import type {TerminalSize} from '../use-terminal-size.ts';

/** What stands on a terminal. */
export interface Frame {
  readonly size: TerminalSize;
  /** From the top; each with its own styles and at most `size.columns` cells wide. */
  readonly lines: readonly string[];
}

// ECMA-48: CUP, ED, EL. Synchronized output (2026) lets a terminal show a frame when it is complete; those that do not know it ignore it.
const CLEAR = '\u001B[H\u001B[J';
const ERASE_LINE = '\u001B[2K';
const ERASE_REST = '\u001B[K';
const moveTo = (row: number) => `\u001B[${row + 1};1H`;

/** A line that is wider than was thought is cut at the edge instead of going on over the next one. */
const BEGIN = '\u001B[?2026h\u001B[?7l';
const END = '\u001B[?7h\u001B[?2026l';

/**
 * @param before what stands there; null when nothing is known of it.
 * @returns what turns it into `frame`, to be written at once: the lines that differ, each at its own place, so that nothing scrolls and
 * nothing that stays is touched. Empty when all stays.
 */
export function drawFrame(before: Frame | null, {size, lines}: Frame): string {
  const known = before !== null && isSameSize(before.size, size) ? before.lines : null;
  const shown = lines.slice(0, size.rows);
  const count = Math.min(size.rows, Math.max(shown.length, known?.length ?? 0));
  const changes: string[] = known === null ? [CLEAR] : [];
  for (let row = 0; row < count; row += 1) {
    const line = shown[row] ?? '';
    if (line !== (known?.[row] ?? '')) changes.push(moveTo(row) + drawLine(line, size.columns));
  }
  return changes.length === 0 ? '' : BEGIN + changes.join('') + END;
}

function isSameSize(a: TerminalSize, b: TerminalSize): boolean {
  return a.columns === b.columns && a.rows === b.rows;
}

/** Overwriting flickers less than erasing first. But what follows a full line would be erased with its last character. */
function drawLine(line: string, columns: number): string {
  const isFull = countCells(stripVTControlCharacters(line)) >= columns;
  return isFull ? ERASE_LINE + line : line + ERASE_REST;
}
