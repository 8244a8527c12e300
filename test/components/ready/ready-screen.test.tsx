import test from 'ava';
import fc from 'fast-check';
import {ReadyScreen} from '../../../components/ready/ready-screen.tsx';
import {chooseSymbols} from '../../../components/theme.ts';
import type {SessionState} from '../../../src/core/session/session-state.ts';
import type {Thumbnail} from '../../../src/core/thumbnail.ts';
import {countCells} from '../../../src/core/wrap-words.ts';
import {renderFrame} from '../../helpers/render.tsx';
import {keptFrame} from './frames.ts';
import {
  card,
  drive,
  gopro,
  hostile,
  lacie,
  manyCards,
  manyDrives,
  nikon,
  now,
  session,
  stick,
  survey,
  volume,
} from './sample-session.ts';

const unicode = chooseSymbols({unicode: true, colour: false});
const ascii = chooseSymbols({unicode: false, colour: false});

function frame(state: SessionState, columns: number, rows: number, symbols = unicode): string {
  const screen = {state, columns, rows, symbols, now};
  return renderFrame(<ReadyScreen {...screen} />, columns);
}

const GB = 1_000_000_000;
const cause = (message: string, next: string) => ({code: message, message, next});

const oneDisk = [drive(), {...lacie, volume: volume('/mnt/B', 'sda')}, stick];
const states = session({
  cards: [
    card({history: {state: 'interrupted', at: '2026-11-23T10:00:00Z'}}),
    card({
      path: '/mnt/2',
      label: 'SONY',
      history: {state: 'not-safe', at: '2026-11-20T10:00:00Z', shoot: 'x'},
      survey: survey({unreadable: 2}),
    }),
    card({
      path: '/mnt/3',
      label: 'NO NAME',
      survey: null,
      problem: {
        code: 'EIO',
        path: '/mnt/3/DCIM',
        message: 'listing failed (EIO)',
        next: 'The device reports an error there: try another reader, cable or port.',
      },
    }),
    card({path: '/mnt/4', label: 'A very long label of a card', survey: null, history: null}),
    {...nikon, ejected: 'yes'},
    card({
      path: '/mnt/5',
      label: 'FOLDER',
      survey: survey({
        kinds: [],
        cameras: [],
        bytes: 0,
        firstTaken: null,
        shootDate: null,
        lastTaken: null,
      }),
      history: {state: 'unknown', why: 'database is locked'},
    }),
  ],
});
const foreign = session({
  cards: [
    card({label: '写真カード写真カード', survey: survey({cameras: ['富士フイルム X-T5']})}),
    {...nikon, label: hostile},
    {...gopro, label: '📷 Hochzeit Müller & Söhne'},
  ],
  drives: [drive({name: '写真バックアップディスク'}), {...lacie, name: hostile}],
});
const told = session({
  notices: [
    cause('the catalog cannot be opened', 'Its history is not shown.'),
    cause('NIKON Z 8 is busy', 'Close the program that uses it, then press e again.'),
    cause(
      'no drive that is connected is the working drive',
      'Select one with Tab and the arrow keys and press w; press b for the backup.',
    ),
  ],
});
const typing = session({
  overlay: {
    type: 'shoot',
    text: '2026-11-24 Marta & Jan',
    at: 22,
    suggestions: ['2026-11-22 Marta & Jan', '2026-11-14 Market', '2026-11-01 Fog'],
    chosen: 1,
  },
});

/** A sun above a hill; the third one has no preview. */
function thumbnail(number: number, width = 21, height = 14): Thumbnail {
  const pixels = Array.from({length: width * height}, (_, at) => {
    const x = (at % width) / width;
    const y = Math.floor(at / width) / height;
    if ((x - 0.7) ** 2 + (y - 0.3) ** 2 < 0.03) return 0xffee88;
    return y < 0.6 ? 0x3060a0 : 0x205020;
  });
  const path = `DCIM/100CANON/IMG_000${number}.CR3`;
  return {path, width, height, pixels: number === 3 ? null : pixels};
}
const pictures = session({
  overlay: {
    type: 'pictures',
    card: '/mnt/E',
    thumbnails: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => thumbnail(number)),
    complete: false,
    first: 1,
  },
});

const kept: ReadonlyArray<
  readonly [
    name: string,
    state: SessionState,
    columns: number,
    rows: number,
    symbols?: typeof ascii,
  ]
