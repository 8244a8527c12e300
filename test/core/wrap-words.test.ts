import test from 'ava';
import fc from 'fast-check';
import {chooseForm, countCells, cutEnd, cutMiddle, wrapWords} from '../../src/core/wrap-words.ts';

test('cells: wide signs, marks on the sign before, emoji', (t) => {
  t.is(countCells('EOS_DIGITAL'), 11);
  t.is(countCells('写真カード'), 10);
  t.is(countCells('e\u0301té'), 3);
  t.is(countCells('📷 x'), 4);
  t.is(countCells('❤️'), 2);
  t.is(countCells('10:11 – 17:20…'), 14);
});

test('words are wrapped, longer ones broken', (t) => {
  t.deepEqual(wrapWords('W and B are the same disk', 10), ['W and B', 'are the', 'same disk']);
  t.deepEqual(wrapWords('a DCIM/100CANON b', 6), ['a', 'DCIM/1', '00CANO', 'N b']);
  t.deepEqual(wrapWords('写真写真', 4), ['写真', '写真']);
  t.deepEqual(wrapWords('', 10), ['']);
});

const texts = fc.string({unit: fc.constantFrom('a', ' ', '写', '…', '📷', '/')});

test('no line is wider than asked for, and no word is lost', (t) => {
  const check = () =>
    fc.assert(
      fc.property(texts, fc.integer({min: 2, max: 30}), (text, width) => {
        const lines = wrapWords(text, width);
        const letters = (value: string) => value.replaceAll(' ', '');
        return (
          lines.every((line) => countCells(line) <= width) &&
          letters(lines.join('')) === letters(text)
        );
      }),
    );
  t.notThrows(check);
});

test('cut at the end or in the middle, never wider than asked for', (t) => {
  t.is(cutEnd('IMG_0001.CR3', 12, '…'), 'IMG_0001.CR3');
  t.is(cutEnd('IMG_0001.CR3', 6, '…'), 'IMG_0…');
  t.is(cutMiddle('100CANON/IMG_0001.CR3', 12, '…'), '100CAN…1.CR3');
  t.is(cutMiddle('100CANON/IMG_0001.CR3', 12, '~'), '100CAN~1.CR3');
  t.is(cutMiddle('写真写真写真写', 12, '…'), '写真写…真写');
  const check = () =>
    fc.assert(
      fc.property(texts, fc.integer({min: 1, max: 30}), (text, width) =>
        [cutEnd(text, width, '…'), cutMiddle(text, width, '…')].every(
          (cut) => countCells(cut) <= width && (cut === text || cut.includes('…')),
        ),
      ),
    );
  t.notThrows(check);
});

test('the first form that has room, or the last', (t) => {
  t.is(chooseForm(['interrupted, will go on', 'interrupted'], 23), 'interrupted, will go on');
  t.is(chooseForm(['interrupted, will go on', 'interrupted'], 22), 'interrupted');
  t.is(chooseForm(['interrupted, will go on', 'interrupted'], 3), 'interrupted');
  t.is(chooseForm([], 3), '');
});
