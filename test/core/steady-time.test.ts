import test from 'ava';
import fc from 'fast-check';
import type {OffloadEvent} from '../../src/core/events.ts';
import {evolve, initialRunState} from '../../src/core/run-state.ts';
import {
  followRun,
  followTime,
  roundRunTime,
  type SteadyTime,
  unknownTime,
} from '../../src/core/steady-time.ts';
import {lane, nikon, planned, progress, verdict} from '../helpers/run-events.ts';

const MINUTE = 60_000;
const GB = 1e9;
const MB = 1e6;

interface Simulation {
  /** Bytes. */
  readonly total: number;
  /** Bytes per second that the card gives, by the second. */
  readonly read: (second: number) => number;
  /** Bytes per second that B takes; as fast as the card without it. */
  readonly writeB?: (second: number) => number;
  /** B proves after it has written everything, at this speed. */
  readonly proveAfter?: number;
  /** Seconds in which no event comes at all. */
  readonly silent?: readonly [from: number, to: number];
}

interface Shown {
  readonly atMs: number;
  readonly shownMs: number | null;
}

/** Ten samples a second until all is proved. @returns every change of what is shown, and when it was over. */
function simulate({total, read, writeB = read, proveAfter, silent = [0, 0]}: Simulation): {
  readonly changes: readonly Shown[];
  readonly endMs: number;
} {
  let state = evolve(initialRunState, planned({bytes: total}), 0);
  let steady: SteadyTime = unknownTime;
  const changes: Shown[] = [{atMs: 0, shownMs: null}];
  let [given, written, proved] = [0, 0, 0];
  for (let tick = 0; ; tick += 1) {
    const second = tick / 10;
    if (second >= silent[0] && second < silent[1]) continue;
    given = Math.min(total, given + read(second) / 10);
    written = Math.min(given, written + writeB(second) / 10);
    if (proveAfter === undefined) {
      proved = Math.max(proved, written < total ? written - 50 * MB : proved + 30 * MB);
    } else if (written >= total) proved += proveAfter / 10;
    proved = Math.min(total, proved);
    const lanes = [
      lane({written: given, proved: Math.max(0, given < total ? given - 50 * MB : total)}),
      lane({to: '/mnt/B', written, proved}),
    ];
    state = evolve(state, progress({bytes: total, read: given, lanes}), tick * 100);
    steady = followRun(steady, state);
    if (steady.shownMs !== changes.at(-1)?.shownMs) {
      changes.push({atMs: tick * 100, shownMs: steady.shownMs});
    }
    if (proved >= total) return {changes, endMs: tick * 100};
  }
}

const times = (changes: readonly Shown[]) => changes.map(({shownMs}) => shownMs);

/** How far what is shown is from the truth, at the moment of each change. */
function worstError({changes, endMs}: ReturnType<typeof simulate>, fromMs = 0): number {
  const errors = changes
    .filter(({atMs, shownMs}) => shownMs !== null && atMs >= fromMs)
    .map(({atMs, shownMs}) => Math.abs((shownMs ?? 0) - (endMs - atMs)));
  return Math.max(...errors);
}

test('a steady card counts down by minutes and never goes back', (t) => {
  const run = simulate({total: 60 * GB, read: () => 284 * MB});
  t.deepEqual(times(run.changes), [null, 3 * MINUTE, 2 * MINUTE, MINUTE, MINUTE / 2]);
  t.true(worstError(run) < MINUTE);
});

test('bursts of three seconds change nothing that is shown', (t) => {
  const read = (second: number) => (Math.floor(second / 3) % 2 === 1 ? 90 : 400) * MB;
  const run = simulate({total: 60 * GB, read});
  t.deepEqual(times(run.changes), [null, 4 * MINUTE, 3 * MINUTE, 2 * MINUTE, MINUTE, MINUTE / 2]);
  t.true(worstError(run) < MINUTE);
});

test('speeds that jump between 50 and 400 MB/s: seldom back, and near the truth', (t) => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    let number = seed * 7919;
    let speed = 200;
    const read = (second: number) => {
      if (Math.round(second * 10) % 20 === 0) {
        // The minimal standard generator of Park and Miller.
        number = (number * 48271) % 2147483647;
        speed = 50 + (number / 2147483647) * 350;
      }
      return speed * MB;
    };
    const run = simulate({total: 60 * GB, read});
    const shown = times(run.changes).filter((time) => time !== null);
    const back = shown.filter((time, index) => index > 0 && time > (shown[index - 1] ?? 0));
    t.true(back.length <= 1, `seed ${seed}: ${shown}`);
    t.true(worstError(run) < 1.5 * MINUTE, `seed ${seed}: ${worstError(run)}`);
  }
});

test('a slow start is measured until it is over: no hours are shown', (t) => {
  for (const slow of [8, 20]) {
    const read = (second: number) => (second < slow ? 2 : 284) * MB;
    const {changes} = simulate({total: 60 * GB, read});
    t.deepEqual(times(changes), [null, 3 * MINUTE, 2 * MINUTE, MINUTE, MINUTE / 2]);
  }
});

