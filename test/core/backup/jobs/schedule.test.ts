import test from 'ava';
import fc from 'fast-check';
import type {BackupJob, BackupTrigger, QuietHours} from '../../../../src/core/backup/backup-job.ts';
import type {TargetHistory} from '../../../../src/core/backup/jobs/backup-history.ts';
import {endOfQuiet, isQuiet} from '../../../../src/core/backup/jobs/quiet-hours.ts';
import {
  isDue,
  isOverdue,
  type Moment,
  nextRunOf,
  pauseAfter,
  wantedAt,
} from '../../../../src/core/backup/jobs/schedule.ts';
import {NO_COUNTS} from '../../../../src/core/backup/no-counts.ts';
import {localInZone} from '../../../../src/core/zone-time.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 23, 11);
const iso = (ms: number) => new Date(ms).toISOString();

const makeJob = (trigger: Partial<BackupTrigger>, change: Partial<BackupJob> = {}): BackupJob => ({
  id: 'j',
  name: 'photos',
  source: {volume: 'w', folder: ''},
  targets: [{volume: 'b', folder: '', graceDays: 30}],
  leaveOut: [],
  trigger: {arrival: false, everyHours: null, quiet: null, ...trigger},
  alarmDays: 7,
  offsite: null,
  selection: null,
  createdAt: iso(NOON - 100 * 24 * HOUR),
  ...change,
});

const NEVER: TargetHistory = {
  job: 'j',
  volume: 'b',
  folder: '',
  lastRun: null,
  lastGood: null,
  failures: 0,
  lastAway: null,
};

type Result = 'good' | 'incomplete' | 'waiting' | 'stopped' | 'refused';

const ranAt = (
  startMs: number,
  result: Result,
  change: Partial<TargetHistory> = {},
): TargetHistory => ({
  ...NEVER,
  lastRun: {
    startedAt: iso(startMs),
    endedAt: iso(startMs + 2 * MINUTE),
    result,
    code: null,
    message: null,
    next: null,
    counts: {
      files: 0,
      bytes: 0,
      unchanged: 0,
      ...NO_COUNTS,
      bytesWritten: 0,
    },
  },
  lastGood: result === 'good' ? iso(startMs) : null,
  failures: result === 'good' || result === 'stopped' ? 0 : 1,
  ...change,
});

const at = (nowMs: number, arrivedMs: number | null = null, timeZone = 'UTC'): Moment => ({
  nowMs,
  timeZone,
  arrivedMs,
});

const BOTH = new Set(['w', 'b']);
const due = (job: BackupJob, history: TargetHistory, moment: Moment, connected = BOTH) =>
  isDue({job, target: {volume: 'b'}, history}, moment, connected);

test('by time: due at the first look, then so long after the last good run', (t) => {
  const job = makeJob({everyHours: 6});
  t.true(due(job, NEVER, at(NOON)));
  const good = ranAt(NOON, 'good');
  t.false(due(job, good, at(NOON + 6 * HOUR - 1)));
  t.true(due(job, good, at(NOON + 6 * HOUR)));
  t.is(nextRunOf(job, good, at(NOON + HOUR)), iso(NOON + 6 * HOUR));
});

test('what was missed for weeks is one run', (t) => {
  const job = makeJob({everyHours: 1});
  const before = ranAt(NOON - 20 * 24 * HOUR, 'good');
  t.true(due(job, before, at(NOON)));
  t.false(due(job, ranAt(NOON, 'good'), at(NOON + 30 * MINUTE)), 'made up once');
});

test('nothing runs while a drive is away', (t) => {
  const job = makeJob({everyHours: 6, arrival: true});
  for (const connected of [new Set(['w']), new Set(['b']), new Set<string>()]) {
    t.false(due(job, NEVER, at(NOON, NOON), connected));
  }
});

test('by arrival: once for each arrival, seen or found out', (t) => {
  const job = makeJob({arrival: true});
  t.true(due(job, NEVER, at(NOON)), 'the first run waits for nobody to pull a drive');
  const good = ranAt(NOON, 'good');
  t.false(due(job, good, at(NOON + HOUR)));
  t.is(nextRunOf(job, good, at(NOON + HOUR)), null);
  t.true(due(job, good, at(NOON + HOUR, NOON + HOUR)));
  t.false(due(job, good, at(NOON + HOUR, NOON - HOUR)), 'that arrival had its run');
  const away = {...good, lastAway: iso(NOON + HOUR)};
  t.true(due(job, away, at(NOON + 2 * HOUR)), 'a look did not find it, and this one does');
});

