import test from 'ava';
import {RunProgress} from '../../components/run-progress.tsx';
import {chooseSymbols} from '../../components/theme.ts';
import type {OffloadEvent} from '../../src/core/events.ts';
import {evolve, initialRunState, type RunState} from '../../src/core/run-state.ts';
import {renderFrame} from '../helpers/render.tsx';
import {
  eos,
  fileFailed,
  hostileName,
  lostB,
  nikon,
  planned,
  steadyProgress,
  verdict,
} from '../helpers/run-events.ts';

const unicode = chooseSymbols({unicode: true, colour: false});

/** One event a second. */
function fold(events: readonly OffloadEvent[]): RunState {
  return events.reduce(
    (state, event, second) => evolve(state, event, second * 1000),
    initialRunState,
  );
}

function frame(state: RunState, columns: number, rows?: number, symbols = unicode): string {
  const height = rows === undefined ? {} : {rows};
  const node = <RunProgress state={state} columns={columns} symbols={symbols} {...height} />;
  return renderFrame(node, columns);
}

const lines = (...text: string[]) => text.join('\n');

const working: readonly OffloadEvent[] = [
  planned(),
  ...steadyProgress(46),
  {type: 'phase-started', card: nikon, phase: 'scan'},
];
test('working, 120 columns', (t) => {
  t.is(
    frame(fold(working), 120),
    lines(
      'offload · Marta & Jan                                                                                   about 4 min left',
      '',
      'EOS_DIGITAL                                                                                         1,224 files  18.4 GB',
      '  read                   █████████████████████████████████████████████████████▌──────────────────────   71 %    284 MB/s',
      'W T7 Shield              ██████████████████████████████████████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒───────────────────────   71 %    284 MB/s',
      'B LaCie Rugged           ███████████▒▒▒▒▒▒▒▒▒▒▒──────────────────────────────────────────────────────   30 %    120 MB/s',
      '  now  101CANON/IMG_0046.CR3                                                                          █ proved  ▒ copied',
      '',
      'NIKON Z 8',
      '  now  listing the card',
      '',
      'Ctrl-C stops after the block in hand',
    ),
  );
});

test('working, 80 columns', (t) => {
  t.is(
    frame(fold(working), 80),
    lines(
      'offload · Marta & Jan                                           about 4 min left',
      '',
      'EOS_DIGITAL                                                 1,224 files  18.4 GB',
      '  read         ████████████████████████████████▌─────────────   71 %    284 MB/s',
      'W T7 Shield    ███████████████████████▒▒▒▒▒▒▒▒▒──────────────   71 %    284 MB/s',
      'B LaCie Rugged ██████▒▒▒▒▒▒▒─────────────────────────────────   30 %    120 MB/s',
      '  now  101CANON/IMG_0046.CR3                                  █ proved  ▒ copied',
      '',
      'NIKON Z 8',
      '  now  listing the card',
      '',
      'Ctrl-C stops after the block in hand',
    ),
  );
});

test('working, 40 columns', (t) => {
  t.is(
    frame(fold([...working, fileFailed(), lostB]), 40),
    lines(
      'EOS_DIGITAL            60 %  about 4 min',
      'W   ██████████████▒▒▒▒▒▒─────────   71 %',
      'B   ████▒▒▒▒─────────────────────   lost',
      '! 1 failed so far',
      'NIKON Z 8               listing the card',
      'Ctrl-C stops',
    ),
  );
});

test('80 columns in ASCII', (t) => {
  const ascii = chooseSymbols({unicode: false, colour: false});
  const text = frame(fold([...working, verdict({safe: false, card: nikon})]), 80, 24, ascii);
  t.notRegex(text, /[^\n -~]/);
  t.true(text.includes('W T7 Shield    #######################=========--------------   71 %'));
  t.true(text.includes('X NOT SAFE - do not format: NIKON Z 8'));
});

test('the first seconds: no figure is made up', (t) => {
  t.is(
    frame(fold([planned(), ...steadyProgress(0)]), 80),
    lines(
      'offload · Marta & Jan                                                  measuring',
      '',
      'EOS_DIGITAL                                                 1,224 files  18.4 GB',
      '  read         ──────────────────────────────────────────────    0 %',
      'W T7 Shield    ──────────────────────────────────────────────    0 %',
      'B LaCie Rugged ──────────────────────────────────────────────    0 %',
      '  now  101CANON/IMG_0000.CR3                                  █ proved  ▒ copied',
      '',
      'Ctrl-C stops after the block in hand',
    ),
  );
});

