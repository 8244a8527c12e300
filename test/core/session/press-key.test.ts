import test from 'ava';
import type {Effect} from '../../../src/core/session/effects.ts';
import {placeOf, pressKey} from '../../../src/core/session/press-key.ts';
import type {SessionEvent} from '../../../src/core/session/session-events.ts';
import {initialSessionState} from '../../../src/core/session/session-state.ts';
import {cardsToQueue} from '../../../src/core/session/waiting-cards.ts';
import {eos, fileFailed, nikon} from '../../helpers/run-events.ts';
import {
  arrived,
  backupDrive,
  codesOf,
  ended,
  eosCard,
  judged,
  keyOf,
  left,
  nikonCard,
  play,
  run,
  sessionCard,
  sessionDrive,
  sessionState,
  third,
  workingDrive,
} from '../../helpers/session-states.ts';

const {path} = eos;
const start = (cards: readonly string[], shoot: string | null = null): Effect => {
  return {type: 'start', cards, shoot};
};
const wasSafe = {state: 'safe', at: '2026-11-23T10:00:00Z', shoot: 'x'} as const;
const unreadable = {code: 'EIO', message: 'reading failed (EIO)', next: 'Try another reader.'};
const stopping = run({type: 'cancel-requested', by: 'key'});

test('Enter starts the selected card with the name of the shoot, and shows it', (t) => {
  const notices = [unreadable];
  const state = sessionState({selectedCard: nikon.path, shoot: 'Marta & Jan', scroll: 3, notices});
  const pressed = pressKey(state, keyOf('enter'), 5000);
  t.deepEqual(pressed.effects, [start([nikon.path], 'Marta & Jan')]);
  t.like(pressed.state, {screen: 'working', scroll: 0, notices: [], queue: []});
  t.like(pressed.state.run, {cards: [nikon.path], startedMs: 5000, endedMs: null});
});

test('Enter pressed twice starts once', (t) => {
  const {state, effects} = play(sessionState({cards: [eosCard]}), ['enter', 'enter', 'enter']);
  t.deepEqual(effects, [start([path])]);
  t.deepEqual(state.queue, []);
  t.deepEqual(play(sessionState(), ['a', 'a', 'enter']).effects, [start([path, nikon.path])]);
});

test('a card can be started while it is read, when it cannot be read, and when it was safe', (t) => {
  for (const change of [{survey: null}, {problem: unreadable}, {history: wasSafe}]) {
    const cards = [sessionCard(change)];
    t.deepEqual(play(sessionState({cards}), ['enter']).effects, [start([path])]);
  }
});

test('all takes the cards that can be read, are not ejected and were not safe', (t) => {
  const cards = [
    eosCard,
    sessionCard({path: '/safe', history: wasSafe}),
    sessionCard({path: '/unsafe', history: {...wasSafe, state: 'not-safe'}}),
    sessionCard({path: '/asked', ejected: 'asked'}),
    sessionCard({path: '/ejected', ejected: 'yes'}),
    sessionCard({path: '/unreadable', problem: unreadable}),
    sessionCard({path: '/reading', survey: null, history: null}),
  ];
  t.deepEqual(play(sessionState({cards}), ['a']).effects, [start([path, '/unsafe', '/reading'])]);
});

test('that every card was safe is said only when it is so', (t) => {
  const say = (...changes: Parameters<typeof sessionCard>[0][]) => {
    const cards = changes.map(sessionCard);
    const {state, effects} = play(sessionState({cards}), ['a']);
    t.deepEqual(effects, []);
    return codesOf(state);
  };
  const safe = {history: wasSafe};
  t.deepEqual(say(safe), ['all-safe']);
  t.deepEqual(say(safe, {...safe, path: '/mnt/F', ejected: 'yes'}), ['all-safe']);
  t.deepEqual(say(safe, {path: '/mnt/F', problem: unreadable}), ['nothing-waits']);
  t.deepEqual(say(safe, {...safe, path: '/mnt/F', problem: unreadable}), ['nothing-waits']);
  t.deepEqual(say({ejected: 'asked'}), ['nothing-waits']);
  t.deepEqual(say(), ['no-card']);
});

test('nothing starts without a working drive, and the keys go to the drives if there are any', (t) => {
  for (const key of ['enter', 'a']) {
    const {state, effects} = play(sessionState({drives: [backupDrive]}), [key]);
    t.deepEqual(effects, []);
    t.like(state, {screen: 'ready', focus: 'drives', run: null});
    t.deepEqual(codesOf(state), ['no-working-drive']);
    t.is(play(sessionState({drives: []}), [key]).state.focus, 'cards');
  }
});

