import test from 'ava';
import {failed, ok} from '../../../src/core/cause.ts';
import type {Finding} from '../../../src/core/doctor/finding.ts';
import {judgeClock} from '../../../src/core/doctor/judge-clock.ts';
import {
  type DriveFacts,
  judgeDisks,
  judgeReading,
  judgeSpace,
} from '../../../src/core/doctor/judge-drives.ts';
import {judgeSchedule} from '../../../src/core/doctor/judge-schedule.ts';
import {
  judgeExiftool,
  judgeHashing,
  judgeNode,
  judgeRclone,
} from '../../../src/core/doctor/judge-tools.ts';
import {rcloneMissing, rcloneOdd} from '../../../src/core/offsite/cloud-gate.ts';

const missing = failed({code: 'ENOENT', message: 'x failed: not there', next: 'Install x.'});

/** Whoever is told of trouble is told what to do, and nobody else is. */
const checkAdvice = (findings: readonly Finding[]) =>
  findings.every(({state, next}) => (state === 'good') === (next === null));

test('Node: 20.19 is the floor', (t) => {
  const state = (text: string) => judgeNode(ok(`${text}\n`)).state;
  t.deepEqual(['v20.19.0', 'v20.20.2', 'v22.1.0', 'v20.18.9', 'v18.20.0', 'v8.0.0'].map(state), [
    'good',
    'good',
    'good',
    'bad',
    'bad',
    'bad',
  ]);
  t.is(state('nonsense'), 'look');
  t.is(judgeNode(missing).state, 'look');
  t.true(checkAdvice([judgeNode(ok('v18.0.0')), judgeNode(ok('v20.19.0')), judgeNode(missing)]));
});

test('hashing natively is good, and without it slow', (t) => {
  t.is(judgeHashing('native').state, 'good');
  t.is(judgeHashing('wasm').state, 'look');
});

test('exiftool starts, or dates are not read', (t) => {
  t.like(judgeExiftool(ok('13.30\n')), {state: 'good', message: 'exiftool 13.30 starts'});
  t.is(judgeExiftool(ok('perl: no such file')).state, 'look');
  t.is(judgeExiftool(missing).state, 'look');
});

test('rclone is needed only where a job uses a cloud, and B2 needs a newer one', (t) => {
  const states = (text: string | null, types: readonly (string | null)[]) =>
    judgeRclone(
      text === null ? failed(rcloneMissing) : ok(text),
      types.map((type, index) => ({job: `cloud ${index}`, type})),
    ).map(({state, about}) => [state, about]);
  t.deepEqual(states(null, []), [['good', null]]);
  t.deepEqual(states(null, ['s3']), [['bad', null]]);
  t.deepEqual(states('rclone v1.60.1-DEV', []), [['good', null]]);
  t.deepEqual(states('rclone v1.60.1-DEV', ['s3', null]), [['good', null]]);
  t.deepEqual(states('rclone v1.60.1-DEV', ['s3', 'b2']), [['bad', 'cloud 1']]);
  t.deepEqual(states('rclone v1.73.0', ['b2']), [['good', null]]);
  t.deepEqual(states('rclone v1.59.0', []), [['look', null]]);
  t.deepEqual(states('rclone v1.59.0', ['s3']), [['bad', 'cloud 0']]);
  t.deepEqual(states('bash: what', []), [['look', null]]);
  t.deepEqual(
    judgeRclone(failed(rcloneOdd('what')), []).map(({state}) => state),
    ['look'],
  );
  t.deepEqual(states('bash: what', ['s3']), [['bad', null]]);
});

const NOON = Date.UTC(2026, 10, 23, 12);
const HOUR = 3_600_000;

test('the clock: a year that can be, nothing recorded after it, no jumps', (t) => {
  const state = (nowMs: number, newestMs: number | null = null, jumpMs = 0) =>
    judgeClock({nowMs, newestMs, jumpMs}).state;
  t.is(state(NOON), 'good');
  t.is(state(NOON, NOON - 400 * 24 * HOUR), 'good');
  t.is(state(NOON, NOON + HOUR), 'good', 'an hour is a summer time');
  t.is(state(NOON, NOON + 3 * HOUR), 'bad');
  t.is(state(0), 'bad');
  t.is(state(Date.UTC(2125, 0, 1)), 'bad');
  t.is(state(NOON, null, 90_000), 'look');
  t.is(state(NOON, null, -90_000), 'look');
  t.is(state(NOON, null, 500), 'good');
  t.regex(
    judgeClock({nowMs: NOON, newestMs: NOON + 72 * HOUR, jumpMs: 0}).message,
    /recorded 3 days later/,
  );
});