> = [
  ['ready-80x24', session(), 80, 24],
  ['ready-120x40', session(), 120, 40],
  ['ready-40x12', session(), 40, 12],
  ['ready-40x24', session(), 40, 24],
  ['ready-80x12', session(), 80, 12],
  ['ready-80x24-ascii', session(), 80, 24, ascii],
  ['drives-focused-80x24', session({focus: 'drives', selectedDrive: '/mnt/B'}), 80, 24],
  ['states-80x40', states, 80, 40],
  ['states-120x40', states, 120, 40],
  ['states-40x12', states, 40, 12],
  ['foreign-80x24', foreign, 80, 24],
  ['foreign-40x12', foreign, 40, 12],
  ['one-disk-80x24', session({drives: oneDisk}), 80, 24],
  ['one-disk-40x12', session({drives: oneDisk}), 40, 12],
  ['short-80x24', session({drives: [drive({free: 16.3 * GB}), {...lacie, free: 20 * GB}]}), 80, 24],
  [
    'short-120x40',
    session({drives: [drive({free: 16.3 * GB}), {...lacie, free: 20 * GB}]}),
    120,
    40,
  ],
  ['short-40x12', session({drives: [drive({free: 16.3 * GB}), lacie]}), 40, 12],
  ['cached-80x24', session({drives: [drive(), {...lacie, mediumRead: 'cached'}]}), 80, 24],
  ['no-roles-80x24', session({drives: [stick, {...stick, path: '/mnt/T', free: null}]}), 80, 24],
  [
    'many-80x24',
    session({
      cards: manyCards,
      drives: manyDrives,
      selectedCard: '/mnt/card9',
      selectedDrive: '/mnt/drive9',
    }),
    80,
    24,
  ],
  [
    'many-40x12',
    session({cards: manyCards, drives: manyDrives, selectedCard: '/mnt/card19'}),
    40,
    12,
  ],
  ['no-cards-80x24', session({cards: [], selectedCard: null}), 80, 24],
  ['no-cards-40x12', session({cards: [], selectedCard: null}), 40, 12],
  ['nothing-80x24', session({cards: [], drives: [], selectedCard: null}), 80, 24],
  ['looking-80x24', session({cards: [], drives: [], selectedCard: null, looked: false}), 80, 24],
  ['told-80x24', told, 80, 24],
  ['told-120x40', told, 120, 40],
  ['told-40x12', told, 40, 12],
  ['typing-80x24', typing, 80, 24],
  ['typing-40x12', typing, 40, 12],
  ['pictures-80x24', pictures, 80, 24],
  ['pictures-80x24-colour', pictures, 80, 24, chooseSymbols({unicode: true, colour: true})],
  ['pictures-120x40', pictures, 120, 40],
  ['pictures-40x12', pictures, 40, 12],
];
for (const [name, state, columns, rows, symbols] of kept) {
  test(`frame ${name}`, async (t) => {
    const shown = frame(state, columns, rows, symbols);
    t.is(shown, await keptFrame(name, shown));
  });
}

const samples = [session(), states, told, typing, pictures, foreign].concat(
  session({cards: manyCards, drives: manyDrives, notices: told.notices}),
  session({cards: [], drives: [], selectedCard: null}),
  session({drives: oneDisk, overlay: {type: 'help', scroll: 0}}),
);

test('fits every terminal: one line lower, never wider, keys on the last line', (t) => {
  const check = () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.integer({min: 40, max: 200}),
        fc.integer({min: 12, max: 60}),
        (state, columns, rows) => {
          const lines = frame(state, columns, rows, ascii).split('\n');
          t.is(lines.length, rows);
          for (const line of lines) t.true(countCells(line) <= columns, line);
          t.regex(lines.at(-1) ?? '', /quit|back|leave as it was/);
        },
      ),
      {numRuns: 60},
    );
  t.notThrows(check);
});

test('a terminal that is too small cuts, and does not break', (t) => {
  for (const state of samples) {
    for (const [columns, rows] of [
      [39, 11],
      [20, 6],
      [10, 3],
      [1, 1],
      [0, 0],
      [200, 2],
    ] as const) {
      const lines = frame(state, columns, rows, ascii).split('\n');
      t.true(lines.length <= Math.max(1, rows));
      for (const line of lines) t.true(countCells(line) <= Math.max(1, columns), line);
    }
  }
});

test('ASCII terminals get ASCII', (t) => {
  for (const state of samples) {
    if (state === foreign) continue;
    t.notRegex(frame(state, 80, 24, ascii), /[^\n -~]/);
  }
});

test('nothing from outside reaches the terminal', (t) => {
  const notices = [cause(hostile, hostile)];
  const state = session({
    cards: [card({label: hostile, survey: survey({cameras: [hostile]})})],
    drives: [drive({name: hostile})],
    shoot: hostile,
    notices,
  });
  for (const columns of [120, 80, 40]) {
    t.notRegex(frame(state, columns, 24), /[^\P{Cc}\n]|\p{Cf}/u);
  }
});

test('a notice that comes moves no card', (t) => {
  const before = frame(session(), 80, 24).split('\n').slice(0, 16);
  t.deepEqual(frame(told, 80, 24).split('\n').slice(0, 16), before);
});

test('the selected card stays in sight wherever it is', (t) => {
  for (const {path, label} of manyCards) {
    const state = session({cards: manyCards, selectedCard: path});
    t.regex(frame(state, 80, 24), new RegExp(`▸ ${label} `));
    t.regex(frame(state, 40, 12), new RegExp(`▸ ${label} `));
  }
});
