/** Text from outside, made safe for one line of a terminal. */
import {escapedByte} from './file-names.ts';

// Controls (C0, DEL, C1), format characters (bidi overrides, zero-width), lone surrogates, line and paragraph separators.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
// A backslash that would read as an escape or stand before one, and a blank at the end, where nobody sees it.
const TO_ESCAPE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\\(?=[ntr\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|x[0-9A-Fa-f]{2}|u\{| $)| $/gu;

const WINDOWS_PATH = /^(?:[A-Za-z]:\\|\\\\)/;

const SHORT: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\\': '\\\\',
};

/**
 * @returns the text on one line, with nothing in it that moves the cursor, changes colours or is not seen: `\n`, `\t`, `\r`, `\x1b` for
 * controls, `\u{202e}` for other characters, `\xE9` for a byte that is not UTF-8. A backslash stays single unless it would read as an
 * escape; then it is doubled, so that two different names print differently. Absolute Windows paths keep their single backslashes: no
 * name on Windows has anything to escape. Characters that merely look alike (two Unicode forms of `é`) are not told apart.
 */
export function printable(text: string): string {
  if (WINDOWS_PATH.test(text) && !UNPRINTABLE.test(text)) return text;
  return text.replace(TO_ESCAPE, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const byte = escapedByte(character);
  if (byte !== undefined) return `\\x${byte.toString(16).toUpperCase()}`;
  const code = character.codePointAt(0) ?? 0;
  // From 0x80 on `\x` is a byte that is no character.
  return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
