import test from 'ava';
import {describeChange} from '../../../src/core/session/describe-change.ts';
import {evolveSession} from '../../../src/core/session/evolve-session.ts';
import {pressKey} from '../../../src/core/session/press-key.ts';
import type {SessionEvent} from '../../../src/core/session/session-events.ts';
import type {SessionState} from '../../../src/core/session/session-state.ts';
import {begun, ended} from '../../helpers/session-jobs.ts';
import {codesOf, keyOf, sessionCard, sessionState} from '../../helpers/session-states.ts';

const coming = (seconds = 10): SessionEvent => ({type: 'backup-coming', job: 'photos', seconds});
const after = (state: SessionState, ...events: readonly SessionEvent[]) =>
  events.reduce((one, event) => evolveSession(one, event, 1000), state);
const now = {ms: Date.UTC(2026, 10, 24), utcOffsetMinutes: 0};

test('it is told before, once, and the word goes when the backup begins', (t) => {
  const state = after(sessionState(), coming(10), coming(5));
  t.is(state.coming, 'photos');
  t.deepEqual(codesOf(state), ['backup-coming']);
  t.regex(state.notices[0]?.message ?? '', /photos .* in 5 seconds/);
  t.true(describeChange(sessionState(), state, now).some((line) => line.includes('Any key')));
  const run = after(state, begun({byItself: true}));
  t.like(run, {coming: null, notices: [], backup: {job: 'photos', byItself: true}});
});

test('any key stops it and does nothing else', (t) => {
  for (const key of ['x', 'e', 'u', 'escape', 'tab', '?']) {
    const pressed = pressKey(after(sessionState(), coming()), keyOf(key), 1000);
    t.deepEqual(pressed.effects, [], key);
    t.like(pressed.state, {coming: null, overlay: null}, key);
    t.deepEqual(codesOf(pressed.state), ['backup-not-begun'], key);
  }
});

test('a key that starts a card, or leaves, is not swallowed', (t) => {
  const state = after(sessionState({cards: [sessionCard()]}), coming());
  const started = pressKey(state, keyOf('enter'), 1000);
  t.deepEqual(
    started.effects.map(({type}) => type),
    ['start'],
  );
  t.like(started.state, {screen: 'working', coming: null});
  t.deepEqual(pressKey(state, keyOf('q'), 1000).effects, [{type: 'leave'}]);
});

test('nothing is told while cards are copied, a backup runs, or something stands in front', (t) => {
  const card = sessionState({cards: [sessionCard()]});
  const working = pressKey(card, keyOf('enter'), 1000).state;
  const help = pressKey(sessionState(), keyOf('?'), 1000).state;
  for (const state of [working, help, after(sessionState(), begun())]) {
    const told = after(state, coming());
    t.is(told.coming, null);
    t.deepEqual(codesOf(told), []);
  }
  // It was told, and then somebody ran another job.
  t.is(after(sessionState(), coming(10), begun(), coming(5)).coming, null);
});

test('a card makes a backup that started by itself go aside, and waits for one that was asked for', (t) => {
  const state = sessionState({cards: [sessionCard()]});
  const aside = pressKey(after(state, begun({byItself: true})), keyOf('enter'), 1000);
  t.deepEqual(
    aside.effects.map(({type}) => type),
    ['put-job-aside', 'start'],
  );
  const waits = pressKey(after(state, begun()), keyOf('enter'), 1000);
  t.deepEqual(waits.effects, []);
  t.deepEqual(codesOf(waits.state), ['backup-running']);
  const over = pressKey(after(state, begun({byItself: true}), ended()), keyOf('enter'), 1000);
  t.deepEqual(
    over.effects.map(({type}) => type),
    ['start'],
  );
});
