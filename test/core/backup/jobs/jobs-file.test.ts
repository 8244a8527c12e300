import test from 'ava';
import {BACKUP_JOBS} from '../../../../src/core/backup/jobs/jobs-file.ts';
import {formatJobsFile, parseJobsFile} from '../../../../src/core/backup/jobs/parse-jobs-file.ts';
import {
  describeTrigger,
  parseDays,
  parseInterval,
  parseQuietHours,
} from '../../../../src/core/backup/jobs/typed-trigger.ts';

const W = '00000000-0000-4000-8000-000000000001';
const B = '00000000-0000-4000-8000-000000000002';

const job = {
  id: '00000000-0000-4000-8000-00000000000a',
  name: 'photos',
  source: {volume: W, folder: 'Photos'},
  targets: [{volume: B, folder: '', graceDays: 30}],
  leaveOut: ['*.tmp'],
  trigger: {arrival: true, everyHours: 6, quiet: {from: '22:00', to: '07:00'}},
  alarmDays: 7,
  offsite: null,
  selection: null,
  createdAt: '2026-11-23T10:00:00.000Z',
};
const file = {schema: 'offload-jobs/1', jobs: [job], volumes: {[W]: {name: 'W', path: '/mnt/W'}}};

const parse = (value: unknown) =>
  parseJobsFile(
    BACKUP_JOBS,
    typeof value === 'string' ? value : JSON.stringify(value),
    '/c/backup-jobs.json',
  );
const codeOf = (value: unknown) => {
  const parsed = parse(value);
  return parsed.ok ? 'ok' : parsed.cause.code;
};

test('jobs are read, and what is left out has its default', (t) => {
  const parsed = parse(file);
  t.deepEqual(parsed, {ok: true, value: file});
  const {leaveOut, alarmDays, offsite, ...rest} = job;
  const short = parse({
    ...file,
    jobs: [{...rest, trigger: {}, targets: [{volume: B, folder: ''}]}],
  });
  t.like(short, {ok: true});
  t.like(short.ok && short.value.jobs[0], {
    leaveOut: [],
    alarmDays: 7,
    offsite: null,
    trigger: {arrival: false, everyHours: null, quiet: null},
    targets: [{graceDays: 30}],
  });
});

test('a set of off-site drives', (t) => {
  const set = {...file, jobs: [{...job, offsite: {swapAfterDays: 30, new: 1}}]};
  const parsed = parse(set);
  const offsite = {swapAfterDays: 30, place: null, new: 1};
  t.deepEqual(parsed.ok && parsed.value.jobs[0]?.offsite, offsite);
});

test('members of newer versions stay', (t) => {
  const newer = {
    ...file,
    later: 1,
    jobs: [{...job, speed: 'slow', trigger: {...job.trigger, moon: true}}],
  };
  const parsed = parse(newer);
  t.deepEqual(parsed.ok && JSON.parse(formatJobsFile(parsed.value)), newer);
});

test('a damaged file is told, and a newer one is not taken for damaged', (t) => {
  for (const bad of [
    '',
    '{',
    '[]',
    'null',
    {...file, schema: 'x'},
    {...file, jobs: [{...job, id: 'x'}]},
    {...file, jobs: [{...job, targets: []}]},
    {...file, jobs: [{...job, source: {volume: W, folder: '../x'}}]},
    {...file, jobs: [{...job, source: {volume: W, folder: '/x'}}]},
    {...file, jobs: [{...job, source: {volume: W, folder: 'a//b'}}]},
    {...file, jobs: [{...job, trigger: {everyHours: '6'}}]},
    {...file, jobs: [{...job, trigger: {everyHours: -1}}]},
    {...file, jobs: [{...job, trigger: {quiet: {from: '25:00', to: '07:00'}}}]},
    {...file, jobs: [{...job, alarmDays: 0.5}]},
    {...file, jobs: [{...job, offsite: {}}]},
    {...file, jobs: [{...job, offsite: {swapAfterDays: 0}}]},
    {...file, jobs: [{...job, offsite: {swapAfterDays: 30, place: 3}}]},
    {...file, jobs: [job, job]},
  ]) {
    t.is(codeOf(bad), 'jobs-damaged', JSON.stringify(bad));
  }
  t.is(codeOf({schema: 'offload-jobs/2', jobs: {}}), 'jobs-newer');
});

test('times between runs, days and quiet hours as they are typed', (t) => {
  const hours = (text: string) => {
    const parsed = parseInterval(text);
    return parsed.ok ? parsed.value : parsed.cause.code;
  };
  t.deepEqual(
    ['6h', '6', '30m', '1d', '2w', '1.5h', ' 6 H '].map(hours),
    [6, 6, 0.5, 24, 336, 1.5, 6],
  );
  for (const bad of ['', 'h', 'x', '-1h', '0h', '1m', '1e3', '6hh', 'NaN', '99999h', '1y'])
    t.is(hours(bad), 'usage', bad);
  t.like(parseQuietHours('22:00-07:00'), {value: {from: '22:00', to: '07:00'}});
  t.like(parseQuietHours('9:30 - 10:00'), {value: {from: '09:30', to: '10:00'}});
  for (const bad of [
    '',
    '22-7',
    '22:00',
    '24:00-07:00',
    '22:60-07:00',
    '07:00-07:00',
    '22:00-07:00x',
  ])
    t.false(parseQuietHours(bad).ok, bad);
  t.like(parseDays('0', '--grace', 0), {value: 0});
  for (const bad of ['', '-1', '1.5', 'x', '99999']) t.false(parseDays(bad, '--grace', 0).ok, bad);
  t.false(parseDays('0', '--alarm-after', 1).ok);
});

test('a trigger in words', (t) => {
  const quiet = {from: '22:00', to: '07:00'};
  t.is(
    describeTrigger({arrival: true, everyHours: 6, quiet}),
    'every 6 h, on arrival, quiet 22:00-07:00',
  );
  t.is(describeTrigger({arrival: false, everyHours: 0.5, quiet: null}), 'every 30 min');
  t.is(describeTrigger({arrival: false, everyHours: 48, quiet: null}), 'every 2 d');
  t.is(describeTrigger({arrival: false, everyHours: 1.5, quiet: null}), 'every 1 h 30 min');
  t.is(describeTrigger({arrival: false, everyHours: null, quiet}), 'by hand');
});