test('a job that is started by hand is never due', (t) => {
  const job = makeJob({});
  for (const history of [NEVER, ranAt(NOON, 'incomplete'), {...NEVER, lastAway: iso(NOON)}]) {
    t.is(wantedAt(job, history, at(NOON + HOUR, NOON + HOUR)), null);
  }
});

test('after a failure it is tried again, after longer and longer pauses', (t) => {
  t.deepEqual(
    [0, 1, 2, 3, 4, 5, 6, 7, 100].map((failures) => pauseAfter(failures) / MINUTE),
    [0, 10, 20, 40, 80, 160, 320, 360, 360],
  );
  for (const result of ['incomplete', 'waiting', 'refused'] as const) {
    const job = makeJob({arrival: true});
    const failed = ranAt(NOON, result, {failures: 2});
    t.false(due(job, failed, at(NOON + 21 * MINUTE)));
    t.true(due(job, failed, at(NOON + 22 * MINUTE)), result);
    t.true(due(job, failed, at(NOON + 5 * MINUTE, NOON + 5 * MINUTE)), 'it was plugged in again');
  }
});

test('a run that the user stopped goes on at the next occasion', (t) => {
  const job = makeJob({everyHours: 6}, {});
  t.true(due(job, ranAt(NOON, 'stopped'), at(NOON + 3 * MINUTE)));
  const before = ranAt(NOON, 'stopped', {lastGood: iso(NOON - HOUR)});
  t.true(due(job, before, at(NOON + 3 * MINUTE)));
});

test('a run that takes longer than its interval leaves the drives a pause', (t) => {
  const job = makeJob({everyHours: 1});
  const long = ranAt(NOON, 'good');
  const ended = {
    ...long,
    lastRun: long.lastRun && {...long.lastRun, endedAt: iso(NOON + 3 * HOUR)},
  };
  t.false(due(job, ended, at(NOON + 3 * HOUR + MINUTE)));
  t.true(due(job, ended, at(NOON + 3 * HOUR + 10 * MINUTE)));
});

test('quiet hours: no run begins in them, and what was due begins when they end', (t) => {
  const quiet = {from: '22:00', to: '07:00'};
  const job = makeJob({everyHours: 6, arrival: true, quiet});
  const night = Date.UTC(2026, 10, 23, 23, 30);
  t.false(due(job, NEVER, at(night, night)));
  t.is(nextRunOf(job, NEVER, at(night, night)), '2026-11-24T07:00:00.000Z');
  t.true(due(job, NEVER, at(Date.UTC(2026, 10, 24, 7))));
  const evening = ranAt(Date.UTC(2026, 10, 23, 17), 'good');
  t.is(nextRunOf(job, evening, at(Date.UTC(2026, 10, 23, 18))), '2026-11-24T07:00:00.000Z');
});

test('a clock that was wrong does not stop backups', (t) => {
  const job = makeJob({everyHours: 6, arrival: true});
  const future = ranAt(NOON + 400 * 24 * HOUR, 'good');
  t.true(due(job, future, at(NOON)));
  t.true(isOverdue(job, future, NOON), 'nothing that can be believed says that it is in step');
});

test('overdue: no good run for more days than the job allows', (t) => {
  const job = makeJob({}, {alarmDays: 2, createdAt: iso(NOON)});
  const days = (count: number) => NOON + count * 24 * HOUR;
  t.false(isOverdue(job, NEVER, days(2)));
  t.true(isOverdue(job, NEVER, days(2) + 1));
  t.false(isOverdue(job, ranAt(days(5), 'good'), days(7)));
  t.true(isOverdue(job, ranAt(days(9), 'incomplete', {lastGood: iso(days(5))}), days(9)));
});

