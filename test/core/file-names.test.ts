import test from 'ava';
import fc from 'fast-check';
import {decodeName, encodeName, escapedByte, isWellFormedName} from '../../src/core/file-names.ts';
import {ALL_NAMES} from './odd-names.ts';

const bytesOf = (...bytes: number[]) => Uint8Array.from(bytes);

/** Bytes that hit the edges of UTF-8 far more often than chance does. */
const edgyBytes = fc
  .array(
    fc.constantFrom(
      0x00,
      0x2f,
      0x41,
      0x7f,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc0,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xe1,
      0xec,
      0xed,
      0xee,
      0xef,
      0xf0,
      0xf1,
      0xf3,
      0xf4,
      0xf5,
      0xff,
      0xbb,
      0xdc,
      0xb0,
      0xb3,
    ),
    {maxLength: 12},
  )
  .map((bytes) => Uint8Array.from(bytes));

test('every byte sequence comes back from its string', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(fc.oneof(edgyBytes, fc.uint8Array({maxLength: 300})), (bytes) => {
        t.deepEqual(encodeName(decodeName(bytes)), bytes);
      }),
      {numRuns: 3000},
    );
  });
});

test('every string of whole characters comes back from its bytes, as Buffer encodes it', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(fc.string({unit: 'binary', maxLength: 40}), (name) => {
        t.deepEqual(encodeName(name), Uint8Array.from(Buffer.from(name, 'utf8')));
        t.is(decodeName(encodeName(name)), name);
      }),
    );
  });
});

const decoded: ReadonlyArray<readonly [string, Uint8Array, string]> = [
  ['latin-1 é', Uint8Array.from(Buffer.from('latin1_\u00E9.JPG', 'latin1')), 'latin1_\uDCE9.JPG'],
  ['an encoded high surrogate', bytesOf(0xed, 0xa0, 0x80), '\uDCED\uDCA0\uDC80'],
  ['an encoded low surrogate', bytesOf(0xed, 0xb3, 0xa9), '\uDCED\uDCB3\uDCA9'],
  ['an overlong slash', bytesOf(0xc0, 0xaf), '\uDCC0\uDCAF'],
  ['a cut character before a whole one', bytesOf(0xe5, 0x86, 0x41), '\uDCE5\uDC86A'],
  ['a cut character at the end', bytesOf(0xf0, 0x9f, 0x93), '\uDCF0\uDC9F\uDC93'],
  ['beyond U+10FFFF', bytesOf(0xf4, 0x90, 0x80, 0x80), '\uDCF4\uDC90\uDC80\uDC80'],
  ['a byte after a pair', bytesOf(0xf0, 0x9f, 0x93, 0xb7, 0xff), '📷\uDCFF'],
  ['a byte order mark is a part of the name', bytesOf(0xef, 0xbb, 0xbf, 0x41), '\uFEFFA'],
  ['the same beside a bad byte', bytesOf(0xff, 0xef, 0xbb, 0xbf), '\uDCFF\uFEFF'],
  ['nothing', bytesOf(), ''],
];

for (const [title, bytes, name] of decoded) {
  test(`decodes as PEP 383: ${title}`, (t) => {
    t.is(decodeName(bytes), name);
    t.deepEqual(encodeName(name), bytes);
  });
}

test('the names of the sample cards come back', (t) => {
  for (const name of ALL_NAMES) t.is(decodeName(encodeName(name)), name);
});

test('a surrogate that is no byte is a broken invariant', (t) => {
  t.throws(() => encodeName('a\uD800b'), {instanceOf: RangeError});
  t.throws(() => encodeName('a\uDC7F'), {instanceOf: RangeError});
  t.throws(() => encodeName('a\uDD00'), {instanceOf: RangeError});
});

test('knows a name that was UTF-8', (t) => {
  t.true(isWellFormedName('emoji_📷🎬.JPG'));
  t.false(isWellFormedName('latin1_\uDCE9.JPG'));
  t.false(isWellFormedName('\uD83D'));
  t.is(escapedByte('\uDCE9'), 0xe9);
  t.is(escapedByte('\uDC7F'), undefined);
  t.is(escapedByte('\uDD00'), undefined);
});
