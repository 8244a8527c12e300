import test from 'ava';
import fc from 'fast-check';
import {
  countMissing,
  type MissingRange,
  rescueMapText,
  rescueRanges,
} from '../../src/core/rescue-map.ts';
import {parseMapfile} from '../helpers/mapfile.ts';

test('a map is written as the manual of ddrescue shows it', (t) => {
  const text = rescueMapText({
    card: 'EOS_DIGITAL',
    path: 'DCIM/100CANON/IMG_0001.CR3',
    size: 0x160000,
    missing: [
      {position: 0x117000, size: 0x200, status: '-'},
      {position: 0x118200, size: 0x7e00, status: '*'},
      {position: 0x120000, size: 0x40000, status: '?'},
    ],
  });
  t.is(
    text,
    `# Mapfile. Created by offload
# Card: EOS_DIGITAL
# File: DCIM/100CANON/IMG_0001.CR3
# Size: 1441792 bytes, 294912 of them missing and filled with zeros
# current_pos  current_status  current_pass
0x00120000     ?               1
#      pos        size  status
0x00000000  0x00117000  +
0x00117000  0x00000200  -
0x00117200  0x00001000  +
0x00118200  0x00007E00  *
0x00120000  0x00040000  ?
`,
  );
});

test('bad sectors alone are the end of a rescue, larger parts are not', (t) => {
  const statusOf = (...missing: MissingRange[]) =>
    parseMapfile(rescueMapText({card: 'C', path: 'P', size: 8192, missing}));
  t.like(statusOf(), {position: 0, status: '+'});
  t.like(statusOf({position: 512, size: 512, status: '-'}), {position: 0, status: '+'});
  t.like(statusOf({position: 4096, size: 4096, status: '*'}), {position: 4096, status: '*'});
});

test('a hostile name stays in its comment', (t) => {
  const path = 'DCIM/\n0x00000000  0x00002000  +\r\u001B[2J\u2028# .JPG';
  const text = rescueMapText({
    card: 'A\nB',
    path,
    size: 8192,
    missing: [{position: 0, size: 8192, status: '-'}],
  });
  t.is(text.split(/[\n\r\u2028]/).length, 9);
  t.deepEqual(parseMapfile(text).blocks, [{position: 0, size: 8192, status: '-'}]);
});

test('parts that are out of order or outside the file are refused', (t) => {
  const part = (position: number, size: number): MissingRange => ({position, size, status: '-'});
  t.throws(() => rescueRanges(100, [part(50, 10), part(40, 10)]), {instanceOf: RangeError});
  t.throws(() => rescueRanges(100, [part(50, 10), part(59, 10)]), {instanceOf: RangeError});
  t.throws(() => rescueRanges(100, [part(95, 10)]), {instanceOf: RangeError});
});

test('a file of terabytes has its positions whole', (t) => {
  const size = 2 ** 42 + 5;
  const map = parseMapfile(
    rescueMapText({
      card: 'C',
      path: 'P',
      size,
      missing: [{position: 2 ** 42, size: 5, status: '-'}],
    }),
  );
  t.deepEqual(map.blocks, [
    {position: 0, size: 2 ** 42, status: '+'},
    {position: 2 ** 42, size: 5, status: '-'},
  ]);
});

test('ranges cover the file once, without gaps, and say the same of every byte', (t) => {
  const step = fc.record({
    gap: fc.nat(20),
    size: fc.nat(20),
    status: fc.constantFrom<MissingRange['status']>('-', '*', '?'),
  });
  fc.assert(
    fc.property(fc.array(step, {maxLength: 12}), fc.nat(30), (steps, rest) => {
      const missing: MissingRange[] = [];
      const bytes: string[] = [];
      for (const {gap, size, status} of steps) {
        bytes.push(...'+'.repeat(gap));
        missing.push({position: bytes.length, size, status});
        bytes.push(...status.repeat(size));
      }
      bytes.push(...'+'.repeat(rest));
      const ranges = rescueRanges(bytes.length, missing);
      t.is(ranges.map(({status, size}) => status.repeat(size)).join(''), bytes.join(''));
      let end = 0;
      for (const [index, {position, size, status}] of ranges.entries()) {
        t.is(position, end);
        t.true(size > 0);
        t.not(status, ranges[index - 1]?.status);
        end += size;
      }
      t.is(countMissing(missing), bytes.filter((byte) => byte !== '+').length);
      const text = rescueMapText({card: 'C', path: 'P', size: bytes.length, missing});
      t.deepEqual(
        parseMapfile(text).blocks,
        ranges.map((range) => ({...range})),
      );
    }),
  );
});
