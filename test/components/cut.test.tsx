import test from 'ava';
import {Cut} from '../../components/cut.tsx';
import {chooseSymbols} from '../../components/theme.ts';
import {renderFrame} from '../helpers/render.tsx';

function cut(text: string, unicode = true): string {
  const symbols = chooseSymbols({unicode, colour: false});
  return renderFrame(<Cut text={text} width={12} symbols={symbols} />, 40);
}

test('what fits stays, what does not is cut in the middle', (t) => {
  t.is(cut('IMG_0001.CR3'), 'IMG_0001.CR3');
  t.is(cut('100CANON/IMG_0001.CR3'), '100CAN…1.CR3');
});

test('cells are counted, not characters', (t) => {
  // Six characters of two cells each fit, seven do not.
  t.is(cut('写真写真写真'), '写真写真写真');
  t.is(cut('写真写真写真写'), '写真写…真写');
});

test('ASCII terminals get an ASCII mark', (t) => {
  t.is(cut('100CANON/IMG_0001.CR3', false), '100CAN~1.CR3');
});
