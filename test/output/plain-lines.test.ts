import test from 'ava';
import type {OffloadEvent} from '../../src/core/events.ts';
import {plainLines} from '../../src/output/plain-lines.ts';
import {
  eos,
  fileFailed,
  hostileEscaped,
  hostileName,
  lostB,
  planned,
  steadyProgress,
  verdict,
} from '../helpers/run-events.ts';

/** 18:42:07 of whatever zone the tests run in: the lines show local time. */
const START_MS = new Date(2026, 10, 24, 18, 42, 7).getTime();

type Timed = readonly [second: number, event: OffloadEvent];

function printRun(events: readonly Timed[], quiet = false) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  let atMs = START_MS;
  const sink = plainLines({
    writeResult: (line) => stdout.push(line),
    writeDiagnostic: (line) => stderr.push(line),
    now: () => new Date(atMs),
    quiet,
  });
  for (const [second, event] of events) {
    atMs = START_MS + second * 1000;
    sink.write(event);
  }
  return {stdout, stderr};
}

const mismatched: OffloadEvent = {
  type: 'file-mismatched',
  card: eos,
  path: 'DCIM/A.CR3',
  size: 1,
  mtimeNs: '0',
  to: '/mnt/W',
  expected: 'a',
  actual: 'b',
  mediumRead: 'direct',
};
const running: readonly Timed[] = [
  [0, {type: 'phase-started', card: eos, phase: 'scan'}],
  [0, planned()],
  ...steadyProgress(11).map((event, second): Timed => [second, event]),
  [12, fileFailed({to: '/mnt/B'})],
  [12, mismatched],
  [13, lostB],
  [14, {type: 'noticed', level: 'warning', code: 'x', message: 'the drive is slow', next: 'Wait.'}],
  [15, {type: 'cancel-requested', by: 'SIGINT'}],
];
const ended: readonly Timed[] = [
  [16, verdict({safe: false, reasons: [{code: 'interrupted', message: 'It was stopped.'}]})],
  [16, {type: 'run-ended', outcome: 'cancelled', exitCode: 130}],
];

test('a run, line by line', (t) => {
  const {stdout, stderr} = printRun([...running, ...ended]);
  t.deepEqual(stderr, [
    '18:42:07 EOS_DIGITAL listing the card',
    '18:42:07 EOS_DIGITAL 1,224 files 18.4 GB to W (T7 Shield) and B (LaCie Rugged)',
    '18:42:12 EOS_DIGITAL 2 % 284 MB/s about 5 min, W 7 % copied 5 % proved, B 3 % copied 1 % proved',
    '18:42:17 EOS_DIGITAL 4 % 284 MB/s about 5 min, W 15 % copied 10 % proved, B 6 % copied 3 % proved',
    '18:42:19 EOS_DIGITAL FAILED on B (LaCie Rugged): 100CANON/IMG_0117.CR3: reading failed (EIO). Try another reader.',
    '18:42:19 EOS_DIGITAL MISMATCH on W (T7 Shield): DCIM/A.CR3: what was read back from the drive is not what the card gave. Check that drive and its cable, then run the same command again.',
    '18:42:20 EOS_DIGITAL LOST on B (LaCie Rugged): the drive is gone. Plug it in again.',
    '18:42:21 warning: the drive is slow. Wait.',
    '18:42:22 stopping after the block in hand',
    '18:42:23 stopped before the end: run the same command again, it goes on where it stopped',
  ]);
  t.is(stdout[0], 'NOT SAFE – do not format: EOS_DIGITAL');
  t.is(stdout[1], '  - It was stopped.');
  t.true(stdout.includes('  took 16 s'));
});

test('quiet: only what failed, and the verdict', (t) => {
  const {stdout, stderr} = printRun([...running, [16, verdict()]], true);
  t.deepEqual(
    stderr.map((line) => line.split(' ')[2]),
    ['FAILED', 'MISMATCH', 'LOST'],
  );
  t.is(stdout[0], 'SAFE TO FORMAT: EOS_DIGITAL');
});

test('a clean quiet run says nothing but the verdict', (t) => {
  const {stderr} = printRun([running[0] ?? [0, planned()], ...running.slice(1, 14)], true);
  t.deepEqual(stderr, []);
});

