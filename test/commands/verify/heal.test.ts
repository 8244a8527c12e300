/** Rot told apart from edits, and `verify --heal`. */
import {readFile, rm, stat, symlink, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import test from 'ava';
import {lockShoot} from '../../../src/engine/shoot-lock.ts';
import type {Files} from '../../../src/system/files.ts';
import {
  below,
  type Call,
  changes,
  Death,
  failsCalls,
  failsReading,
  flipsFirstReads,
  fullAfter,
  interceptCalls,
  type Match,
  recordsCalls,
  vanishesAfter,
} from '../../helpers/faulty-files.ts';
import {
  FIRST_MTIME_MS,
  findLitter,
  hashOfBytes,
  makeShoot,
  makeTrial,
  offloadTrial,
  readCopies,
  readTree,
  runningPids,
  testFiles,
} from '../../helpers/run-offload.ts';
import {badOf, finishOf, flipBit, healedOf, MIXED_CARD, runVerify} from './verify-run.ts';

const ROTTEN = 'Shoot/EOS/DCIM/100CANON/IMG_0001.CR3';
const GONE = 'Shoot/EOS/DCIM/101CANON/MVI_0003.MP4';
const EDITED = 'Shoot/EOS/DCIM/100CANON/IMG_0002.JPG';
const RAW = 'Shoot/EOS/DCIM/100CANON/IMG_0002.CR3';

const statesOf = (report: Parameters<typeof badOf>[0]) =>
  Object.fromEntries(badOf(report).map(({path, state, change}) => [path, change ?? state]));

/** Every file that was moved aside, below the shoot folder's evidence of one run. */
async function listEvidence(root: string): Promise<readonly string[]> {
  const tree = await readTree(join(root, 'Shoot/_offload'));
  return Object.entries(tree).flatMap(([name, what]) =>
    name.startsWith('evidence/') && what !== 'folder' ? [name.split('/').slice(2).join('/')] : [],
  );
}

const isPart = (name: string) => /\/\.offload-restore-[^/]*\.part$/.test(name);

async function edit(path: string): Promise<void> {
  await writeFile(path, 'edited');
}

test('rot, edits and changed raw files are told apart, and each is counted', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  await flipBit(join(trial.w, ROTTEN));
  await edit(join(trial.w, EDITED));
  await edit(join(trial.w, RAW));
  const report = await runVerify(trial);
  t.is(report.end.exitCode, 1);
  t.deepEqual(statesOf(report), {
    [join(trial.w, ROTTEN)]: 'rotten',
    [join(trial.w, EDITED)]: 'edited',
    [join(trial.w, RAW)]: 'altered',
  });
  t.like(finishOf(report), {files: 4, good: 1, bad: 3, rotten: 1, edited: 1, healed: 0});
  const words = report.lines.map((line) => /^(?: {2})?[A-Z ]+|\S.*/.exec(line)?.[0] ?? '');
  t.deepEqual(words.slice(0, 3).sort(), ['CHANGED', 'EDITED', 'ROTTEN']);
  t.deepEqual(report.lines.slice(3), [
    `NOT ALL GOOD: ${join(trial.w, 'Shoot')}: 3 of 4 files bad, 1 good`,
    '  1 file lost bytes on the drive',
    '  1 file edited since they were proved',
  ]);
});

test('an edited picture alone: the drive lost nothing, and the exit code is 1', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  await edit(join(trial.w, EDITED));
  const report = await runVerify(trial, {heal: true});
  t.is(report.end.exitCode, 1);
  t.is(report.lines.at(-1), '  1 file edited since they were proved: the drive lost nothing');
  t.is(await readFile(join(trial.w, EDITED), 'utf8'), 'edited');
  t.deepEqual(healedOf(report), []);
  t.deepEqual(await listEvidence(trial.w), []);
});

test('--heal brings back what rotted, went, or cannot be read, keeps the bad bytes, and touches nothing else', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  const sound = await readCopies(trial.w);
  const other = await readTree(trial.b);
  await flipBit(join(trial.w, ROTTEN));
  const rotten = await readFile(join(trial.w, ROTTEN));
  await rm(dirname(join(trial.w, GONE)), {recursive: true});
  const files = failsReading(testFiles, (path) => path === join(trial.w, RAW), 'EIO', 66_000);
  const report = await runVerify(trial, {heal: true, files});
  t.is(report.end.exitCode, 0, JSON.stringify(report.lines));
  t.deepEqual(
    healedOf(report)
      .map(({state, path, from}) => [state, path, from])
      .sort(),
    [ROTTEN, GONE, RAW].map((path) => ['healed', join(trial.w, path), join(trial.b, path)]).sort(),
  );
  t.like(finishOf(report), {files: 4, good: 4, bad: 0, rotten: 0, healed: 3, allGood: true});
  t.deepEqual(await readCopies(trial.w), sound);
  t.deepEqual(await readTree(trial.b), other);
  const {mtimeMs} = await stat(join(trial.w, ROTTEN));
  t.is(Math.round(mtimeMs), FIRST_MTIME_MS);
  const kept = healedOf(report).flatMap(({evidence}) => evidence ?? []);
  t.deepEqual((await listEvidence(trial.w)).length, 2);
  const [aside = ''] = kept.filter((path) => path.endsWith('IMG_0001.CR3'));
  t.deepEqual(await readFile(aside), rotten);
  t.true(report.lines.some((line) => line.includes(`the bad bytes are kept in ${aside}`)));
  t.deepEqual(await findLitter(trial.w), []);
  // What is kept aside is no copy, and later runs leave it alone.
  const again = await runVerify(trial);
  t.deepEqual([again.end.exitCode, badOf(again)], [0, []]);
  t.is((await offloadTrial(trial)).end.exitCode, 0);
  t.deepEqual(await readFile(aside), rotten);
});

