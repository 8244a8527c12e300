/** What a person asks a restore for, and which files that means. */
import {foldText, hashRangeOf} from '../catalog/search-text.ts';
import type {PathPlatform} from '../drive-paths.ts';
import {formatInZone} from '../zone-time.ts';
import type {KnownFile} from './known-file.ts';

/** What a text may be taken for. Of the last three, the first that finds anything counts. */
export type Meaning = 'hash' | 'date' | 'shoot' | 'camera' | 'path';

export interface Question {
  /** As typed. */
  readonly text: string;
  /** In the form in which texts are compared. */
  readonly folded: string;
  /** In order: the first under which a file is found is meant. */
  readonly meanings: readonly Meaning[];
}

const HASH = /^[0-9a-f]{64}$/i;
const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** @param text not empty. */
export function readQuestion(text: string, platform: PathPlatform): Question {
  const path = platform === 'win32' ? text.replaceAll('\\', '/') : text;
  return {text, folded: foldText(path), meanings: meaningsOf(text)};
}

function meaningsOf(text: string): readonly Meaning[] {
  if (HASH.test(text)) return ['hash'];
  return DATE.test(text) ? ['date'] : ['shoot', 'camera', 'path'];
}

/** @returns true when the file is one of those that the question means, taken so. */
export function isMeant(file: KnownFile, {text, folded}: Question, meaning: Meaning): boolean {
  switch (meaning) {
    case 'hash':
      return file.hash === text.toLowerCase();
    case 'date':
      return namesDay(file.shoot, text) || isOfDay(file, text);
    case 'shoot':
      return foldText(file.shoot) === folded;
    case 'camera':
      return file.cameras.some((camera) => foldText(camera) === folded);
    case 'path':
      return hasInPath(file, folded) || beginsHash(file.hash, text);
  }
}

const hasInPath = ({shoot, path, target}: KnownFile, folded: string): boolean =>
  foldText(path).includes(folded) || foldText(`${shoot}/${target}`).includes(folded);

function beginsHash(hash: string, text: string): boolean {
  const range = hashRangeOf(text);
  return range !== null && range.low <= hash && hash <= range.high;
}

/** True for `2026-11-24` and `2026-11-24 Marta & Jan`. */
const namesDay = (shoot: string, day: string): boolean =>
  shoot.startsWith(day) && !/^\d/.test(shoot.slice(day.length));

const DAY_MS = 86_400_000;
const DAY_SIGNS = '2026-11-22'.length;

/** True when the card's time falls on the day, on the clock of who offloaded it. */
function isOfDay({mtimeNs, timeZone}: KnownFile, day: string): boolean {
  const ms = Number(mtimeNs / 1_000_000n);
  // Most files are far away, and a clock of a zone costs much more than this. No zone is a day ahead or behind.
  const sinceMs = ms - Date.parse(day);
  if (!(sinceMs > -DAY_MS && sinceMs < 2 * DAY_MS)) return false;
  return formatInZone(new Date(ms).toISOString(), timeZone).slice(0, DAY_SIGNS) === day;
}
