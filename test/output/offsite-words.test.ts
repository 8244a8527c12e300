import test from 'ava';
import type {OffsiteKnown} from '../../src/core/events.ts';
import {describeFinding} from '../../src/output/doctor-words.ts';
import {describeOffsite} from '../../src/output/offsite-words.ts';
import {plainLines} from '../../src/output/plain-lines.ts';

const NOW = new Date(2026, 10, 23, 12);
/** On this computer's clock, whatever its zone. */
const local = (month: number, day: number) => new Date(2026, month, day, 11, 12, 30).toISOString();

const copy = {
  volume: '1',
  name: 'bank-1',
  folder: 'Photos',
  place: 'bank',
  connected: false,
  lastSeen: local(9, 13),
  lastRun: local(9, 13),
  lastGood: local(9, 13),
  lastResult: 'good',
  message: null,
  files: 1200,
  bytes: 18_400_000_000,
} as const;

const set: OffsiteKnown = {
  type: 'offsite-known',
  job: 'bank',
  kind: 'drives',
  place: 'bank',
  source: {volume: 'w', name: 'Studio SSD', folder: 'Photos', connected: true},
  trigger: 'on arrival',
  swapAfterDays: 30,
  copies: [
    copy,
    {
      ...copy,
      volume: '2',
      name: 'bank-2',
      connected: true,
      lastSeen: null,
      lastGood: local(10, 23),
    },
  ],
  overdue: false,
  swap: true,
  next: 'bank-2 is up to date: take it to the bank and bring bank-1 (41 days old).',
};

test('a set: where each drive is, how old its copy is, and what to do', (t) => {
  t.deepEqual(describeOffsite(set, NOW), [
    'bank                       Studio SSD: Photos (connected), place: bank, on arrival',
    '  on bank-1: Photos         away since 2026-10-13 11:12, 41 days old, 1,200 files, 18.4 GB',
    '  on bank-2: Photos         connected, in step today, 1,200 files, 18.4 GB',
    '  SWAP: bank-2 is up to date: take it to the bank and bring bank-1 (41 days old).',
  ]);
});

test('a set that is overdue, whose last run failed, with a drive at a place of its own', (t) => {
  const bad = {...copy, place: 'parents', lastResult: 'incomplete', message: 'EIO'} as const;
  const late = {...set, overdue: true, swap: false, next: 'Run it.', place: null, copies: [bad]};
  t.deepEqual(describeOffsite(late, NOW), [
    'bank                       OVERDUE, Studio SSD: Photos (connected), place unknown, on arrival',
    '  on bank-1: Photos         away since 2026-10-13 11:12, parents, 41 days old, 1,200 files, 18.4 GB',
    '    last run incomplete: EIO',
    '  next: Run it.',
  ]);
});

test('a cloud is nowhere and never away', (t) => {
  const cloud: OffsiteKnown = {
    ...set,
    job: 'cloud',
    kind: 'cloud',
    place: 'b2',
    swapAfterDays: null,
    copies: [
      {
        ...copy,
        name: 'b2:bucket',
        folder: '',
        place: null,
        lastGood: null,
        files: null,
        bytes: null,
      },
    ],
    swap: false,
    next: null,
  };
  t.deepEqual(describeOffsite(cloud, NOW), [
    'cloud                      Studio SSD: Photos (connected), place: b2, on arrival',
    '  on b2:bucket              never in step',
  ]);
  t.is(
    describeOffsite({...cloud, place: null}, NOW)[0],
    'cloud                      Studio SSD: Photos (connected), on arrival',
  );
});

test('findings: the state first, what to do below', (t) => {
  const finding = {type: 'doctor-finding', area: 'clock', about: null} as const;
  t.deepEqual(describeFinding({...finding, state: 'good', message: 'it is noon', next: null}), [
    'good  clock        it is noon',
  ]);
  t.deepEqual(
    describeFinding({...finding, about: 'W', state: 'bad', message: 'it is late', next: 'Set it.'}),
    ['BAD   clock        W: it is late', '                   Set it.'],
  );
  t.deepEqual(
    describeFinding({...finding, state: 'look', message: 'it jumps', next: 'Look.'})[0],
    'LOOK  clock        it jumps',
  );
});

test('a swap is told however quiet it shall be', (t) => {
  const stderr: string[] = [];
  const sink = plainLines({
    writeResult: () => t.fail(),
    writeDiagnostic: (line) => stderr.push(line),
    now: () => NOW,
    quiet: true,
  });
  const cause = {message: 'SWAP the drives of bank', next: 'Bring it.'};
  sink.write({type: 'noticed', level: 'warning', code: 'offsite-swap', ...cause});
  sink.write({type: 'noticed', level: 'info', code: 'offsite-in-step', ...cause});
  t.deepEqual(stderr, ['12:00:00 SWAP the drives of bank. Bring it.']);
});
