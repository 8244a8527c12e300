/** What `find` looks at, and how. Case and Unicode form do not matter: `é` as one or as two code points, `k` and the Kelvin sign. */
import type {RecordedFile} from '../manifest.ts';
import {foldCase} from '../safe-names.ts';

/** @returns a text in the form in which texts are compared; without NUL and lone surrogates, which SQLite cannot hold. */
export function foldText(text: string): string {
  // A shell hands over a byte that is not UTF-8 as U+FFFD too, so such a name is found as it was typed.
  return foldCase(text)
    .normalize('NFC')
    .replace(/[\0\uD800-\uDFFF]/gu, '\uFFFD');
}

/**
 * @returns the folded text in which a file is looked for: its path on the card, and where a copy has another name, the path of the copy below its shoot folder.
 */
export function searchTextOf({path, copies}: Pick<RecordedFile, 'path' | 'copies'>): string {
  const own = foldText(path);
  const others = new Set(copies.map(({target}) => foldText(target)));
  return [own, ...[...others].filter((target) => !target.endsWith(own))].join('\n');
}

/** @returns true when the search text says nothing that LIKE, which folds ASCII only, does not find in the path itself. */
export function isPlainPath(path: string, searchText: string): boolean {
  return /^[\x01-\x19\x1B-\x7F]*$/.test(path) && searchText.length === path.length;
}

/** Signs in a trigram, and so the shortest text that the index can look for. */
const TRIGRAM = 3;

/** More do not narrow it down any further, and FTS5 takes no more than 256 (SQLITE_FTS5_MAX_EXPR_DEPTH). */
const MAX_TRIGRAMS = 64;

/**
 * @param text folded.
 * @returns the FTS5 query for the trigrams of the text: what has the text has them all, but not the other way round. Null when it is shorter than three signs.
 */
export function trigramQuery(text: string): string | null {
  const signs = [...text];
  const trigrams = new Set<string>();
  const end = Math.min(signs.length - TRIGRAM, MAX_TRIGRAMS - 1);
  for (let from = 0; from <= end; from += 1) {
    trigrams.add(signs.slice(from, from + TRIGRAM).join(''));
  }
  if (trigrams.size === 0) return null;
  return [...trigrams].map((trigram) => `"${trigram.replaceAll('"', '""')}"`).join(' AND ');
}

/** @returns the pattern for LIKE with `\` as its escape. */
export function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** The lowest and the highest hash that begin with some digits, in hex. */
export interface HashRange {
  readonly low: string;
  readonly high: string;
}

const HASH_DIGITS = 64;

/** @returns the range of the hashes that a text of 8 to 64 hex digits begins; null for another text. Fewer digits are rather a part of a name. */
export function hashRangeOf(text: string): HashRange | null {
  if (!/^[0-9a-f]{8,64}$/i.test(text)) return null;
  const digits = text.toLowerCase();
  return {low: digits.padEnd(HASH_DIGITS, '0'), high: digits.padEnd(HASH_DIGITS, 'f')};
}
