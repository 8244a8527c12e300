import test from 'ava';
import {createRunStore, type StartTimer} from '../../src/output/store.ts';
import {fileFailed, planned, progress} from '../helpers/run-events.ts';

/** A clock that stands still until it is moved, and its timers. */
function stoppedClock() {
  const clock = {
    nowMs: 0,
    timers: new Set<{readonly dueMs: number; readonly callBack: () => void}>(),
    now: () => clock.nowMs,
    startTimer: ((ms, callBack) => {
      const timer = {dueMs: clock.nowMs + ms, callBack};
      clock.timers.add(timer);
      return () => clock.timers.delete(timer);
    }) satisfies StartTimer,
    advance(ms: number) {
      clock.nowMs += ms;
      for (const timer of clock.timers) {
        if (timer.dueMs > clock.nowMs) continue;
        clock.timers.delete(timer);
        timer.callBack();
      }
    },
  };
  return clock;
}

function countedStore() {
  const clock = stoppedClock();
  const store = createRunStore({now: clock.now, startTimer: clock.startTimer});
  const told: (number | undefined)[] = [];
  const stop = store.subscribe(() => told.push(store.getSnapshot().cards[0]?.read));
  return {clock, store, told, stop};
}

test('progress is told every 100 ms at the most, and the last is never lost', (t) => {
  const {clock, store, told} = countedStore();
  for (const read of [1, 2, 3]) store.write(progress({read}));
  t.deepEqual(told, [1]);
  t.is(store.getSnapshot().cards[0]?.read, 3);
  clock.advance(99);
  t.deepEqual(told, [1]);
  clock.advance(1);
  t.deepEqual(told, [1, 3]);
  clock.advance(1000);
  t.deepEqual(told, [1, 3]);
});

test('everything else is told at once and takes held back progress with it', (t) => {
  const {clock, store, told} = countedStore();
  store.write(planned());
  store.write(progress({read: 1}));
  store.write(fileFailed());
  t.deepEqual(told, [0, 1]);
  t.is(clock.timers.size, 0);
});

test('what changes nothing is not told', (t) => {
  const {store, told} = countedStore();
  store.write({type: 'cancel-requested', by: 'key'});
  store.write({type: 'cancel-requested', by: 'key'});
  t.is(told.length, 1);
});

test('end tells what is held back and leaves no timer', async (t) => {
  const {clock, store, told} = countedStore();
  store.write(progress({read: 1}));
  store.write(progress({read: 2}));
  await store.end();
  t.deepEqual(told, [1, 2]);
  t.is(clock.timers.size, 0);
  await store.end();
  t.is(told.length, 2);
});

test('who stopped listening hears nothing', (t) => {
  const {store, told, stop} = countedStore();
  stop();
  store.write(progress({read: 1}));
  t.deepEqual(told, []);
});

test('10,000 samples in five seconds are told 51 times', async (t) => {
  const {clock, store, told} = countedStore();
  for (let read = 1; read <= 10_000; read += 1) {
    store.write(progress({read}));
    clock.advance(0.5);
  }
  await store.end();
  t.is(told.length, 51);
  t.is(told.at(-1), 10_000);
});
