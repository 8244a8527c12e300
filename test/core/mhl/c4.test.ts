import {createHash} from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import {bytesOfC4, c4Of} from '../../../src/core/mhl/c4.ts';
import {isHashText} from '../../../src/core/mhl/formats.ts';
import {c4} from './check-history.ts';

test('a C4 id is 90 characters, padded in front, and gives its bytes back', (t) => {
  t.is(c4Of(new Uint8Array(64)), `c4${'1'.repeat(88)}`);
  fc.assert(
    fc.property(fc.uint8Array({minLength: 64, maxLength: 64}), (bytes) => {
      const id = c4Of(bytes);
      t.true(isHashText('c4', id));
      t.deepEqual(bytesOfC4(id), bytes);
    }),
  );
});

test('it is the one that another way of counting gives', (t) => {
  const bytes = Buffer.from('picture');
  t.is(c4Of(createHash('sha512').update(bytes).digest()), c4(bytes));
});

test('what is no C4 id is refused', (t) => {
  t.throws(() => bytesOfC4(`c4${'0'.repeat(88)}`), {instanceOf: RangeError});
  t.throws(() => bytesOfC4(`c4${'z'.repeat(88)}`), {instanceOf: RangeError});
  for (const id of ['c4', `c4${'l'.repeat(88)}`, `c5${'1'.repeat(88)}`, `c4${'1'.repeat(87)}`]) {
    t.false(isHashText('c4', id));
  }
});

test('upper-case hex and other widths are no hashes: readers compare text', (t) => {
  t.true(isHashText('xxh64', 'ef46db3751d8e999'));
  t.false(isHashText('xxh64', 'EF46DB3751D8E999'));
  t.false(isHashText('xxh64', 'f46db3751d8e999'));
  t.false(isHashText('md5', 'ef46db3751d8e999'));
});
