import test from 'ava';
import {KEYS, type KeyPlace} from '../../../src/core/session/keys.ts';
import {placeOf, pressKey} from '../../../src/core/session/press-key.ts';
import type {SessionState} from '../../../src/core/session/session-state.ts';
import {nikon, verdict} from '../../helpers/run-events.ts';
import {
  ended as backupEnded,
  backupFinished,
  jobKnown,
  listed,
  shootStatus,
  told,
} from '../../helpers/session-jobs.ts';
import {
  ended,
  eosCard,
  keyOf,
  nikonCard,
  play,
  run,
  sessionState,
  third,
} from '../../helpers/session-states.ts';

const recentShoots = ['2026-11-23 Marta & Jan', '2026-11-23 Aerial'];
const ready = sessionState({
  cards: [eosCard, nikonCard, third],
  selectedCard: nikonCard.path,
  recentShoots,
});
const working = play(ready, ['enter']).state;
const judged = play(ready, [
  'a',
  run(verdict()),
  run(verdict({card: nikon, safe: false})),
  ended,
]).state;
const pixel = {width: 1, height: 1, pixels: [0]};
const pictures = play(ready, [
  ' ',
  ...['1', '2', '3'].map((path) => ({
    type: 'thumbnail-made' as const,
    card: nikon.path,
    thumbnail: {path, ...pixel},
  })),
  'right',
]).state;

const shoots = Array.from({length: 30}, (_, index) => ({
  type: 'status-shoot' as const,
  shoot: shootStatus({shoot: `shoot ${index}`}),
}));
const jobs = Array.from({length: 30}, (_, index) => jobKnown({job: `job ${index}`}));
const atJobs = play(ready, ['u', listed(...jobs), 'page-down', 'down']).state;
const heldBack = play(ready, [
  'u',
  listed(jobKnown()),
  'enter',
  told(backupFinished({result: 'waiting', held: 3})),
  backupEnded(),
  'down',
]).state;
const backingUp = play(atJobs, ['enter']).state;

/** In each place a state in which every key of it has something to do. */
const STATES: Readonly<Record<KeyPlace, SessionState>> = {
  ready,
  working,
  verdict: {...judged, scroll: 20},
  help: {...ready, overlay: {type: 'help', scroll: 20}},
  shoot: play(ready, ['s']).state,
  'confirm-stop': play(working, ['q']).state,
  failures: {...judged, overlay: {type: 'failures', failures: [], scroll: 20}},
  pictures,
  status: play(ready, ['t', ...shoots, 'page-down', 'down']).state,
  backups: atJobs,
  'backup-steps': play(heldBack, ['l', 'page-down', 'page-down']).state,
  'confirm-deletions': play(heldBack, ['y']).state,
  'confirm-backup-stop': play(backingUp, ['q']).state,
};

const PLACES = Object.entries(STATES).map(([, state]) => placeOf(state));
const namesOf = (place: KeyPlace) =>
  KEYS[place].flatMap(({keys}) => keys.map((key) => (typeof key === 'string' ? key : key.letter)));

test('the states of this test stand in the places that they are meant for', (t) => {
  const places: readonly string[] = Object.keys(KEYS);
  t.deepEqual(PLACES, places);
});

for (const place of PLACES) {
  test(`${place}: no key means two things, and no action stands twice`, (t) => {
    const names = namesOf(place);
    t.deepEqual([...new Set(names)], names);
    const actions = KEYS[place].map(({action}) => action);
    t.deepEqual([...new Set(actions)], actions);
  });

  test(`${place}: every key does something`, (t) => {
    for (const name of namesOf(place)) {
      const {state, effects} = pressKey(STATES[place], keyOf(name), 2000);
      const changed = JSON.stringify(state) !== JSON.stringify(STATES[place]);
      t.true(changed || effects.length > 0, `${name} does nothing`);
    }
  });

  test(`${place}: Ctrl-C is bound, and leads out when it is pressed again and again`, (t) => {
    t.true(namesOf(place).includes('ctrl-c'));
    const steps = ['ctrl-c', 'ctrl-c', 'ctrl-c'];
    const {effects, state} = play(STATES[place], steps);
    const leads: readonly string[] = ['leave', 'stop', 'stop-job'];
    t.true(effects.some(({type}) => leads.includes(type)));
    t.is(state.shoot, null);
  });

  test(`${place}: what is not typed alone and exactly is no command`, (t) => {
    const state = STATES[place];
    for (const name of namesOf(place).filter((one) => /^[a-z]$/.test(one))) {
      for (const text of [name.toUpperCase(), name + name, `${name}\u0301`]) {
        t.deepEqual(pressKey(state, {key: 'text', text}, 2000), {state, effects: []});
      }
    }
    const strange = pressKey(state, {key: 'text', text: '§'}, 2000);
    if (place === 'shoot') t.not(strange.state, state);
    else t.deepEqual(strange, {state, effects: []});
  });

  test(`${place}: each key has words, and signs that an ASCII terminal can show`, (t) => {
    for (const {sign, asciiSign, word, help} of KEYS[place]) {
      t.regex(asciiSign, /^[!-~]+$/);
      t.true(sign.length > 0);
      t.not(word, '');
      t.regex(help, /^[A-Z].*\.$/);
    }
  });
}

test('every letter that is a command elsewhere can be typed into a name', (t) => {
  const letters = PLACES.flatMap(namesOf).filter((name) => name.length === 1);
  const typed = play({...ready, shoot: 'x'}, ['s', ...letters, 'enter']).state;
  t.is(typed.shoot, `x${letters.join('')}`.trim());
});

test('an overlay takes the keys of the screen behind it', (t) => {
  for (const place of ['help', 'failures', 'pictures', 'status', 'backups'] as const) {
    const {effects, state} = play(STATES[place], ['q']);
    t.is(state.overlay, null);
    t.false(effects.some(({type}) => type === 'leave'));
  }
});

test('without a run the verdict screen leads back', (t) => {
  const state = sessionState({screen: 'verdict'});
  t.is(pressKey(state, keyOf('enter'), 0).state.screen, 'ready');
});
