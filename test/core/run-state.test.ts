import test from 'ava';
import fc from 'fast-check';
import type {CardState} from '../../src/core/card-state.ts';
import type {OffloadEvent} from '../../src/core/events.ts';
import {evolve, initialRunState, type RunState} from '../../src/core/run-state.ts';
import {
  eos,
  fileFailed,
  lane,
  lostB,
  nikon,
  planned,
  progress,
  steadyProgress,
  verdict,
} from '../helpers/run-events.ts';

type Timed = readonly [atMs: number, event: OffloadEvent];

function fold(events: readonly Timed[]): RunState {
  return events.reduce((state, [atMs, event]) => evolve(state, event, atMs), initialRunState);
}

function everySecond(events: readonly OffloadEvent[]): readonly Timed[] {
  return events.map((event, second) => [second * 1000, event]);
}

function cardOf(state: RunState, path = eos.path): CardState {
  const card = state.cards.find((candidate) => candidate.card.path === path);
  if (card === undefined) throw new Error(`no card ${path}`);
  return card;
}

test('a plan brings size and names of the destinations, in order', (t) => {
  const {card, bytes, lanes, timeLeftMs} = cardOf(fold([[0, planned()]]));
  t.is(card.label, 'EOS_DIGITAL');
  t.is(bytes, 18_400_000_000);
  t.deepEqual(
    lanes.map(({letter, name, shoot, lost}) => ({letter, name, shoot, lost})),
    [
      {letter: 'W', name: 'T7 Shield', shoot: '/mnt/W/Marta & Jan', lost: false},
      {letter: 'B', name: 'LaCie Rugged', shoot: '/mnt/B/Marta & Jan', lost: false},
    ],
  );
  t.is(timeLeftMs, null);
});

test('a card and a destination that were never announced are shown by their paths', (t) => {
  const event = progress({card: nikon, lanes: [lane({to: '/mnt/X', written: 5})]});
  const card = cardOf(fold([[0, event]]), nikon.path);
  t.is(card.plan, null);
  t.deepEqual(
    card.lanes.map(({letter, name, written}) => ({letter, name, written})),
    [{letter: 'W', name: '/mnt/X', written: 5}],
  );
});

test('speeds look back five seconds', (t) => {
  // 100 MB/s for ten seconds, then 20 MB/s: six seconds later nothing of the first is left.
  const read = (second: number) => (second <= 10 ? second * 100e6 : 1000e6 + (second - 10) * 20e6);
  const until = (last: number) =>
    Array.from({length: last + 1}, (_, second) => progress({read: read(second)}));
  t.is(cardOf(fold(everySecond(until(10)))).readRate, 100e6);
  t.is(cardOf(fold(everySecond(until(12)))).readRate, 68e6);
  t.is(cardOf(fold(everySecond(until(16)))).readRate, 20e6);
});

test('a speed from less than a second is not shown', (t) => {
  const state = fold([
    [0, progress()],
    [900, progress({read: 1e9})],
  ]);
  t.is(cardOf(state).readRate, null);
});

test('the time left is unknown for three seconds, then that of the slowest part', (t) => {
  const events: readonly Timed[] = [[0, planned()], ...everySecond(steadyProgress(4))];
  t.is(cardOf(fold(events.slice(0, 4))).timeLeftMs, null);
  const after3 = cardOf(fold(events.slice(0, 5)));
  // B proves at 60 MB/s: (18.4 GB - 180 MB) / 60 MB/s.
  t.is(after3.timeLeftMs, Math.round((18_400e6 - 180e6) / 60e3));
  t.is(after3.lanes[1]?.writeRate, 120e6);
  t.is(after3.lanes[1]?.proveRate, 60e6);
});

test('a destination that proves after writing needs the time for both', (t) => {
  const events = Array.from({length: 5}, (_, second) =>
    progress({
      bytes: 1000e6,
      read: second * 100e6,
      lanes: [lane({written: second * 100e6})],
    }),
  );
  // 600 MB to write and 1,000 MB to prove, at 100 MB/s.
  t.is(cardOf(fold(everySecond(events))).timeLeftMs, 16_000);
});

test('nothing moves: the time left is not known', (t) => {
  const events = Array.from({length: 8}, () => progress({read: 1e6}));
  t.is(cardOf(fold(everySecond(events))).timeLeftMs, null);
});

test('a lost destination has no speed and is not waited for', (t) => {
  const events = steadyProgress(5);
  const state = fold([...everySecond(events), [5000, lostB], [6000, progress({read: 1704e6})]]);
  const [w, b] = cardOf(state).lanes;
  t.false(w?.lost);
  t.like(b, {lost: true, writeRate: null, proveRate: null, written: 600e6});
  // W is now the slowest: it proved 1 GB in the five seconds that count but nothing in the last.
  const rate = ((1000e6 - 200e6) * 1000) / 5000;
  t.is(cardOf(state).timeLeftMs, Math.round(((18_400e6 - 1000e6) * 1000) / rate));
});

test('the newest three failures are kept and all are counted', (t) => {
  const failures = [1, 2, 3, 4].map((n): Timed => [n, fileFailed({path: `IMG_${n}.CR3`})]);
  const card = cardOf(fold(failures));
  t.is(card.failureCount, 4);
  t.deepEqual(
    card.failures.map(({path, to}) => ({path, to})),
    [2, 3, 4].map((n) => ({path: `IMG_${n}.CR3`, to: null})),
  );
});

