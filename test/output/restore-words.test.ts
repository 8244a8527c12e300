import test from 'ava';
import type {RestoreFinished} from '../../src/core/events.ts';
import {
  describeRestore,
  describeRestored,
  describeVersions,
} from '../../src/output/restore-words.ts';

const finished: RestoreFinished = {
  type: 'restore-finished',
  to: '/mnt/D/Back',
  files: 1200,
  restored: 1200,
  present: 0,
  missing: 0,
  failed: 0,
  bytes: 48_000_000_000,
  unrecorded: 0,
  unrated: 0,
  cached: 0,
  test: null,
};

test('the result comes first, and what takes from it is said', (t) => {
  t.deepEqual(describeRestore(finished), [
    'ALL RESTORED: 1,200 files, 48 GB, in /mnt/D/Back, read back and proved',
  ]);
  const partly = {...finished, restored: 1000, present: 100, missing: 60, failed: 40, cached: 3};
  t.deepEqual(describeRestore(partly), [
    'NOT ALL RESTORED: 1,100 of 1,200 files, 48 GB, in /mnt/D/Back, read back and proved, 100 of them there before; 60 missing, 40 failed',
    "  3 files may have come from the computer's memory and not from the drive",
  ]);
  t.deepEqual(describeRestore({...finished, to: '/tmp/x', test: 'removed'}), [
    'ALL TEST: 1,200 files, 48 GB, in /tmp/x, read back and proved',
    '  a test: /tmp/x was removed again',
  ]);
  t.regex(
    describeRestore({...finished, test: 'left'})[1] ?? '',
    /could not be removed and is left/,
  );
});

test('a line for each failure and none for what is well', (t) => {
  const file = {
    type: 'file-restored',
    shoot: 'Marta\u001b[31m',
    path: 'DCIM/a\n.CR3',
    hash: 'ab',
    size: 1,
  } as const;
  t.deepEqual(describeRestored({...file, state: 'restored'}), []);
  t.deepEqual(describeRestored({...file, state: 'present'}), []);
  const why = {code: 'x', message: 'no copy', next: 'Plug in B\u0007.'};
  t.deepEqual(describeRestored({...file, state: 'missing', ...why}), [
    'MISSING: Marta\\x1b[31m: DCIM/a\\n.CR3: no copy. Plug in B\\x07.',
  ]);
});

test('versions: the file, and for each what to give to have it', (t) => {
  const on = {
    volume: 'x',
    name: 'B',
    path: '/mnt/B/x',
    size: 2048,
    modified: null,
    until: null,
    at: null,
    from: null,
    lastSeen: null,
  } as const;
  const until = '2026-11-25T12:00:00.000Z';
  const at = '2026-11-25T12:00:00Z';
  const event = {
    type: 'file-versions',
    shoot: 'Day',
    path: 'a.xmp',
    target: 'EOS/a.xmp',
    hash: '',
    versions: [
      {...on, state: 'current', at: '2026-11-30T10:00:00Z'},
      {...on, state: 'archived', until, at, from: '/mnt/B 2'},
      {...on, state: 'offloaded', name: 'W'},
      {...on, state: 'offloaded', until, at},
      {...on, state: 'away', name: 'O', path: null, lastSeen: '2026-11-20T08:00:00.000Z'},
    ],
  } as const;
  t.deepEqual(
    describeVersions(event).map((line) => line.replace(/until \S+ \S+/, 'until then')),
    [
      'Day/EOS/a.xmp',
      '  as it is now                2 kB  on B  --at 2026-11-30T10:00:00Z',
      '  until then      2 kB  on B  --at 2026-11-25T12:00:00Z --from "/mnt/B 2"',
      '  as offloaded                2 kB  on W',
      '  as offloaded, archived      2 kB  on B  --at 2026-11-25T12:00:00Z',
      '  away since 2026-11-20       2 kB  on O',
    ],
  );
  t.is(describeVersions({...event, shoot: '', versions: []})[0], 'EOS/a.xmp');
});