const drive = (change: Partial<DriveFacts> = {}): DriveFacts => ({
  name: 'W',
  path: '/mnt/W',
  role: 'working',
  mediumRead: 'direct',
  why: null,
  drives: {known: true, ids: ['disk:sdb']},
  size: 2e12,
  free: 1e12,
  ...change,
});

test('how drives are read back', (t) => {
  const state = (mediumRead: DriveFacts['mediumRead']) => judgeReading(drive({mediumRead})).state;
  t.deepEqual(
    [state('direct'), state('evicted'), state(null), state('cached')],
    ['good', 'good', 'good', 'look'],
  );
  t.like(judgeReading(drive({mediumRead: 'cached', why: 'a server'})), {
    about: 'W (/mnt/W)',
    message: 'copies may be read back from memory: a server',
  });
});

test('two drives with roles on one disk are lost together', (t) => {
  const on = (name: string, disk: string | null, role: DriveFacts['role'] = 'backup') =>
    drive({
      name,
      path: `/mnt/${name}`,
      role,
      drives: disk === null ? {known: false, why: 'no tool'} : {known: true, ids: [disk]},
    });
  const states = (...drives: readonly DriveFacts[]) => judgeDisks(drives).map(({state}) => state);
  t.deepEqual(states(), ['good']);
  t.deepEqual(states(on('W', 'disk:a')), ['good']);
  t.deepEqual(states(on('W', 'disk:a'), on('B', 'disk:b')), ['good']);
  t.deepEqual(states(on('W', 'disk:a'), on('B', 'disk:a')), ['bad']);
  t.deepEqual(states(on('W', 'disk:a'), on('B', 'disk:a', 'none')), ['good']);
  t.deepEqual(states(on('W', 'disk:a'), on('B', 'disk:a', 'card')), ['good']);
  t.deepEqual(states(on('W', 'disk:a'), on('B', null)), ['look']);
  t.deepEqual(states(on('W', 'disk:a'), on('B', 'disk:b'), on('O', 'disk:b')), ['bad']);
});

test('space on drives with roles', (t) => {
  const state = (free: number | null, size: number | null, role: DriveFacts['role'] = 'working') =>
    judgeSpace(drive({free, size, role}))?.state ?? null;
  t.is(state(1e12, 2e12), 'good');
  t.is(state(100e9, 2e12), 'look');
  t.is(state(0.5e9, 2e12), 'bad');
  t.is(state(100e9, 250e9), 'good', 'a small drive that is nearly empty');
  t.is(state(100e9, null), 'look');
  t.is(state(null, 2e12), 'look');
  t.is(state(0, 2e12, 'none'), null);
  t.is(state(0, 2e12, 'card'), null);
  t.is(state(0.5e9, 2e12, 'off-site'), 'bad');
});

test('jobs that should run by themselves want somebody who starts them', (t) => {
  const state = (installed: Parameters<typeof judgeSchedule>[0]['installed'], jobs = 2) =>
    judgeSchedule({jobs, installed}).state;
  t.deepEqual(
    [state('own'), state('older'), state('foreign'), state('unknown'), state('none')],
    ['good', 'look', 'bad', 'look', 'look'],
  );
  t.is(state('none', 0), 'good');
});

test('whatever is not good says what to do', (t) => {
  t.true(
    checkAdvice([
      judgeHashing('native'),
      judgeHashing('wasm'),
      judgeExiftool(missing),
      ...judgeRclone(missing, [{job: 'c', type: 's3'}]),
      ...judgeRclone(ok('rclone v1.60.1'), [{job: 'c', type: 'b2'}]),
      judgeClock({nowMs: 0, newestMs: null, jumpMs: 0}),
      judgeReading(drive({mediumRead: 'cached'})),
      judgeReading(drive()),
    ]),
  );
});
