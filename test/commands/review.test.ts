/** Ways to a false SAFE that a review found: each was reproduced before it was mended. */
import {mkdir, rename, rm, symlink} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {check} from '../../src/commands/check.ts';
import type {OffloadEvent} from '../../src/core/events.ts';
import type {Files} from '../../src/system/files.ts';
import {interceptCalls} from '../helpers/faulty-files.ts';
import {
  codesOf,
  makeTrial,
  offloadTrial,
  readTree,
  runOffload,
  testFiles,
  testProgram,
} from '../helpers/run-offload.ts';

test('files behind a link to the other destination are no copies here', async (t) => {
  const trial = await makeTrial(t);
  const {w, b} = trial;
  await offloadTrial(trial);
  for (const to of [w, b]) await rm(join(to, 'Shoot/_offload'), {recursive: true});
  const folder = join(w, 'Shoot/EOS/DCIM');
  await rm(folder, {recursive: true});
  await symlink(join(b, 'Shoot/EOS/DCIM'), folder);
  const before = await readTree(join(b, 'Shoot/EOS'));
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 1);
  t.true(codesOf(report).includes('file-failed'));
  t.deepEqual(await readTree(join(b, 'Shoot/EOS')), before);
});

test('copies of an earlier run behind a link are no copies here either', async (t) => {
  const trial = await makeTrial(t);
  const {w, b} = trial;
  const first = await offloadTrial(trial, {
    volumes: {[b]: {physical: {known: false, why: 'nobody knows'}}},
  });
  t.is(first.end.exitCode, 1);
  const folder = join(w, 'Shoot/EOS/DCIM');
  await rm(folder, {recursive: true});
  await symlink(join(b, 'Shoot/EOS/DCIM'), folder);
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 1);
  t.true(codesOf(report).includes('file-failed'));
});

/** Everything below a folder is on a drive of its own, which is mounted there. */
function mounts(files: Files, root: string): Files {
  return interceptCalls(files, async ({method, path}, proceed) => {
    const answer = await proceed();
    const isInside = path === root || path.startsWith(`${root}/`);
    if (!isInside || (method !== 'look' && method !== 'follow' && method !== 'facts'))
      return answer;
    if (typeof answer !== 'object' || answer === null) return answer;
    return {...answer, device: 4711n};
  });
}

test('check: a drive mounted below a named folder counts for that folder once at the most', async (t) => {
  const trial = await makeTrial(t);
  const {card, w} = trial;
  await runOffload({cards: [card], to: [w]});
  const above = join(trial.folder, 'media');
  await mkdir(above);
  const mounted = join(above, 'W');
  await rename(w, mounted);
  const events: OffloadEvent[] = [];
  const {signal} = new AbortController();
  const places = {
    describeVolume: async (path: string) => ({
      ...(await testProgram({cards: [card], to: []}, testFiles).describeVolume(path)),
    }),
  };
  const run = (files: Files, allowSameDrive: boolean) =>
    check(
      {...testProgram({cards: [card], to: [mounted, above]}, files), ...places},
      {card, destinations: [above, mounted], allowSameDrive, acceptCached: false},
      {emit: (event) => void events.push(event), signal},
    );
  t.is((await run(mounts(testFiles, mounted), false)).exitCode, 1);
  t.is((await run(testFiles, true)).exitCode, 1, 'one copy that two folders find is one');
});

test('check that is stopped while it lists the card was stopped, and the card not empty', async (t) => {
  const {card, w} = await makeTrial(t);
  const program = testProgram({cards: [card], to: [w]}, testFiles);
  const options = {card, destinations: [w], allowSameDrive: false, acceptCached: false};
  const end = await check(program, options, {emit: () => {}, signal: AbortSignal.abort()});
  t.is(end.exitCode, 130);
});
