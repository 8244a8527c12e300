/** Names that a destination can hold, and when two of them are one name there. */
import {escapedByte} from './file-names.ts';
import {fitName, type NameLimits} from './name-length.ts';

/** What the file system of a destination does with names. */
export interface NamingRules extends NameLimits {
  /** `windows`: the reserved characters and device names of Windows hold there: exFAT, FAT, NTFS, SMB. */
  readonly family: 'posix' | 'windows';
  readonly caseSensitive: boolean;
  /** True when two Unicode forms of one name (`é` as one or as two code points) are the same name there: APFS, HFS+. */
  readonly normalizes: boolean;
}

/** What every file system of a camera or a laptop can hold and keep apart. */
export const PORTABLE_RULES: NamingRules = {
  family: 'windows',
  caseSensitive: false,
  normalizes: true,
  maxBytes: 255,
  maxUnits: 255,
};

// Lone surrogates on both: bytes that are not UTF-8 cannot be written on Windows and macOS, and `b3sum` lists cannot name them.
const REFUSED_BY_POSIX = /[\0/\uD800-\uDFFF]/gu;
// "Naming Files, Paths, and Namespaces" (Microsoft Learn) and the exFAT specification, 7.7.3; and DEL, the one
// control character that both forget.
const REFUSED_BY_WINDOWS = /[\0-\x1F\x7F<>:"/\\|?*\uD800-\uDFFF]/gu;

// The same page; the blanks before the dot and CONIN$, CONOUT$ are from "The Definitive Guide on Win32 to NT Path Conversion".
const DEVICE_NAME =
  /^(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9\u00B9\u00B2\u00B3])(?= *(?:\.|$))/i;

/** True for `con`, `NUL.txt`, `LPT1 .JPG`: Windows opens a device instead of a file. */
export function isDeviceName(name: string): boolean {
  return DEVICE_NAME.test(name);
}

/**
 * The name itself when the destination can hold it, else one that it can: a function of the name alone, and safe again unchanged.
 *
 * Refused characters become `%3A`: it can be read, it is what a byte that is not UTF-8 becomes (`%E9`), and unlike one stand-in for all
 * it keeps `a:b` and `a?b` apart. Names are not decoded again, so `%` itself stays. A device name gets `_` (`CON_.JPG`); a long name is
 * cut as {@link fitName} tells. Two names can still become one: `place-files.ts` keeps them apart.
 */
export function safeName(name: string, rules: NamingRules): string {
  return fitName({name: escapeName(name, rules), tag: '', limits: rules});
}

/**
 * The safe name with a number before the extension, for when the name is taken: `IMG_0001-2.JPG`, `.hidden-2`, `DSC_0001.JPG-2.JPG`.
 * @param n from 2 on; other numbers give other names.
 */
export function numberedName({
  name,
  n,
  rules,
}: {
  name: string;
  n: number;
  rules: NamingRules;
}): string {
  return fitName({name: escapeName(name, rules), tag: `-${n}`, limits: rules});
}

// HFS+ passes over these when it compares: the list in git's `next_hfs_char` (utf8.c).
const IGNORED_BY_HFS = /[\u200C-\u200F\u202A-\u202E\u206A-\u206F\uFEFF]/g;

/**
 * The key under which two safe names meet in one folder of the destination. It rather lets two names meet that would not (`ß` and `ss`
 * on exFAT) than the other way round: the price is a number that was not needed.
 */
export function foldName(name: string, rules: NamingRules): string {
  const plain = rules.normalizes ? name.normalize('NFD').replace(IGNORED_BY_HFS, '') : name;
  const folded = rules.caseSensitive ? plain : foldCase(plain);
  return rules.normalizes ? folded.normalize('NFC') : folded;
}

/** Down and up again: `ẞ`, `ß` and `SS` meet only that way, and so do `K` and the Kelvin sign. */
export function foldCase(text: string): string {
  return text.toLowerCase().toUpperCase();
}

function escapeName(name: string, {family}: NamingRules): string {
  const refused = family === 'windows' ? REFUSED_BY_WINDOWS : REFUSED_BY_POSIX;
  const escaped = name.replace(refused, escapeCharacter);
  if (escaped === '') return '_';
  if (family === 'posix') return /^\.\.?$/.test(escaped) ? escapeAll(escaped) : escaped;
  const end = endBeforeDotsAndSpaces(escaped);
  const ended = escaped.slice(0, end) + escapeAll(escaped.slice(end));
  return ended.replace(DEVICE_NAME, '$&_');
}

/** Win32 drops dots and spaces at the end of a name, so `name.` would be `name`. */
function endBeforeDotsAndSpaces(name: string): number {
  let end = name.length;
  while (end > 0 && (name[end - 1] === '.' || name[end - 1] === ' ')) end -= 1;
  return end;
}

const escapeAll = (text: string): string => Array.from(text, escapeCharacter).join('');

/** ASCII and lone surrogates only: a byte as `%E9`; a surrogate that is no byte as its three bytes in generalized UTF-8. */
function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x80) return percent(code);
  const byte = escapedByte(character);
  if (byte !== undefined) return percent(byte);
  return (
    percent(0xe0 | (code >> 12)) +
    percent(0x80 | ((code >> 6) & 0x3f)) +
    percent(0x80 | (code & 0x3f))
  );
}

const percent = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
