import test from 'ava';
import fc from 'fast-check';
import type {BackupJob} from '../../../src/core/backup/backup-job.ts';
import {type BackupHistory, NO_HISTORY} from '../../../src/core/backup/jobs/backup-history.ts';
import {NO_COUNTS} from '../../../src/core/backup/no-counts.ts';
import {
  alarmFor,
  describeAge,
  isSetOverdue,
  judgeRotation,
  type OffsiteJob,
  toPlace,
} from '../../../src/core/offsite/rotation.ts';
import {parseSwapAfter} from '../../../src/core/offsite/typed-swap.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.UTC(2026, 10, 23, 12);
const iso = (ms: number) => new Date(ms).toISOString();

function makeSet(drives: readonly string[], change: Partial<BackupJob> = {}): OffsiteJob {
  return {
    id: 'j',
    name: 'vault',
    source: {volume: 'w', folder: ''},
    targets: drives.map((volume) => ({volume, folder: '', graceDays: 30})),
    leaveOut: [],
    trigger: {arrival: true, everyHours: null, quiet: null},
    alarmDays: 45,
    selection: null,
    createdAt: iso(NOW - 200 * DAY),
    ...change,
    offsite: change.offsite ?? {swapAfterDays: 30, place: 'bank'},
  };
}

interface Ran {
  /** Days since its last good run; null: never. */
  readonly good: number | null;
  readonly result?: 'good' | 'incomplete';
  /** Days since it was looked for in vain. */
  readonly away?: number;
}

const historyOf = (drives: Readonly<Record<string, Ran>>): BackupHistory => ({
  ...NO_HISTORY,
  targets: Object.entries(drives).map(([volume, {good, result = 'good', away}]) => ({
    job: 'j',
    volume,
    folder: '',
    lastRun:
      good === null
        ? null
        : {
            startedAt: iso(NOW - good * DAY),
            endedAt: iso(NOW - good * DAY),
            result,
            code: null,
            message: null,
            next: null,
            counts: {...NO_COUNTS, files: 1, bytes: 1, unchanged: 1, bytesWritten: 0},
          },
    lastGood: good === null ? null : iso(NOW - good * DAY),
    failures: 0,
    lastAway: null,
    targetAway: away === undefined ? null : iso(NOW - away * DAY),
  })),
});

const judge = (
  drives: Readonly<Record<string, Ran>>,
  here: readonly string[],
  change: Partial<BackupJob> = {},
) =>
  judgeRotation(makeSet(Object.keys(drives), change), {
    history: historyOf(drives),
    present: new Set(['w', ...here]),
    nameOf: (id) => id,
    nowMs: NOW,
  });

test('the one that is away is old: the other one, brought up to date, is taken there', (t) => {
  const drives = {'bank-1': {good: 41}, 'bank-2': {good: 0}};
  t.deepEqual(judge(drives, ['bank-2']), {
    overdue: false,
    swap: true,
    next: 'bank-2 is up to date: take it to the bank and bring bank-1 (41 days old).',
  });
  t.is(
    judge({...drives, 'bank-2': {good: 9}}, ['bank-2']).next,
    'Run offload offsite run vault, then take bank-2 to the bank and bring bank-1 (41 days old).',
  );
  t.is(
    judge({...drives, 'bank-2': {good: 0, result: 'incomplete'}}, ['bank-2']).next,
    'Run offload offsite run vault, then take bank-2 to the bank and bring bank-1 (41 days old).',
  );
  t.is(judge(drives, []).next, 'Bring bank-1 (41 days old) and connect it.');
});

test('nothing is to be done while the one that is away is young', (t) => {
  const drives = {'bank-1': {good: 3}, 'bank-2': {good: 0}};
  t.deepEqual(judge(drives, ['bank-2']), {overdue: false, swap: false, next: null});
  t.deepEqual(judge(drives, []), {overdue: false, swap: false, next: null});
  const old = judge({...drives, 'bank-2': {good: 5}}, ['bank-2']);
  t.deepEqual(old, {overdue: false, swap: false, next: 'Run offload offsite run vault.'});
});

test('the swap is due after the days of the job, and not a moment before', (t) => {
  t.false(judge({a: {good: 30}, b: {good: 0}}, ['b']).swap);
  t.true(judge({a: {good: 30.001}, b: {good: 0}}, ['b']).swap);
  const slow = {offsite: {swapAfterDays: 90, place: null}};
  t.false(judge({a: {good: 41}, b: {good: 0}}, ['b'], slow).swap);
  t.is(
    judge({a: {good: 91}, b: {good: 0}}, ['b'], slow).next,
    'b is up to date: take it off-site and bring a (91 days old).',
  );
});

