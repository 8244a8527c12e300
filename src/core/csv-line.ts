/** One line of a table for spreadsheets (RFC 4180). */
import {printable} from './printable.ts';

/** A bigint is an exact number that is no amount. */
export type Cell = string | number | bigint | boolean | null;

/** @returns the line with the carriage return that RFC 4180 wants before its line feed, and without the line feed. */
export const formatLine = (cells: readonly Cell[]): string =>
  `${cells.map(formatCell).join(',')}\r`;

/**
 * A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` (or their full-width forms) for a formula, and a name from a card can be one that opens a web page. Such a
 * text gets an apostrophe, and so does one that begins with an apostrophe, so that taking the first one away gives the text back.
 */
const FORMULA = /^[=+\-@'\uFF1D\uFF0B\uFF0D\uFF20]/;

function formatCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  // No control character is left then: no line breaks within a cell, nothing that steers a terminal.
  const text = printable(cell);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",]|^ /.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
