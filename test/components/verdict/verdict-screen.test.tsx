import test, {type ExecutionContext} from 'ava';
import {chooseSymbols} from '../../../components/theme.ts';
import {verdictLines} from '../../../components/verdict/verdict-lines.ts';
import {lastVerdictScroll, VerdictScreen} from '../../../components/verdict/verdict-screen.tsx';
import {evolveSession} from '../../../src/core/session/evolve-session.ts';
import type {SessionState} from '../../../src/core/session/session-state.ts';
import {checkFrame} from '../../helpers/frame-files.ts';
import {renderFrame} from '../../helpers/render.tsx';
import {eos, fileFailed, hostileName, planned, verdict} from '../../helpers/run-events.ts';
import {eosCard, sessionCard} from '../../helpers/session-states.ts';
import {
  happened,
  manyFull,
  mixedState,
  notSafe,
  oneCard,
  runEnded,
  tenCards,
  twoSafe,
} from '../run-screens.ts';
import {ascii, checkSizes, SIZES, unicode} from '../screen-frames.tsx';

const coloured = chooseSymbols({unicode: true, colour: true});

interface Look {
  readonly state: SessionState;
  readonly columns?: number;
  readonly rows?: number;
  readonly symbols?: typeof unicode;
}

function frame({columns = 80, rows = 24, symbols = unicode, state}: Look): string {
  const node = <VerdictScreen state={state} columns={columns} rows={rows} symbols={symbols} />;
  return renderFrame(node, columns);
}

const checkState = (t: ExecutionContext, name: string, state: SessionState) =>
  checkSizes(t, {
    beside: import.meta.url,
    name,
    draw: (columns, rows) => frame({state, columns, rows}),
  });

const safeVerdict = verdict();

const warnings = [
  {code: 'numbering-gap', message: 'IMG_0412 is missing between IMG_0411 and IMG_0413'},
  {code: 'empty-file', message: 'an empty file', path: '100CANON/IMG_0500.JPG'},
];

test('one safe card, with warnings, ejected', (t) => {
  const state = oneCard(verdict({warnings}), [{type: 'card-ejected', path: eos.path}]);
  checkState(t, 'safe', state);
});

test('one safe, one not', (t) => {
  checkState(t, 'mixed', mixedState());
});

test('two safe cards are seen whole, and what they share is told once', (t) => {
  checkState(t, 'two-safe', twoSafe());
});

test('a drive that was full, a card that was pulled', (t) => {
  checkState(t, 'full', manyFull());
  const pulled = evolveSession(manyFull(), {type: 'volume-left', path: eos.path}, 99_000);
  checkState(t, 'pulled', pulled);
});

test('what was waived stands in the frame', (t) => {
  checkState(t, 'waived', oneCard(verdict({waived: ['same-drive', 'cached']})));
});

test('refused: the cause, and no verdict of any card', (t) => {
  const state = happened({
    events: [
      {
        type: 'refused',
        code: 'no-space',
        path: '/mnt/B',
        message: '18.4 GB are needed and 12.1 GB are free',
        next: 'Free space on it or choose a larger drive.',
      },
      runEnded('refused'),
    ],
  });
  checkState(t, 'refused', state);
});

test('ten cards: more than the screen holds', (t) => {
  checkState(t, 'ten-cards', {...tenCards(), screen: 'verdict'});
});

test('in ASCII, without colour', (t) => {
  const text = frame({state: mixedState(), symbols: ascii, rows: 40});
  t.notRegex(text, /[^\n -~]/);
  checkFrame(t, text, {beside: import.meta.url, name: 'ascii-80x40'});
});

test('safe and not safe differ in words, sign and frame without any colour', (t) => {
  for (const symbols of [unicode, ascii]) {
    for (const columns of [40, 80, 120]) {
      const draw = (last: typeof safeVerdict) =>
        frame({state: oneCard(last), columns, rows: 12, symbols})
          .split('\n')
          .map((line) => line.trim());
      const safe = draw(safeVerdict);
      const not = draw(notSafe({card: eos}));
      t.regex(safe[1] ?? '', /SAFE TO FORMAT/);
      t.notRegex(safe.join('\n'), /NOT SAFE/);
      t.regex(not[1] ?? '', /NOT SAFE . do not format/);
      t.notRegex(not.join('\n'), /SAFE TO FORMAT/);
      const edge = (lines: readonly string[]) => new Set(lines[0]);
      t.true([...edge(safe)].every((sign) => !edge(not).has(sign)));
      const sides = (lines: readonly string[]) => [lines[1]?.[0], lines[1]?.at(-1)];
      t.deepEqual(sides(safe), [symbols.safeFrame.sides, symbols.safeFrame.sides]);
      t.deepEqual(sides(not), [symbols.notSafeFrame.sides, symbols.notSafeFrame.sides]);
      t.not(symbols.safeFrame.sides, symbols.notSafeFrame.sides);
      const sign = (lines: readonly string[]) => lines[1]?.slice(1).trim()[0];
      t.is(sign(safe), symbols.safe);
      t.is(sign(not), symbols.notSafe);
      t.not(symbols.safe, symbols.notSafe);
    }
  }
});

