import test from 'ava';
import {
  foldHistory,
  formatsFor,
  mainFormat,
  NO_HISTORY,
  weighFile,
} from '../../../src/core/mhl/history.ts';
import type {ReadManifest, StatedHash} from '../../../src/core/mhl/read-manifest.ts';

const generation = (files: Readonly<Record<string, readonly StatedHash[]>>): ReadManifest => ({
  tool: 'x',
  ignore: [],
  files: Object.entries(files).map(([path, hashes]) => ({path, hashes})),
});
const stated = (
  format: StatedHash['format'],
  value: string,
  action: StatedHash['action'] = 'original',
): StatedHash => ({format, value, action});

test('the first hash of each format counts; failed ones and ones without an action never do', (t) => {
  const {files} = foldHistory(
    [],
    [
      generation({
        A: [stated('md5', '1')],
        B: [stated('md5', '2', 'verified')],
        C: [{format: 'md5', value: '3', action: undefined}],
      }),
      generation({A: [stated('md5', '4', 'failed'), stated('xxh64', '5', 'verified')]}),
      generation({A: [stated('xxh64', '6', 'verified')], D: [stated('c4', '7', 'failed')]}),
    ],
  );
  t.deepEqual([...files], [['A', {md5: '1', xxh64: '5'}]]);
});

test('the ignore patterns are those of the newest generation', (t) => {
  const one = {...generation({}), ignore: ['a']};
  t.deepEqual(foldHistory([], [one, {...one, ignore: ['a', 'b']}]).ignore, ['a', 'b']);
});

const about = {chosen: 'xxh64', at: 'now'} as const;
const told = (hashes: ReturnType<typeof weighFile>) =>
  hashes.map(({format, value, action}) => `${format} ${value} ${action}`);

test('a new file is original', (t) => {
  t.deepEqual(told(weighFile({...about, known: undefined, values: {xxh64: '1'}})), [
    'xxh64 1 original',
  ]);
});

test('a known file is verified or failed in the chosen format', (t) => {
  const known = {xxh64: '1', md5: '9'};
  t.deepEqual(told(weighFile({...about, known, values: {xxh64: '1'}})), ['xxh64 1 verified']);
  t.deepEqual(told(weighFile({...about, known, values: {xxh64: '2'}})), ['xxh64 2 failed']);
});

test('a format that is new to the file is verified only beside one that matched', (t) => {
  const known = {md5: '9'};
  t.deepEqual([...formatsFor(known, 'xxh64')], ['xxh64', 'md5']);
  t.deepEqual(told(weighFile({...about, known, values: {xxh64: '1', md5: '9'}})), [
    'md5 9 verified',
    'xxh64 1 verified',
  ]);
  t.deepEqual(told(weighFile({...about, known, values: {xxh64: '1', md5: '8'}})), ['md5 8 failed']);
});

test('a hash that is needed and not known is a fault of the program', (t) => {
  t.throws(() => weighFile({...about, known: {md5: '9'}, values: {xxh64: '1'}}));
});

test('the main format is the one that most files have', (t) => {
  const history = foldHistory(
    [],
    [generation({A: [stated('md5', '1')], B: [stated('md5', '1'), stated('xxh64', '2')]})],
  );
  t.is(mainFormat(history), 'md5');
  t.is(mainFormat(NO_HISTORY), undefined);
});
