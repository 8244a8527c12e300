/** What is said of what stands in front of a screen. */
import {groupFailures} from '../failure-groups.ts';
import {type Again, describeFailures, describeLost, findLostLanes} from '../failure-words.ts';
import {formatCount} from '../format-amounts.ts';
import type {Now} from '../format-dates.ts';
import {printable} from '../printable.ts';
import {unreachable} from '../unreachable.ts';
import {countFiles} from '../words.ts';
import {describeFront, describeStatusView} from './describe-backups.ts';
import {joinKeys, KEYS, type KeyPlace} from './keys.ts';
import type {BackupsView, Overlay, PictureStrip, ShootEntry} from './overlay.ts';
import type {SessionState} from './session-state.ts';

export function describeOverlay(
  before: SessionState,
  after: SessionState,
  now: Now,
): readonly string[] {
  const {overlay} = after;
  if (overlay === before.overlay) return [];
  if (overlay === null) return after.screen === before.screen ? ['closed'] : [];
  return overlay.type === before.overlay?.type
    ? describeMove(before, after, now)
    : describeOpened(overlay, after, now);
}

function describeOpened(overlay: Overlay, after: SessionState, now: Now): readonly string[] {
  switch (overlay.type) {
    case 'help':
      return [...listKeys(after.screen), `help: ${nameKeys('help')}`];
    case 'shoot':
      return [nameEntry(overlay), nameKeys('shoot')];
    case 'confirm-stop':
      return [`stop copying? ${nameKeys('confirm-stop')}`];
    case 'failures':
      return describeFailed(overlay, after);
    case 'pictures':
      return [`pictures: ${nameKeys('pictures')}`, ...describePictures(overlay)];
    case 'status':
      return [`3-2-1: ${nameKeys('status')}`, ...describeStatusView(null, overlay, now)];
    case 'backups':
      return [`backups: ${nameKeys('backups')}`, ...openFront(overlay, after)];
    default:
      return unreachable(overlay);
  }
}

/** Drives that were lost, then the files by drive and kind of failure. */
function describeFailed(
  {failures}: Overlay & {readonly type: 'failures'},
  {run, screen}: SessionState,
): readonly string[] {
  const cards = run?.state.cards ?? [];
  const again: Again = screen === 'verdict' ? 'now' : 'later';
  const groups = groupFailures(failures);
  const files = groups.reduce((sum, {paths}) => sum + paths.length, 0);
  return [
    `${countFiles(files)} failed: ${nameKeys('failures')}`,
    ...findLostLanes(cards).map((lane) => describeLost(lane, again)),
    ...groups.map((group) => {
      const lanes = cards.find(({card}) => card.path === group.card.path)?.lanes ?? [];
      return describeFailures(group, lanes, again);
    }),
  ];
}

/** Its question and the keys that answer it. */
function openFront(view: BackupsView, state: SessionState): readonly string[] {
  const {front} = view;
  return front === null ? [] : [...describeFront(view, state), nameKeys(front.type)];
}

function describeMove(
  {overlay: before}: SessionState,
  state: SessionState,
  now: Now,
): readonly string[] {
  const {overlay: after} = state;
  if (before === null || after === null) return [];
  if (after.type === 'status' && before.type === 'status') {
    return describeStatusView(before, after, now);
  }
  if (after.type === 'backups' && before.type === 'backups') {
    return after.front?.type === before.front?.type ? [] : openFront(after, state);
  }
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
  joinKeys(KEYS[place], 'help').map(({asciiSign, help}) => `${asciiSign}: ${help}`);

/** @returns `y stop, n go on`. */
function nameKeys(place: KeyPlace): string {
  const named = KEYS[place].filter(({word}) => word !== null);
  return named.map(({asciiSign, word}) => `${asciiSign} ${word}`).join(', ');
}
