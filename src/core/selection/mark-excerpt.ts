import type {Refusal} from '../cause.ts';
import {printable} from '../printable.ts';

/** @returns the typed text and a mark below the place in it that is wrong; nothing where there is none. */
export function markExcerpt({excerpt}: Pick<Refusal, 'excerpt'>): readonly string[] {
  if (excerpt === undefined) return [];
  const {text, at} = excerpt;
  // A blank at the end of the first part is no end of the line.
  const before = printable(`${text.slice(0, at)}.`).slice(0, -1);
  return [`  ${printable(text)}`, `  ${' '.repeat([...before].length)}^`];
}
