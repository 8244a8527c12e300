import test from 'ava';
import fc from 'fast-check';
import {drawFrame} from '../../../components/terminal/draw-frame.ts';
import {Emulator} from './drawn-terminal.ts';

const size = {columns: 10, rows: 4};

test('the first frame is drawn whole, on an empty screen, and held back until it is complete', (t) => {
  t.is(
    drawFrame(null, {size, lines: ['one', '', 'three']}),
    '\x1b[?2026h\x1b[?7l\x1b[H\x1b[J\x1b[1;1Hone\x1b[K\x1b[3;1Hthree\x1b[K\x1b[?7h\x1b[?2026l',
  );
});

test('then only lines that differ are written', (t) => {
  const before = {size, lines: ['one', 'two', 'three']};
  t.is(
    drawFrame(before, {size, lines: ['one', '2', 'three']}),
    '\x1b[?2026h\x1b[?7l\x1b[2;1H2\x1b[K\x1b[?7h\x1b[?2026l',
  );
  t.is(drawFrame(before, {size, lines: ['one', 'two', 'three']}), '');
  t.is(drawFrame(before, {size, lines: ['one', 'two', 'three', '']}), '');
});

test('a full line is erased before: what follows it would take its last sign away', (t) => {
  const full = 'x'.repeat(10);
  const drawn = drawFrame({size, lines: ['']}, {size, lines: [full]});
  t.is(drawn, `\x1b[?2026h\x1b[?7l\x1b[1;1H\x1b[2K${full}\x1b[?7h\x1b[?2026l`);
  const emulator = new Emulator(10, 4);
  emulator.write(drawn);
  t.is(emulator.text(), full);
});

test('another size is another screen', (t) => {
  const lines = ['one'];
  const drawn = drawFrame({size: {columns: 11, rows: 4}, lines}, {size, lines});
  t.true(drawn.includes('\x1b[H\x1b[J\x1b[1;1Hone'));
});

const style = fc.constantFrom('', '\x1b[31m', '\x1b[1m');
const line = fc
  .tuple(style, fc.string({unit: fc.constantFrom(...'ab █·'), maxLength: 14}))
  .map(([on, text]) => (on === '' ? text : `${on}${text}\x1b[0m`).trimEnd());
const frame = fc.array(line, {maxLength: 7});

test('whatever stood there: the terminal shows the frame, cut at its edges, and nothing scrolls', (t) => {
  fc.assert(
    fc.property(fc.array(frame, {minLength: 1, maxLength: 5}), (frames) => {
      const emulator = new Emulator(size.columns, size.rows);
      let before = null;
      for (const lines of frames) {
        const next = {size, lines};
        emulator.write(drawFrame(before, next));
        before = next;
        const shown = lines.slice(0, size.rows).map((text) => [...plain(text)]);
        const cut = shown.map((signs) =>
          signs.length <= 10 ? signs : [...signs.slice(0, 9), signs.at(-1)],
        );
        t.is(
          emulator.text(),
          cut
            .map((signs) => signs.join('').trimEnd())
            .join('\n')
            .trimEnd(),
        );
        t.is(emulator.scrolled, 0);
        t.deepEqual([...emulator.modes].sort(), ['25', '7']);
      }
    }),
    {numRuns: 1000},
  );
});

const plain = (text: string) => text.replaceAll(/\x1b\[\d*m/g, '');