test('a pause of a minute, without a single event or with nothing moving', (t) => {
  const silent = simulate({total: 60 * GB, read: () => 284 * MB, silent: [60, 120]});
  t.deepEqual(times(silent.changes), [null, 3 * MINUTE, 2 * MINUTE, MINUTE, MINUTE / 2]);
  const still = (second: number) => (second >= 60 && second < 120 ? 0 : 284 * MB);
  const {changes} = simulate({total: 60 * GB, read: still});
  // A time that is not known any more is measured again.
  t.deepEqual(times(changes), [null, 3 * MINUTE, null, 2 * MINUTE, MINUTE, MINUTE / 2]);
});

test('a rotating disk that proves after it has written is foreseen', (t) => {
  const run = simulate({
    total: 20 * GB,
    read: () => 284 * MB,
    writeB: () => 120 * MB,
    proveAfter: 120 * MB,
  });
  t.deepEqual(
    times(run.changes),
    [null, 5, 4, 3, 2, 1, 0.5].map((minutes) => (minutes === null ? null : minutes * MINUTE)),
  );
  t.true(worstError(run) < MINUTE);
});

test('a drive that slows down for good is believed within a minute, in one step', (t) => {
  const run = simulate({
    total: 60 * GB,
    read: () => 284 * MB,
    writeB: (second) => (second < 60 ? 284 : 60) * MB,
  });
  const up = run.changes.find(({shownMs}) => (shownMs ?? 0) >= 10 * MINUTE);
  t.true((up?.atMs ?? Number.POSITIVE_INFINITY) < 2 * MINUTE);
  t.true(worstError(run, up?.atMs) < MINUTE);
});

test('long times move by five minutes and by fifteen', (t) => {
  const {changes} = simulate({total: 4000 * GB, read: () => 284 * MB});
  const [, first, second] = times(changes);
  t.is(first, 240 * MINUTE);
  t.is(second, 225 * MINUTE);
  t.true(changes.length < 50);
});

test('a card that begins when another is done is measured anew', (t) => {
  const steadyEvents = (card: typeof nikon, from: number): [number, OffloadEvent][] =>
    Array.from({length: 30}, (_, second) => [
      (from + second) * 1000,
      progress({card, bytes: 60 * GB, read: second * 100e6, lanes: []}),
    ]);
  let state = initialRunState;
  let steady = unknownTime;
  const shown: (number | null)[] = [];
  const first = {path: '/mnt/E', label: 'E'};
  for (const [atMs, event] of [
    ...steadyEvents(first, 0),
    [30_000, verdict({card: first})] as const,
    ...steadyEvents(nikon, 31),
  ]) {
    state = evolve(state, event, atMs);
    steady = followRun(steady, state);
    shown.push(steady.shownMs);
  }
  t.is(shown[29], 10 * MINUTE);
  t.deepEqual(shown.slice(30, 34), [null, null, null, null]);
  t.is(shown.at(-1), 10 * MINUTE);
});

test('whoever looks late need not wait', (t) => {
  const seen = followTime(unknownTime, {
    atMs: 100_000,
    timeLeftMs: 4 * MINUTE,
    movingMs: 90_000,
  });
  t.is(seen.shownMs, 4 * MINUTE);
  const early = followTime(unknownTime, {atMs: 4000, timeLeftMs: 4 * MINUTE, movingMs: 4000});
  t.is(early.shownMs, null);
});

test('the same moment changes nothing, and a clock that went backwards starts anew', (t) => {
  const estimate = {atMs: 100_000, timeLeftMs: 4 * MINUTE, movingMs: 90_000};
  const seen = followTime(unknownTime, estimate);
  t.is(followTime(seen, {...estimate, timeLeftMs: 9 * MINUTE}), seen);
  t.is(followTime(seen, {atMs: 50, timeLeftMs: 9 * MINUTE, movingMs: 50}).shownMs, null);
});

test('nothing runs: nothing is known', (t) => {
  t.is(followRun(unknownTime, initialRunState), unknownTime);
  t.is(roundRunTime(initialRunState), null);
});

test('whatever the estimates, what is shown is whole minutes, or the word for less than one', (t) => {
  const estimate = fc.record({
    stepMs: fc.integer({min: 1, max: 30_000}),
    timeLeftMs: fc.option(fc.double({min: 0, max: 1e12, noNaN: true}), {nil: null}),
  });
  const check = () =>
    fc.assert(
      fc.property(fc.array(estimate, {minLength: 1, maxLength: 60}), (estimates) => {
        let steady = unknownTime;
        let atMs = 0;
        return estimates.every(({stepMs, timeLeftMs}) => {
          atMs += stepMs;
          steady = followTime(steady, {atMs, timeLeftMs, movingMs: atMs});
          const {shownMs} = steady;
          return shownMs === null || shownMs === MINUTE / 2 || shownMs % MINUTE === 0;
        });
      }),
    );
  t.notThrows(check);
});
