import test from 'ava';
import fc from 'fast-check';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  formatTimeLeft,
  formatWholeRate,
} from '../../src/core/format-amounts.ts';

const bytes: ReadonlyArray<readonly [number, string]> = [
  [0, '0 B'],
  [1, '1 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [1234, '1.2 kB'],
  [99_949, '99.9 kB'],
  [99_950, '100 kB'],
  [180_000_000, '180 MB'],
  [999_499_999, '999 MB'],
  [999_500_000, '1 GB'],
  [18_400_000_000, '18.4 GB'],
  [64e9, '64 GB'],
  [2e12, '2 TB'],
  [12_345e15, '12,345 PB'],
  [-5, '0 B'],
  [Number.NaN, 'unknown'],
  [Number.POSITIVE_INFINITY, 'unknown'],
];

for (const [amount, text] of bytes) {
  test(`${amount} bytes`, (t) => {
    t.is(formatBytes(amount), text);
  });
}

test('rates', (t) => {
  t.is(formatRate(284e6), '284 MB/s');
  t.is(formatRate(0), '0 B/s');
  t.is(formatRate(1.5e9), '1.5 GB/s');
  t.is(formatRate(0 / 0), 'unknown');
});

test('rates that stand still are whole', (t) => {
  t.is(formatWholeRate(284.4e6), '284 MB/s');
  t.is(formatWholeRate(9_600_000), '10 MB/s');
  t.is(formatWholeRate(1_234_500_000), '1,235 MB/s');
  t.is(formatWholeRate(300_000), '<1 MB/s');
  t.is(formatWholeRate(0), '0 MB/s');
  t.is(formatWholeRate(0 / 0), 'unknown');
});

test('counts', (t) => {
  t.is(formatCount(0), '0');
  t.is(formatCount(999), '999');
  t.is(formatCount(1224), '1,224');
  t.is(formatCount(1_234_567), '1,234,567');
  t.is(formatCount(-1), '0');
  t.is(formatCount(1e21), '1,000,000,000,000,000,000,000');
  t.is(formatCount(Number.NaN), 'unknown');
});

const durations: ReadonlyArray<readonly [ms: number, text: string]> = [
  [0, 'under 1 s'],
  [-3, 'under 1 s'],
  [999, 'under 1 s'],
  [1000, '1 s'],
  [12_000, '12 s'],
  [59_499, '59 s'],
  [59_500, '1 min 00 s'],
  [372_000, '6 min 12 s'],
  [3_599_499, '59 min 59 s'],
  [3_599_500, '1 h 00 min'],
  [3_840_000, '1 h 04 min'],
  [26 * 3_600_000, '26 h 00 min'],
  [Number.NaN, 'unknown'],
];

for (const [ms, text] of durations) {
  test(`${ms} ms`, (t) => {
    t.is(formatDuration(ms), text);
  });
}

const left: ReadonlyArray<readonly [ms: number | null, text: string]> = [
  [null, 'measuring'],
  [Number.NaN, 'measuring'],
  [Number.POSITIVE_INFINITY, 'measuring'],
  [-1, 'less than a minute'],
  [0, 'less than a minute'],
  [59_999, 'less than a minute'],
  [60_000, 'about 1 min'],
  [372_000, 'about 6 min'],
  [3_590_000, 'about 1 h 00 min'],
  [3_840_000, 'about 1 h 04 min'],
  [24 * 3_600_000, 'about 24 h 00 min'],
  [25 * 3_600_000, 'more than a day'],
];

for (const [ms, text] of left) {
  test(`${ms} ms left`, (t) => {
    t.is(formatTimeLeft(ms), text);
  });
}

test('no number prints NaN, Infinity or a minus', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(fc.double(), (n) => {
        const texts = [formatBytes(n), formatRate(n), formatCount(n), formatDuration(n)];
        for (const text of [...texts, formatTimeLeft(n)])
          t.notRegex(text, /NaN|Infinity|-|undefined|e\+/);
      }),
    );
  });
});
