/** `check`, `verify` and `drives`: the commands that read what an offload left. */
import {
  appendFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {check} from '../../src/commands/check.ts';
import {drives} from '../../src/commands/drives.ts';
import {verify} from '../../src/commands/verify.ts';
import type {Volume} from '../../src/core/drive.ts';
import type {OffloadEvent} from '../../src/core/events.ts';
import {
  codesOf,
  diskVolume,
  makeTrial,
  offloadTrial,
  type RunSetting,
  readTree,
  type Trial,
  testFiles,
  testProgram,
} from '../helpers/run-offload.ts';

const PICTURE = 'DCIM/100CANON/IMG_0001.JPG';

function listen() {
  const events: OffloadEvent[] = [];
  const {signal} = new AbortController();
  return {events, listening: {emit: (event: OffloadEvent) => void events.push(event), signal}};
}

async function checkTrial(
  trial: Trial,
  setting: Partial<RunSetting> = {},
  to = [trial.w, trial.b],
) {
  const {events, listening} = listen();
  const program = testProgram({cards: [trial.card], to: [trial.w, trial.b], ...setting}, testFiles);
  const options = {card: trial.card, destinations: to, allowSameDrive: false, acceptCached: false};
  const end = await check(program, options, listening);
  return {end, events, verdicts: events.filter((event) => event.type === 'verdict')};
}

async function verifyPath(trial: Trial, path: string) {
  const {events, listening} = listen();
  const program = testProgram({cards: [trial.card], to: [trial.w, trial.b]}, testFiles);
  const end = await verify(program, {paths: [path], part: undefined, heal: false}, listening);
  const bad = events.flatMap((event) =>
    event.type === 'copy-checked' && event.state !== 'good' ? [[event.state, event.path]] : [],
  );
  return {end, events, bad};
}

test('check: a card that was offloaded is safe, and nothing is written', async (t) => {
  const trial = await makeTrial(t);
  t.is((await offloadTrial(trial)).end.exitCode, 0);
  const before = [await readTree(trial.card), await readTree(trial.w), await readTree(trial.b)];
  const report = await checkTrial(trial);
  t.is(report.end.exitCode, 0);
  t.like(report.verdicts[0], {safe: true, account: {found: 4, present: 4, copied: 0, failed: 0}});
  t.deepEqual(
    [await readTree(trial.card), await readTree(trial.w), await readTree(trial.b)],
    before,
  );
});

test('check: copies are found by their bytes, whatever card they came from and whatever they are called', async (t) => {
  const trial = await makeTrial(t);
  t.is((await offloadTrial(trial)).end.exitCode, 0);
  await mkdir(join(trial.card, 'OTHER'));
  await rename(join(trial.card, PICTURE), join(trial.card, 'OTHER/RENAMED.JPG'));
  t.is((await checkTrial(trial)).end.exitCode, 0);
});

test('check: a file that came since is named, and the card is not safe', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial);
  await writeFile(join(trial.card, 'DCIM/NEW.JPG'), 'new');
  const report = await checkTrial(trial);
  t.is(report.end.exitCode, 1);
  const failed = report.events.filter((event) => event.type === 'file-failed');
  t.deepEqual(
    failed.map(({path, code}) => [path, code]),
    [['DCIM/NEW.JPG', 'copies-missing']],
  );
});

test('check: a record is a promise, not a proof: a copy that rotted or is gone does not count', async (t) => {
  for (const spoil of [(path: string) => unlink(path), (path: string) => writeFile(path, 'rot')]) {
    const trial = await makeTrial(t);
    await offloadTrial(trial);
    await spoil(join(trial.b, 'Shoot/EOS', PICTURE));
    const report = await checkTrial(trial);
    t.is(report.end.exitCode, 1);
    t.true(codesOf(report).includes('copies-missing'));
  }
});

