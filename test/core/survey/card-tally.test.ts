import test from 'ava';
import {CardTally} from '../../../src/core/survey/card-tally.ts';
import {file} from './files.ts';

test('everything that would be copied is counted, sidecars too', (t) => {
  const tally = new CardTally();
  const paths = ['D/A.CR3', 'D/B.cr3', 'D/A.JPG', 'D/A.xmp', 'D/B.JPG', 'README', 'D/C.CR3'];
  for (const [index, path] of paths.entries()) {
    tally.add(file(path, {size: 2 ** index, mtimeNs: BigInt(100 - (index % 3))}));
  }
  t.is(tally.files, 7);
  t.is(tally.bytes, 127);
  t.deepEqual(tally.countKinds(), [
    {kind: 'CR3', count: 3},
    {kind: 'JPG', count: 2},
    {kind: 'XMP', count: 1},
    {kind: 'other', count: 1},
  ]);
  t.deepEqual(tally.times, [98n, 100n]);
});

test('an empty card has no times', (t) => {
  const tally = new CardTally();
  t.deepEqual([tally.files, tally.bytes, tally.countKinds(), tally.times], [0, 0, [], []]);
});
