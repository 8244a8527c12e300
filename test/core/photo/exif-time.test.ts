import test from 'ava';
import {parseExifTime, parseOffset, readPart} from '../../../src/core/photo/exif-time.ts';

const TIMES: ReadonlyArray<
  readonly [text: string, local: string, ms: number, zone: number | null]
> = [
  ['2026:11:22 14:02:11', '2026-11-22T14:02:11', 0, null],
  ['2026-11-22T14:02:11+09:00', '2026-11-22T14:02:11', 0, 540],
  ['2026:11:22 14:02:11.5-03:30', '2026-11-22T14:02:11', 500, -210],
  ['2026:11:22 14:02:11.123456Z', '2026-11-22T14:02:11', 123, 0],
  ['2026:11:22 14:02', '2026-11-22T14:02:00', 0, null],
  ['2000:01:01 00:00:00', '2000-01-01T00:00:00', 0, null],
  ['2024:02:29 23:59:59', '2024-02-29T23:59:59', 0, null],
];
for (const [text, local, milliseconds, offsetMinutes] of TIMES) {
  test(`the time ${text}`, (t) => {
    t.deepEqual(parseExifTime(text), {local, milliseconds, offsetMinutes});
  });
}

const NO_TIMES = [
  '',
  '../../etc',
  '0000:00:00 00:00:00',
  '0000:01:01 00:00:00',
  '1904:01:01 00:00:00',
  '2107:12:31 23:59:58',
  '9999:12:31 23:59:59',
  '2026:02:29 10:00:00',
  '2026:13:01 10:00:00',
  '2026:11:22 24:00:00',
  '2026:11:22',
  '    :  :     :  :  ',
  '2026:11:22 14:02:119',
  `${'9'.repeat(1_000_000)}:11:22 14:02:11`,
];
for (const text of NO_TIMES) {
  test(`no time: ${JSON.stringify(text.slice(0, 40))}`, (t) => {
    t.is(parseExifTime(text), undefined);
  });
}

test('zones and parts of a second', (t) => {
  t.deepEqual(['+14:00', '-12:00', '+0530', 'Z'].map(parseOffset), [840, -720, 330, 0]);
  t.deepEqual(['+15:00', '-13:00', '+05:60', 'CET', ''].map(parseOffset), Array(5).fill(null));
  t.deepEqual(
    ['7', '70', '070', '123456', '', 'x', '-1'].map(readPart),
    [700, 700, 70, 123, 0, 0, 0],
  );
});
