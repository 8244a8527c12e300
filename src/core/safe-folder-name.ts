import {PORTABLE_RULES, safeName} from './safe-names.ts';

/**
 * One folder name that every destination can hold, out of any text: a shoot that was typed, the label of a card. It is meant to be
 * read, so separators become `-` (none at the end: `E:\` is `E`) and other reserved characters `_`; two texts can give one name. Never empty, `.` or `..`, never with
 * a separator, and the same again when it is made safe twice.
 */
export function safeFolderName(text: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/(?<=[^/\\:|])[/\\:|]+$/, '')
    .replace(/[/\\:|]/g, '-')
    .replace(/[<>"?*]/g, '_');
  return safeName(trimEnds(plain), PORTABLE_RULES);
}

/** Blanks at both ends, and the dots at the end that Windows would drop. */
function trimEnds(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '.')) end -= 1;
  return text.slice(0, end).trimStart();
}
