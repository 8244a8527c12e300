import test from 'ava';
import type {LightroomKnown, LightroomRestored, LightroomSnapshot} from '../../src/core/events.ts';
import {type LightroomEvent, lightroomLines} from '../../src/output/lightroom-words.ts';
import {plainLines} from '../../src/output/plain-lines.ts';

/** On this computer's clock, whatever its zone. */
const local = (day: number, hour: number) => new Date(2026, 10, day, hour);
const NOW = local(23, 12);

const say = (event: LightroomEvent) => {
  const {results, diagnostics, chatter} = lightroomLines(event, NOW);
  return [...chatter, ...diagnostics.map((line) => `! ${line}`), ...results];
};

const snapshot: LightroomSnapshot = {
  type: 'lightroom-snapshot',
  job: 'Main',
  target: 'Backup',
  to: '/B/_lightroom/Main',
  result: 'taken',
  snapshot: '2026-11-23T11-00-00-x3k9ab',
  newest: local(23, 10).toISOString(),
  files: 1204,
  bytes: 2_400_000_000,
  shared: 1203,
  data: 'copied',
  pictures: 81_204,
  version: '1300000',
  cached: 0,
  removed: ['2026-10-01T11-00-00-aaaaaa'],
  kept: 12,
};
const cause = {code: 'x', message: 'Lightroom holds it', next: 'Quit it.'};

test('what was taken is told with what is in it', (t) => {
  t.deepEqual(say(snapshot), [
    'SNAPSHOT Main on Backup: 2026-11-23T11-00-00-x3k9ab, 1,204 files, 2.4 GB, read back and proved, 1,203 of them unchanged and proved again',
    '  81,204 pictures and virtual copies, catalog version 1300000, with .lrcat-data, in /B/_lightroom/Main',
    '  12 snapshots are there, 1 old removed',
  ]);
  t.regex(say({...snapshot, data: 'left-out'})[1] ?? '', /WITHOUT \.lrcat-data/);
  t.is(say({...snapshot, cached: 2}).length, 4);
});

test('what was not taken is told with the age of what there is', (t) => {
  t.deepEqual(say({...snapshot, result: 'unchanged'}), [
    'unchanged Main on Backup: newest snapshot 2 h ago',
  ]);
  t.deepEqual(say({...snapshot, result: 'away', newest: null}), [
    'away Main on Backup: no snapshot known',
  ]);
  t.deepEqual(say({...snapshot, result: 'deferred', ...cause}), [
    'WAITS Main on Backup: Lightroom holds it. Quit it.',
    '  newest snapshot 2 h ago',
  ]);
  t.deepEqual(say({...snapshot, result: 'sick', ...cause}), [
    '! SICK Main on Backup: Lightroom holds it. Quit it. (newest snapshot 2 h ago)',
  ]);
});

test('the end counts the drives', (t) => {
  const finished = {
    type: 'lightroom-finished',
    job: 'Main',
    taken: 1,
    unchanged: 1,
    away: 1,
  } as const;
  t.deepEqual(say({...finished, result: 'good'}), ['Main is kept: 1 taken, 1 unchanged, 1 away']);
  t.deepEqual(say({...finished, result: 'incomplete', ...cause}), [
    'Main is NOT kept everywhere: 1 taken, 1 unchanged, 1 away',
  ]);
  t.deepEqual(say({...finished, taken: 0, unchanged: 0, away: 0, result: 'refused', ...cause}), [
    'Main is NOT kept: Lightroom holds it. Quit it.',
  ]);
});

const known: LightroomKnown = {
  type: 'lightroom-known',
  job: 'Main',
  catalog: '/Pictures/Main.lrcat',
  connected: true,
  everyHours: 24,
  byRole: true,
  targets: [
    {
      volume: 'b',
      name: 'Backup',
      folder: '',
      connected: true,
      newest: local(22, 10).toISOString(),
      lastRun: local(23, 11).toISOString(),
      lastGood: local(22, 10).toISOString(),
      lastResult: 'deferred',
      message: 'Lightroom holds it',
      deferredSince: local(23, 9).toISOString(),
      due: true,
      overdue: false,
    },
    {
      volume: 'o',
      name: 'Bank',
      folder: 'Keep',
      connected: false,
      newest: null,
      lastRun: null,
      lastGood: null,
      lastResult: null,
      message: null,
      deferredSince: null,
      due: true,
      overdue: true,
    },
  ],
};

test('a job in the list: each drive, how old, what is next', (t) => {
  t.deepEqual(say(known), [
    'Main                       /Pictures/Main.lrcat, every 1 d, to every drive with the role backup or off-site',
    '  to Backup (connected): newest snapshot yesterday',
    '    last run 2026-11-23 11:00: deferred (Lightroom holds it), waits for Lightroom since 09:00, due now',
    '  to Bank: Keep (not connected): OVERDUE: no snapshot known',
    '    due as soon as it is connected',
  ]);
  t.is(say({...known, targets: []}).length, 2);
});

const restored: LightroomRestored = {
  type: 'lightroom-restored',
  catalog: 'Main.lrcat',
  snapshot: '2026-11-23T11-00-00-x3k9ab',
  takenAt: local(23, 11).toISOString(),
  from: '/B/_lightroom/Main/2026-11-23T11-00-00-x3k9ab',
  to: '/Back',
  files: 3,
  restored: 3,
  bytes: 1_000_000,
  cached: 0,
  data: 'left-out',
  good: true,
};

test('a restore says what came back, and what the snapshot never had', (t) => {
  t.deepEqual(say(restored), [
    'ALL RESTORED: Main.lrcat as it was at 2026-11-23 11:00, 3 files, 1 MB, in /Back, read back and proved',
    '  from the snapshot 2026-11-23T11-00-00-x3k9ab in /B/_lightroom/Main/2026-11-23T11-00-00-x3k9ab',
    '  the snapshot has no .lrcat-data: masks and Denoise of that time are not in it',
  ]);
  t.regex(
    say({...restored, good: false, restored: 1, ...cause})[0] ?? '',
    /^NOT ALL RESTORED.*1 of 3/,
  );
});

test('quiet tells failures and results, and no beginning', (t) => {
  const lines: string[] = [];
  const sink = plainLines({
    writeResult: (line) => lines.push(line),
    writeDiagnostic: (line) => lines.push(line),
    now: () => NOW,
    quiet: true,
  });
  sink.write({type: 'lightroom-started', job: 'Main', catalog: '/x', open: true, targets: ['B']});
  t.deepEqual(lines, []);
  sink.write({...snapshot, result: 'sick', ...cause});
  t.is(lines.length, 1);
});
