import test, {type ExecutionContext} from 'ava';
import {WorkingScreen} from '../../../components/working/working-screen.tsx';
import type {SessionEvent} from '../../../src/core/session/session-events.ts';
import type {SessionState} from '../../../src/core/session/session-state.ts';
import {checkFrame} from '../../helpers/frame-files.ts';
import {renderFrame} from '../../helpers/render.tsx';
import {
  eos,
  fileFailed,
  hostileName,
  lane,
  lostB,
  nikon,
  planned,
  progress,
  verdict,
} from '../../helpers/run-events.ts';
import {eosCard, run, sessionCard} from '../../helpers/session-states.ts';
import {
  failures,
  gopro,
  goproCard,
  happened,
  nikonCard,
  notSafe,
  phase,
  runEnded,
  tenCards,
  twoAtOnce,
  working,
} from '../run-screens.ts';
import {ascii, checkSizes, SIZES, unicode} from '../screen-frames.tsx';

interface Look {
  readonly state: SessionState;
  readonly columns?: number;
  readonly rows?: number;
  readonly symbols?: typeof unicode;
  readonly timeLeftMs?: number | null;
}

function frame({columns = 80, rows = 24, symbols = unicode, ...look}: Look): string {
  const node = <WorkingScreen columns={columns} rows={rows} symbols={symbols} {...look} />;
  return renderFrame(node, columns);
}

const checkState = (t: ExecutionContext, name: string, state: SessionState) =>
  checkSizes(t, {
    beside: import.meta.url,
    name,
    draw: (columns, rows) => frame({state, columns, rows}),
  });

const cards = [eosCard, nikonCard];
const arrived: SessionEvent = {type: 'card-arrived', ...gopro, volume: goproCard.volume};
const cancelled = run({type: 'cancel-requested', by: 'key'});
const warned = run({
  type: 'noticed',
  level: 'warning',
  code: 'slow',
  message: 'W writes at 9 MB/s',
  next: 'Try another port or cable.',
});

test('copying, another waits for the reader, a third one came', (t) => {
  checkState(t, 'copying', happened({cards, events: working, beside: [arrived]}));
});

test('failures, a lost drive, a warning, a stop, a queue', (t) => {
  const state = happened({
    cards,
    events: [...working, ...failures, lostB],
    beside: [warned, arrived, cancelled],
  });
  checkState(t, 'trouble', {...state, queue: [gopro.path]});
});

test('a card that was pulled out: what to do stands beside its name', (t) => {
  const pulled = happened({
    cards,
    events: twoAtOnce,
    beside: [{type: 'volume-left', path: nikon.path}],
  });
  checkState(t, 'pulled', pulled);
});

test('that the computer may fall asleep is one short line', (t) => {
  const note = run({
    type: 'noticed',
    level: 'info',
    code: 'awake-not-held',
    message:
      'the computer may fall asleep: systemd-inhibit: Failed to connect to bus: No such file',
    next: 'Switch sleep off in the settings of the system while cards are copied.',
  });
  const state = happened({cards, events: working, beside: [note]});
  for (const columns of [80, 120]) {
    const told = frame({state, columns})
      .split('\n')
      .filter((line) => line.includes('!'));
    t.deepEqual(told, ['  ! the computer may fall asleep: switch sleep off']);
  }
});

test('where room is short the date of a shoot goes, and not the middle of its name', (t) => {
  const shoot = '2026-11-24 Marta & Jan';
  const state = happened({events: [planned({shoot}), ...working.slice(5)]});
  const title = (columns: number) =>
    frame({state, columns, rows: 12, timeLeftMs: 30_000}).split('\n')[0]?.trim();
  t.regex(title(80) ?? '', /^offload · 2026-11-24 Marta & Jan {2}/);
  t.regex(title(48) ?? '', /^2026-11-24 Marta & Jan {2}/);
  t.regex(title(40) ?? '', /^Marta & Jan {2}/);
});

test('two cards in two readers', (t) => {
  checkState(t, 'two-readers', happened({cards, events: twoAtOnce}));
});

test('ten cards: some done, some copied, the others wait', (t) => {
  checkState(t, 'ten-cards', tenCards());
});

test('the first seconds: what is looked at, and no figure is made up', (t) => {
  const state = happened({cards, events: [phase('scan'), phase('plan'), phase('scan', nikon)]});
  checkState(t, 'preparing', state);
});

test('in ASCII, without colour', (t) => {
  const state = happened({
    cards,
    events: [...working, ...failures, lostB, verdict(), planned({card: nikon})],
    beside: [warned, arrived, cancelled],
  });
  const text = frame({state, symbols: ascii});
  t.notRegex(text, /[^\n -~]/);
  checkFrame(t, text, {beside: import.meta.url, name: 'ascii-80x24'});
});

test('finished cards are one line that begins with the verdict', (t) => {
  const waived = verdict({waived: ['same-drive']});
  const state = happened({cards, events: [...working, waived, planned({card: nikon}), notSafe()]});
  const lines = frame({state}).split('\n');
  t.is(lines[2], '  ✔ SAFE TO FORMAT: EOS_DIGITAL, one-drive rule waived by you');
  t.is(lines[3], '  ✘ NOT SAFE – do not format: NIKON Z 8');
  const narrow = frame({state, columns: 40, rows: 12}).split('\n');
  t.is(narrow[2], '✔ SAFE TO FORMAT: EOS_DIGITAL, one-driv…');
  t.is(narrow[3], '✘ NOT SAFE – do not format: NIKON Z 8');
});

