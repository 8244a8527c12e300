import test from 'ava';
import type {CardFile, CardListing} from '../../src/core/card.ts';
import {compareListings} from '../../verify/compare-listings.ts';

const file = (path: string, changes: Partial<CardFile> = {}): CardFile => ({
  path,
  size: 10,
  mtimeNs: 5n,
  changedNs: 6n,
  ...changes,
});

const before: CardListing = {
  files: [file('A.JPG'), file('B.JPG')],
  folders: ['DCIM'],
  leftOut: [
    {path: '.DS_Store', rule: '.DS_Store'},
    {path: 'link', rule: 'link'},
    {path: 'pipe', rule: 'special'},
  ],
  unreadable: [],
};

test('the same listing in another order is the same', (t) => {
  t.deepEqual(compareListings(before, before), {kind: 'same'});
  const turned = {...before, files: before.files.toReversed(), folders: []};
  t.deepEqual(compareListings(before, turned), {kind: 'same'});
});

const changes: ReadonlyArray<readonly [what: string, after: CardListing, path: string]> = [
  ['a file is gone', {...before, files: [file('A.JPG')]}, 'B.JPG'],
  ['a file is new', {...before, files: [...before.files, file('C.JPG')]}, 'C.JPG'],
  ['a size', {...before, files: [file('A.JPG'), file('B.JPG', {size: 11})]}, 'B.JPG'],
  ['a time by one ns', {...before, files: [file('A.JPG', {mtimeNs: 6n}), file('B.JPG')]}, 'A.JPG'],
  [
    'a file that was rewritten and got its time back',
    {...before, files: [file('A.JPG', {changedNs: 7n}), file('B.JPG')]},
    'A.JPG',
  ],
  [
    'a link is gone',
    {...before, leftOut: before.leftOut.filter((one) => one.path !== 'link')},
    'link',
  ],
  [
    'a link became a FIFO',
    {
      ...before,
      leftOut: before.leftOut.map((one) => (one.path === 'link' ? {...one, rule: 'special'} : one)),
    },
    'link',
  ],
  [
    'a file became a link',
    {
      ...before,
      files: [file('A.JPG')],
      leftOut: [...before.leftOut, {path: 'B.JPG', rule: 'link'}],
    },
    'B.JPG',
  ],
];
for (const [what, after, path] of changes) {
  test(`changed: ${what}`, (t) => {
    t.deepEqual(compareListings(before, after), {kind: 'changed', paths: [path]});
  });
}

test('junk comes and goes as operating systems like', (t) => {
  const leftOut = [...before.leftOut.slice(1), {path: '._A.JPG', rule: '._*'} as const];
  t.deepEqual(compareListings(before, {...before, leftOut}), {kind: 'same'});
});

test('a folder that cannot be listed any more is no comparison', (t) => {
  const unreadable = [{code: 'EIO', message: 'listing failed (EIO)', next: 'Try again.'}];
  t.deepEqual(compareListings(before, {...before, unreadable}), {
    kind: 'not-done',
    why: 'listing failed (EIO)',
  });
});
