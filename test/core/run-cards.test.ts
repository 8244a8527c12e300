import test from 'ava';
import {runCards} from '../../src/core/run-cards.ts';
import {evolveSession} from '../../src/core/session/evolve-session.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {cardsToQueue} from '../../src/core/session/waiting-cards.ts';
import {
  goproCard,
  happened,
  mixedState,
  nikonCard,
  phase,
  runEnded,
  working,
} from '../components/run-screens.ts';
import {eos, nikon, planned, verdict} from '../helpers/run-events.ts';
import {eosCard, run, sessionState} from '../helpers/session-states.ts';

const stages = (state: SessionState) =>
  runCards(state).map(({label, stage}) => `${label}: ${stage}`);

test('cards are looked at, then one is copied and the other waits for it', (t) => {
  const cards = [eosCard, nikonCard];
  const looked = happened({cards, events: [phase('scan'), phase('plan'), phase('scan', nikon)]});
  t.deepEqual(stages(looked), ['EOS_DIGITAL: preparing', 'NIKON Z 8: preparing']);
  t.deepEqual(stages(happened({cards, events: working})), [
    'EOS_DIGITAL: busy',
    'NIKON Z 8: waiting',
  ]);
  t.deepEqual(stages(mixedState()), ['EOS_DIGITAL: done', 'NIKON Z 8: done']);
});

test('what was seen of a card tells its size before the run does', (t) => {
  const [first, second] = runCards(happened({cards: [eosCard, nikonCard], events: working}));
  t.like(first, {camera: 'Canon EOS R6', files: 1224, bytes: 18_400_000_000});
  t.like(second, {camera: 'Nikon Z 8', files: 288, bytes: 13_100_000_000});
});

test('no run, no cards; a card that nobody saw is shown by its path', (t) => {
  t.deepEqual(runCards(sessionState()), []);
  const [card] = runCards(happened({cards: [], offloaded: ['/mnt/X'], events: []}));
  t.like(card, {label: '/mnt/X', files: null, stage: 'preparing', seen: null});
});

test('the verdict of an earlier try does not count', (t) => {
  const first = happened({
    events: [planned(), verdict({safe: false}), runEnded('complete')],
  });
  t.is(runCards(first)[0]?.verdict?.safe, false);
  const again = evolveSession(first, {type: 'run-started', cards: [eos.path]}, 9000);
  t.like(runCards(again)[0], {verdict: null, stage: 'preparing'});
  const refused = evolveSession(
    again,
    run({type: 'refused', code: 'no-space', message: 'B is full', next: 'Free space.'}),
    9001,
  );
  t.is(runCards(refused)[0]?.verdict, null);
});

test('a card that was pulled out is not the next one in its place', (t) => {
  const {path, label, volume} = eosCard;
  const state = happened({
    events: [planned(), verdict(), runEnded('complete')],
    beside: [
      {type: 'volume-left', path},
      {type: 'card-arrived', path, label, volume},
    ],
  });
  t.is(runCards(state)[0]?.seen, null);
});

test('cards that came meanwhile: those that Enter would queue', (t) => {
  const here = (change: Partial<SessionState> = {}) => {
    const state = happened({
      cards: [eosCard, goproCard],
      offloaded: [eos.path],
      events: working,
    });
    return cardsToQueue({...state, ...change}).map(({label}) => label);
  };
  t.deepEqual(here(), ['GOPRO']);
  t.deepEqual(here({queue: [goproCard.path]}), []);
  t.deepEqual(here({run: null}), []);
  const with_ = (change: Partial<typeof goproCard>) =>
    here({cards: [eosCard, {...goproCard, ...change}]});
  t.deepEqual(with_({ejected: 'asked'}), []);
  t.deepEqual(with_({problem: {code: 'x', message: 'x', next: ''}}), []);
  t.deepEqual(with_({history: {state: 'safe', at: '2026-11-20T10:00:00Z', shoot: 'S'}}), []);
});
