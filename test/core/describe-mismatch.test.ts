import test from 'ava';
import {describeMismatch} from '../../src/core/describe-mismatch.ts';
import {describeSuspect} from '../../src/core/describe-suspect.ts';
import type {FileMismatched} from '../../src/core/events.ts';

const ofCard: FileMismatched = {
  type: 'file-mismatched',
  card: {path: '/mnt/E', label: 'EOS'},
  path: 'A.CR3',
  size: 1,
  mtimeNs: '0',
  expected: 'a',
  actual: 'b',
  mediumRead: 'direct',
};
const ofCopy: FileMismatched = {...ofCard, to: '/mnt/B', target: 'EOS/A.CR3'};

test('nobody is sent away while the copy is written again', (t) => {
  t.regex(describeMismatch(ofCopy).next, /drive and its cable/);
  t.is(describeMismatch({...ofCopy, rewrite: 1}).next, 'It is read and written once more.');
  t.regex(describeMismatch(ofCard).next, /reader/);
});

test('a suspect drive is named, with what to do, and with what it means for the card', (t) => {
  const {code, message, next} = describeSuspect(['T7 Shield', 'B'], 1200);
  t.is(code, 'drive-suspect');
  t.true(message.startsWith('1,200 copies on T7 Shield and B did not match'));
  t.regex(next, /cable.*port.*drive.*memory.*card.*--verify full/);
});
