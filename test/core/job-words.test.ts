import test from 'ava';
import type {Now} from '../../src/core/format-dates.ts';
import {
  describeJob,
  describeJobsShort,
  describeTarget,
  describeWay,
  formatNext,
} from '../../src/core/job-words.ts';
import {
  awayJob,
  jobKnown,
  jobTarget,
  overdueJob,
  swapJob,
  waitingJob,
} from '../helpers/session-jobs.ts';

/** Tuesday, 18:42 in Berlin. */
const now: Now = {ms: Date.parse('2026-11-24T17:42:10Z'), utcOffsetMinutes: 60};

const wordsOf = (...about: Parameters<typeof describeTarget>) =>
  describeTarget(...about).map(({words, warns}) => (warns ? `! ${words}` : words));

test('the way of a job, with what is away', (t) => {
  t.is(describeWay(overdueJob, '->'), 'T7 Shield/Photos -> LaCie Rugged and Vault/Mirror');
  t.is(describeWay(awayJob, '->'), 'Mac mini/Lightroom (away) -> LaCie Rugged');
});

test('a target: connected or away, its age, its next run, what needs a person', (t) => {
  const job = jobKnown();
  t.deepEqual(wordsOf(jobTarget(), job, now), [
    'LaCie Rugged: connected, good run 2 h ago, next run tomorrow 16:00',
  ]);
  t.deepEqual(wordsOf(jobTarget({lastGood: null, nextRun: null, connected: false}), job, now), [
    'LaCie Rugged: away, no good run yet',
  ]);
  t.deepEqual(wordsOf(jobTarget({due: true}), job, now), [
    'LaCie Rugged: connected, good run 2 h ago, due now',
  ]);
  // The clock goes on while nobody asks.
  t.deepEqual(wordsOf(jobTarget({nextRun: '2026-11-24T17:00:00Z'}), awayJob, now), [
    'LaCie Rugged: connected, good run 2 h ago, due when its drives are here',
  ]);
  const late = {overdue: true, lastGood: '2026-11-15T10:00:00Z', nextRun: null};
  t.deepEqual(wordsOf(jobTarget(late), job, now), [
    'LaCie Rugged: connected',
    '! overdue: no good run for 9 days',
  ]);
  t.deepEqual(
    wordsOf(jobTarget({...late, lastGood: null}), job, now).at(-1),
    '! overdue: no good run yet',
  );
});

test('the last result where it was not good', (t) => {
  const last = (lastResult: 'incomplete' | 'waiting' | 'stopped' | 'refused' | 'away') =>
    wordsOf(jobTarget({lastResult, message: 'why\u001b[2J'}), jobKnown(), now)[1];
  t.is(last('incomplete'), '! the last run is not complete: why\\x1b[2J');
  t.is(last('waiting'), '! deletions wait for your yes (y): why\\x1b[2J');
  t.is(last('refused'), '! the last run was refused: why\\x1b[2J');
  t.is(last('stopped'), 'the last run was stopped: why\\x1b[2J');
  t.is(last('away'), 'the last run found a drive away: why\\x1b[2J');
});

test('a moment to come', (t) => {
  t.is(formatNext('2026-11-24T18:30:00Z', now), '19:30');
  t.is(formatNext('2026-11-24T23:30:00Z', now), 'tomorrow 00:30');
  t.is(formatNext('2026-11-27T06:00:00Z', now), 'Friday 07:00');
  t.is(formatNext('2026-12-24T06:00:00Z', now), '2026-12-24');
  t.is(formatNext('nonsense', now), 'some time');
});

test('a job in a few words: the worst of its targets', (t) => {
  t.like(describeJob(overdueJob, now), {words: 'overdue: no good run for 14 days', warns: true});
  t.like(describeJob(waitingJob, now), {short: 'deletions wait', warns: true});
  t.like(describeJob(awayJob, now), {words: 'no good run yet', warns: false});
  t.like(describeJob(jobKnown(), now), {words: 'good 2 h ago', warns: false});
  t.like(describeJob(swapJob, now), {
    words: 'swap: bank-2 is up to date: take it to the safe and bring bank-1 (41 days old).',
    short: 'swap',
    warns: true,
  });
  const older = jobTarget({volume: 'x', lastGood: '2026-11-23T10:00:00Z'});
  t.is(describeJob(jobKnown({targets: [jobTarget(), older]}), now).words, 'good yesterday');
  const bad = jobKnown({targets: [jobTarget({lastResult: 'incomplete'})]});
  t.like(describeJob(bad, now), {short: 'incomplete', warns: true});
});

test('one line for all jobs: overdue before due, and nothing when all is well', (t) => {
  t.is(describeJobsShort([jobKnown()], now), null);
  t.is(describeJobsShort([], now), null);
  t.deepEqual(describeJobsShort([jobKnown(), swapJob], now), {
    words: 'Swap the off-site drives of bank: press u.',
    warns: true,
  });
  t.regex(describeJobsShort([swapJob, overdueJob], now)?.words ?? '', /overdue/);
  t.deepEqual(describeJobsShort([jobKnown(), overdueJob], now), {
    words: 'The backup photos is overdue: press u.',
    warns: true,
  });
  const two = describeJobsShort([overdueJob, {...overdueJob, job: 'b'}], now);
  t.is(two?.words, '2 backups are overdue: press u.');
  const due = jobKnown({targets: [jobTarget({due: true})]});
  t.deepEqual(describeJobsShort([due], now), {
    words: 'The backup photos of T7 Shield is due: press u.',
    warns: false,
  });
  // Whose drives are not there can wait.
  t.is(describeJobsShort([{...due, source: awayJob.source}], now), null);
  t.is(
    describeJobsShort([jobKnown({targets: [jobTarget({due: true, connected: false})]})], now),
    null,
  );
});