const quietHours = fc
  .tuple(fc.integer({min: 0, max: 1439}), fc.integer({min: 0, max: 1439}))
  .filter(([from, to]) => from !== to)
  .map(([from, to]): QuietHours => {
    const clock = (minutes: number) =>
      `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    return {from: clock(from), to: clock(to)};
  });

/** Zones with summer time, with half an hour of it, with odd offsets, and without any. */
const zones = fc.constantFrom(
  'UTC',
  'Europe/Vienna',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/St_Johns',
);

/** Around the days on which clocks are changed in 2026, and anywhere. */
const moments = fc.oneof(
  fc.integer({min: Date.UTC(2026, 2, 28), max: Date.UTC(2026, 2, 31)}),
  fc.integer({min: Date.UTC(2026, 9, 24), max: Date.UTC(2026, 9, 27)}),
  fc.integer({min: Date.UTC(2026, 3, 4), max: Date.UTC(2026, 3, 6)}),
  fc.integer({min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1)}),
);

test('property: quiet hours end at the first minute that is not quiet', (t) => {
  fc.assert(
    fc.property(quietHours, moments, zones, (quiet, nowMs, zone) => {
      const end = endOfQuiet(quiet, nowMs, zone);
      t.false(isQuiet(quiet, end, zone));
      if (!isQuiet(quiet, nowMs, zone)) return end === nowMs;
      const isBeforeQuiet = isQuiet(quiet, end - 1, zone);
      // A day and the hour that is there twice; where only the hour that is left out is not quiet, a day more.
      return end > nowMs && end - nowMs <= 49 * HOUR && isBeforeQuiet;
    }),
    {numRuns: 1500},
  );
  t.pass();
});

test('property: between now and the end it is quiet at every minute', (t) => {
  fc.assert(
    fc.property(quietHours, moments, zones, (quiet, nowMs, zone) => {
      const end = endOfQuiet(quiet, nowMs, zone);
      for (let ms = nowMs; ms < end; ms += 7 * MINUTE) if (!isQuiet(quiet, ms, zone)) return false;
      return true;
    }),
    {numRuns: 150},
  );
  t.pass();
});

test('quiet hours on the nights on which clocks change', (t) => {
  const quiet = {from: '22:00', to: '02:30'};
  const zone = 'Europe/Vienna';
  // 2026-03-29: 02:00 becomes 03:00, so half past two never comes; three does.
  const spring = endOfQuiet(quiet, Date.UTC(2026, 2, 28, 22), zone);
  t.is(localInZone(spring, zone), '2026-03-29T03:00:00');
  // 2026-10-25: 03:00 becomes 02:00. The first half past two ends them.
  const autumn = endOfQuiet(quiet, Date.UTC(2026, 9, 24, 22), zone);
  t.is(iso(autumn), '2026-10-25T00:30:00.000Z');
});

const results = fc.constantFrom<Result>('good', 'incomplete', 'waiting', 'stopped', 'refused');

test('property: a run is wanted never in quiet hours, and a job with a trigger that failed is always wanted again', (t) => {
  const trigger = fc.record({
    arrival: fc.boolean(),
    everyHours: fc.option(fc.integer({min: 1, max: 500})),
    quiet: fc.option(quietHours),
  });
  fc.assert(
    fc.property(
      trigger,
      results,
      moments,
      zones,
      fc.integer({min: -30 * 24 * HOUR, max: 30 * 24 * HOUR}),
      fc.integer({min: 0, max: 50}),
      (rule, result, nowMs, zone, agoMs, failures) => {
        const job = makeJob(rule);
        const history = ranAt(nowMs - agoMs, result, {failures});
        const moment = at(nowMs, null, zone);
        const wanted = wantedAt(job, history, moment);
        const isScheduled = rule.arrival || rule.everyHours !== null;
        if (wanted === null) return !isScheduled || result === 'good';
        if (!isScheduled) return false;
        if (wanted <= nowMs && isQuiet(rule.quiet, nowMs, zone)) return false;
        if (wanted > nowMs && isQuiet(rule.quiet, wanted, zone)) return false;
        // However it failed: within the longest pause, an interval and two days of quiet hours it is wanted.
        const longest = (rule.everyHours ?? 0) * HOUR + 6 * HOUR + 50 * HOUR + HOUR;
        return wanted <= nowMs + longest;
      },
    ),
    {numRuns: 2000},
  );
  t.pass();
});

test('property: time only brings a run nearer', (t) => {
  fc.assert(
    fc.property(
      fc.integer({min: 1, max: 100}),
      results,
      fc.integer({min: 0, max: 10 * 24 * HOUR}),
      fc.integer({min: 0, max: 10 * 24 * HOUR}),
      (everyHours, result, agoMs, laterMs) => {
        const job = makeJob({everyHours});
        const history = ranAt(NOON - agoMs - 2 * MINUTE, result);
        return !due(job, history, at(NOON)) || due(job, history, at(NOON + laterMs));
      },
    ),
  );
  t.pass();
});