test('the time left: steady where it is followed, measured, and in words', (t) => {
  const state = happened({events: working.slice(0, -40)});
  const title = (timeLeftMs: number | null, columns = 80) =>
    frame({state, timeLeftMs, columns}).split('\n')[0]?.trim().split(/ {2,}/).at(-1);
  t.is(title(null), 'measuring, then 1 more card');
  t.is(title(30_000), 'less than a minute left, then 1 more card');
  t.is(title(65 * 60_000), 'about 1 h 05 min left, then 1 more card');
  t.is(title(53_446 * 3600_000), 'more than a day left, then 1 more card');
  t.is(title(65 * 60_000, 40), 'about 1 h 05 min left + 1');
});

test('while a card is read a second time no time is made up', (t) => {
  const bytes = 1000;
  const lanes = ['/mnt/W', '/mnt/B'].map((to) => lane({to, written: bytes, proved: bytes}));
  const copied = progress({bytes, read: bytes, lanes});
  const events = [planned({bytes}), progress({bytes}), copied, phase('reread')];
  const lines = frame({state: happened({events})}).split('\n');
  t.is(lines[0], '  offload · Marta & Jan');
  t.is(lines[4]?.trim().split(/ {2,}/).at(-1), 'proved');
  t.regex(lines[6] ?? '', /^ {4}now {2}reading the card a second time /);
});

test('the hint of stopping tells about the second Ctrl-C where there is room', (t) => {
  const state = happened({events: working, beside: [cancelled]});
  t.regex(frame({state}), /stopping after the block in hand… Ctrl-C again leaves at once/);
  t.regex(frame({state, columns: 40}), /^stopping after the block in hand…$/m);
  t.regex(frame({state, columns: 40, symbols: ascii}), /^stopping after the block in hand\.\.\.$/m);
  t.regex(frame({state}).split('\n')[0] ?? '', / {2}stopping$/);
});

test('several cards that came meanwhile are queued by one key', (t) => {
  const sony = sessionCard({path: '/mnt/S', label: 'SONY'});
  const here = (...more: readonly (typeof sony)[]) => {
    const state = happened({
      cards: [eosCard, goproCard, ...more],
      offloaded: [eos.path],
      events: working,
    });
    return (columns: number, symbols = unicode) => frame({state, columns, symbols});
  };
  t.regex(here()(80, ascii), /^ {2}GOPRO is here: Enter queues it$/m);
  t.regex(here(sony)(80), /^ {2}GOPRO and SONY are here: ⏎ queues them$/m);
  const long = sessionCard({path: '/mnt/L', label: 'A CARD WITH A LONG NAME'});
  t.regex(here(sony, long)(40), /^3 more cards are here: ⏎ queues them$/m);
});

test('more cards than lines: those that matter, and how many more', (t) => {
  const lines = frame({state: tenCards(), columns: 40, rows: 8}).split('\n');
  t.deepEqual(lines.slice(1), [
    '✘ NOT SAFE – do not format: CARD_2',
    'CARD_3                  W  30 %  B  13 %',
    'CARD_4                  W  30 %  B  13 %',
    'CARD_5                           waiting',
    'CARD_6                           waiting',
    '+ 5 more cards: 3 waiting, 2 safe',
    'Ctrl-C stop   ? help',
  ]);
});

test('labels with escape codes, wide signs and emoji keep the columns', (t) => {
  const labels = [hostileName, '写真カード二〇二六年秋の結婚式', '🎞️ Фото 👩🏽‍🚀 2026'];
  for (const label of labels) {
    const card = {path: '/mnt/E', label};
    const state = happened({
      cards: [sessionCard({label}), nikonCard],
      events: [planned({card, shoot: label}), ...working.slice(6)],
    });
    for (const [columns, rows] of SIZES) {
      const text = frame({state, columns, rows});
      t.notRegex(text, /[^\P{Cc}\n]|\p{Cf}/u);
      const lines = text.split('\n');
      t.true(lines.some((line) => /^ *W.*█.* 71 %/.test(line)));
      t.is(lines.length, rows);
    }
  }
});

test('a hundred failures stay a few lines', (t) => {
  const many = Array.from({length: 100}, (_, index) =>
    fileFailed({path: `100CANON/IMG_${String(index).padStart(4, '0')}.CR3`}),
  );
  const text = frame({state: happened({cards, events: [...working, ...many]})});
  t.regex(text, /! 100 failed so far/);
  t.regex(text, /IMG_0099\.CR3/);
  t.notRegex(text, /IMG_0096\.CR3/);
});

test('after the end nothing is said of time', (t) => {
  const state = happened({cards, events: [...working, runEnded('cancelled')]});
  t.is(frame({state}).split('\n')[0], '  offload · Marta & Jan');
});

test('before anything is copied it is said what is read', (t) => {
  const compared = progress({bytes: 1000, read: 400, lanes: [], now: 'DCIM/100EOS/A.CR3'});
  const comparing = [phase('scan'), phase('compare'), compared];
  checkState(t, 'comparing', happened({cards, events: comparing}));
  const dates = frame({state: happened({cards, events: [...comparing, phase('dates')]})});
  t.true(dates.includes('reading when it was taken'));
  t.false(dates.includes('40 %'));
});
