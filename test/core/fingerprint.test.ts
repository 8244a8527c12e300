import test from 'ava';
import type {CardFile, CardListing} from '../../src/core/card.ts';
import {fingerprintListing} from '../../src/core/fingerprint.ts';

/** The text itself instead of a hash: a collision would be one of the texts. */
const print = (files: readonly CardFile[]) =>
  fingerprintListing({files, folders: [], leftOut: [], unreadable: []}, (text) => text);

const file = (path: string, changes: Partial<CardFile> = {}): CardFile => ({
  path,
  size: 10,
  mtimeNs: 1_700_000_000_000_000_001n,
  changedNs: 1_700_000_000_000_000_002n,
  ...changes,
});
const A = file('DCIM/A.JPG');
const B = file('DCIM/B.JPG');

test('the order of the listing does not matter', (t) => {
  t.is(print([A, B]), print([B, A]));
});

test('every difference of a file matters', (t) => {
  const changed: CardFile[][] = [
    [],
    [A],
    [A, B, file('DCIM/C.JPG')],
    [A, {...B, path: 'DCIM/b.JPG'}],
    [A, {...B, size: 11}],
    [A, {...B, mtimeNs: B.mtimeNs + 1n}],
    [A, {...B, changedNs: B.changedNs - 1n}],
    [A, B, B],
  ];
  const prints = new Set([print([A, B]), ...changed.map(print)]);
  t.is(prints.size, changed.length + 1);
});

test('odd names do not run into each other', (t) => {
  const listings = [
    [file('a"\n["b'), file('c')],
    [file('a'), file('b"\n["c')],
    [file('a\nb')],
    [file('a'), file('b')],
    [file('\uDCE9')],
    [file('\uFFFD')],
    [file('\\udce9')],
  ];
  t.is(new Set(listings.map(print)).size, listings.length);
});

test('junk, folders and what is unreadable do not matter', (t) => {
  const listing: CardListing = {
    files: [A],
    folders: ['DCIM'],
    leftOut: [{path: '.DS_Store', rule: '.DS_Store'}],
    unreadable: [{code: 'EIO', message: 'x', next: 'y'}],
  };
  t.is(
    fingerprintListing(listing, (text) => text),
    print([A]),
  );
});

test('it is the hash of the text', (t) => {
  const hash = fingerprintListing(
    {files: [A], folders: [], leftOut: [], unreadable: []},
    () => 'h',
  );
  t.is(hash, 'h');
});
