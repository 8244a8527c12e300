import test from 'ava';
import fc from 'fast-check';
import {
  compareFiles,
  compareFolders,
  foldersAbove,
  isWithin,
} from '../../../src/core/backup/walk-order.ts';

const part = fc.constantFrom('a', 'a-b', 'a b', 'b', '\u0001', 'é', 'A');
const folder = fc.array(part, {maxLength: 4}).map((parts) => parts.join('/'));

/** Part by part, written the long way. */
function compareSlowly(a: string, b: string): number {
  const left = a === '' ? [] : a.split('/');
  const right = b === '' ? [] : b.split('/');
  for (const [at, one] of left.entries()) {
    const other = right[at];
    if (other === undefined) return 1;
    if (one !== other) return one < other ? -1 : 1;
  }
  return left.length === right.length ? 0 : -1;
}

test('folders are in the order of their parts', (t) => {
  fc.assert(
    fc.property(folder, folder, (a, b) => {
      t.is(Math.sign(compareFolders(a, b)), compareSlowly(a, b), JSON.stringify([a, b]));
    }),
    {numRuns: 3000},
  );
});

test('files come before the folders beside them', (t) => {
  const paths = ['z', 'a/z', 'a/b/c', 'a-b/c', 'b/a', 'A/x'];
  const sorted = ['z', 'A/x', 'a/z', 'a/b/c', 'a-b/c', 'b/a'];
  t.deepEqual(paths.sort(compareFiles), sorted);
});

test('what lies within a folder', (t) => {
  t.true(isWithin('a/b', 'a'));
  t.true(isWithin('a', 'a'));
  t.true(isWithin('a', ''));
  t.false(isWithin('a-b', 'a'));
  t.false(isWithin('a', 'a/b'));
  t.deepEqual(foldersAbove('a/b/c'), ['a', 'a/b']);
  t.deepEqual(foldersAbove('a'), []);
});
