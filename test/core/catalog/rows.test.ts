import test from 'ava';
import fc from 'fast-check';
import {nameCameras} from '../../../src/core/catalog/camera-names.ts';
import {placeOfCopy, restoreTarget, shortenTarget} from '../../../src/core/catalog/copy-place.ts';
import {replaces} from '../../../src/core/catalog/manifest-order.ts';
import {FILES_PER_OFFLOAD, offloadKey} from '../../../src/core/catalog/offload-key.ts';
import {
  foldText,
  hashRangeOf,
  isPlainPath,
  likePattern,
  searchTextOf,
  trigramQuery,
} from '../../../src/core/catalog/search-text.ts';
import {loadText, storeText} from '../../../src/core/catalog/stored-text.ts';
import {isWellFormedName} from '../../../src/core/file-names.ts';

const anyText = fc.string({unit: 'binary', maxLength: 20});
const oddText = fc
  .array(fc.constantFrom('\0', '\u001A', '\uD800', '\uDCE9', '\uDFFF', '\u{1F600}', 'a', '0', 'é'))
  .map((list) => list.join(''));

test('every text survives, in a form that UTF-8 holds', (t) => {
  fc.assert(
    fc.property(fc.oneof(anyText, oddText), (text) => {
      const stored = storeText(text);
      t.is(loadText(stored), text);
      t.true(isWellFormedName(stored));
      t.false(stored.includes('\0'));
    }),
  );
  t.is(storeText('DCIM/latin1_\uDCE9.JPG'), 'DCIM/latin1_\u001Adce9.JPG');
  t.is(storeText('DCIM/100CANON/IMG_0001.CR3'), 'DCIM/100CANON/IMG_0001.CR3');
});

test('numbers of offloads grow with time and fit into a rowid', (t) => {
  const keys = [
    '1969-01-01T00:00:00Z',
    '2000-01-01T00:00:00Z',
    '2026-11-22T19:00:01.000Z',
    '2026-11-22T19:00:02.000Z',
    '9999-12-31T23:59:59Z',
  ].map((time) => offloadKey(time, 'x'));
  t.deepEqual(
    keys,
    [...keys].sort((a, b) => a - b),
  );
  t.is(new Set(keys).size, 4);
  t.true(
    BigInt(keys.at(-1) ?? 0) * BigInt(FILES_PER_OFFLOAD) + BigInt(FILES_PER_OFFLOAD) <= 2n ** 63n,
  );
  const time = '2026-11-22T19:00:01.000Z';
  t.not(offloadKey(time, '20261122T190001Z-x3k9ab'), offloadKey(time, '20261122T190001Z-x3k9ac'));
  t.is(Math.floor(offloadKey(time, 'a') / 1024), Math.floor(offloadKey(time, 'b') / 1024));
});

test('where a copy lay, on every system', (t) => {
  t.is(placeOfCopy('/mnt/W/Shoot', 'EOS/a.JPG'), '/mnt/W/Shoot/EOS/a.JPG');
  t.is(placeOfCopy('/', 'a.JPG'), '/a.JPG');
  t.is(placeOfCopy('W:\\Shoot', 'EOS/a.JPG'), 'W:\\Shoot\\EOS\\a.JPG');
  t.is(placeOfCopy('W:\\', 'EOS/a.JPG'), 'W:\\EOS\\a.JPG');
  t.is(placeOfCopy('\\\\nas\\photos\\Shoot', 'a/b'), '\\\\nas\\photos\\Shoot\\a\\b');
  t.is(shortenTarget('EOS/DCIM/a', 'EOS', 'DCIM/a'), null);
  for (const target of ['EOS/DCIM/a', 'EOS/x', 'other/DCIM/a']) {
    t.is(restoreTarget(shortenTarget(target, 'EOS', 'DCIM/a'), 'EOS', 'DCIM/a'), target);
  }
});

test('of two different records exactly one replaces the other', (t) => {
  const age = fc.record({
    runs: fc.integer({min: 1, max: 3}),
    endedMs: fc.integer({min: 1, max: 3}),
    safe: fc.boolean(),
    digest: fc.constantFrom('a', 'b', 'c'),
  });
  fc.assert(
    fc.property(age, age, age, (a, b, c) => {
      const same =
        JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
      t.is(replaces(a, b) || replaces(b, a), !same);
      t.false(replaces(a, b) && replaces(b, a));
      if (replaces(a, b) && replaces(b, c)) t.true(replaces(a, c));
    }),
  );
  const base = {runs: 1, endedMs: 5, safe: true, digest: 'a'};
  t.true(replaces({...base, runs: 2, endedMs: 1}, base));
  t.true(replaces({...base, endedMs: 6}, base));
  t.true(replaces({...base, safe: false}, base));
});

test('what is looked for, and how', (t) => {
  t.is(foldText('Cafe\u0301'), foldText('CAF\u00C9'));
  t.is(foldText('\u212A'), 'K');
  t.is(foldText('a\uDCE9\0'), 'A\uFFFD\uFFFD');
  const copy = {destination: 'w', provedAt: '', mediumRead: 'direct', origin: 'copied'} as const;
  const plain = {path: 'DCIM/a.JPG', copies: [{...copy, target: 'EOS/DCIM/a.JPG'}]};
  t.is(searchTextOf(plain), 'DCIM/A.JPG');
  t.true(isPlainPath(plain.path, searchTextOf(plain)));
  const renamed = {
    path: 'DCIM/a.JPG',
    copies: [
      {...copy, target: 'x-1.jpg'},
      {...copy, target: 'X-1.JPG'},
    ],
  };
  t.is(searchTextOf(renamed), 'DCIM/A.JPG\nX-1.JPG');
  t.false(isPlainPath(renamed.path, searchTextOf(renamed)));
  t.false(isPlainPath('\u001Adce9', '\u001ADCE9'));
  t.is(trigramQuery('IMG_'), '"IMG" AND "MG_"');
  t.is(trigramQuery('A"B'), '"A""B"');
  t.is(trigramQuery('AB'), null);
  t.is(trigramQuery('\u{1F600}A'), null);
  t.is(trigramQuery('AAAAAA'), '"AAA"');
  t.is(likePattern('50%_\\'), '%50\\%\\_\\\\%');
  t.deepEqual(hashRangeOf('ABCDEF01'), {
    low: 'abcdef01'.padEnd(64, '0'),
    high: 'abcdef01'.padEnd(64, 'f'),
  });
  for (const text of ['abcdef0', 'abcdefgh', 'a'.repeat(65)]) t.is(hashRangeOf(text), null);
});

test('cameras as they are called', (t) => {
  const cameras = [
    {make: 'Canon', model: 'Canon EOS R5'},
    {make: 'Canon', model: 'Canon EOS R5'},
    {make: 'Sony', model: ' '},
    {make: '', model: ''},
  ];
  t.deepEqual(nameCameras(cameras), ['Canon EOS R5', 'Sony']);
});