test('check: two folders of one drive, one drive alone, and an edited record are not two drives', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial);
  const physical = {known: true, ids: ['disk:one']} as const;
  const same = await checkTrial(trial, {volumes: {[trial.w]: {physical}, [trial.b]: {physical}}});
  t.deepEqual([same.end.exitCode, codesOf(same)], [1, ['same-drive']]);
  t.is((await checkTrial(trial, {}, [trial.w])).end.exitCode, 1);
  const records = join(trial.b, 'Shoot/_offload');
  const [name = ''] = (await readdir(records)).filter((one) => one.endsWith('.json'));
  const text = await readFile(join(records, name), 'utf8');
  await writeFile(join(records, name), text.replace('"label": "EOS"', '"label": "E0S"'));
  const edited = await checkTrial(trial);
  t.is(edited.end.exitCode, 1);
  t.true(
    edited.events.some((event) => event.type === 'noticed' && event.code === 'manifest-edited'),
  );
});

test('check without --to looks on the connected drives that carry the marker', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial);
  const volumes: readonly Volume[] = [
    diskVolume(trial.w, 'w'),
    diskVolume(trial.b, 'b'),
    diskVolume(trial.card, 'eos'),
  ];
  const listVolumes = async () => volumes;
  t.is((await checkTrial(trial, {program: {listVolumes}}, [])).end.exitCode, 0);
  const none = await checkTrial(trial, {}, []);
  t.is(none.end.exitCode, 2);
  t.true(none.events.some((event) => event.type === 'refused' && event.code === 'no-drives'));
});

test('verify: a shoot, a folder in it and a whole drive are good, and then not', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial);
  const folder = join(trial.w, 'Shoot/EOS/DCIM/101CANON');
  for (const path of [trial.w, join(trial.w, 'Shoot'), folder]) {
    const {end, bad} = await verifyPath(trial, path);
    t.deepEqual([end.exitCode, bad], [0, []], path);
  }
  const rotten = join(trial.w, 'Shoot/EOS', PICTURE);
  const bytes = await readFile(rotten);
  bytes.writeUInt8(bytes.readUInt8(5000) ^ 1, 5000);
  await writeFile(rotten, bytes);
  const gone = join(folder, 'MVI_0003.MP4');
  await rm(gone);
  const whole = await verifyPath(trial, trial.w);
  t.is(whole.end.exitCode, 1);
  t.deepEqual(
    new Map(whole.bad.map(([state, path]) => [path, state])),
    new Map([
      [rotten, 'changed'],
      [gone, 'missing'],
    ]),
  );
  t.deepEqual((await verifyPath(trial, folder)).bad, [['missing', gone]]);
});

test('verify: a drive without records is refused, a damaged record is told and not good', async (t) => {
  const trial = await makeTrial(t);
  const nothing = await verifyPath(trial, trial.w);
  t.is(nothing.end.exitCode, 2);
  await offloadTrial(trial);
  const records = join(trial.w, 'Shoot/_offload');
  const [name = ''] = (await readdir(records)).filter((one) => one.endsWith('.json'));
  await appendFile(join(records, name), 'x');
  const damaged = await verifyPath(trial, trial.w);
  t.is(damaged.end.exitCode, 1);
  t.true(damaged.events.some((event) => event.type === 'noticed' && event.code === 'manifest-cut'));
});

test('verify and check read nothing outside of the shoot, whatever a record or a link says', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial);
  const inside = join(trial.w, 'Shoot/EOS/DCIM');
  const outside = join(trial.folder, 'outside');
  await rename(inside, outside);
  await symlink(outside, inside);
  const {end, bad} = await verifyPath(trial, trial.w);
  t.is(end.exitCode, 1);
  t.deepEqual(new Set(bad.map(([state]) => state)), new Set(['unreadable']));
  t.is((await checkTrial(trial)).end.exitCode, 1);
});

test('drives: cards by their folders, roles by the marker, and nothing is written', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial);
  const before = await readTree(trial.folder);
  const volumes = [
    diskVolume(trial.b, 'b'),
    diskVolume(trial.w, 'w'),
    diskVolume(trial.card, 'eos'),
  ];
  const {events, listening} = listen();
  const program = testProgram(
    {cards: [], to: [], program: {listVolumes: async () => volumes}},
    testFiles,
  );
  t.is((await drives(program, listening.emit)).exitCode, 0);
  const seen = events.flatMap((event) =>
    event.type === 'drive' ? [[event.role, event.path, event.drive]] : [],
  );
  t.deepEqual(seen, [
    ['card', trial.card, 'disk:eos'],
    ['working', trial.w, 'disk:w'],
    ['backup', trial.b, 'disk:b'],
  ]);
  t.deepEqual(await readTree(trial.folder), before);
});
