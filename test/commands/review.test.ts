/** Ways to a false SAFE that a review found: each was reproduced before it was mended. */
import fsPromises, {mkdir, readFile, rename, rm, symlink, writeFile} from 'node:fs/promises';
import {syncBuiltinESMExports} from 'node:module';
import {join} from 'node:path';
import test from 'ava';
import {check} from '../../src/commands/check.ts';
import {verify} from '../../src/commands/verify.ts';
import type {OffloadEvent} from '../../src/core/events.ts';
import type {Files} from '../../src/system/files.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {interceptCalls} from '../helpers/faulty-files.ts';
import {
  codesOf,
  diskVolume,
  makeTrial,
  offloadTrial,
  readTree,
  refusalOf,
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

test.serial('without hard links two files that want one name at once both live', async (t) => {
  const {folder} = await makeTrial(t, {});
  const {link} = fsPromises;
  // As exFAT answers.
  fsPromises.link = () => Promise.reject(Object.assign(new Error('no links'), {code: 'EPERM'}));
  syncBuiltinESMExports();
  t.teardown(() => {
    fsPromises.link = link;
    syncBuiltinESMExports();
  });
  for (let round = 0; round < 20; round++) {
    const final = join(folder, `final-${round}`);
    const parts = ['a', 'b', 'c', 'd'].map((name) => join(folder, `${name}-${round}`));
    for (const part of parts) await writeFile(part, part);
    const named = await Promise.allSettled(parts.map((part) => realFiles.publish(part, final)));
    t.deepEqual(named.map(({status}) => status).sort(), [
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
    ]);
    const winner = parts[named.findIndex(({status}) => status === 'fulfilled')];
    t.is(await readFile(final, 'utf8'), winner ?? 'nobody');
  }
});

test('two cards of one id are refused: their records would meet', async (t) => {
  const {card, w, b, folder} = await makeTrial(t);
  const clone = join(folder, 'EOS2');
  await mkdir(clone);
  await writeFile(join(clone, 'A.JPG'), 'a');
  const volumes = {[card]: {uuid: '0000-0000'}, [clone]: {uuid: '0000-0000'}};
  const report = await runOffload({cards: [card, clone], to: [w, b], volumes});
  t.is(report.end.exitCode, 2);
  t.is(refusalOf(report), 'card-twice');
});

test('verify: a folder without a recorded copy is not all good', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial);
  const edits = join(trial.w, 'Shoot/edits');
  await mkdir(edits);
  const program = testProgram({cards: [trial.card], to: [trial.w]}, testFiles);
  const {signal} = new AbortController();
  t.is(
    (
      await verify(
        program,
        {paths: [edits], part: undefined, heal: false},
        {emit: () => {}, signal},
      )
    ).exitCode,
    1,
  );
});

test('verify: a shoot that is called like the record folder hides no other', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial);
  await offloadTrial(trial, {options: {shoot: '_offload'}});
  const events: OffloadEvent[] = [];
  const program = testProgram({cards: [trial.card], to: [trial.w]}, testFiles);
  const {signal} = new AbortController();
  const emit = (event: OffloadEvent) => void events.push(event);
  t.is(
    (await verify(program, {paths: [trial.w], part: undefined, heal: false}, {emit, signal}))
      .exitCode,
    0,
  );
  const shoots = events.flatMap((event) => (event.type === 'shoot-verified' ? [event.shoot] : []));
  t.deepEqual(shoots.sort(), [join(trial.w, 'Shoot'), join(trial.w, '_offload')]);
});

test('a camera folder at the root of a card is named as a part of it, and no waiver lets a copy lie beside it', async (t) => {
  const {card, b} = await makeTrial(t);
  const dcim = join(card, 'DCIM');
  const beside = join(card, 'backup');
  await mkdir(beside);
  const report = await runOffload({
    cards: [dcim],
    to: [beside, b],
    options: {allowSameDrive: true},
    program: {
      describeVolume: async (path) =>
        path.startsWith(card) ? diskVolume(card, 'card') : diskVolume(b, 'b'),
    },
  });
  t.is(report.end.exitCode, 1);
  t.deepEqual(codesOf(report), ['account-open', 'same-drive']);
});