test('the frame and the words have the colour of the verdict', (t) => {
  const stylesOf = (last: typeof safeVerdict) =>
    verdictLines(oneCard(last), 80, coloured).flatMap((line) => {
      if (line.kind === 'edge') return [line.style.color];
      if (line.kind !== 'framed') return [];
      return line.indent === 0 ? [line.style.color, line.textStyle.color] : [line.style.color];
    });
  t.deepEqual(new Set(stylesOf(safeVerdict)), new Set(['green']));
  t.deepEqual(new Set(stylesOf(notSafe({card: eos}))), new Set(['red']));
});

test('the first words in reading order are the verdict, not its card', (t) => {
  for (const [columns, rows] of SIZES) {
    const text = frame({state: oneCard(verdict()), columns, rows});
    const words =
      text
        .split('\n')
        .slice(rows < 16 ? 0 : 2)
        .join(' ')
        .match(/[A-Za-z_]+/g) ?? [];
    t.deepEqual(words.slice(0, 3), ['SAFE', 'TO', 'FORMAT']);
  }
});

test('scrolled: from that line on, to the end and no further', (t) => {
  const state = mixedState();
  const at = (scroll: number) => frame({state: {...state, scroll}}).split('\n');
  const last = lastVerdictScroll({state, columns: 80, rows: 24, symbols: unicode});
  t.regex(at(0)[21] ?? '', /^ {2}more below: 6 lines$/);
  t.is(at(3)[2], at(0)[5]);
  t.regex(at(3)[21] ?? '', /^ {2}more below: 3 lines; 3 above$/);
  t.is(last, 6);
  t.regex(at(last)[21] ?? '', /^ {2}the end; 6 lines above$/);
  t.deepEqual(at(999), at(last));
  t.regex(at(last)[0] ?? '', /1 NOT SAFE, 1 safe to format$/);
});

test('what is told stands above the keys, once: in the block of its card or here', (t) => {
  const state = oneCard(verdict(), [
    {
      type: 'told',
      cause: {code: 'x', message: 'GOPRO was inserted meanwhile', next: 'Press Enter.'},
    },
    {
      type: 'eject-failed',
      path: eos.path,
      cause: {code: 'EBUSY', path: eos.path, message: 'it is in use', next: 'Close it.'},
    },
  ]);
  const text = frame({state});
  t.is(text.split('it is in use').length, 2);
  t.regex(text, /^ {3} {2}! \/mnt\/E: it is in use\. Close it\.$/m);
  t.regex(text, /^ {2}! GOPRO was inserted meanwhile\. Press Enter\.$/m);
  const low = frame({state, columns: 40, rows: 12}).split('\n');
  t.regex(low[10] ?? '', /^! GOPRO was inserted meanwhile/);
});

test('a hundred failures, hostile labels and wide signs keep the frame', (t) => {
  const many = Array.from({length: 100}, (_, index) => fileFailed({path: `IMG_${index}.CR3`}));
  for (const label of [hostileName, '写真カード二〇二六年秋の結婚式', '🎞️ Фото 👩🏽‍🚀 2026']) {
    const card = {path: '/mnt/E', label};
    const state = happened({
      cards: [sessionCard({label})],
      events: [planned({card, shoot: label}), ...many, notSafe({card}), runEnded('complete')],
    });
    for (const [columns, rows] of SIZES) {
      const text = frame({state, columns, rows});
      t.notRegex(text, /[^\P{Cc}\n]|\p{Cf}/u);
      t.is(text.split('\n').length, rows);
      const framed = text.split('\n').filter((line) => line.trim().startsWith('╳ '));
      t.true(framed.length >= 2);
      for (const line of framed) t.regex(line, / ╳$/);
    }
  }
});

test('nothing was offloaded: an empty screen with its keys', (t) => {
  const state = evolveSession(
    {...happened({cards: [eosCard], events: []}), run: null},
    {type: 'looked'},
    0,
  );
  t.regex(frame({state}), /⏎ ready/);
});
