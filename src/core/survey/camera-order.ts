/**
 * The order in which a camera numbered its pictures. In DCF 2.0 (CIPA DC-009) a folder is three digits and five characters, a file four characters and four digits, and only these
 * digits count: `_MG_0002` comes between `IMG_0001` and `IMG_0003`, `10060406` before `101MSDCF`.
 */
import type {CardPath} from '../card.ts';
import {splitName} from '../split-name.ts';

const DCF_STEM = /^.{4}(\d{4})$/;
const DCF_FOLDER = /(^|\/)(\d{3})(?=[^/]{5}\/)/g;
const DIGITS = /0*(\d+)/g;

/** Stands before every name: a folder's files come before those of folders in it. */
const LOW = '\u0001';

/**
 * @returns a word by which paths stand in camera order when the words are sorted by code units. Names that are not of DCF come after those that
 * are, and their numbers count as numbers: `clip2` before `clip10`.
 */
export function cameraOrderKey(path: CardPath): string {
  const slash = path.lastIndexOf('/');
  const folder = path
    .slice(0, slash + 1)
    .toUpperCase()
    .replace(DCF_FOLDER, `$1$2${LOW}`);
  const name = path.slice(slash + 1);
  const {stem, ext} = splitName(name.toUpperCase());
  const number = DCF_STEM.exec(stem)?.[1];
  const rank = number === undefined ? `2${numbersByLength(stem)}` : `1${number}${stem}`;
  return `${numbersByLength(folder)}${LOW}${rank}${LOW}${ext}${LOW}${path}`;
}

/** A number gets its length before it: of two, the longer is the larger. */
function numbersByLength(text: string): string {
  return text.replace(DIGITS, (_, digits: string) => {
    return `0${String.fromCharCode(0x30 + digits.length)}${digits}`;
  });
}
