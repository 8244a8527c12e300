/**
 * What a history leaves out: patterns of gitignore, as the manifest lists them. Readers match them against whole paths, so they are names and never begin with a slash: a pattern with a slash in it matches
 * nothing in the reference implementation.
 */
import {RECORD_FOLDER} from '../place-files.ts';
import {MHL_FOLDER} from './manifest-names.ts';

/** The three that the specification asks for, first: a list without them would make every manifest a new file. */
const PATTERNS: readonly string[] = [
  '.DS_Store',
  MHL_FOLDER,
  `${MHL_FOLDER}/`,
  '._*',
  '.Trashes',
  '.Spotlight-V100',
  '.fseventsd',
  'System Volume Information',
  '$RECYCLE.BIN',
  'Thumbs.db',
  'desktop.ini',
  '.offload-*',
];

/**
 * The patterns of the next generation: they only ever grow.
 * @param earlier those of the newest generation.
 * @param holdsRecords true when the history is of the shoot folder, where the records lie.
 */
export function ignorePatterns(
  earlier: readonly string[],
  holdsRecords: boolean,
): readonly string[] {
  return [...new Set([...PATTERNS, ...(holdsRecords ? [RECORD_FOLDER] : []), ...earlier])];
}

/** @returns what tells of a path whether a part of it is left out. Patterns with a slash inside and exceptions (`!`) match nothing. */
export function ignores(patterns: readonly string[]): (path: string) => boolean {
  const forms = patterns.flatMap(formOf);
  return (path) => path.split('/').some((part) => forms.some((form) => form(part)));
}

function formOf(pattern: string): readonly ((name: string) => boolean)[] {
  const name = pattern.replace(/\/$/, '');
  if (name === '' || /[/!\\[#]/.test(name)) return [];
  if (!/[*?]/.test(name)) return [(part) => part === name];
  return [(part) => fits([...part], [...name])];
}

/** `*` for any characters, `?` for one; in steps, because a pattern from outside must not take for ever. */
function fits(text: readonly string[], pattern: readonly string[]): boolean {
  let at = 0;
  let sign = 0;
  let star = -1;
  let tried = 0;
  while (at < text.length) {
    if (pattern[sign] === '*') {
      star = sign++;
      tried = at;
    } else if (pattern[sign] === '?' || pattern[sign] === text[at]) {
      sign++;
      at++;
    } else if (star >= 0) {
      sign = star + 1;
      at = ++tried;
    } else return false;
  }
  return pattern.slice(sign).every((one) => one === '*');
}
