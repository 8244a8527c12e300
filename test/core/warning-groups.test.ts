import test from 'ava';
import type {Warning} from '../../src/core/verdict.ts';
import {describeWarnings} from '../../src/core/warning-groups.ts';
import {hostileEscaped, hostileName} from '../helpers/run-events.ts';
import {range} from './structure/listing.ts';

const empty = (count: number): readonly Warning[] =>
  range(1, count).map((n) => ({
    code: 'empty-file',
    path: `IMG_${n}.JPG`,
    message: 'is empty: why',
  }));

test('up to three files are told one by one', (t) => {
  t.deepEqual(describeWarnings(empty(3)), [
    'IMG_1.JPG: is empty: why',
    'IMG_2.JPG: is empty: why',
    'IMG_3.JPG: is empty: why',
  ]);
});

test('two hundred of one kind are one sentence', (t) => {
  t.deepEqual(describeWarnings(empty(200)), [
    '200 files (IMG_1.JPG, IMG_2.JPG, IMG_3.JPG and 197 more): each is empty: why',
  ]);
});

test('of sentences that differ five are told, and how many there are more', (t) => {
  const warnings = range(1, 40).map((n) => ({
    code: 'file-salvaged',
    path: `IMG_${n}.JPG`,
    message: `lies at ${n}`,
  }));
  const told = describeWarnings([...warnings, ...empty(1)]);
  t.deepEqual(told.slice(0, 2), ['IMG_1.JPG: lies at 1', 'IMG_2.JPG: lies at 2']);
  t.deepEqual(told.slice(4), [
    'IMG_5.JPG: lies at 5',
    'and 35 more of this kind, which the record names',
    'IMG_1.JPG: is empty: why',
  ]);
});

test('what is about no file is told each time', (t) => {
  const message = '1 copy could not be given its time';
  t.deepEqual(describeWarnings(range(1, 4).map(() => ({code: 'times-not-kept', message}))), [
    message,
    message,
    message,
    message,
  ]);
});

test('kinds keep the order in which they come, and names are printable', (t) => {
  const told = describeWarnings([
    {code: 'a', message: 'is a'},
    {code: 'b', path: hostileName, message: 'is b'},
    {code: 'a', message: 'is a too'},
  ]);
  t.deepEqual(told, ['is a', 'is a too', `${hostileEscaped}: is b`]);
  const many = range(1, 9).map(() => ({code: 'b', path: hostileName, message: hostileName}));
  for (const text of describeWarnings(many)) t.false(text.includes(hostileName));
});

test('no warning, no sentence', (t) => {
  t.deepEqual(describeWarnings([]), []);
});
