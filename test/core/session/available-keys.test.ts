import test from 'ava';
import {availableKeys} from '../../../src/core/session/available-keys.ts';
import {evolveSession} from '../../../src/core/session/evolve-session.ts';
import type {SessionState} from '../../../src/core/session/session-state.ts';
import {happened, mixedState, oneCard, runEnded, working} from '../../components/run-screens.ts';
import {eos, lostB, verdict} from '../../helpers/run-events.ts';
import {
  awayJob,
  ended as backupEnded,
  backupFinished,
  listed,
  overdueJob,
  told,
  waitingJob,
} from '../../helpers/session-jobs.ts';
import {
  eosCard,
  play,
  sessionCard,
  sessionDrive,
  sessionState,
} from '../../helpers/session-states.ts';

function wordsOf(state: SessionState, place: Parameters<typeof availableKeys>[0] = state.screen) {
  return availableKeys(place, state).flatMap(({word}) => (word === null ? [] : [word]));
}

test('ready: what there is a card, a drive and a role for', (t) => {
  const cards = ['offload', 'all', 'shoot', 'photos'];
  const screens = ['status', 'backups'];
  const all = [...cards, ...screens, 'drives', 'roles', 'roles', 'help', 'quit'];
  t.deepEqual(wordsOf(sessionState()), all);
  t.deepEqual(wordsOf(sessionState({cards: [], drives: []})), [
    'shoot',
    ...screens,
    'help',
    'quit',
  ]);
  const withoutRole = sessionState({drives: [sessionDrive({role: null, letter: null})]});
  t.deepEqual(wordsOf(withoutRole), [
    'shoot',
    'photos',
    'drives',
    'roles',
    'roles',
    ...screens,
    'help',
    'quit',
  ]);
  t.deepEqual(
    wordsOf(sessionState({cards: [sessionCard({ejected: 'yes'})]})),
    all.filter((word) => !['offload', 'all', 'photos'].includes(word)),
  );
});

test('ready: the key of the other column says which one that is', (t) => {
  const all = wordsOf(sessionState({focus: 'drives'}));
  t.true(all.includes('cards'));
  // With the drives, their keys stand before those that lead elsewhere.
  t.true(all.indexOf('roles') < all.indexOf('status'));
});

test('working: failures when something failed, the queue when a card is there for it', (t) => {
  t.deepEqual(wordsOf(happened({events: working})), ['stop', 'help']);
  t.deepEqual(wordsOf(happened({events: [...working, lostB]})), ['stop', 'failures', 'help']);
  const other = sessionCard({path: '/mnt/G', label: 'GOPRO'});
  const more = happened({cards: [eosCard, other], offloaded: [eos.path], events: working});
  t.deepEqual(wordsOf(more), ['stop', 'queue card', 'help']);
});

test('verdict: eject what is safe and there, retry what is not', (t) => {
  const safe = oneCard(verdict());
  t.deepEqual(wordsOf(safe), ['ready', 'eject', 'help', 'quit']);
  const mixed = mixedState();
  t.deepEqual(wordsOf(mixed), ['ready', 'eject', 'retry', 'failures', 'help', 'quit']);
  const ejected = evolveSession(safe, {type: 'card-ejected', path: eos.path}, 99_000);
  t.deepEqual(wordsOf(ejected), ['ready', 'help', 'quit']);
  const stopped = happened({events: [...working, runEnded('cancelled')]});
  const pulled = evolveSession(stopped, {type: 'volume-left', path: eos.path}, 99_000);
  t.deepEqual(wordsOf(pulled), ['ready', 'help', 'quit']);
});

test('a name can be completed where there is one that begins like it', (t) => {
  const typing = (recentShoots: readonly string[]) =>
    play(sessionState({recentShoots}), ['s']).state;
  t.true(wordsOf(typing(['2026-11-23 Marta & Jan']), 'shoot').includes('complete'));
  t.false(wordsOf(typing([]), 'shoot').includes('complete'));
});

test('backups: what the selected job and the last run have something for', (t) => {
  const at = (...steps: Parameters<typeof play>[1]) =>
    wordsOf(play(sessionState(), ['u', ...steps]).state, 'backups');
  t.deepEqual(at(), ['back']);
  t.deepEqual(at(listed(awayJob)), ['back']);
  t.deepEqual(at(listed(overdueJob)), ['run', 'preview', 'back']);
  t.deepEqual(at(listed(waitingJob)), ['run', 'preview', 'deletions', 'back']);
  t.deepEqual(at(listed(overdueJob), 'enter'), ['back', 'stop']);
  const held = told(backupFinished({result: 'waiting', held: 3}));
  const done = at(listed(overdueJob), 'enter', held, backupEnded());
  t.deepEqual(done, ['run', 'preview', 'deletions', 'list', 'back']);
});