test('when all are here one is sent away; after three days that is due', (t) => {
  const back = {a: {good: 0, away: 1}, b: {good: 0.5}};
  const first = judge(back, ['a', 'b']);
  t.false(first.swap);
  t.is(first.next, 'Take b to the bank: a and b are both here, so no copy is elsewhere.');
  t.true(judge({a: {good: 0, away: 4}, b: {good: 0.5, away: 40}}, ['a', 'b']).swap);
  t.regex(
    judge({a: {good: 0, away: 1}, b: {good: 0.1, away: 40}}, ['a', 'b']).next ?? '',
    /^Take b to the bank/,
    'the one that came just now stays',
  );
  const never = judge({a: {good: null}, b: {good: null}}, ['a', 'b']);
  t.regex(never.next ?? '', /^Run offload offsite run vault, then take [ab] to the bank: a and b/);
});

test('a set of one drive', (t) => {
  t.is(judge({a: {good: 41}}, []).next, 'Bring a (41 days old) and connect it.');
  t.is(
    judge({a: {good: 0, away: 1}}, ['a']).next,
    'Take a to the bank: the set has no other drive, so no copy is elsewhere.',
  );
});

test('of three drives the newest here goes and the oldest away comes', (t) => {
  const drives = {a: {good: 0}, b: {good: 33}, c: {good: 64}};
  t.is(
    judge(drives, ['a']).next,
    'a is up to date: take it to the bank and bring c (64 days old).',
  );
  t.is(
    judge({a: {good: 5}, b: {good: 0}, c: {good: 64}}, ['a', 'b']).next,
    'b is up to date: take it to the bank and bring c (64 days old).',
  );
});

test('a drive that never had a good run is the oldest, and its age is that of the set', (t) => {
  t.is(
    judge({a: {good: null}, b: {good: 0}}, ['b']).next,
    'b is up to date: take it to the bank and bring a (never in step).',
  );
  const young = {createdAt: iso(NOW - 2 * DAY)};
  t.false(judge({a: {good: null}, b: {good: 0}}, ['b'], young).swap);
});

test('a set is overdue by its newest run, not by the drive that is away', (t) => {
  const set = (drives: Readonly<Record<string, Ran>>) =>
    isSetOverdue(makeSet(Object.keys(drives)), {history: historyOf(drives), nowMs: NOW});
  t.false(set({a: {good: 400}, b: {good: 44}}));
  t.true(set({a: {good: 400}, b: {good: 46}}));
  t.true(set({a: {good: null}, b: {good: null}}));
  t.false(set({a: {good: -100}, b: {good: 1}}), 'a moment in the future is not believed');
  t.is(alarmFor(30), 45);
});

test('property: a swap names the oldest drive that is away, and sends no other than the newest here', (t) => {
  const drive = fc.record({
    good: fc.option(fc.integer({min: 0, max: 200}), {nil: null}),
    here: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(drive, {minLength: 1, maxLength: 4}), (made) => {
      const names = made.map((one, index) => ({...one, name: `d${index}`}));
      const drives = Object.fromEntries(names.map(({name, good}) => [name, {good}]));
      const here = names.filter((one) => one.here);
      const {swap, next} = judge(
        drives,
        here.map(({name}) => name),
      );
      const age = ({good}: {readonly good: number | null}) => good ?? Number.POSITIVE_INFINITY;
      const away = names.filter((one) => !one.here);
      if (away.length > 0) t.is(swap, Math.max(...away.map(age)) > 30);
      const brought = /bring (d\d)/i.exec(next ?? '')?.[1];
      const oldest = names.find(({name}) => name === brought);
      if (oldest !== undefined) t.is(age(oldest), Math.max(...away.map(age)));
      const taken = /take (d\d)/i.exec(next ?? '')?.[1] ?? /^(d\d) is up/.exec(next ?? '')?.[1];
      const newest = names.find(({name}) => name === taken);
      if (newest !== undefined) t.is(age(newest), Math.min(...here.map(age)));
    }),
  );
});

test('ages and places in words', (t) => {
  t.deepEqual(
    [null, NOW, NOW - DAY, NOW - 2 * DAY, NOW + DAY].map((at) => describeAge(at, NOW)),
    ['never in step', 'in step today', '1 day old', '2 days old', 'in step today'],
  );
  t.deepEqual([null, 'bank', 'home', "Anna's house", 'Bank Austria'].map(toPlace), [
    'off-site',
    'to the bank',
    'to home',
    "to Anna's house",
    'to Bank Austria',
  ]);
});

test('--swap-after as it is typed', (t) => {
  for (const [text, days] of [
    ['30d', 30],
    ['6w', 42],
    [' 14 ', 14],
    ['1D', 1],
  ] as const) {
    t.deepEqual(parseSwapAfter(text), {ok: true, value: days}, text);
  }
  for (const text of ['', '0', '-1', '1.5d', '2m', '99999w', 'monthly'])
    t.like(parseSwapAfter(text), {ok: false, cause: {code: 'usage'}}, text);
});
