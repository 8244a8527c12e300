import test from 'ava';
import {
  formatAgo,
  formatClock,
  formatSince,
  type Now,
  readWallTime,
} from '../../src/core/format-dates.ts';

/** Tuesday, 2026-11-24 00:30 in Berlin, where UTC is still at Monday. */
const now: Now = {ms: Date.parse('2026-11-23T23:30:00Z'), utcOffsetMinutes: 60};

test('the clock shows local time', (t) => {
  t.is(formatClock(now), 'Tue 00:30');
  t.is(formatClock({...now, utcOffsetMinutes: 0}), 'Mon 23:30');
  t.is(formatClock({...now, utcOffsetMinutes: -5 * 60}), 'Mon 18:30');
  t.is(formatClock({ms: Number.NaN, utcOffsetMinutes: 0}), '');
});

test('how long ago: by hours within a day, then by the calendar here', (t) => {
  t.is(formatAgo('2026-11-23T23:29:01Z', now), 'just now');
  t.is(formatAgo('2026-11-23T23:29:00Z', now), '1 min ago');
  t.is(formatAgo('2026-11-23T22:30:01Z', now), '59 min ago');
  t.is(formatAgo('2026-11-23T22:30:00Z', now), '1 h ago');
  t.is(formatAgo('2026-11-22T23:30:01Z', now), '23 h ago');
  t.is(formatAgo('2026-11-22T23:30:00Z', now), 'yesterday');
  t.is(formatAgo('2026-11-22T23:00:00Z', now), 'yesterday');
  t.is(formatAgo('2026-11-22T22:59:00Z', now), 'Sunday');
  t.is(formatAgo('2026-11-18T12:00:00Z', now), 'Wednesday');
  t.is(formatAgo('2026-11-17T12:00:00Z', now), '2026-11-17');
  t.is(formatAgo('2025-11-24T12:00:00Z', now), '2025-11-24');
});

test('a clock that was set back tells no nonsense', (t) => {
  t.is(formatAgo('2026-11-23T23:30:30Z', now), 'just now');
  t.is(formatAgo('2026-11-24T05:00:00Z', now), 'today');
  t.is(formatAgo('2027-01-01T12:00:00Z', now), '2027-01-01');
  t.is(formatAgo('never', now), 'some time ago');
});

test('since when', (t) => {
  t.is(formatSince('2026-11-23T23:05:00Z', now), '00:05');
  t.is(formatSince('2026-11-23T22:59:00Z', now), 'yesterday');
  t.is(formatSince('2026-11-21T12:00:00Z', now), 'Saturday');
  t.is(formatSince('2026-03-02T12:00:00Z', now), '2026-03-02');
  t.is(formatSince('', now), 'then');
});

test('a camera time has no zone; anything else is none', (t) => {
  t.deepEqual(readWallTime('1970-01-02T14:02:11'), {day: 1, time: '14:02'});
  t.is(readWallTime('2026-11-24'), null);
  t.is(readWallTime('2026-13-24T10:00:00'), null);
  t.is(readWallTime('0000:00:00 00:00:00'), null);
});