test('a mismatch that leads to a failure on the same drive is counted once', (t) => {
  const mismatch: OffloadEvent = {
    type: 'file-mismatched',
    card: eos,
    path: 'A.CR3',
    size: 1,
    mtimeNs: '0',
    to: '/mnt/B',
    expected: 'a',
    actual: 'b',
    mediumRead: 'direct',
  };
  const failure = fileFailed({path: 'A.CR3', to: '/mnt/B'});
  const once = cardOf(fold([[0, mismatch]]));
  t.is(once.failures[0]?.code, 'copy-mismatch');
  const card = cardOf(
    fold([
      [0, mismatch],
      [1, failure],
      [2, {...failure, to: '/mnt/W'}],
    ]),
  );
  t.is(card.failureCount, 2);
  t.deepEqual(
    card.failures.map(({to, code}) => ({to, code})),
    [
      {to: '/mnt/B', code: 'EIO'},
      {to: '/mnt/W', code: 'EIO'},
    ],
  );
});

test('the verdict ends the time left; a second offload of the card starts from nothing', (t) => {
  const events = [...everySecond(steadyProgress(5)), [6000, verdict()] as const];
  const judged = cardOf(fold(events));
  t.deepEqual(judged.verdict, verdict());
  t.is(judged.timeLeftMs, null);
  t.is(judged.now, null);
  const again = cardOf(fold([...events, [7000, planned({files: 3, bytes: 30})]]));
  t.like(again, {verdict: null, read: 0, bytes: 30, failureCount: 0});
});

test('the run keeps what concerns no card', (t) => {
  const notice = (n: number): OffloadEvent => ({
    type: 'noticed',
    level: 'info',
    code: `n${n}`,
    message: 'm',
    next: '',
  });
  const state = fold([
    ...[1, 2, 3, 4].map((n): Timed => [n, notice(n)]),
    [5, {type: 'cancel-requested', by: 'SIGINT'}],
    [6, {type: 'cancel-requested', by: 'SIGTERM'}],
    [7, {type: 'run-ended', outcome: 'cancelled', exitCode: 130}],
  ]);
  t.deepEqual(
    state.notices.map(({code}) => code),
    ['n2', 'n3', 'n4'],
  );
  t.is(state.cancelRequested, 'SIGINT');
  t.is(state.ended?.exitCode, 130);
});

test('events that show nothing leave the same object', (t) => {
  const state = fold([[0, planned()]]);
  const copied: OffloadEvent = {
    type: 'file-copied',
    card: eos,
    path: 'A.CR3',
    size: 1,
    mtimeNs: '0',
    to: '/mnt/W',
    target: 'EOS_DIGITAL/A.CR3',
    temporary: 'EOS_DIGITAL/.A.CR3.part',
    hash: '00',
    retries: 0,
  };
  t.is(evolve(state, copied, 1), state);
});

test('counts never go backwards, whatever the samples say', (t) => {
  const amount = fc.nat(1000);
  const sample = fc.record({
    read: amount,
    written: amount,
    proved: amount,
    lost: fc.boolean(),
    stepMs: fc.integer({min: -2000, max: 2000}),
  });
  const check = () =>
    fc.assert(
      fc.property(fc.array(sample, {minLength: 1, maxLength: 40}), (samples) => {
        let state = initialRunState;
        let before: CardState | undefined;
        let atMs = 0;
        for (const {read, stepMs, ...amounts} of samples) {
          atMs += stepMs;
          state = evolve(state, progress({bytes: 1000, read, lanes: [lane(amounts)]}), atMs);
          const card = cardOf(state);
          const now = card.lanes[0];
          const old = before?.lanes[0];
          if (now === undefined) return false;
          if (card.read < (before?.read ?? 0)) return false;
          if (now.written < (old?.written ?? 0) || now.proved < (old?.proved ?? 0)) return false;
          if (old?.lost === true && !now.lost) return false;
          if ((card.readRate ?? 0) < 0 || (card.timeLeftMs ?? 0) < 0) return false;
          if (card.samples.length > samples.length) return false;
          before = card;
        }
        return true;
      }),
    );
  t.notThrows(check);
});

test('an hour of samples keeps only the last five seconds', (t) => {
  let state = initialRunState;
  for (let tick = 0; tick <= 36_000; tick += 1) {
    state = evolve(state, progress({read: tick * 1e6}), tick * 100);
  }
  const {samples, readRate} = cardOf(state);
  t.is(samples.length, 51);
  t.is(readRate, 10e6);
});

test('what is read to know copies is not counted as copied: the rest starts from nothing', (t) => {
  const compared = progress({bytes: 5000, read: 5000, lanes: [], now: 'DCIM/A.CR3'});
  const comparing: readonly OffloadEvent[] = [
    {type: 'phase-started', card: eos, phase: 'scan'},
    {type: 'phase-started', card: eos, phase: 'compare'},
    compared,
  ];
  t.like(cardOf(fold(everySecond(comparing))), {phase: 'compare', bytes: 5000, read: 5000});
  for (const next of ['dates', 'plan'] as const) {
    const events: readonly OffloadEvent[] = [
      ...comparing,
      {type: 'phase-started', card: eos, phase: next},
    ];
    t.like(cardOf(fold(everySecond(events))), {
      phase: next,
      bytes: 0,
      read: 0,
      now: null,
      movingSinceMs: null,
      lanes: [],
    });
    const copying = cardOf(
      fold(everySecond([...events, planned({bytes: 300}), progress({bytes: 300})])),
    );
    t.like(copying, {read: 0, bytes: 300});
    t.deepEqual(
      copying.lanes.map(({letter, written}) => [letter, written]),
      [
        ['W', 0],
        ['B', 0],
      ],
    );
  }
});
