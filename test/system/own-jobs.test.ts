import {readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {failed, ok} from '../../src/core/cause.ts';
import {LIGHTROOM_JOBS, NO_LIGHTROOM_JOBS} from '../../src/core/lightroom/jobs-file.ts';
import type {OwnFiles} from '../../src/system/backup-files.ts';
import {changeJobs, readJobs} from '../../src/system/own-jobs.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

const job = {
  id: '00000000-0000-4000-8000-00000000000a',
  name: 'Main',
  catalog: {volume: null, path: '/home/Main.lrcat'},
  targets: null,
  everyHours: 24,
  alarmDays: 7,
  createdAt: '2026-11-23T10:00:00.000Z',
};
const withJob = {...NO_LIGHTROOM_JOBS, jobs: [job]};

async function openFolder(t: ExecutionContext) {
  const home = await makeTemporaryFolder(t);
  const folder = join(home, 'settings');
  const locks: string[] = [];
  const own: OwnFiles = {
    files: realFiles,
    newWord: () => 'word',
    sleep: async () => {},
    lock: async (path) => {
      locks.push(`lock ${path.slice(home.length)}`);
      return ok({
        release: async () => {
          locks.push('release');
        },
      });
    },
  };
  const path = join(folder, LIGHTROOM_JOBS.fileName);
  return {home, folder, path, locks, own, kind: LIGHTROOM_JOBS};
}

test('where there is no file there are no jobs, and reading makes none', async (t) => {
  const {home, folder, kind} = await openFolder(t);
  t.deepEqual(await readJobs(realFiles, folder, kind), ok(NO_LIGHTROOM_JOBS));
  t.deepEqual(await readdir(home), []);
});

test('jobs are changed alone, and are what is read afterwards', async (t) => {
  const {folder, path, locks, own, kind} = await openFolder(t);
  const changed = await changeJobs(own, {
    folder,
    kind,
    change: (jobs) => {
      t.deepEqual(locks, ['lock /settings/lightroom-jobs.json.lock']);
      t.deepEqual(jobs, NO_LIGHTROOM_JOBS);
      return ok(withJob);
    },
  });
  t.deepEqual(changed, ok(withJob));
  t.is(locks.at(-1), 'release');
  t.deepEqual(await readJobs(realFiles, folder, kind), ok(withJob));
  t.deepEqual(await readdir(folder), [LIGHTROOM_JOBS.fileName]);
  t.true((await readFile(path, 'utf8')).startsWith('{\n  "schema"'));
});

test('a refused change, a damaged file and jobs that could not be read again write nothing', async (t) => {
  const {folder, path, locks, own, kind} = await openFolder(t);
  await changeJobs(own, {folder, kind, change: () => ok(withJob)});
  const before = await readFile(path, 'utf8');
  const cause = {code: 'job-exists', message: 'it is there', next: 'Take another name.'};
  const refused = await changeJobs(own, {folder, kind, change: () => failed(cause)});
  t.deepEqual(refused, failed(cause));
  const unreadable = {...withJob, jobs: [{...job, alarmDays: 0.5}]};
  await t.throwsAsync(changeJobs(own, {folder, kind, change: () => ok(unreadable)}), {
    message: /^jobs that cannot be read again: .*jobs\.0\.alarmDays/,
  });
  t.is(locks.at(-1), 'release');
  t.is(await readFile(path, 'utf8'), before);
  await writeFile(path, '{');
  const damaged = await changeJobs(own, {folder, kind, change: () => ok(withJob)});
  t.like(damaged, {ok: false, cause: {code: 'lightroom-jobs-damaged', path}});
  t.is(await readFile(path, 'utf8'), '{');
});
