/** `verify --part` and whole volumes: every file once, and what is remembered of it. */
import {mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {failsCalls} from '../../helpers/faulty-files.ts';
import {makeTrial, offloadTrial, type Tree, testFiles} from '../../helpers/run-offload.ts';
import {makeTemporaryFolder} from '../../helpers/temporary-folder.ts';
import {checkedOf, finishOf, flipBit, runVerify, type VerifySetting} from './verify-run.ts';

const MANY: Tree = Object.fromEntries(
  Array.from({length: 40}, (_, index) => [`DCIM/100CANON/IMG_${1000 + index}.JPG`, 100 + index]),
);
const next = (of: number): VerifySetting['part'] => ({kind: 'next', of});
const exact = (part: number, of: number): VerifySetting['part'] => ({
  kind: 'exact',
  slice: {part, of},
});

test('the slices of a volume hold every file once, and the drive remembers which was the last', async (t) => {
  const trial = await makeTrial(t, MANY);
  await offloadTrial(trial);
  const data = join(await makeTemporaryFolder(t), 'not', 'there');
  const seen: string[] = [];
  for (const part of [1, 2, 3]) {
    const report = await runVerify(trial, {part: next(3), data});
    t.is(report.end.exitCode, 0);
    seen.push(...checkedOf(report).map(({path}) => path));
    t.like(finishOf(report), {part: {part, of: 3}, partsRead: part, partsBad: 0});
    t.is(finishOf(report)?.since === null, part < 3);
    const last = report.lines.at(-1) ?? '';
    if (part < 3) t.is(last, `  slice ${part}/3; ${part} of 3 slices read`);
    else t.is(last, '  slice 3/3; 3 of 3 slices read; fully verified since 2026-11-22');
  }
  t.is(seen.length, 40);
  t.is(new Set(seen).size, 40);
  t.like(finishOf(await runVerify(trial, {part: next(3), data})), {part: {part: 1, of: 3}});
  // Another drive and another number have their own memory.
  const other = await runVerify(trial, {paths: [trial.b], part: next(3), data});
  t.like(finishOf(other), {part: {part: 1, of: 3}, partsRead: 1});
  t.like(finishOf(await runVerify(trial, {part: next(5), data})), {part: {part: 1, of: 5}});
  t.is((await readdir(join(data, 'verify'))).length, 2);
});

test('a slice that is not all good was read and is not verified; a run that was stopped was not read', async (t) => {
  const trial = await makeTrial(t, MANY);
  await offloadTrial(trial);
  const data = await makeTemporaryFolder(t);
  const whole = await runVerify(trial, {data});
  t.truthy(finishOf(whole)?.since);
  await flipBit(join(trial.w, 'Shoot/EOS/DCIM/100CANON/IMG_1007.JPG'), 50);
  t.deepEqual((await runVerify(trial, {data})).end, {outcome: 'complete', exitCode: 1});
  for (let part = 1; part <= 2; part++) await runVerify(trial, {part: next(2), data});
  const report = await runVerify(trial, {part: next(2), data});
  t.like(finishOf(report), {partsRead: 2, partsBad: 1, since: null});
  const stop = new AbortController();
  stop.abort();
  const stopped = await runVerify(trial, {part: next(2), data, stop});
  t.deepEqual([stopped.end.exitCode, finishOf(stopped)], [130, undefined]);
  t.like(finishOf(await runVerify(trial, {part: next(2), data})), {part: {part: 2, of: 2}});
});

test('memory that is damaged is told and begun anew; one that cannot be written is told', async (t) => {
  const trial = await makeTrial(t, MANY);
  await offloadTrial(trial);
  const data = await makeTemporaryFolder(t);
  await runVerify(trial, {part: next(3), data});
  const [name = ''] = await readdir(join(data, 'verify'));
  const path = join(data, 'verify', name);
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.slice(0, 40));
  const report = await runVerify(trial, {part: next(3), data});
  t.deepEqual(report.codes, ['slices-forgotten']);
  t.like(finishOf(report), {part: {part: 1, of: 3}, partsRead: 1});
  await rm(path);
  await mkdir(path);
  t.deepEqual((await runVerify(trial, {part: next(3), data})).codes[0], 'slices-forgotten');
  await rm(path, {recursive: true});
  const files = failsCalls(testFiles, ['replace'], (one) => one.startsWith(data), 'ENOSPC');
  const full = await runVerify(trial, {part: next(3), data, files});
  t.deepEqual([full.end.exitCode, full.codes], [0, ['ENOSPC']]);
  t.deepEqual(await readdir(join(data, 'verify')), []);
});

