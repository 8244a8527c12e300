import test from 'ava';
import fc from 'fast-check';
import {drawBar, ProgressBar} from '../../components/progress-bar.tsx';
import {chooseSymbols} from '../../components/theme.ts';
import {renderFrame} from '../helpers/render.tsx';

const unicode = chooseSymbols({unicode: true, colour: false});
const ascii = chooseSymbols({unicode: false, colour: false});

function bar(symbols: typeof unicode, proved: number, copied: number): string {
  const node = (
    <ProgressBar width={20} total={1000} proved={proved} copied={copied} symbols={symbols} />
  );
  return renderFrame(node, 40);
}

test('proved and copied are drawn apart', (t) => {
  t.is(bar(unicode, 0, 0), '────────────────────');
  t.is(bar(unicode, 500, 700), '██████████▒▒▒▒──────');
  t.is(bar(unicode, 525, 700), '██████████▒▒▒▒──────');
  t.is(bar(unicode, 525, 525), '██████████▌─────────');
  t.is(bar(unicode, 1000, 1000), '████████████████████');
});

test('a full bar means all of it', (t) => {
  t.is(bar(unicode, 999, 1000), '███████████████████▒');
  t.is(bar(unicode, 999, 999), '███████████████████▌');
  t.is(bar(unicode, 0, 999), '▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒─');
});

test('half a cell stands only before what is still to come', (t) => {
  for (let proved = 0; proved <= 1000; proved += 7) {
    for (let copied = proved; copied <= 1000; copied += 13) {
      t.notRegex(bar(unicode, proved, copied), /▌[^─]/);
    }
  }
});

test('ASCII', (t) => {
  t.is(bar(ascii, 525, 700), '##########====------');
});

test('always as wide as asked for, whatever the amounts', (t) => {
  const amount = fc.integer({min: -10, max: 2000});
  const check = () =>
    fc.assert(
      fc.property(fc.nat(120), amount, amount, amount, (width, total, proved, copied) => {
        const drawn = drawBar({width, total, proved, copied}, unicode);
        return `${drawn.proved}${drawn.copied}${drawn.rest}`.length === width;
      }),
    );
  t.notThrows(check);
});
