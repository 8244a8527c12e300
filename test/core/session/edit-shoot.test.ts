import test from 'ava';
import fc from 'fast-check';
import type {ShootEntry} from '../../../src/core/session/overlay.ts';
import {pressKey} from '../../../src/core/session/press-key.ts';
import type {SessionState} from '../../../src/core/session/session-state.ts';
import {cardSurvey, play, sessionCard, sessionState} from '../../helpers/session-states.ts';

const newest = '2026-11-22 Marta & Jan';
const recentShoots = [newest, '2026-11-20 Aerial', '写真 Ōsaka', 'marta'];
const blank = sessionCard({survey: cardSurvey({shootDate: null})});
const empty = sessionState({cards: [blank], recentShoots});

function entryOf({overlay}: SessionState): ShootEntry {
  if (overlay?.type !== 'shoot') throw new Error('the line is not open');
  return overlay;
}

const opened = (state: SessionState, ...keys: readonly string[]) =>
  play(state, ['s', ...keys]).state;
/** The text with the cursor in it. */
function shown(state: SessionState): string {
  const {text, at} = entryOf(state);
  const points = [...text];
  return `${points.slice(0, at).join('')}|${points.slice(at).join('')}`;
}
const paste = (state: SessionState, text: string) => pressKey(state, {key: 'text', text}, 0).state;

test('the line opens with the name that there is, or with the day of the first picture', (t) => {
  t.is(shown(opened({...sessionState(), shoot: 'Marta & Jan'})), 'Marta & Jan|');
  t.is(shown(opened(sessionState())), '2026-11-23 |');
  t.is(shown(opened(empty)), '|');
  t.is(shown(opened(sessionState({cards: []}))), '|');
  const reading = sessionCard({survey: null});
  t.is(shown(opened(sessionState({cards: [reading]}))), '|');
});

test('Enter takes the name without blanks at its ends; blanks alone take it away', (t) => {
  t.is(opened(sessionState(), 'J', 'a', 'n', ' ', 'enter').shoot, '2026-11-23 Jan');
  t.is(opened({...empty, shoot: 'x'}, 'backspace', ' ', ' ', 'enter').shoot, null);
  t.is(opened(sessionState(), 'enter').shoot, '2026-11-23');
});

test('Escape and Ctrl-C keep the name that it had', (t) => {
  for (const key of ['escape', 'ctrl-c']) {
    const state = opened({...empty, shoot: 'before'}, 'x', 'down', key);
    t.is(state.shoot, 'before');
    t.is(state.overlay, null);
  }
});

test('the cursor moves by characters and stops at both ends', (t) => {
  const state = {...empty, shoot: '写🎬a'};
  t.is(shown(opened(state, 'left')), '写🎬|a');
  t.is(shown(opened(state, 'left', 'left')), '写|🎬a');
  t.is(shown(opened(state, 'left', 'left', 'left', 'left', 'left')), '|写🎬a');
  t.is(shown(opened(state, 'right')), '写🎬a|');
  t.is(shown(opened(state, 'home', 'right')), '写|🎬a');
  t.is(shown(opened(state, 'home', 'end')), '写🎬a|');
});

test('characters go in and out where the cursor is, whole', (t) => {
  const state = {...empty, shoot: '写🎬a'};
  t.is(shown(opened(state, 'left', 'x')), '写🎬x|a');
  t.is(shown(opened(state, 'left', 'backspace')), '写|a');
  t.is(shown(opened(state, 'home', 'right', 'delete')), '写|a');
  t.is(shown(opened(state, 'home', 'backspace')), '|写🎬a');
  t.is(shown(opened(state, 'delete')), '写🎬a|');
  t.is(shown(opened(empty, 'backspace', 'delete', 'left', 'right')), '|');
});

test('pasted text comes without controls, escapes and halves of characters', (t) => {
  const state = opened(empty);
  t.is(shown(paste(state, 'Marta\u0000 & \u001B[31mJan\r\n\u0007')), 'Marta & [31mJan|');
  t.is(shown(paste(state, '\uD800a\uDC80\u009Fb\u007F')), 'ab|');
  t.is(shown(paste(state, '写真 👩‍👧 é')), '写真 👩‍👧 é|');
  t.is(shown(paste(state, '')), '|');
});

