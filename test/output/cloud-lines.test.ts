import test from 'ava';
import type {
  CloudFinished,
  CloudProgress,
  CloudStep,
  CloudVerified,
} from '../../src/core/events.ts';
import {cloudLines} from '../../src/output/cloud-lines.ts';

const AT = new Date('2026-11-23T08:00:00.000Z');

const finished: CloudFinished = {
  type: 'cloud-finished',
  job: 'cloud',
  remote: 'b2:bucket',
  preview: false,
  result: 'good',
  files: 1224,
  bytes: 18_400_000_000,
  proved: 1224,
  sizeOnly: 0,
  unchanged: 1206,
  uploaded: 17,
  replaced: 1,
  adopted: 0,
  healed: 0,
  retimed: 0,
  kept: 2,
  alarms: 0,
  failed: 0,
  bytesSent: 558_000_000,
};

const step: CloudStep = {
  type: 'cloud-step',
  job: 'cloud',
  remote: 'b2:bucket',
  action: 'upload',
  state: 'done',
  path: 'a/IMG_1.CR3',
  size: 5,
  proof: 'sha1',
};

const say = (event: Parameters<ReturnType<typeof cloudLines>>[0]) => cloudLines(5000)(event, AT);

test('a run that is good', (t) => {
  t.deepEqual(say(finished).results, [
    'PROVED: cloud at b2:bucket: 1,224 of 1,224 files proved there, 18.4 GB',
    '  1,206 unchanged, 17 uploaded, 1 replaced, the old ones are in _archive there, 2 deleted here and kept there, 558 MB sent',
  ]);
});

test('one that is not says why and what to do', (t) => {
  const cause = {code: 'cloud-full', message: 'the cloud is full', next: 'Free space there.'};
  const told = say({
    ...finished,
    result: 'incomplete',
    proved: 3,
    sizeOnly: 2,
    alarms: 1,
    ...cause,
  });
  t.is(told.results[0], 'NOT PROVED: cloud at b2:bucket: 3 of 1,224 files proved there, 18.4 GB');
  t.true(told.results[1]?.includes('2 NOT PROVED'));
  t.true(told.results[1]?.includes('1 ALARMS'));
  t.is(told.results[2], '  the cloud is full. Free space there.');
  const refused = say({...finished, result: 'refused', ...cause}).results;
  t.deepEqual(refused, ['REFUSED: cloud at b2:bucket', '  the cloud is full. Free space there.']);
});

test('of what is done in order nothing is said; what fails, is held or healed is told', (t) => {
  t.deepEqual(say(step), {results: [], diagnostics: [], chatter: []});
  const why = {code: 'x', message: 'it is gone', next: 'Look.'};
  const line = 'cloud at b2:bucket: a/IMG_1.CR3';
  t.deepEqual(say({...step, state: 'failed', ...why}).diagnostics, [
    `FAILED ${line}: it is gone. Look.`,
  ]);
  t.deepEqual(say({...step, action: 'hold', ...why}).diagnostics, [
    `HELD BACK ${line}: it is gone. Look.`,
  ]);
  t.deepEqual(say({...step, action: 'heal'}).diagnostics, [`HEALED ${line}`]);
  t.deepEqual(say({...step, state: 'planned'}).results, ['  upload   a/IMG_1.CR3 (5 B)']);
});

test('progress with the rate and the time left, not more often than asked', (t) => {
  const tell = cloudLines(5000);
  const at = (seconds: number) => new Date(AT.getTime() + seconds * 1000);
  const sample: CloudProgress = {
    type: 'cloud-progress',
    job: 'cloud',
    remote: 'b2:bucket',
    phase: 'upload',
    looked: 9,
    steps: 4,
    done: 1,
    bytes: 100_000_000,
    sent: 0,
    now: null,
  };
  tell(sample, at(0));
  t.deepEqual(tell({...sample, sent: 1}, at(2)).chatter, []);
  t.deepEqual(tell({...sample, sent: 50_000_000}, at(10)).chatter, [
    'cloud to b2:bucket: 50 % 5 MB/s less than a minute, 1 of 4 files proved',
  ]);
});

test('what a verify found', (t) => {
  const verified: CloudVerified = {
    type: 'cloud-verified',
    job: 'cloud',
    remote: 'b2:bucket',
    result: 'bad',
    files: 9,
    bytes: 900,
    proved: 6,
    sizeOnly: 0,
    missing: 1,
    damaged: 2,
    since: null,
  };
  t.deepEqual(say(verified).results, [
    'NOT GOOD: cloud at b2:bucket: 6 of 9 files proved, 900 B, 1 MISSING, 2 DAMAGED',
  ]);
});
