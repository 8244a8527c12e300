/** What is said of what stands in front of a screen. */
import {causeText} from '../cause-text.ts';
import {formatCount} from '../format-amounts.ts';
import {printable} from '../printable.ts';
import {unreachable} from '../unreachable.ts';
import {countFiles} from '../words.ts';
import {KEYS, type KeyPlace} from './keys.ts';
import type {Overlay, PictureStrip, ShootEntry} from './overlay.ts';
import type {SessionState} from './session-state.ts';

export function describeOverlay(before: SessionState, after: SessionState): readonly string[] {
  const {overlay} = after;
  if (overlay === before.overlay) return [];
  if (overlay === null) return after.screen === before.screen ? ['closed'] : [];
  return overlay.type === before.overlay?.type
    ? describeMove(before.overlay, overlay)
    : describeOpened(overlay, after);
}

function describeOpened(overlay: Overlay, {screen}: SessionState): readonly string[] {
  switch (overlay.type) {
    case 'help':
      return [...listKeys(screen), `help: ${nameKeys('help')}`];
    case 'shoot':
      return [nameEntry(overlay), nameKeys('shoot')];
    case 'confirm-stop':
      return [`stop copying? ${nameKeys('confirm-stop')}`];
    case 'failures':
      return [
        `${countFiles(overlay.failures.length)} failed: ${nameKeys('failures')}`,
        ...overlay.failures.map(causeText),
      ];
    case 'pictures':
      return [`pictures: ${nameKeys('pictures')}`, ...describePictures(overlay)];
    default:
      return unreachable(overlay);
  }
}

function describeMove(before: Overlay, after: Overlay): readonly string[] {
  if (after.type === 'shoot' && before.type === 'shoot') return describeEntry(before, after);
  if (after.type !== 'pictures' || before.type !== 'pictures') return [];
  const isNews = after.complete !== before.complete || after.first !== before.first;
  return isNews ? describePictures(after) : [];
}

function describeEntry(before: ShootEntry, after: ShootEntry): readonly string[] {
  const chosen = after.chosen === null ? undefined : after.suggestions[after.chosen];
  if (after.chosen !== before.chosen && chosen !== undefined) {
    return [`${(after.chosen ?? 0) + 1} of ${after.suggestions.length}: ${printable(chosen)}`];
  }
  if (after.text !== before.text) return [nameEntry(after)];
  const behind = [...after.text][after.at];
  return after.at === before.at
    ? []
    : [`before ${behind === undefined ? 'the end' : printable(behind)}`];
}

/** A blank at the end would be spelled out. */
const nameEntry = ({text}: ShootEntry): string => `shoot: ${printable(text.trimEnd())}`;

/** Pictures are for the eye; what can be said is which ones they are. */
function describePictures({thumbnails, complete, first}: PictureStrip): readonly string[] {
  const count = `${formatCount(thumbnails.length)} ${complete ? 'pictures' : 'so far'}`;
  const at = thumbnails[first];
  return [at === undefined ? count : `${count}, from ${printable(at.path)}`];
}

const listKeys = (place: KeyPlace): readonly string[] =>
  KEYS[place].map(({asciiSign, help}) => `${asciiSign}: ${help}`);

/** @returns `y stop, n go on`. */
function nameKeys(place: KeyPlace): string {
  const named = KEYS[place].filter(({word}) => word !== null);
  return named.map(({asciiSign, word}) => `${asciiSign} ${word}`).join(', ');
}
