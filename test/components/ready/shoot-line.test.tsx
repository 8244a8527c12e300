import test from 'ava';
import {ShootLine, showAroundCursor} from '../../../components/ready/shoot-line.tsx';
import {chooseSymbols} from '../../../components/theme.ts';
import type {ShootEntry} from '../../../src/core/session/overlay.ts';
import {renderFrame} from '../../helpers/render.tsx';
import {hostile} from './sample-session.ts';

const symbols = chooseSymbols({unicode: true, colour: false});

function line(
  given: {
    readonly shoot?: string;
    readonly defaultShoot?: string;
    readonly entry?: Partial<ShootEntry>;
  },
  width = 60,
): string {
  const {shoot = null, defaultShoot = null, entry} = given;
  const empty: ShootEntry = {type: 'shoot', text: '', at: 0, suggestions: [], chosen: null};
  const typed = entry === undefined ? null : {...empty, ...entry};
  return renderFrame(
    <ShootLine
      shoot={shoot}
      defaultShoot={defaultShoot}
      entry={typed}
      width={width}
      room={typed?.suggestions.length ?? 0}
      symbols={symbols}
    />,
    width,
  );
}

test('the name, or what it will be without one', (t) => {
  t.is(line({shoot: 'Marta & Jan', defaultShoot: '2026-11-24'}), '  Shoot  Marta & Jan');
  t.is(line({defaultShoot: '2026-11-24'}), '  Shoot  2026-11-24, the date of the first picture');
  t.is(line({defaultShoot: '2026-11-24'}, 40), '  Shoot  2026-11-24 (first picture)');
  t.is(line({}), '  Shoot  date of the first picture');
  t.is(line({shoot: hostile}), '  Shoot  \\x1b[31mEOS\\x1b]0;owned\\x07\\n\\u{202e}gpj');
});

test('typing: the cursor where it is, the default while nothing is typed', (t) => {
  t.is(line({entry: {}, defaultShoot: '2026-11-24'}, 40), '  Shoot  ▏2026-11-24 (first picture)');
  t.is(line({entry: {text: 'Marta & Jan', at: 11}}), '  Shoot  Marta & Jan▏');
  t.is(line({entry: {text: 'Marta & Jan', at: 5}}), '  Shoot  Marta▏ & Jan');
  t.is(line({entry: {text: 'Marta ', at: 6}}), '  Shoot  Marta ▏');
  t.is(line({entry: {text: 'a\u001Bb', at: 2}}), '  Shoot  a\\x1b▏b');
});

test('suggestions below the text, the chosen one marked', (t) => {
  const suggestions = ['2026-11-22 Marta & Jan', '2026-11-14 Market'];
  t.is(
    line({entry: {text: '2026', at: 4, suggestions, chosen: 1}}),
    ['  Shoot  2026▏', '         2026-11-22 Marta & Jan', '       ▸ 2026-11-14 Market'].join('\n'),
  );
});

test('of a long name the part around the cursor', (t) => {
  const text = 'abcdefghijklmnopqrstuvwxyz';
  t.deepEqual(showAroundCursor({text, at: 26}, 9), {before: 'rstuvwxyz', after: ''});
  t.deepEqual(showAroundCursor({text, at: 13}, 9), {before: 'hijklm', after: 'nop'});
  t.deepEqual(showAroundCursor({text, at: 0}, 9), {before: '', after: 'abcdefghi'});
  t.deepEqual(showAroundCursor({text: '写真写真写', at: 5}, 5), {before: '真写', after: ''});
  t.is(line({entry: {text, at: 26}}, 20), '  Shoot  qrstuvwxyz▏');
});
