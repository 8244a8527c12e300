import test from 'ava';
import type {BackupFinished, BackupProgress, BackupStep, JobKnown} from '../../src/core/events.ts';
import {type BackupEvent, backupLines} from '../../src/output/backup-lines.ts';
import {plainLines} from '../../src/output/plain-lines.ts';

/** On this computer's clock, whatever its zone. */
const local = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute);
const NOW = local(23, 12);

const say = (...events: readonly BackupEvent[]) => {
  const tell = backupLines(5000);
  return events.map((event) => tell(event, NOW));
};
const resultsOf = (event: BackupEvent) => say(event)[0]?.results;

const finished: BackupFinished = {
  type: 'backup-finished',
  job: 'photos',
  target: 'Backup',
  to: '/mnt/B',
  preview: false,
  result: 'good',
  files: 1224,
  bytes: 18_400_000_000,
  unchanged: 1200,
  copied: 20,
  replaced: 2,
  patched: 0,
  moved: 2,
  adopted: 0,
  retimed: 0,
  archived: 3,
  purged: 0,
  alarms: 0,
  held: 0,
  failed: 0,
  strangers: 0,
  bytesWritten: 2_000_000,
  cached: 0,
};

test('a run that went well in two lines', (t) => {
  t.deepEqual(resultsOf(finished), [
    'IN STEP: photos on Backup (/mnt/B): 1,224 files, 18.4 GB',
    '  1,200 unchanged, 20 copied, 2 replaced, 2 moved, 3 to the archive, 2 MB written',
  ]);
});

test('each result has its word, and says why', (t) => {
  const why = {code: 'x', message: 'because', next: 'Do this.'};
  const first = (change: Partial<BackupFinished>) =>
    resultsOf({...finished, ...why, ...change})?.map((line) => line.split(':')[0]);
  t.deepEqual(first({result: 'incomplete'})?.[0], 'NOT IN STEP');
  t.deepEqual(first({result: 'waiting'})?.[0], 'WAITS FOR A YES');
  t.deepEqual(first({result: 'stopped'})?.[0], 'STOPPED');
  t.deepEqual(resultsOf({...finished, ...why, result: 'away', to: ''}), [
    'AWAY: photos on Backup',
    '  because. Do this.',
  ]);
  t.deepEqual(resultsOf({...finished, ...why, result: 'refused'}), [
    'REFUSED: photos on Backup (/mnt/B)',
    '  because. Do this.',
  ]);
});

test('what may be bad is never left out', (t) => {
  const [, counts, cached] =
    resultsOf({...finished, failed: 1, alarms: 2, held: 3, strangers: 4, cached: 5}) ?? [];
  for (const words of ['1 FAILED', '2 ALARMS', '3 held back', '4 on the target'])
    t.true(counts?.includes(words), words);
  t.true(cached?.startsWith('  5 files may have been read back from'));
});

test('a preview says what would be done and promises nothing', (t) => {
  const lines = resultsOf({...finished, preview: true, bytesWritten: 0});
  t.is(lines?.[0], 'PREVIEW: photos on Backup (/mnt/B): 1,224 files, 18.4 GB');
  t.true(lines?.[1]?.includes('to do: 20 copied'));
  t.is(lines?.[2], '  nothing was written');
  const step: BackupStep = {
    type: 'backup-step',
    job: 'photos',
    to: '/mnt/B',
    action: 'move',
    state: 'planned',
    path: 'a/b.CR3',
    target: 'a/c.CR3',
    size: 1000,
  };
  t.deepEqual(resultsOf(step), ['  move     a/b.CR3 -> a/c.CR3 (1 kB)']);
});

test('of steps only failures and what was held back are told', (t) => {
  const step = {type: 'backup-step', job: 'photos', to: '/mnt/B', path: 'a', size: 1} as const;
  const why = {code: 'EIO', message: 'reading failed', next: 'Try again.'};
  const told = say(
    {...step, action: 'copy', state: 'done'},
    {...step, action: 'copy', state: 'failed', ...why},
    {...step, action: 'hold', state: 'done', ...why},
  );
  t.deepEqual(
    told.map(({results, diagnostics, chatter}) => [...results, ...diagnostics, ...chatter]),
    [
      [],
      ['FAILED photos on /mnt/B: a: reading failed. Try again.'],
      ['HELD BACK photos on /mnt/B: a: reading failed. Try again.'],
    ],
  );
});

test('progress is told every few seconds, with the speed since the copying began', (t) => {
  const tell = backupLines(5000);
  const at = (second: number, change: Partial<BackupProgress>) =>
    tell(
      {
        type: 'backup-progress',
        job: 'photos',
        to: '/mnt/B',
        phase: 'copy',
        looked: 10,
        steps: 8,
        done: 4,
        bytes: 1_000_000_000,
        read: 0,
        now: null,
        ...change,
      },
      new Date(NOW.getTime() + second * 1000),
    ).chatter;
  t.deepEqual(at(0, {phase: 'scan', looked: 1200}), [
    'photos on /mnt/B: looking, 1,200 files so far',
  ]);
  t.deepEqual(at(1, {}), []);
  t.deepEqual(at(3, {read: 100_000_000}), []);
  t.deepEqual(at(6, {read: 500_000_000}), [
    'photos on /mnt/B: 50 % 100 MB/s less than a minute, 4 of 8 steps',
  ]);
  t.is(at(-100, {}).length, 1, 'a clock that was set back silences nothing');
});

const job: JobKnown = {
  type: 'job-known',
  job: 'photos',
  source: {volume: 'w', name: 'Studio SSD', folder: 'Photos', connected: true},
  leaveOut: ['*.tmp'],
  trigger: 'every 6 h, on arrival',
  offsite: null,
  targets: [
    {
      volume: 'b',
      name: 'Backup',
      folder: '',
      connected: true,
      graceDays: 30,
      lastRun: local(23, 9).toISOString(),
      lastGood: local(23, 9).toISOString(),
      lastResult: 'good',
      message: null,
      nextRun: local(23, 15).toISOString(),
      due: false,
      overdue: false,
    },
    {
      volume: 'o',
      name: 'Bank',
      folder: 'Photos',
      connected: false,
      graceDays: 1,
      lastRun: local(20, 9).toISOString(),
      lastGood: local(2, 9).toISOString(),
      lastResult: 'incomplete',
      message: 'the drive is full',
      nextRun: local(20, 15).toISOString(),
      due: true,
      overdue: true,
    },
  ],
};

test('a job, how old each target is, and what comes next', (t) => {
  t.deepEqual(resultsOf(job), [
    'photos                     Studio SSD: Photos (connected), every 6 h, on arrival',
    '  leaves out *.tmp',
    '  to Backup (connected): last good run 3 h ago',
    '    in step since 2026-11-23 09:00, next run 2026-11-23 15:00, archive kept 30 days',
    '  to Bank: Photos (not connected): OVERDUE: last good run 2026-11-02',
    '    last run 2026-11-20 09:00 NOT IN STEP (the drive is full), due as soon as it is connected, archive kept 1 day',
  ]);
});

test('what is overdue is told however quiet it shall be', (t) => {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const sink = plainLines({
    writeResult: write,
    writeDiagnostic: write,
    now: () => NOW,
    quiet: true,
  });
  const cause = {message: 'OVERDUE: photos', next: 'Run it.'};
  sink.write({type: 'noticed', level: 'warning', code: 'other', ...cause});
  sink.write({type: 'noticed', level: 'warning', code: 'backup-overdue', ...cause});
  t.deepEqual(lines, ['12:00:00 OVERDUE: photos. Run it.']);
});