test('without --heal nothing is written', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  await flipBit(join(trial.w, ROTTEN));
  const before = await readTree(trial.folder);
  const calls: Call[] = [];
  const report = await runVerify(trial, {files: recordsCalls(testFiles, calls)});
  t.is(report.end.exitCode, 1);
  t.deepEqual(await readTree(trial.folder), before);
  t.deepEqual(calls.filter(changes), []);
});

test('a copy is only brought back from one that has its bytes now, and the drive to plug in is named', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  await flipBit(join(trial.w, ROTTEN));
  await flipBit(join(trial.b, ROTTEN), 6000);
  const before = await readTree(trial.w);
  const both = await runVerify(trial, {heal: true});
  t.is(both.end.exitCode, 1);
  t.deepEqual(
    healedOf(both).map(({state, code}) => [state, code]),
    [['failed', 'copy-missing']],
  );
  t.true(
    badOf(both).some(({path, state}) => path === join(trial.b, ROTTEN) && state === 'changed'),
  );
  t.deepEqual(await readTree(trial.w), before);
  const away = await runVerify(trial, {heal: true, connected: [trial.w]});
  t.regex(healedOf(away)[0]?.next ?? '', /Plug in B \(last seen 2026-11-22\)/);
  t.deepEqual(await readTree(trial.w), before);
});

test('a raw file that somebody changed, and a name that is no file any more, are left alone', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  await edit(join(trial.w, RAW));
  await rm(join(trial.w, ROTTEN));
  await symlink(join(trial.folder, 'elsewhere'), join(trial.w, ROTTEN));
  const files = failsCalls(
    testFiles,
    ['openToRead'],
    (path) => path === join(trial.w, GONE),
    'EACCES',
  );
  const before = await readTree(trial.w);
  const report = await runVerify(trial, {heal: true, files});
  t.is(report.end.exitCode, 1);
  t.is(badOf(report).length, 3);
  t.deepEqual(healedOf(report), []);
  t.deepEqual(await readTree(trial.w), before);
});

test('bytes that come right when they are read again are told and not replaced', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  const before = await readTree(trial.w);
  const files = flipsFirstReads(testFiles, (path) => path === join(trial.w, ROTTEN), 2);
  const report = await runVerify(trial, {heal: true, files});
  const codes = healedOf(report).map(({state, code}) => [state, code]);
  // One opening finds out how the drive is read.
  t.deepEqual([report.end.exitCode, codes], [1, [['failed', 'read-differs']]]);
  t.deepEqual(await readTree(trial.w), before);
});

test('a full drive, and one that goes: the bad copy stays where it is, and the same command heals it later', async (t) => {
  const faults: readonly ((root: string) => Files)[] = [
    (root) => fullAfter(testFiles, root, 20_000),
    (root) => failsCalls(testFiles, ['createFile'], below(root), 'EROFS'),
    (root) => failsCalls(testFiles, ['sync'], below(root), 'EIO'),
    (root) => vanishesAfter(testFiles, root, 160),
  ];
  for (const fault of faults) {
    const trial = await makeShoot(t, MIXED_CARD);
    const sound = await readCopies(trial.w);
    await flipBit(join(trial.w, RAW));
    const rotten = await readCopies(trial.w);
    const report = await runVerify(trial, {heal: true, files: fault(trial.w)});
    t.is(report.end.exitCode, 1);
    t.false(healedOf(report).some(({state}) => state === 'healed'));
    // What a drive holds that went, the next heal removes.
    const left = Object.entries(await readCopies(trial.w)).filter(([name]) => !isPart(name));
    t.deepEqual(Object.fromEntries(left), rotten);
    t.is((await runVerify(trial, {heal: true})).end.exitCode, 0);
    t.deepEqual(await readCopies(trial.w), sound);
  }
});