test('failures, a lost drive, a warning, a stop: in words, hostile names escaped', (t) => {
  const state = fold([
    ...working.slice(0, -1),
    fileFailed(),
    fileFailed({
      path: hostileName,
      to: '/mnt/B',
      code: 'ENOSPC',
      message: 'writing failed (ENOSPC)',
      next: 'Free space on that drive.',
    }),
    lostB,
    {type: 'noticed', level: 'warning', code: 'x', message: `slow: ${hostileName}`, next: 'Wait.'},
    {type: 'cancel-requested', by: 'SIGINT'},
  ]);
  t.is(
    frame(state, 80),
    lines(
      'offload · Marta & Jan                                           about 4 min left',
      '',
      'EOS_DIGITAL                                                 1,224 files  18.4 GB',
      '  read         ████████████████████████████████▌─────────────   71 %    284 MB/s',
      'W T7 Shield    ███████████████████████▒▒▒▒▒▒▒▒▒──────────────   71 %    284 MB/s',
      'B LaCie Rugged ██████▒▒▒▒▒▒▒─────────────────────────────────   30 %        lost',
      '  now  101CANON/IMG_0046.CR3                                  █ proved  ▒ copied',
      '! 2 failed so far:',
      '  card  100CANON/IMG_0117.CR3',
      '  B     DCIM/\\x1b]0;owned\\x07IMG\\n\\u{202e}gpj.CR3',
      '  writing failed (ENOSPC). Free space on that drive.',
      '',
      '! slow: DCIM/\\x1b]0;owned\\x07IMG\\n\\u{202e}gpj.CR3. Wait.',
      '',
      'stopping, Ctrl-C again stops at once',
    ),
  );
});

test('hostile label, shoot, drive and file do nothing to the terminal', (t) => {
  const card = {path: '/mnt/E', label: hostileName};
  const destinations = planned().destinations.map((one) => ({...one, name: hostileName}));
  const state = fold([
    planned({card, shoot: hostileName, destinations}),
    ...steadyProgress(1).map((event) =>
      event.type === 'progress' ? {...event, now: hostileName} : event,
    ),
  ]);
  for (const columns of [120, 80, 40]) {
    t.notRegex(frame(state, columns), /[^\P{Cc}\n]|\p{Cf}/u);
    t.is(frame(state, columns).split('\n').length, columns === 40 ? 4 : 9);
  }
  t.true(frame(state, 120).includes('DCIM/\\x1b]0;owned\\x07IMG\\n\\u{202e}gpj.CR3'));
});

test('the end: a verdict in words for each card, and no hint', (t) => {
  const state = fold([
    ...working,
    verdict({waived: ['same-drive']}),
    verdict({safe: false, card: nikon}),
    {type: 'run-ended', outcome: 'complete', exitCode: 1},
  ]);
  t.is(
    frame(state, 80),
    lines(
      'offload · Marta & Jan',
      '',
      '✔ SAFE TO FORMAT, one-drive rule waived by you: EOS_DIGITAL',
      '',
      '✘ NOT SAFE – do not format: NIKON Z 8',
      '',
    ),
  );
});

test('a proved destination says so; 100 % only then', (t) => {
  const bytes = 1000;
  const lanes = [
    {to: '/mnt/W', written: bytes, proved: bytes, lost: false},
    {to: '/mnt/B', written: bytes, proved: 999, lost: false},
  ];
  const text = frame(
    fold([
      planned({bytes}),
      {type: 'progress', card: eos, bytes, read: bytes, lanes, now: null},
      {type: 'phase-started', card: eos, phase: 'prove'},
    ]),
    80,
  ).split('\n');
  t.is(text[4], 'W T7 Shield    ██████████████████████████████████████████████  100 %      proved');
  t.is(text[5], 'B LaCie Rugged █████████████████████████████████████████████▒   99 %');
  t.is(text[6], '  now  proving the copies                                     █ proved  ▒ copied');
});

test('never as high as the terminal: fewer words first, then cut off', (t) => {
  const state = fold([...working, fileFailed()]);
  t.is(frame(state, 80, 12).split('\n')[0]?.slice(0, 11), 'EOS_DIGITAL');
  t.is(frame(state, 80, 12).split('\n').length, 6);
  t.is(frame(state, 80, 4).split('\n').length, 3);
});

test('what is done before anything is copied: what is known, and when pictures were taken', (t) => {
  const comparing: readonly OffloadEvent[] = [
    {type: 'phase-started', card: eos, phase: 'compare'},
    {type: 'progress', card: eos, bytes: 1000, read: 400, lanes: [], now: 'DCIM/100EOS/A.CR3'},
  ];
  t.is(
    frame(fold(comparing), 80),
    lines(
      'offload                                                                measuring',
      '',
      'EOS_DIGITAL',
      '  read         ██████████████████────────────────────────────   40 %',
      '  now  comparing with the drives: DCIM/100EOS/A.CR3           █ proved  ▒ copied',
      '',
      'Ctrl-C stops after the block in hand',
    ),
  );
  t.is(
    frame(fold([...comparing, {type: 'phase-started', card: eos, phase: 'dates'}]), 80),
    lines(
      'offload',
      '',
      'EOS_DIGITAL',
      '  now  reading when it was taken',
      '',
      'Ctrl-C stops after the block in hand',
    ),
  );
});
