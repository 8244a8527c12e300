import test from 'ava';
import {BACKUP_JOBS} from '../../../../src/core/backup/jobs/jobs-file.ts';
import {
  formatJobsFile,
  type Jobs,
  type JobsKind,
  parseJobsFile,
} from '../../../../src/core/backup/jobs/parse-jobs-file.ts';
import {LIGHTROOM_JOBS} from '../../../../src/core/lightroom/jobs-file.ts';
import {CLOUD_JOBS} from '../../../../src/core/offsite/cloud-jobs-file.ts';

const VOLUME = '00000000-0000-4000-8000-000000000001';
const about = {
  id: '00000000-0000-4000-8000-00000000000a',
  name: 'photos',
  createdAt: '2026-11-23T10:00:00.000Z',
};
const source = {volume: VOLUME, folder: 'Photos'};

function sees<T extends Jobs>(kind: JobsKind<T>, job: object, codes: readonly [string, string]) {
  const [damaged, newer] = codes;
  const file = {schema: kind.schema, jobs: [job]};
  const parse = (value: unknown) =>
    parseJobsFile(kind, typeof value === 'string' ? value : JSON.stringify(value), '/c/jobs.json');
  const told = (value: unknown) => {
    const parsed = parse(value);
    return parsed.ok ? 'ok' : `${parsed.cause.code}: ${parsed.cause.message.split(': ').at(-1)}`;
  };

  test(`${kind.what}: what was written is read again, and a mark in front does no harm`, (t) => {
    const parsed = parse(file);
    if (!parsed.ok) throw new Error(parsed.cause.message);
    const text = formatJobsFile(parsed.value);
    t.true(text.endsWith('}\n'));
    t.deepEqual(parse(text), parsed);
    t.deepEqual(parse(`\uFEFF${text}`), parsed);
    t.deepEqual(parse(formatJobsFile(kind.none)), {ok: true, value: kind.none});
  });

  test(`${kind.what}: a damaged file says what and where`, (t) => {
    t.is(told(''), `${damaged}: it is not JSON`);
    t.is(told({...file, jobs: [job, job]}), `${damaged}: two jobs have one id`);
    const unnamed = parse({...file, jobs: [job, {...job, name: 1}]});
    if (unnamed.ok) return t.fail();
    t.is(unnamed.cause.code, damaged);
    t.is(unnamed.cause.path, '/c/jobs.json');
    t.regex(unnamed.cause.message, /: jobs\.1\.name: Invalid input/);
    const whole = parse('null');
    t.regex(whole.ok ? '' : whole.cause.message, /: the file: Invalid input/);
  });

  test(`${kind.what}: only the same format in another version is newer`, (t) => {
    const format = kind.schema.slice(0, -1);
    for (const version of ['2', '10', '01', '0'])
      t.true(told({schema: `${format}${version}`}).startsWith(newer), version);
    for (const schema of [kind.schema, format, `${format}2x`, `x${format}2`, 'offload/2', 2, null])
      t.true(told({schema}).startsWith(damaged), String(schema));
    // A member that this version does not know is no newer version.
    t.is(told({...file, later: 1}), 'ok');
  });
}

sees(BACKUP_JOBS, {...about, source, targets: [{volume: VOLUME, folder: ''}], trigger: {}}, [
  'jobs-damaged',
  'jobs-newer',
]);
sees(CLOUD_JOBS, {...about, source, remote: 'b2:bucket', trigger: {}}, [
  'cloud-jobs-damaged',
  'cloud-jobs-newer',
]);
sees(LIGHTROOM_JOBS, {...about, catalog: {volume: VOLUME, path: 'Main.lrcat'}}, [
  'lightroom-jobs-damaged',
  'lightroom-jobs-newer',
]);