test('the working drive alone is enough to start', (t) => {
  t.deepEqual(play(sessionState({drives: [workingDrive]}), ['enter']).effects, [start([path])]);
});

test('without a card there is nothing to do, and that is said once', (t) => {
  const {state, effects} = play(sessionState({cards: []}), ['enter', 'a', ' ', 'e', 'down', 'up']);
  t.deepEqual(effects, []);
  t.deepEqual(codesOf(state), ['no-card']);
  t.deepEqual(play(initialSessionState, ['w', 'b', 'tab']).effects, []);
  t.is(play(initialSessionState, ['tab']).state.focus, 'cards');
});

test('the arrow keys move in the column that has the focus, and stop at its ends', (t) => {
  const cards = [eosCard, nikonCard, third];
  const at = (...keys: readonly string[]) => play(sessionState({cards}), keys).state;
  t.is(at('down').selectedCard, nikon.path);
  t.is(at('j', 'j', 'j', 'j').selectedCard, third.path);
  t.is(at('down', 'down', 'k').selectedCard, nikon.path);
  t.is(at('up').selectedCard, path);
  t.like(at('tab', 'down', 'down'), {focus: 'drives', selectedDrive: '/mnt/B', selectedCard: path});
  t.like(at('right', 'down', 'left', 'down'), {focus: 'cards', selectedCard: nikon.path});
});

test('w and b give the selected drive a role and take it away again', (t) => {
  const effectsOf = (selectedDrive: string, key: string) => {
    const drives = [workingDrive, backupDrive, sessionDrive({path: '/new', role: null})];
    const {state, effects} = play(sessionState({drives, selectedDrive}), [key]);
    // The drive itself says what became of it.
    t.deepEqual(state.drives, drives);
    t.is(state.focus, 'drives');
    return effects;
  };
  const role = (drive: string, given: 'working' | 'backup' | null): Effect[] => {
    return [{type: 'give-role', drive, role: given}];
  };
  t.deepEqual(effectsOf('/new', 'w'), role('/new', 'working'));
  t.deepEqual(effectsOf('/new', 'b'), role('/new', 'backup'));
  t.deepEqual(effectsOf('/mnt/W', 'w'), role('/mnt/W', null));
  t.deepEqual(effectsOf('/mnt/W', 'b'), role('/mnt/W', 'backup'));
  t.deepEqual(effectsOf('/mnt/B', 'b'), role('/mnt/B', null));
});

test('an off-site drive keeps its role', (t) => {
  const away = sessionDrive({path: '/away', name: 'Bank', role: 'off-site', letter: null});
  const {state, effects} = play(sessionState({drives: [away]}), ['w', 'b']);
  t.deepEqual(effects, []);
  t.deepEqual(codesOf(state), ['off-site-drive']);
});

test('an ejected card is neither started nor read nor ejected again', (t) => {
  for (const ejected of ['asked', 'yes'] as const) {
    const cards = [sessionCard({ejected})];
    const {state, effects} = play(sessionState({cards}), ['enter', ' ', 'e']);
    t.deepEqual(effects, []);
    t.is(state.overlay, null);
    t.is(state.screen, 'ready');
    const word = ejected === 'asked' ? 'being ejected' : 'ejected';
    t.deepEqual(
      state.notices.map(({message}) => message),
      [`EOS_DIGITAL is ${word}`],
    );
  }
});

test('pictures are turned one by one, no further than there are any, and stop when they are closed', (t) => {
  const made = ['A', 'B', 'C'].map((name): SessionEvent => {
    return {
      type: 'thumbnail-made',
      card: path,
      thumbnail: {path: name, width: 1, height: 1, pixels: null},
    };
  });
  const firstOf = (...keys: readonly string[]) => {
    const {overlay} = play(sessionState(), [' ', ...made, ...keys]).state;
    return overlay?.type === 'pictures' ? overlay.first : undefined;
  };
  t.is(firstOf(), 0);
  t.is(firstOf('left'), 0);
  t.is(firstOf('right', 'down'), 2);
  t.is(firstOf('right', 'right', 'right', 'right'), 2);
  t.is(firstOf('right', 'right', 'up'), 1);
  for (const key of [' ', 'escape', 'enter', 'q', 'ctrl-c']) {
    const {state, effects} = play(sessionState(), [' ', key]);
    t.is(placeOf(state), 'ready');
    t.deepEqual(effects, [{type: 'make-thumbnails', card: path}, {type: 'stop-thumbnails'}]);
  }
  t.is(play(sessionState(), [' ', 'right']).state.overlay?.type, 'pictures');
});