test('a card that fails itself, a refusal, a crash', (t) => {
  const {stdout, stderr} = printRun([
    [0, fileFailed({path: 'A.CR3'})],
    [
      1,
      {
        type: 'refused',
        code: 'no-space',
        path: '/mnt/B',
        message: '180 MB are missing',
        next: 'Free space.',
      },
    ],
    [2, {type: 'run-ended', outcome: 'crashed', exitCode: 1}],
  ]);
  t.deepEqual(stdout, []);
  t.deepEqual(stderr, [
    '18:42:07 EOS_DIGITAL FAILED on the card: A.CR3: reading failed (EIO). Try another reader.',
    'REFUSED: /mnt/B: 180 MB are missing. Free space.',
    '18:42:09 the program failed: do not format a card that has no verdict; run the same command again',
  ]);
});

test('a dry run is a result', (t) => {
  const row: OffloadEvent = {
    type: 'copy-planned',
    card: eos,
    path: 'DCIM/A.CR3',
    to: '/mnt/B',
    target: 'EOS_DIGITAL/DCIM/A.CR3',
    size: 23_400_000,
    present: false,
  };
  const {stdout} = printRun([
    [0, {...row, to: '/mnt/W'}],
    [0, row],
    [0, {...row, path: 'DCIM/A.JPG', to: '/mnt/W'}],
    [0, {...row, path: 'DCIM/A.JPG', present: true}],
    [0, {...row, path: 'DCIM/B\n.CR3'}],
    [1, {type: 'run-ended', outcome: 'complete', exitCode: 0}],
  ]);
  t.deepEqual(stdout, [
    'to /mnt/W and /mnt/B:',
    '  DCIM/A.CR3 (23.4 MB)',
    '    -> EOS_DIGITAL/DCIM/A.CR3',
    'to /mnt/W:',
    '  DCIM/A.JPG (23.4 MB)',
    '    -> EOS_DIGITAL/DCIM/A.CR3',
    'to /mnt/B:',
    '  DCIM/A.JPG (23.4 MB)',
    '    -> EOS_DIGITAL/DCIM/A.CR3 (is there already, would be proved)',
    '  DCIM/B\\n.CR3 (23.4 MB)',
    '    -> EOS_DIGITAL/DCIM/A.CR3',
    '3 files, nothing was written',
  ]);
});

test('hostile names come out on one line each and obey nobody', (t) => {
  const card = {path: '/mnt/E', label: hostileName};
  const destinations = planned().destinations.map((planned) => ({...planned, name: hostileName}));
  const {stdout, stderr} = printRun([
    [0, planned({card, destinations})],
    [1, fileFailed({card, path: hostileName, to: '/mnt/B', message: hostileName})],
    [2, {...mismatched, card, path: hostileName}],
    [3, {...lostB, card, message: hostileName}],
    [4, {type: 'noticed', level: 'info', code: 'x', message: hostileName, next: hostileName}],
    [5, {type: 'refused', code: 'x', message: hostileName, next: hostileName}],
    [6, verdict({card})],
  ]);
  const lines = [...stdout, ...stderr];
  t.notRegex(lines.join(''), /[\p{Cc}\p{Cf}]/u);
  t.is(stderr[1]?.split(hostileEscaped).length, 4);
  t.is(stdout[0], `SAFE TO FORMAT: ${hostileEscaped}`);
});

test('a clock that is set back does not silence the progress', (t) => {
  const [first, second] = steadyProgress(1);
  if (first === undefined || second === undefined) throw new Error('two samples');
  const {stderr} = printRun([
    [0, planned()],
    [6, first],
    [-3600, second],
  ]);
  t.deepEqual(
    stderr.slice(1).map((line) => line.slice(0, 8)),
    ['18:42:13', '17:42:07'],
  );
});

test('what comes before the copying is said: what is known is read, and when pictures were taken', (t) => {
  const {stderr} = printRun([
    [0, {type: 'phase-started', card: eos, phase: 'compare'}],
    [6, {type: 'progress', card: eos, bytes: 1000, read: 400, lanes: [], now: 'DCIM/A.CR3'}],
    [7, {type: 'phase-started', card: eos, phase: 'dates'}],
    [8, {type: 'phase-started', card: eos, phase: 'plan'}],
  ]);
  t.deepEqual(stderr, [
    '18:42:07 EOS_DIGITAL comparing with the drives',
    '18:42:13 EOS_DIGITAL 40 % measuring',
    '18:42:14 EOS_DIGITAL reading when it was taken',
  ]);
});
