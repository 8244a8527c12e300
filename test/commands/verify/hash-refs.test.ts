import test from 'ava';
import * as fc from 'fast-check';
import {HashRefs} from '../../../src/commands/verify/hash-refs.ts';
import {NameList} from '../../../src/commands/verify/name-list.ts';

const hashOf = (number: number) => (number * 2_654_435_761).toString(16).padStart(64, '0');
const spread = (number: number) => hashOf(number).split('').reverse().join('');

test('each hash has the numbers that were added with it, through all growth', (t) => {
  const refs = new HashRefs();
  for (let number = 0; number < 5000; number++) {
    refs.add(spread(number % 1700), number);
    refs.add(spread(number % 1700), number);
  }
  t.deepEqual(refs.refsOf(spread(3)), [3, 1703, 3403]);
  t.deepEqual(refs.refsOf(spread(1699)), [1699, 3399]);
  t.deepEqual(refs.refsOf(spread(1701)), []);
});

test('names come back as they were given, whatever they are', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.string({unit: 'binary', maxLength: 300}), {maxLength: 200}),
      (names) => {
        const list = new NameList();
        const numbers = names.map((name) => list.add(name));
        t.deepEqual(
          numbers.map((number) => list.get(number)),
          names,
        );
      },
    ),
    {numRuns: 50},
  );
  const list = new NameList();
  const many = Array.from({length: 3000}, (_, index) => `${'\uDCE9'.repeat(40)}${index}`);
  for (const name of many) list.add(name);
  t.deepEqual([list.get(2999), list.get(0)], [many[2999] ?? '', many[0] ?? '']);
});
