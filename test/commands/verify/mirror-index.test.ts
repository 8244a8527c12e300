import test from 'ava';
import {MirrorIndex} from '../../../src/commands/verify/mirror-index.ts';
import type {MirrorRecord} from '../../../src/core/backup/mirror-record.ts';
import {hashOfText} from '../../helpers/run-offload.ts';

const DAY = Date.UTC(2026, 10, 23);

const recordOf = (path: string, change: Partial<MirrorRecord> = {}): MirrorRecord => ({
  path,
  target: path,
  size: path.length,
  hash: hashOfText(`bytes of ${path}`),
  source: {mtimeNs: 5n, changedNs: 6n},
  copy: {mtimeNs: 1_764_000_000_123_456_789n, changedNs: 8n},
  provedAt: new Date(DAY).toISOString(),
  mediumRead: 'direct',
  ...change,
});

test('every one of many places is found, and no other', (t) => {
  const index = new MirrorIndex();
  const paths = Array.from({length: 5000}, (_, number) => `Shoot/${number % 70}/IMG_${number}.CR3`);
  for (const path of paths) index.put(recordOf(path));
  for (const path of paths) {
    t.deepEqual(index.find(path), {
      hash: hashOfText(`bytes of ${path}`),
      size: path.length,
      mtimeNs: 1_764_000_000_123_456_789n,
      provedMs: DAY,
    });
  }
  t.is(index.find('Shoot/0/IMG_5000.CR3'), undefined);
  t.is(index.find(''), undefined);
});

test('of two records of one place the later proof counts, whichever comes first', (t) => {
  const index = new MirrorIndex();
  const later = {hash: hashOfText('later'), provedAt: new Date(DAY + 1000).toISOString()};
  index.put(recordOf('a'));
  index.put(recordOf('a', later));
  index.put(recordOf('b', later));
  index.put(recordOf('b'));
  t.is(index.find('a')?.hash, later.hash);
  t.is(index.find('b')?.hash, later.hash);
});

test('claims are kept while the table grows', (t) => {
  const index = new MirrorIndex();
  for (let number = 0; number < 3000; number++) {
    index.put(recordOf(`${number}`));
    if (number % 3 === 0) index.claim(`${number}`);
  }
  index.claim('nowhere');
  const claimed = Array.from({length: 3000}, (_, number) => index.isClaimed(`${number}`));
  t.deepEqual(
    claimed,
    Array.from({length: 3000}, (_, number) => number % 3 === 0),
  );
  t.false(index.isClaimed('nowhere'));
});

test('what the target calls otherwise lies elsewhere', (t) => {
  const index = new MirrorIndex();
  index.put(recordOf('a:b.jpg', {target: 'a_b.jpg'}));
  t.true(index.liesElsewhere('a:b.jpg'));
  t.false(index.liesElsewhere('a_b.jpg'));
  t.is(index.find('a:b.jpg'), undefined);
  t.is(index.find('a_b.jpg')?.size, 'a:b.jpg'.length);
});
