import test from 'ava';
import {SessionScreen} from '../../components/session-screen.tsx';
import {renderLines} from '../../components/terminal/render-lines.ts';
import {chooseSymbols} from '../../components/theme.ts';
import {initialSessionState, type SessionState} from '../../src/core/session/session-state.ts';
import {countCells} from '../../src/core/wrap-words.ts';
import {plainFrame} from '../helpers/render.tsx';
import {fileFailed, lane, planned, progress, verdict} from '../helpers/run-events.ts';
import {ended, play, sessionRun, sessionState} from '../helpers/session-states.ts';

const symbols = chooseSymbols({unicode: true, colour: false});
const now = {ms: Date.parse('2026-11-23T18:42:07Z'), utcOffsetMinutes: 60};

function linesOf(state: SessionState, columns: number, rows: number): readonly string[] {
  const screen = (
    <SessionScreen state={state} columns={columns} rows={rows} symbols={symbols} now={now} />
  );
  return renderLines(screen, columns).map(plainFrame);
}

const frameOf = (...shown: Parameters<typeof linesOf>) => linesOf(...shown).join('\n');

const ready = sessionState();
const half = progress({
  bytes: 1000,
  read: 700,
  lanes: [lane({written: 500, proved: 300}), lane({to: '/mnt/B', written: 400, proved: 200})],
});
const begun = sessionState({screen: 'working', run: sessionRun()});
const working = play(begun, [
  {type: 'run-event', event: planned({bytes: 1000})},
  {type: 'run-event', event: fileFailed()},
  {type: 'run-event', event: half},
]).state;
const done = play(working, [{type: 'run-event', event: verdict()}, ended]).state;

const helped = play(ready, ['?']).state;
const asked = play(working, ['ctrl-c']).state;
const failures = play(working, ['l']).state;

const STATES: Readonly<Record<string, SessionState>> = {
  empty: initialSessionState,
  ready,
  shoot: play(ready, ['s', 'Marta']).state,
  pictures: play(ready, [' ']).state,
  'help of ready': helped,
  working,
  'stop?': asked,
  failures,
  verdict: done,
};

const SIZES = [
  [40, 12],
  [41, 60],
  [60, 15],
  [80, 24],
  [120, 12],
  [200, 60],
] as const;

for (const [name, state] of Object.entries(STATES)) {
  test(`${name} stays inside a terminal of any size`, (t) => {
    for (const [columns, rows] of SIZES) {
      const lines = linesOf(state, columns, rows);
      t.true(lines.length <= rows, `${lines.length} lines in ${columns}x${rows}`);
      for (const line of lines) t.true(countCells(line) <= columns, `${columns}x${rows}: ${line}`);
      t.notRegex(lines.join('\n'), /has a fault/);
    }
  });
}

test('the overlay stands where the screen was', (t) => {
  t.regex(frameOf(ready, 80, 24), /EOS_DIGITAL/);
  t.regex(frameOf(helped, 80, 24), /Copies and proves the selected card/);
  t.regex(frameOf(failures, 80, 24), /IMG_0117\.CR3/);
  t.regex(frameOf(done, 80, 24), /SAFE TO FORMAT/);
});

test('the question stands below what goes on, with its keys in the place of the others', (t) => {
  for (const [columns, rows] of SIZES) {
    const frame = frameOf(asked, columns, rows);
    t.regex(frame, /50 %/);
    t.regex(frame, /Stop.*\?[\s\S]*y stop/);
    t.notRegex(frame, /Ctrl-C stop/);
  }
});

test('a terminal that is too small tells what matters', (t) => {
  t.is(frameOf(ready, 39, 12), 'offload needs 40x12');
  t.is(frameOf(working, 39, 24), '30 % EOS_DIGITAL\noffload needs 40x12; copying goes on');
  t.is(
    frameOf(asked, 80, 11),
    '30 % EOS_DIGITAL\nstop? y stop, n go on\noffload needs 40x12; copying goes on',
  );
  t.is(frameOf(done, 39, 11), 'SAFE TO FORMAT: EOS_DIGITAL\noffload needs 40x12');
  const unsafe = play(working, [{type: 'run-event', event: verdict({safe: false})}, ended]).state;
  t.is(linesOf(unsafe, 80, 2)[0], 'NOT SAFE – do not format: EOS_DIGITAL');
});

test('the time left is the one that was kept steady', (t) => {
  const screen = (timeLeftMs: number | null) =>
    renderLines(
      <SessionScreen
        state={working}
        columns={80}
        rows={24}
        symbols={symbols}
        now={now}
        timeLeftMs={timeLeftMs}
      />,
      80,
    ).join('\n');
  t.regex(screen(7 * 60_000), /about 7 min/);
  t.regex(screen(null), /measuring/);
});