test('killed at any moment of a heal: the same command ends it, and no bad bytes are lost', async (t) => {
  for (let moment = 1; moment < 60; moment++) {
    const trial = await makeShoot(t, MIXED_CARD);
    const sound = await readCopies(trial.w);
    await flipBit(join(trial.w, ROTTEN));
    const rotten = await readFile(join(trial.w, ROTTEN));
    const death = new Death();
    const files = death.comesAt(testFiles, moment);
    const pid = 7000 + moment;
    const dying = runVerify(trial, {heal: true, files, pid}).then(() => 'ended' as const);
    const end = await Promise.race([dying, death.happened]);
    await death.bury();
    runningPids.delete(pid);
    t.is((await runVerify(trial, {heal: true})).end.exitCode, 0, `${moment}`);
    t.deepEqual(await readCopies(trial.w), sound, `${moment}`);
    // Whoever locks the shoot next puts the lock of a dead run aside.
    const litter = (await findLitter(trial.w)).filter((name) => !name.endsWith('/lock'));
    t.deepEqual(litter, [], `${moment}`);
    const evidence = await listEvidence(trial.w);
    t.deepEqual(evidence, ['EOS/DCIM/100CANON/IMG_0001.CR3'], `${moment}`);
    const hashes = Object.values(await readTree(join(trial.w, 'Shoot/_offload/evidence')));
    t.true(hashes.includes(hashOfBytes(rotten)), `${moment}`);
    if (end === 'ended') {
      t.true(moment > 10);
      return;
    }
  }
  t.fail('a heal never came to its end');
});

test('a file that is edited while it is healed keeps its name and bytes', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  const path = join(trial.w, ROTTEN);
  await flipBit(path);
  const isTemporary: Match = (one) => one.includes('.offload-restore-') && one.includes('100CANON');
  const files = interceptCalls(testFiles, async (call, proceed) => {
    if (call.method === 'createFile' && isTemporary(call.path)) await edit(path);
    return await proceed();
  });
  const report = await runVerify(trial, {heal: true, files});
  t.is(report.end.exitCode, 1);
  t.is(await readFile(path, 'utf8'), 'edited');
  t.deepEqual(await findLitter(trial.w), []);
});

test('a drive that lost more than a few files is warned of', async (t) => {
  const tree = Object.fromEntries(
    Array.from({length: 6}, (_, index) => [`DCIM/100CANON/IMG_${1000 + index}.CR3`, 9000]),
  );
  const trial = await makeTrial(t, tree);
  await offloadTrial(trial);
  const names = Object.keys(tree).map((name) => join(trial.w, 'Shoot/EOS', name));
  for (const name of names.slice(0, 3)) await flipBit(name);
  t.deepEqual((await runVerify(trial)).codes, []);
  for (const name of names.slice(3, 4)) await flipBit(name);
  const report = await runVerify(trial, {heal: true});
  t.deepEqual([report.end.exitCode, report.codes], [0, ['drive-failing']]);
});

test('a shoot that another offload writes into is not healed', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  await flipBit(join(trial.w, ROTTEN));
  runningPids.add(4999);
  const self = {
    host: 'studio',
    pid: 4999,
    isRunning: () => true,
    markOf: async () => 'started-4999',
  };
  const locking = {files: testFiles, self, since: new Date(), token: 'aaaaaa'};
  const lock = await lockShoot(locking, join(trial.w, 'Shoot'));
  t.true(lock.ok);
  const report = await runVerify(trial, {heal: true});
  t.is(report.end.exitCode, 1);
  t.deepEqual(
    healedOf(report).map(({code}) => code),
    ['shoot-locked'],
  );
  if (lock.ok) await lock.value.release();
  t.is((await runVerify(trial, {heal: true})).end.exitCode, 0);
});

test('the records of the other drives are read once for all shoots that are healed, and for each only those that name a bad file', async (t) => {
  const trial = await makeTrial(t, MIXED_CARD);
  const shoots = ['Shoot', 'Second', 'Third', 'Fourth'];
  for (const [index, shoot] of shoots.entries()) {
    await writeFile(join(trial.card, 'DCIM/100CANON/IMG_0001.CR3'), `picture ${index}`.repeat(900));
    t.true((await offloadTrial(trial, {options: {shoot}})).verdicts[0]?.safe);
  }
  for (const shoot of shoots.slice(0, 3))
    await flipBit(join(trial.w, ROTTEN.replace('Shoot', shoot)));
  const calls: Call[] = [];
  const report = await runVerify(trial, {heal: true, files: recordsCalls(testFiles, calls)});
  t.is(report.end.exitCode, 0, report.lines.join('\n'));
  t.is(healedOf(report).length, 3);
  const opened = (shoot: string) =>
    calls.filter(
      ({method, path}) =>
        method === 'openToRead' && path.startsWith(join(trial.b, shoot, '_offload')),
    ).length;
  t.deepEqual(shoots.map(opened), [2, 2, 2, 1]);
});
