import {createHash} from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import {isInSlice, readPart} from '../../../src/core/verify/slices.ts';

test('a slice is k/N or next/N, and nothing else', (t) => {
  t.deepEqual(readPart('1/30'), {kind: 'exact', slice: {part: 1, of: 30}});
  t.deepEqual(readPart('30/30'), {kind: 'exact', slice: {part: 30, of: 30}});
  t.deepEqual(readPart('next/7'), {kind: 'next', of: 7});
  for (const text of [
    '0/30',
    '31/30',
    '1/0',
    'next/0',
    '1/1001',
    '1',
    '',
    '1/30 ',
    '-1/3',
    '1.5/3',
  ])
    t.is(readPart(text), undefined, text);
});

test('every hash is in exactly one slice, and slices are of one size', (t) => {
  const hashOf = (word: string) => createHash('sha256').update(word).digest('hex');
  fc.assert(
    fc.property(fc.string(), fc.integer({min: 1, max: 1000}), (word, of) => {
      const parts = Array.from({length: of}, (_, index) => index + 1);
      return parts.filter((part) => isInSlice(hashOf(word), {part, of})).length === 1;
    }),
    {numRuns: 50},
  );
  const words = Array.from({length: 3000}, (_, index) => hashOf(`${index}`));
  for (let part = 1; part <= 30; part++) {
    const count = words.filter((hash) => isInSlice(hash, {part, of: 30})).length;
    t.true(count > 60 && count < 140, `${count}`);
  }
});
