import test from 'ava';
import {
  addReading,
  countParts,
  nextSlice,
  nothingRead,
  type PartMemory,
  parsePartMemory,
  verifiedSince,
} from '../../../src/core/verify/part-memory.ts';

const day = (n: number) => `2026-11-${String(n).padStart(2, '0')}T20:00:00.000Z`;

const read = (memory: PartMemory, part: number, of: number, at: string, good = true) =>
  addReading(memory, {part, of}, {at, good});

test('the next slice comes after the last one, and after the last of all the first', (t) => {
  let memory = nothingRead('v');
  t.deepEqual(nextSlice(memory, 3), {part: 1, of: 3});
  memory = read(memory, 2, 3, day(1));
  t.deepEqual(nextSlice(memory, 3), {part: 3, of: 3});
  memory = read(memory, 3, 3, day(2));
  t.deepEqual(nextSlice(memory, 3), {part: 1, of: 3});
  t.deepEqual(nextSlice(memory, 30), {part: 1, of: 30});
});

test('a volume is verified since its oldest slice, when all were read and good', (t) => {
  let memory = nothingRead('v');
  for (const part of [1, 2]) memory = read(memory, part, 3, day(part));
  t.deepEqual([countParts(memory, 3), verifiedSince(memory)], [{read: 2, bad: 0}, null]);
  memory = read(memory, 3, 3, day(3), false);
  t.deepEqual([countParts(memory, 3), verifiedSince(memory)], [{read: 3, bad: 1}, null]);
  memory = read(memory, 3, 3, day(4));
  t.is(verifiedSince(memory), day(1));
  memory = read(memory, 1, 3, day(5));
  t.is(verifiedSince(memory), day(2));
  t.is(verifiedSince(read(memory, 1, 1, day(9))), day(9));
  // Something was bad on the 9th: which slice it is in, only reading tells.
  const bad = read(memory, 1, 1, day(9), false);
  t.is(verifiedSince(bad), null);
  t.is(verifiedSince(read(read(bad, 2, 3, day(10)), 3, 3, day(11))), null);
  const again = [1, 2, 3].reduce((all, part) => read(all, part, 3, day(9 + part)), bad);
  t.is(verifiedSince(again), day(10));
});

test('what is kept comes back, and anything else is nothing', (t) => {
  const memory = read(nothingRead('v'), 2, 3, day(1));
  const text = JSON.stringify(memory);
  t.deepEqual(parsePartMemory(text, 'v'), memory);
  const bad = ['', '{', '[]', 'null', text.slice(0, -2), text.replace('2026-11', '2026-xx')];
  for (const one of bad) t.is(parsePartMemory(one, 'v'), undefined, one);
  t.is(parsePartMemory(text, 'w'), undefined);
});
