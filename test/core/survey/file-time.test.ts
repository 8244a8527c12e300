import test from 'ava';
import {clockTimeOf} from '../../../src/core/survey/file-time.ts';

const at = (iso: string) => BigInt(Date.parse(iso)) * 1_000_000n + 999_999n;

test('a time of the file system is told as clocks of the zone showed it', (t) => {
  t.is(clockTimeOf(at('2026-11-22T13:02:11.500Z'), 'Europe/Vienna'), '2026-11-22T14:02:11');
  t.is(clockTimeOf(at('2026-07-22T23:02:11Z'), 'Europe/Vienna'), '2026-07-23T01:02:11');
  t.is(clockTimeOf(at('2026-11-22T00:00:00Z'), 'UTC'), '2026-11-22T00:00:00');
});

test('a file without a date has no time', (t) => {
  t.is(clockTimeOf(at('1980-01-01T00:00:00Z'), 'UTC'), undefined);
  t.is(clockTimeOf(0n, 'UTC'), undefined);
  t.is(clockTimeOf(-1n, 'UTC'), undefined);
  t.is(clockTimeOf(2n ** 90n, 'UTC'), undefined);
});
