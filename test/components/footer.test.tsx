import test from 'ava';
import {chooseFooterKeys, Footer} from '../../components/footer.tsx';
import {chooseSymbols} from '../../components/theme.ts';
import {KEYS, type KeyPlace} from '../../src/core/session/keys.ts';
import {countCells} from '../../src/core/wrap-words.ts';
import {renderFrame} from '../helpers/render.tsx';

const unicode = chooseSymbols({unicode: true, colour: false});
const ascii = chooseSymbols({unicode: false, colour: false});

function footer(place: KeyPlace, width: number, symbols = unicode): string {
  return renderFrame(<Footer place={place} width={width} margin={2} symbols={symbols} />, 120);
}

test('all keys where they have room, then nearer together, then fewer', (t) => {
  t.is(
    footer('ready', 120),
    '  ⏎ offload   a all   s shoot   space photos   t status   u backups   Tab drives   w b roles   ? help   q quit',
  );
  t.is(
    footer('ready', 80),
    '  ⏎ offload  a all  s shoot  space photos  t status  u backups  ? help  q quit',
  );
  t.is(footer('ready', 40), '  ⏎ offload   a all   ? help   q quit');
  t.is(footer('ready', 17), '  ? help   q quit');
});

test('ASCII', (t) => {
  t.is(footer('ready', 40, ascii), '  Enter offload  a all  ? help  q quit');
  t.is(footer('pictures', 60, ascii), '  space back   right next   left before');
});

test('the way on and out stays: in every place, however narrow', (t) => {
  const always = ['help', 'quit', 'close', 'yes', 'no'];
  const places = Object.keys(KEYS) as KeyPlace[];
  for (const place of places) {
    const there = KEYS[place].filter(({word}) => word !== null).map(({action}) => action);
    const kept = chooseFooterKeys(KEYS[place], 1, unicode).keys.map(({action}) => action);
    t.deepEqual(
      kept,
      there.filter((action) => always.includes(action)),
    );
  }
});

test('one line, never wider than asked for', (t) => {
  for (let width = 3; width <= 130; width += 1) {
    const text = footer('ready', width);
    t.is(text.split('\n').length, 1);
    t.true(countCells(text) <= width, text);
  }
});