test('help and lists scroll from their beginning', (t) => {
  const scrollOf = (...keys: readonly string[]) => {
    const {overlay} = play(sessionState(), ['?', ...keys]).state;
    return overlay?.type === 'help' ? overlay.scroll : undefined;
  };
  t.is(scrollOf('up'), 0);
  t.is(scrollOf('down', 'j', 'page-down', 'k', 'page-up', 'page-down'), 11);
  t.is(scrollOf('escape'), undefined);
});

test('leaving is at once where nothing is copied', (t) => {
  const leave: readonly Effect[] = [{type: 'leave'}];
  const judgedState = play(sessionState(), ['enter', judged(), ended]).state;
  for (const key of ['q', 'ctrl-c']) {
    t.deepEqual(play(sessionState(), [key]).effects, leave);
    t.deepEqual(play(judgedState, [key]).effects, leave);
  }
});

test('while something is copied nothing leads out without the question', (t) => {
  const {state} = play(sessionState(), ['enter']);
  for (const key of ['q', 'ctrl-c', 'escape', '?', 'l', 'enter', 'e', 's', 'tab']) {
    const {effects} = pressKey(state, keyOf(key), 2000);
    t.deepEqual(effects, [], key);
  }
  t.deepEqual(play(state, ['?', 'q', 'l', 'q', 'q', 'n', 'q', 'escape']).effects, []);
});

test('q stops and leaves, Ctrl-C stops and stays; nothing of the queue comes after', (t) => {
  const stop = (leaves: boolean): readonly Effect[] => [{type: 'stop', leaves}];
  const queued = play(sessionState(), ['enter', 'enter']).state;
  for (const yes of ['y', 'enter', 'ctrl-c']) {
    t.deepEqual(play(queued, ['q', yes]).effects, stop(true));
    t.deepEqual(play(queued, ['ctrl-c', yes]).effects, stop(false));
    t.like(play(queued, ['q', yes]).state, {queue: [], overlay: null, screen: 'working'});
  }
  for (const no of ['n', 'escape']) {
    const {state, effects} = play(queued, ['q', no]);
    t.deepEqual(effects, []);
    t.deepEqual(state, queued);
  }
});

test('who asks again while it stops does not wait; no card is queued any more', (t) => {
  const state = play(sessionState(), ['enter', 'ctrl-c', 'y', stopping]).state;
  t.deepEqual(play(state, ['ctrl-c']).effects, [{type: 'leave-at-once'}]);
  t.deepEqual(play(state, ['q']).effects, [{type: 'leave-at-once'}]);
  t.deepEqual(play(state, ['enter']).state.queue, []);
});

test('between two runs a stop drops the queue, and the verdicts are shown', (t) => {
  const between = play(sessionState(), ['enter', 'enter', judged(), ended]).state;
  const stopped = play(between, ['ctrl-c', 'y']);
  t.like(stopped.state, {screen: 'verdict', queue: [], overlay: null});
  t.deepEqual(stopped.effects, []);
  t.deepEqual(play(between, ['q', 'y']).effects, [{type: 'leave'}]);
});

test('Enter queues the cards that wait beside the run, each once', (t) => {
  const cards = [
    eosCard,
    nikonCard,
    sessionCard({path: '/safe', history: wasSafe}),
    sessionCard({path: '/unreadable', problem: unreadable}),
  ];
  const {state, effects} = play(sessionState({cards}), ['enter', 'enter', 'enter']);
  t.deepEqual(effects, [start([path])]);
  t.deepEqual(state.queue, [nikon.path]);
  t.deepEqual(cardsToQueue(state), []);
  const more = play(state, [arrived(third), 'enter']).state;
  t.deepEqual(more.queue, [nikon.path, third.path]);
});

test('another card where one of the run was can be queued; a card of the run cannot', (t) => {
  const {state} = play(sessionState({cards: [eosCard]}), ['enter', 'enter']);
  t.deepEqual(state.queue, []);
  const next = play(state, [left(path), arrived(sessionCard({survey: null, history: null}))]).state;
  t.deepEqual(
    cardsToQueue(next).map((card) => card.path),
    [path],
  );
  t.deepEqual(play(next, ['enter', 'enter']).state.queue, [path]);
});

