import test from 'ava';
import {readMoment} from '../../../src/core/restore/read-moment.ts';
import {versionAt} from '../../../src/core/restore/versions.ts';

const NOW = Number.POSITIVE_INFINITY;
const v = (name: string, untilMs: number) => ({name, size: 1, mtimeNs: 0n, untilMs});

test('a version is current until the run that archived it', (t) => {
  const mirror = [v('now', NOW), v('b', 20), v('a', 10)];
  const at = (ms: number) => versionAt([mirror], ms)?.name;
  t.deepEqual([at(0), at(10), at(11), at(20), at(21)], ['a', 'a', 'b', 'b', 'now']);
});

test('what was deleted is none after that', (t) => {
  const mirror = [v('a', 10)];
  t.is(versionAt([mirror], 5)?.name, 'a');
  t.is(versionAt([mirror], 11), undefined);
  t.is(versionAt([], 5), undefined);
  t.is(versionAt([[]], 5), undefined);
});

test('of several mirrors the one that saw the latest change before the moment knows best', (t) => {
  const often = [v('old', 11), v('new', NOW)];
  const seldom = [v('old', 20), v('new', NOW)];
  for (const mirrors of [
    [often, seldom],
    [seldom, often],
  ]) {
    t.is(versionAt(mirrors, 12)?.name, 'new');
    t.is(versionAt(mirrors, 10)?.untilMs, 11);
  }
  // Deleted on the one that knows best.
  t.is(versionAt([[v('old', 11)], seldom], 12), undefined);
});

test('a moment: a day ends, a time is on the own clock, Z is UTC', (t) => {
  const zone = 'Europe/Vienna';
  const iso = (text: string) => {
    const ms = readMoment(text, zone);
    return ms === undefined ? undefined : new Date(ms).toISOString();
  };
  t.is(iso('2026-11-01'), '2026-11-01T22:59:59.000Z');
  t.is(iso('2026-07-01'), '2026-07-01T21:59:59.000Z');
  t.is(iso('2026-11-01T12:00'), '2026-11-01T11:00:00.000Z');
  t.is(iso('2026-11-01T12:00:30'), '2026-11-01T11:00:30.000Z');
  t.is(iso('2026-11-01T12:00Z'), '2026-11-01T12:00:00.000Z');
  // Right after the clocks went forward and back.
  t.is(iso('2026-03-29T03:30'), '2026-03-29T01:30:00.000Z');
  t.is(iso('2026-10-25T03:30'), '2026-10-25T02:30:00.000Z');
  for (const text of ['', 'yesterday', '2026-13-01', '2026-02-30', '2026-11-01T25:00', '2026-11-1'])
    t.is(iso(text), undefined, text);
});
