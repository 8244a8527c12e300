import test from 'ava';
import {
  NO_LIGHTROOM_HISTORY,
  noteSnapshot,
  parseLightroomHistory,
  pastOf,
  type SnapshotResult,
} from '../../../src/core/lightroom/history.ts';
import type {LightroomJob} from '../../../src/core/lightroom/lightroom-job.ts';
import {isDue, isOverdue} from '../../../src/core/lightroom/schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOON = Date.UTC(2026, 10, 23, 11);

const job: LightroomJob = {
  id: '33333333-3333-4333-8333-333333333333',
  name: 'Main',
  catalog: {volume: null, path: '/Main.lrcat'},
  targets: null,
  everyHours: 24,
  alarmDays: 7,
  createdAt: new Date(NOON).toISOString(),
};
const target = {volume: '22222222-2222-4222-8222-222222222222', folder: ''};
const about = {job, target};

function after(...runs: readonly (readonly [number, SnapshotResult])[]) {
  let history = NO_LIGHTROOM_HISTORY;
  for (const [atMs, result] of runs) {
    const startedAt = new Date(atMs).toISOString();
    const newest = result === 'taken' ? startedAt : null;
    const cause = {code: 'x', message: 'why', next: 'what'};
    history = noteSnapshot(history, about, {
      startedAt,
      result,
      cause: result === 'taken' ? undefined : cause,
      newest,
    });
  }
  return pastOf(history, about);
}

test('a target is due at once, then after the time of the job', (t) => {
  t.true(isDue(job, after(), NOON));
  const past = after([NOON, 'taken']);
  t.false(isDue(job, past, NOON + 23 * HOUR));
  t.true(isDue(job, past, NOON + 24 * HOUR));
  t.false(isDue(job, after([NOON, 'unchanged']), NOON + HOUR), 'unchanged is as good');
});

test('what waits for Lightroom is asked again at once, since its first time', (t) => {
  const past = after([NOON, 'taken'], [NOON + DAY, 'deferred'], [NOON + DAY + HOUR, 'deferred']);
  t.true(isDue(job, past, NOON + DAY + HOUR + 1));
  t.is(past.deferredSince, new Date(NOON + DAY).toISOString());
  t.is(past.failures, 0);
  t.is(past.lastGood, new Date(NOON).toISOString());
  t.is(after([NOON, 'deferred'], [NOON + HOUR, 'taken']).deferredSince, null);
});

test('after a failure there is a pause, longer each time', (t) => {
  const once = after([NOON, 'failed']);
  t.false(isDue(job, once, NOON + 9 * MINUTE));
  t.true(isDue(job, once, NOON + 10 * MINUTE));
  const twice = after([NOON, 'failed'], [NOON, 'sick']);
  t.false(isDue(job, twice, NOON + 19 * MINUTE));
  t.true(isDue(job, twice, NOON + 20 * MINUTE));
  t.is(after([NOON, 'failed'], [NOON, 'stopped']).failures, 1);
  t.is(after([NOON, 'failed'], [NOON, 'taken']).failures, 0);
});

test('a drive that was away is no run', (t) => {
  t.deepEqual(after([NOON, 'taken'], [NOON + DAY, 'away']), after([NOON, 'taken']));
});

test('overdue: a week without a good run, and moments of a wrong clock are not believed', (t) => {
  t.false(isOverdue(job, after(), NOON + 7 * DAY));
  t.true(isOverdue(job, after(), NOON + 7 * DAY + 1));
  t.true(isOverdue(job, after([NOON, 'taken'], [NOON + DAY, 'failed']), NOON + 8 * DAY));
  const wrong = after([NOON + 900 * DAY, 'taken']);
  t.true(isDue(job, wrong, NOON));
  t.true(isOverdue(job, wrong, NOON + 8 * DAY));
});

test('a history that is none makes every job due', (t) => {
  for (const text of ['', '{}', '[1]', '{"schema":"offload-lightroom-history/2","targets":[]}'])
    t.is(parseLightroomHistory(text), undefined, text);
  t.deepEqual(parseLightroomHistory(JSON.stringify(NO_LIGHTROOM_HISTORY)), NO_LIGHTROOM_HISTORY);
});
