import test from 'ava';
import fc from 'fast-check';
import type {Effect} from '../../src/core/session/effects.ts';
import type {KeyPress} from '../../src/core/session/key-press.ts';
import type {SessionEvent} from '../../src/core/session/session-events.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import {createSessionStore} from '../../src/output/session-store.ts';
import type {StartTimer} from '../../src/output/store.ts';
import {progress} from '../helpers/run-events.ts';

/** A clock that stands still until it is moved, and its timers. */
function stoppedClock() {
  const timers = new Set<{readonly dueMs: number; readonly callBack: () => void}>();
  const clock = {
    nowMs: 0,
    timers,
    now: () => clock.nowMs,
    startTimer: ((ms, callBack) => {
      const timer = {dueMs: clock.nowMs + ms, callBack};
      timers.add(timer);
      return () => timers.delete(timer);
    }) satisfies StartTimer,
    advance(ms: number) {
      const untilMs = clock.nowMs + ms;
      for (;;) {
        const [next] = [...timers].sort((a, b) => a.dueMs - b.dueMs);
        if (next === undefined || next.dueMs > untilMs) break;
        clock.nowMs = next.dueMs;
        timers.delete(next);
        next.callBack();
      }
      clock.nowMs = untilMs;
    },
  };
  return clock;
}

const effect: Effect = {type: 'leave'};

/** Counts in `scroll` what it was given. */
function countedStore() {
  const clock = stoppedClock();
  const count = (state: SessionState): SessionState => ({...state, scroll: state.scroll + 1});
  const store = createSessionStore({
    now: clock.now,
    startTimer: clock.startTimer,
    evolve: (state, event) => (event.type === 'looked' ? state : count(state)),
    press: (state, {key}) =>
      key === 'escape' ? {state, effects: []} : {state: count(state), effects: [effect]},
  });
  const told: {readonly atMs: number; readonly seen: number}[] = [];
  const stop = store.subscribe(() => {
    told.push({atMs: clock.nowMs, seen: store.getSnapshot().scroll});
  });
  return {clock, store, told, stop};
}

const sample: SessionEvent = {type: 'run-event', event: progress()};
const picture: SessionEvent = {
  type: 'thumbnail-made',
  card: '/mnt/E',
  thumbnail: {path: 'A.JPG', width: 0, height: 0, pixels: null},
};
const left: SessionEvent = {type: 'volume-left', path: '/mnt/E'};
const down: KeyPress = {key: 'down'};

test('progress and pictures are told every 150 ms at the most, and the last is never lost', (t) => {
  for (const event of [sample, picture]) {
    const {clock, store, told} = countedStore();
    for (let time = 0; time < 3; time += 1) store.dispatch(event);
    t.deepEqual(told, [{atMs: 0, seen: 1}]);
    t.is(store.getSnapshot().scroll, 3);
    clock.advance(149);
    t.is(told.length, 1);
    clock.advance(1000);
    t.deepEqual(told.slice(1), [{atMs: 150, seen: 3}]);
  }
});

test('a key is told at once while progress comes all the time, and takes it along', (t) => {
  const {clock, store, told} = countedStore();
  for (let second = 0; second < 100; second += 1) {
    store.dispatch(sample);
    clock.advance(10);
  }
  t.deepEqual(store.press(down), [effect]);
  t.deepEqual(told.at(-1), {atMs: 1000, seen: 101});
  t.is(clock.timers.size, 0);
});

test('everything else is told at once', (t) => {
  const {clock, store, told} = countedStore();
  store.dispatch(sample);
  clock.advance(20);
  store.dispatch(sample);
  store.dispatch(left);
  t.deepEqual(told, [
    {atMs: 0, seen: 1},
    {atMs: 20, seen: 3},
  ]);
  t.is(clock.timers.size, 0);
});

test('what changes nothing is not told', (t) => {
  const {clock, store, told} = countedStore();
  store.dispatch({type: 'looked'});
  t.deepEqual(store.press({key: 'escape'}), []);
  clock.advance(1000);
  t.deepEqual(told, []);
});

test('a key that is held down is told ten times a second', (t) => {
  const {clock, store, told} = countedStore();
  for (let time = 0; time < 300; time += 1) {
    store.press(down);
    clock.advance(10);
  }
  clock.advance(1000);
  t.is(told.at(-1)?.seen, 300);
  t.true(told.length >= 20 && told.length <= 30, `${told.length}`);
});

test('never more than ten times in any second, and the last is told within a quarter of one', (t) => {
  const step = fc.record({
    waitMs: fc.nat({max: 120}),
    what: fc.constantFrom<'key' | SessionEvent>('key', sample, picture, left),
  });
  fc.assert(
    fc.property(fc.array(step, {minLength: 1, maxLength: 200}), (steps) => {
      const {clock, store, told} = countedStore();
      for (const {waitMs, what} of steps) {
        clock.advance(waitMs);
        if (what === 'key') store.press(down);
        else store.dispatch(what);
      }
      const endedMs = clock.nowMs;
      clock.advance(1000);
      t.is(told.at(-1)?.seen, steps.length);
      t.true((told.at(-1)?.atMs ?? 0) <= endedMs + 250);
      for (const {atMs} of told) {
        const within = told.filter((one) => one.atMs >= atMs && one.atMs < atMs + 1000);
        t.true(within.length <= 10);
      }
    }),
  );
});

test('100,000 samples in ten seconds are told less than 100 times', (t) => {
  const {clock, store, told} = countedStore();
  for (let time = 0; time < 100_000; time += 1) {
    store.dispatch(sample);
    clock.advance(0.1);
  }
  store.end();
  t.true(told.length < 100, `${told.length}`);
  t.is(told.at(-1)?.seen, 100_000);
});

test('end tells what is held back and leaves no timer', (t) => {
  const {clock, store, told} = countedStore();
  store.dispatch(sample);
  store.dispatch(sample);
  store.end();
  t.is(told.at(-1)?.seen, 2);
  t.is(clock.timers.size, 0);
  store.end();
  t.is(told.length, 2);
});

test('who stopped listening hears nothing', (t) => {
  const {store, told, stop} = countedStore();
  stop();
  store.dispatch(left);
  t.deepEqual(told, []);
});
