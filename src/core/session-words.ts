/** What the ready screen says of a card: printable, and never in words that could be taken for a verdict. */
import type {CardHistory} from './card-history.ts';
import type {CardSurvey, KindCount} from './card-survey.ts';
import {causeText} from './cause-text.ts';
import {formatCount} from './format-amounts.ts';
import {
  formatAgo,
  formatDate,
  formatSince,
  isThisWeek,
  type Now,
  nameWeekday,
  readWallTime,
  toWallTime,
  type WallTime,
} from './format-dates.ts';
import type {Phrase, Tone} from './phrase.ts';
import {printable} from './printable.ts';
import type {SessionCard} from './session/session-state.ts';
import {unreachable} from './unreachable.ts';
import {countCells} from './wrap-words.ts';

const phrase = (tone: Tone, ...forms: readonly string[]): Phrase => ({tone, forms});

/** @returns the state of a card: what happens to it now, or else what the catalog knows of it. */
export function describeCard(card: SessionCard, now: Now): Phrase {
  const {ejected, problem, survey, history} = card;
  if (ejected === 'yes') return phrase('quiet', 'ejected: may be pulled out', 'may be pulled out');
  if (ejected === 'asked') return phrase('quiet', 'being ejected…');
  if (problem !== null)
    return phrase('failure', `cannot be read: ${causeText(problem)}`, 'cannot be read');
  if (survey === null) return phrase('quiet', 'being read…');
  return history === null ? phrase('quiet', 'looking it up…') : describeHistory(history, now);
}

/** @returns what the catalog knows, as a hint: `was safe` is of then, and no verdict of now. */
export function describeHistory(history: CardHistory, now: Now): Phrase {
  switch (history.state) {
    case 'new':
      return phrase('plain', 'new');
    case 'safe': {
      const ago = formatAgo(history.at, now);
      return phrase('quiet', `offloaded ${ago}, safe then`, `was safe ${ago}`, 'was safe then');
    }
    case 'more': {
      const count = formatCount(history.count);
      return phrase(
        'plain',
        `${count} new since ${formatSince(history.since, now)}`,
        `${count} new`,
      );
    }
    case 'interrupted':
      return phrase(
        'decision',
        'interrupted, goes on where it stopped',
        'interrupted, will go on',
        'interrupted',
      );
    case 'not-safe':
      return phrase('failure', 'NOT SAFE last time');
    case 'unknown':
      return phrase(
        'quiet',
        `the catalog cannot be read: ${printable(history.why)}`,
        'the catalog cannot be read',
        'catalog unreadable',
      );
    default:
      return unreachable(history);
  }
}

/**
 * @param first,last as in `CardSurvey`: times as the camera's clock said.
 * @returns `today 14:02 – 17:55`, `Sun 10:11 – today 17:20`, `2026-03-02 10:11 – 17:20`, `2026-03-02 – 2026-03-05`; empty when nothing tells.
 */
export function describeTaken(first: string | null, last: string | null, now: Now): string {
  const today = toWallTime(now)?.day;
  const from = readWallTime(first ?? last ?? '');
  const to = readWallTime(last ?? first ?? '') ?? from;
  if (from === null || to === null || today === undefined) return '';
  const start = nameTaken(from, today);
  if (from.day !== to.day) {
    const end = nameTaken(to, today);
    return `${start.recent ? `${start.day} ${from.time}` : start.day} – ${end.recent ? `${end.day} ${to.time}` : end.day}`;
  }
  const moment = `${start.day} ${from.time}`;
  return from.time === to.time ? moment : `${moment} – ${to.time}`;
}

/** The day as one says it this week; a date, which leaves no room for times, before and after. */
function nameTaken({day}: WallTime, today: number) {
  if (day === today) return {day: 'today', recent: true};
  if (isThisWeek(day, today)) return {day: nameWeekday(day).slice(0, 3), recent: true};
  return {day: formatDate(day), recent: false};
}

/** @returns as many kinds as have room, most first: `612 CR3  612 JPG  + 2 kinds`. */
export function describeKinds(kinds: readonly KindCount[], width: number): string {
  if (kinds.length === 0) return 'no files';
  const words = kinds.map(({kind, count}) => `${formatCount(count)} ${printable(kind)}`);
  for (let shown = words.length; shown > 0; shown -= 1) {
    const text = [...words.slice(0, shown), ...describeRest(words.length - shown)].join('  ');
    if (countCells(text) <= width) return text;
  }
  return words[0] ?? '';
}

const describeRest = (kinds: number): readonly string[] => {
  if (kinds === 0) return [];
  return [kinds === 1 ? '+ 1 kind' : `+ ${formatCount(kinds)} kinds`];
};

/** @returns what a listing left open: `2 files or folders cannot be listed`; null when it left nothing open. */
export function describeUnreadable({unreadable}: CardSurvey): Phrase | null {
  if (unreadable === 0) return null;
  const count = formatCount(unreadable);
  const what = unreadable === 1 ? '1 file or folder' : `${count} files or folders`;
  return phrase('failure', `${what} cannot be listed`, `${what} unreadable`, `${count} unreadable`);
}

/** @returns `Canon EOS R6`, several separated by commas. */
export function describeCameras(cameras: readonly string[]): string {
  return cameras.length === 0 ? 'camera unknown' : cameras.map(printable).join(', ');
}

/** @returns the name that a shoot without a name gets: `2026-11-24`; null when it is not known yet. */
export function findDefaultShoot(survey: CardSurvey | null): string | null {
  return survey?.shootDate ?? null;
}
