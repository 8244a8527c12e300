import test from 'ava';
import fc from 'fast-check';
import type {MirrorRecord} from '../../../src/core/backup/mirror-record.ts';
import {scanRecords} from '../../../src/core/backup/scan-records.ts';
import {jsonLine, parseRecordLine, recordLine} from '../../../src/core/backup/state-lines.ts';

const time = fc.oneof(
  fc.bigInt({min: -(2n ** 63n), max: 2n ** 63n - 1n}),
  fc.bigInt({min: 1_600_000_000_000_000_000n, max: 1_900_000_000_000_000_000n}),
  fc.constantFrom(0n, -1n, 999_999_999n, 1_000_000_000n, 2n ** 32n, 2n ** 63n - 1n, -(2n ** 63n)),
);
const times = fc.record({mtimeNs: time, changedNs: time});
const record: fc.Arbitrary<MirrorRecord> = fc
  .record({
    name: fc
      .oneof(fc.constantFrom('a', 'é', 'n\udce9', 'q"', '\\', '\u0001', '{', '['), fc.string())
      .filter((one) => one !== '' && !/^\.{1,2}$|[/\0]/.test(one)),
    size: fc.oneof(fc.nat(), fc.constantFrom(0, 2 ** 52, 999_999_999_999_999)),
    source: times,
    copy: times,
    mediumRead: fc.constantFrom('direct' as const, 'evicted' as const, 'cached' as const),
    isElsewhere: fc.constantFrom(false, false, false, true),
  })
  .map(({name, isElsewhere, ...rest}) => ({
    ...rest,
    path: `f/${name}`,
    target: isElsewhere ? 'f/other' : `f/${name}`,
    hash: 'ab'.repeat(32),
    provedAt: '2026-11-23T14:15:00.000Z',
  }));

/** @returns false where a record was read that the parser would read otherwise. */
function agrees(text: string): 'same' | 'none' | 'other' {
  const lines = text.split('\n').filter((line) => line.startsWith('['));
  const expected = lines.map((line) => parseRecordLine(line, 'f'));
  const source = scanRecords(text, 'source');
  const copy = scanRecords(text, 'copy');
  if (source === undefined || copy === undefined) return 'none';
  const isSame =
    source.names.length === expected.length &&
    expected.every(
      (one, at) =>
        one?.path === `f/${source.names[at]}` &&
        one.target === one.path &&
        copy.names[at] === source.names[at] &&
        one.size === source.sizes[at] &&
        one.size === copy.sizes[at] &&
        one.source.mtimeNs === source.mtimes[at] &&
        one.source.changedNs === source.changed[at] &&
        one.copy.mtimeNs === copy.mtimes[at],
    );
  return isSame ? 'same' : 'other';
}

test('what is scanned is what would be parsed', (t) => {
  let same = 0;
  fc.assert(
    fc.property(fc.array(record, {maxLength: 3}), (records) => {
      const found = agrees(records.map(recordLine).join('') + jsonLine({records: 3}));
      if (found === 'same') same += 1;
      return found !== 'other';
    }),
    {numRuns: 3000},
  );
  t.true(same > 500, `${same}`);
});

test('a line with other characters is scanned as it would be parsed, or not at all', (t) => {
  let none = 0;
  fc.assert(
    fc.property(
      record,
      fc.nat(),
      fc.constantFrom(
        '',
        '0',
        '9',
        '-',
        '"',
        ',',
        '\\',
        ' ',
        'x',
        '\u0001',
        '[',
        ']',
        '00',
        ',"y"',
      ),
      fc.nat(2),
      (one, seed, put, cut) => {
        const line = recordLine(one).trimEnd();
        const at = seed % (line.length + 1);
        const found = agrees(`${line.slice(0, at)}${put}${line.slice(at + cut)}\n`);
        if (found === 'none') none += 1;
        return found !== 'other';
      },
    ),
    {numRuns: 5000},
  );
  t.true(none > 500, `${none}`);
});

test('times and sizes that nothing could hold are left to the parser', (t) => {
  const line = (size: string, mtime: string) =>
    `["a",${size},"${'ab'.repeat(32)}","${mtime}","1","1","1","now","direct"]\n`;
  t.is(scanRecords(line('1', '12'), 'source')?.mtimes[0], 12n);
  t.is(scanRecords(line('1', `${2n ** 63n}`), 'source'), undefined);
  for (const size of ['01', '1.5', '1e3', '-1', `${2 ** 53}`]) {
    t.is(scanRecords(line(size, '1'), 'copy'), undefined, size);
  }
});