test('a name ends where the folder name of a drive would be cut', (t) => {
  const textOf = (state: SessionState) => entryOf(state).text;
  const pasted = (text: string) => textOf(paste(opened(empty), text));
  t.is(pasted('a'.repeat(300)), 'a'.repeat(255));
  // Three bytes each, and four: 255 bytes are 85, and 63 with three left.
  t.is(pasted('写'.repeat(300)), '写'.repeat(85));
  t.is(pasted('🎬'.repeat(300)), '🎬'.repeat(63));
  const full = paste(opened(empty), 'a'.repeat(255));
  t.is(textOf(paste(full, 'b')), 'a'.repeat(255));
  t.is(entryOf(paste(play(full, ['home']).state, 'b')).at, 0);
  t.is(textOf(paste(play(full, ['backspace', 'home']).state, 'bc')), `b${'a'.repeat(254)}`);
  // A name that came from elsewhere may be longer; it can only become shorter.
  const longer = opened({...empty, shoot: 'a'.repeat(300)});
  t.is(textOf(paste(longer, 'b')).length, 300);
  t.is(textOf(play(longer, ['backspace']).state).length, 299);
});

test('suggestions are the newest shoots with that text in their name, whatever the case', (t) => {
  const suggested = (...keys: readonly string[]) => entryOf(opened(empty, ...keys)).suggestions;
  t.deepEqual(suggested(), recentShoots);
  t.deepEqual(suggested('M', 'A', 'R'), [newest, 'marta']);
  t.deepEqual(suggested('写'), ['写真 Ōsaka']);
  t.deepEqual(suggested('x'), []);
  t.deepEqual(suggested('x', 'backspace'), recentShoots);
  const many = {...empty, recentShoots: ['1', '2', '3', '4', '5', '6', '7']};
  t.deepEqual(entryOf(opened(many)).suggestions, ['1', '2', '3', '4', '5']);
});

test('Tab completes with the chosen name, or else the newest', (t) => {
  t.is(shown(opened(empty, 'a', 'e', 'tab')), '2026-11-20 Aerial|');
  t.is(shown(opened(empty, 'down', 'down', 'tab')), '2026-11-20 Aerial|');
  t.is(shown(opened(empty, 'x', 'tab')), 'x|');
  const completed = opened(empty, 'a', 'e', 'tab', ' ', '2');
  t.is(entryOf(completed).text, '2026-11-20 Aerial 2');
  t.is(entryOf(completed).chosen, null);
});

test('the arrow keys go through the suggestions and back to the text', (t) => {
  const chosen = (...keys: readonly string[]) => entryOf(opened(empty, ...keys)).chosen;
  t.is(chosen(), null);
  t.is(chosen('down'), 0);
  t.is(chosen('up'), 3);
  t.is(chosen('up', 'up'), 2);
  t.is(chosen('down', 'up'), null);
  t.is(chosen('up', 'down'), null);
  t.is(chosen('x', 'down'), null);
  t.is(chosen('down', 'left'), 0);
  t.is(chosen('down', 'm'), null);
  t.is(opened(empty, 'down', 'enter').shoot, newest);
  t.is(opened(empty, 'm', 'down', 'down', 'enter').shoot, 'marta');
  t.is(opened(empty, 'm', 'down', 'up', 'enter').shoot, 'm');
});

test('shoots that are remembered meanwhile do not change the choice', (t) => {
  const {state} = play(empty, ['s', 'down', {type: 'shoots-remembered', names: []}, 'enter']);
  t.is(state.shoot, newest);
});

test('keys that mean nothing in the line leave it as it is', (t) => {
  const state = opened(empty);
  for (const key of ['page-up', 'page-down']) t.is(play(state, [key]).state, state);
});

test('what was typed and taken back leaves the text as it was', (t) => {
  const text = fc.string({unit: 'binary', maxLength: 20});
  const check = () =>
    fc.assert(
      fc.property(text, text, fc.nat(30), (name, typed, moves) => {
        const lefts = Array.from({length: moves}, () => 'left');
        const before = play(paste(opened(empty), name), lefts).state;
        const after = paste(before, typed);
        const added = [...entryOf(after).text].length - [...entryOf(before).text].length;
        const back = Array.from({length: added}, () => 'backspace');
        const {text: again, at} = entryOf(play(after, back).state);
        return again === entryOf(before).text && at === entryOf(before).at;
      }),
    );
  t.notThrows(check);
});