test('the failures are those of the moment when the list was opened', (t) => {
  const {state} = play(sessionState(), [
    'enter',
    run(fileFailed({path: 'A.CR3'})),
    'l',
    run(fileFailed({path: 'B.CR3'})),
  ]);
  t.deepEqual(
    state.overlay?.type === 'failures' && state.overlay.failures.map((failure) => failure.path),
    ['A.CR3'],
  );
  t.is(state.run?.failures.length, 2);
});

const cards = [eosCard, nikonCard, third];
const verdicts = play(sessionState({cards, shoot: 'Marta & Jan'}), [
  'a',
  judged(eos, true),
  judged(nikon, false),
  ended,
]).state;

test('retry takes the cards that are not safe and still here, and keeps the other verdicts', (t) => {
  const {state, effects} = play(verdicts, ['r']);
  t.deepEqual(effects, [start([nikon.path, third.path], 'Marta & Jan')]);
  t.is(state.screen, 'working');
  t.deepEqual(
    state.run?.state.cards.map(({card, verdict: last}) => [card.path, last?.safe]),
    [[path, true]],
  );
  t.deepEqual(state.notices, []);
  t.deepEqual(play(verdicts, [left(third.path), 'r']).effects, [
    start([nikon.path], 'Marta & Jan'),
  ]);
  const none = play(verdicts, [left(third.path), left(nikon.path), 'r']);
  t.deepEqual(none.effects, []);
  t.deepEqual(codesOf(none.state), ['nothing-to-retry']);
});

test('retry without a working drive says so and leaves the verdicts where they are', (t) => {
  const {state, effects} = play(verdicts, [left('/mnt/W'), 'r']);
  t.deepEqual(effects, []);
  t.is(state.screen, 'verdict');
  t.is(state.run, verdicts.run);
  t.deepEqual(codesOf(state), ['no-working-drive']);
});

test('eject on the verdict screen takes safe cards only, each once', (t) => {
  const {state, effects} = play(verdicts, ['e', 'e', {type: 'card-ejected', path}, 'e']);
  t.deepEqual(effects, [{type: 'eject', card: path}]);
  t.deepEqual(
    state.cards.map(({ejected}) => ejected),
    ['yes', 'no', 'no'],
  );
  const none = play(verdicts, [left(path), 'e']);
  t.deepEqual(none.effects, []);
  t.deepEqual(codesOf(none.state), ['nothing-to-eject']);
});

test('a card that was tried again in vain is not ejected as safe', (t) => {
  const refused = run({type: 'run-ended', outcome: 'refused', exitCode: 2});
  const {state} = play(sessionState({cards: [eosCard]}), ['enter', judged(eos, false), ended, 'r']);
  t.deepEqual(play(state, [refused, 'e']).effects, []);
});

test('the verdict screen scrolls, lists failures and leads back to the cards', (t) => {
  t.is(play(verdicts, ['page-down', 'down', 'k', 'j', 'up']).state.scroll, 10);
  t.is(play(verdicts, ['up', 'page-up']).state.scroll, 0);
  t.is(play(verdicts, ['l']).state.overlay?.type, 'failures');
  for (const key of ['enter', 'escape']) {
    const {state, effects} = play({...verdicts, scroll: 5}, [key]);
    t.deepEqual(effects, []);
    t.like(state, {screen: 'ready', run: null, scroll: 0, notices: []});
    t.deepEqual(state.cards, cards);
  }
});

test('a run that is started after going back knows nothing of the one before', (t) => {
  const {state, effects} = play(verdicts, ['enter', 'enter']);
  t.deepEqual(effects, [start([path], 'Marta & Jan')]);
  t.deepEqual(state.run?.cards, [path]);
  t.deepEqual(state.run?.state.cards, []);
});

test('a key that means nothing here leaves the same state', (t) => {
  const working = play(sessionState(), ['enter']).state;
  for (const [state, keys] of [
    [sessionState(), ['x', 'escape', 'page-up', 'home', 'r', 'l']],
    [working, ['x', 'escape', 'a', 'r', 'w', 'b', 's', ' ', 'up']],
    [verdicts, ['x', 'a', 's', 'w', 'tab', ' ']],
  ] as const) {
    for (const key of keys) {
      const pressed = pressKey(state, keyOf(key), 0);
      t.is(pressed.state, state, key);
      t.deepEqual(pressed.effects, [], key);
    }
  }
});
