import test from 'ava';
import type {Now} from '../../../src/core/format-dates.ts';
import {describeChange} from '../../../src/core/session/describe-change.ts';
import type {SessionState} from '../../../src/core/session/session-state.ts';
import {
  backupFinished,
  backupProgress,
  backupStarted,
  ended,
  failedStep,
  lackingShoot,
  listed,
  overdueJob,
  shootStatus,
  swapSet,
  told,
  waitingJob,
} from '../../helpers/session-jobs.ts';
import {play, sessionState} from '../../helpers/session-states.ts';

const now: Now = {ms: Date.parse('2026-11-24T17:42:10Z'), utcOffsetMinutes: 60};

/** @returns what is said of each step. */
function listen(start: SessionState, steps: Parameters<typeof play>[1]): readonly string[] {
  let state = start;
  return steps.flatMap((step) => {
    const next = play(state, [step]).state;
    const said = describeChange(state, next, now);
    state = next;
    return said;
  });
}

test('each shoot is said with what it lacks, and the selected one with its drives', (t) => {
  const said = listen(sessionState(), [
    't',
    {type: 'status-shoot', shoot: shootStatus()},
    {type: 'status-offsite', offsite: swapSet},
    {type: 'status-shoot', shoot: lackingShoot},
    {type: 'status-complete', problem: null},
    'down',
    'escape',
  ]);
  t.deepEqual(said, [
    '3-2-1: Esc back',
    '2026-11-24 Wedding Marta & Jan: 1,224 files, 18.4 GB, 3 copies on 3 drives, desk and bank, proved 2 h ago, off-site copy 55 days old. 3-2-1 reached.',
    'bank (safe): bank-1 is away, 41 days old; bank-2 is here, in step today',
    'Swap: bank-2 is up to date: take it to the safe and bring bank-1 (41 days old).',
    '2026-11-20 Aerial: 288 files, 13.1 GB, 2 copies on 2 drives, desk, proved Saturday. Its files are on two drives, and no third copy is off-site. Bring a proved copy to a third drive with the role offsite, and keep it elsewhere.',
    '1 of 2 shoots have 3-2-1',
    'The oldest off-site copy is 55 days old: 2026-11-24 Wedding Marta & Jan on Vault, bank.',
    '2026-11-20 Aerial: 288 files, 13.1 GB, 2 copies on 2 drives, desk, proved Saturday. Its files are on two drives, and no third copy is off-site. Bring a proved copy to a third drive with the role offsite, and keep it elsewhere.',
    'T7 Shield, working, desk: connected',
    'LaCie Rugged, backup, desk: connected, 280 of 288 files',
    'closed',
  ]);
});

test('a backup is said from its job to its end, and the question with its number', (t) => {
  const said = listen(sessionState(), [
    'u',
    listed(waitingJob, overdueJob),
    'down',
    'enter',
    told(backupStarted),
    told(backupProgress({phase: 'scan', read: 0})),
    told(backupProgress({read: 0})),
    told(backupProgress({read: 5e9})),
    told(failedStep),
    told(backupFinished({result: 'incomplete', failed: 1, held: 2})),
    ended(1),
    'y',
    'n',
  ]);
  t.deepEqual(said, [
    'backups: Enter run, p preview, y deletions, l list, Esc back, q stop',
    'edits, when the drives arrive: deletions wait for your yes (y)',
    'LaCie Rugged: connected, good run yesterday',
    'deletions wait for your yes (y): 214 deletions are held back',
    'photos, every 24 hours: overdue: no good run for 14 days',
    'LaCie Rugged: connected, good run 2 h ago, next run tomorrow 16:00',
    'Vault/Mirror: away, due when its drives are here',
    'overdue: no good run for 14 days',
    'selected: photos',
    'backup of photos begins',
    'to LaCie Rugged',
    'LaCie Rugged: looking for changes: 12,400 files so far',
    'LaCie Rugged: copying and proving: 120 of 340',
    'LaCie Rugged: 40 %, measuring',
    'FAILED copy 2026/2026-11-24 Wedding/IMG_0413.CR3: Reading the source failed: input/output error. The copy on the backup stays as it was. Copy the file from another drive, or offload the card again.',
    'LaCie Rugged: NOT IN STEP',
    '1 file failed: l says which and why. What was there before stays.',
    '2 deletions are held back: y asks about them.',
    '12,400 files, 412 GB: 12,060 unchanged, 320 copied, 8 replaced, 1 patched, 11 moved, 4 to the archive, 12 GB written.',
    'backup of photos is over',
    'photos: move 2 files on LaCie Rugged to the archive?',
    'a archive them, n keep them',
  ]);
});