test('the next slice of a part of a drive is refused, a slice with a number is not', async (t) => {
  const trial = await makeTrial(t, MANY);
  await offloadTrial(trial);
  const data = await makeTemporaryFolder(t);
  const paths = [join(trial.w, 'Shoot')];
  const refused = await runVerify(trial, {paths, part: next(3), data});
  t.deepEqual([refused.end.exitCode, refused.codes], [2, ['part-needs-volume']]);
  const parts = await Promise.all(
    [1, 2].map((part) => runVerify(trial, {paths, part: exact(part, 2), data})),
  );
  t.is(parts.flatMap(checkedOf).length, 40);
  t.like(finishOf(parts[0] ?? refused), {volume: null, partsRead: null, since: null});
  t.deepEqual(await readdir(data), []);
});

test('a slice that takes no file of a shoot is good and says so', async (t) => {
  const trial = await makeTrial(t, {'DCIM/100CANON/IMG_0001.JPG': 1000});
  await offloadTrial(trial);
  const reports = await Promise.all(
    [1, 2, 3, 4].map((part) => runVerify(trial, {part: exact(part, 4)})),
  );
  t.deepEqual(
    reports.map(({end}) => end.exitCode),
    [0, 0, 0, 0],
  );
  t.is(reports.flatMap(checkedOf).length, 1);
  const empty = reports.find((report) => checkedOf(report).length === 0);
  t.deepEqual(empty?.lines[0], `NOTHING TO CHECK: ${trial.w}: no file of it belongs to this slice`);
  t.deepEqual(
    empty?.events.filter(({type}) => type === 'shoot-verified'),
    [],
  );
});

test('a clone remembers nothing of the drive it was made from', async (t) => {
  const trial = await makeTrial(t, MANY);
  await offloadTrial(trial);
  const data = await makeTemporaryFolder(t);
  const described = {size: 1_000_000};
  const program = {
    describeVolume: async () => ({
      mountPoint: trial.w,
      device: '/dev/x',
      fileSystem: 'ext4',
      kind: 'disk' as const,
      label: null,
      uuid: null,
      physical: {known: true as const, ids: ['disk:x']},
      rotating: false,
      model: null,
      removable: null,
      ...described,
    }),
  };
  const report = await runVerify(trial, {part: next(3), data, program, connected: []});
  t.deepEqual([report.end.exitCode, report.codes], [2, ['part-needs-volume']]);
  t.is((await runVerify(trial, {data, program, connected: []})).end.exitCode, 0);
  t.deepEqual(await readdir(data), []);
});

test('a whole volume is all of its shoots, however deep, and nothing of an archive', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial, {options: {shoot: 'One'}});
  await offloadTrial(trial, {options: {shoot: 'Two'}});
  await offloadTrial(trial, {options: {shoot: 'Three'}});
  await mkdir(join(trial.w, 'Photos/2026/11/weddings/late'), {recursive: true});
  await rename(join(trial.w, 'Two'), join(trial.w, 'Photos/2026/11/weddings/late/Two'));
  const run = join(trial.w, '_archive/20261123T141500Z-x3k9ab');
  await mkdir(run, {recursive: true});
  await rename(join(trial.w, 'Three'), join(run, 'Three'));
  await rm(join(run, 'Three/EOS/DCIM/100CANON/IMG_0001.JPG'));
  const report = await runVerify(trial);
  t.is(report.end.exitCode, 0);
  t.like(finishOf(report), {shoots: 2, files: 8, allGood: true});
  t.true(
    report.lines.includes(
      `ALL GOOD: ${trial.w}: 8 files, 336 kB, read back and as they were proved`,
    ),
  );
  // Records at the root of the drive hide none of the others.
  for (const name of ['EOS', '_offload'])
    await rename(join(trial.w, 'One', name), join(trial.w, name));
  const moved = await runVerify(trial);
  t.is(moved.end.exitCode, 0);
  t.like(finishOf(moved), {shoots: 2, files: 8});
});
