/** Second looks at `offload verify --heal`, `restore --at`, the memory of slices and what `offload status` counts. */
import {mkdir, readFile, rename, rm, utimes, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {check} from '../../src/commands/check.ts';
import type {Files} from '../../src/system/files.ts';
import {makeRecord, openTrial, unwrap} from '../catalog/made-records.ts';
import {
  type Call,
  failsCalls,
  failsReading,
  interceptCalls,
  recordsCalls,
  vanishesAfter,
} from '../helpers/faulty-files.ts';
import {
  diskVolume,
  hashOfText,
  makeShoot,
  offloadTrial,
  readTree,
  type Trial,
  testFiles,
  testProgram,
} from '../helpers/run-offload.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';
import {archiveOf, hashesOf, noonOf, putFile, runRestore} from './restore-trial.ts';
import {badOf, finishOf, flipBit, healedOf, MIXED_CARD, runVerify} from './verify/verify-run.ts';

const RAW = 'Shoot/EOS/DCIM/100CANON/IMG_0001.CR3';
const LARGE = 'Shoot/EOS/DCIM/100CANON/IMG_0002.CR3';
const PICTURE = 'Shoot/EOS/DCIM/100CANON/IMG_0002.JPG';
const FILM = 'Shoot/EOS/DCIM/101CANON/MVI_0003.MP4';

/** Somebody works on the drive after its shoot was read, and before the heal begins: it locks the shoot first. */
function worksBeforeHeal(files: Files, work: () => Promise<void>): Files {
  let isDone = false;
  return interceptCalls(files, async (call, proceed) => {
    if (!isDone && call.method === 'createFile' && call.path.includes('/_offload/lock')) {
      isDone = true;
      await work();
    }
    return await proceed();
  });
}

test('heal: a file that was edited after it was found rotten keeps its name', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  const path = join(trial.w, PICTURE);
  await flipBit(path);
  const files = worksBeforeHeal(testFiles, () => writeFile(path, 'edited'));
  const report = await runVerify(trial, {heal: true, files});
  t.is(report.end.exitCode, 1);
  t.deepEqual(
    healedOf(report).map(({state, code}) => [state, code]),
    [['failed', 'changed-since']],
  );
  t.is(await readFile(path, 'utf8'), 'edited');
});

test('heal: a file that was missing and that somebody put back keeps its name', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  const path = join(trial.w, FILM);
  const own = await readFile(path);
  await rm(path);
  for (const bytes of [own, Buffer.from('another film')]) {
    const files = worksBeforeHeal(testFiles, () => writeFile(path, bytes));
    const report = await runVerify(trial, {heal: true, files});
    t.is(report.end.exitCode, 1);
    t.deepEqual(
      healedOf(report).map(({code}) => code),
      ['changed-since'],
    );
    t.deepEqual(await readFile(path), bytes);
    await rm(path);
  }
});

test('heal: a file that could not be read, and can be now, keeps its name', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  const path = join(trial.w, LARGE);
  for (const isEdited of [false, true]) {
    let isBroken = true;
    const broken = failsReading(testFiles, (one) => one === path && isBroken, 'EIO', 66_000);
    const files = worksBeforeHeal(broken, async () => {
      isBroken = false;
      if (isEdited) await writeFile(path, 'edited');
    });
    const before = await readTree(trial.w);
    const report = await runVerify(trial, {heal: true, files});
    t.is(report.end.exitCode, 1);
    t.deepEqual(
      healedOf(report).map(({code}) => code),
      [isEdited ? 'changed-since' : 'read-differs'],
    );
    if (isEdited) t.is(await readFile(path, 'utf8'), 'edited');
    else t.deepEqual(await readTree(trial.w), before);
  }
});

test('heal: a bad file is moved aside in one step: one that takes its name meanwhile is not deleted', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  await flipBit(join(trial.w, RAW));
  const calls: Call[] = [];
  const report = await runVerify(trial, {heal: true, files: recordsCalls(testFiles, calls)});
  t.is(report.end.exitCode, 0);
  const moves = calls.filter(({path, to}) => path === join(trial.w, RAW) && to !== undefined);
  // `publish` makes a second name and removes the first one, whatever has it by then.
  t.deepEqual(
    moves.map(({method}) => method),
    ['replace'],
  );
});

test('heal: what somebody stamped into a raw file is his, though its time was kept', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  const path = join(trial.w, RAW);
  const bytes = await readFile(path);
  const when = new Date(Date.UTC(2026, 10, 20, 9, 0, 0, 250));
  await writeFile(path, Buffer.concat([bytes, Buffer.from('<gps/>')]));
  await utimes(path, when, when);
  const report = await runVerify(trial, {heal: true});
  t.deepEqual(
    badOf(report).map(({change}) => change),
    ['altered'],
  );
  t.deepEqual(healedOf(report), []);
  t.is((await readFile(path)).length, bytes.length + 6);
});

test('heal: a picture that was edited hours after it was taken, to the minute, is edited', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  const path = join(trial.w, PICTURE);
  await flipBit(path);
  const later = new Date(Date.UTC(2026, 10, 20, 9 + 8, 15, 1));
  await utimes(path, later, later);
  const report = await runVerify(trial, {heal: true});
  t.deepEqual(
    badOf(report).map(({change}) => change),
    ['edited'],
  );
  t.deepEqual(healedOf(report), []);
});

test('verify: a drive that is pulled is told, and its files are not called missing', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  for (const heal of [false, true]) {
    const calls: Call[] = [];
    await runVerify(trial, {files: recordsCalls(testFiles, calls)});
    const first = calls.findIndex(
      ({method, path}) => method === 'read' && path.startsWith(join(trial.w, 'Shoot/EOS')),
    );
    const own = calls.slice(0, first).filter(({path}) => path.startsWith(trial.w)).length;
    const files = vanishesAfter(testFiles, trial.w, own + 12);
    const report = await runVerify(trial, {heal, files});
    t.is(report.end.exitCode, 1);
    t.deepEqual(
      badOf(report).filter(({state}) => state === 'missing'),
      [],
      JSON.stringify(report.lines),
    );
    t.true(report.codes.includes('drive-gone'), JSON.stringify(report.codes));
    t.is(finishOf(report), undefined);
  }
});

test('verify: what lies behind a folder that cannot be listed is not all good', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  await mkdir(join(trial.w, 'Old'));
  await rename(join(trial.w, 'Shoot'), join(trial.w, 'Old/Shoot'));
  t.is((await offloadTrial(trial)).end.exitCode, 0);
  const data = await makeTemporaryFolder(t);
  const old = join(trial.w, 'Old');
  const unlistable = failsCalls(testFiles, ['list'], (path) => path === old, 'EIO');
  const unseen = failsCalls(testFiles, ['look'], (path) => path === old, 'EIO');
  for (const files of [unlistable, unseen]) {
    const report = await runVerify(trial, {files, data});
    t.is(report.end.exitCode, 1);
    t.true(report.codes.includes('EIO'), JSON.stringify(report.codes));
    t.like(finishOf(report), {allGood: false, since: null, files: 4});
  }
  t.like(finishOf(await runVerify(trial, {data})), {allGood: true, files: 8});
});

test('verify: a drive that is pulled between two shoots is not all good', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  t.is((await offloadTrial(trial, {options: {shoot: 'Zoo'}})).end.exitCode, 0);
  const data = await makeTemporaryFolder(t);
  let isGone = false;
  const files = interceptCalls(testFiles, async (call, proceed) => {
    if (isGone && call.path.startsWith(trial.w))
      throw Object.assign(new Error('ENOENT'), {code: 'ENOENT'});
    const answer = await proceed();
    // The last file of the first shoot was read.
    if (call.method === 'close' && call.path === join(trial.w, FILM)) isGone = true;
    return answer;
  });
  const report = await runVerify(trial, {files, data});
  t.is(report.end.exitCode, 1);
  t.true(report.codes.includes('drive-gone'));
  t.deepEqual(await readTree(data), {});
});

test('verify: a record of an offload of which all was known already is no fault', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  const {end} = await offloadTrial(trial, {options: {shoot: 'Again', onlyNew: true}});
  t.is(end.exitCode, 0);
  const report = await runVerify(trial, {paths: [trial.w]});
  t.is(report.end.exitCode, 0, JSON.stringify(report.lines));
});

test('heal: a file of the card that is called like a temporary file of a restore stays', async (t) => {
  const name = 'DCIM/100CANON/.offload-restore-studio-99-abc123-1.part';
  const trial = await makeShoot(t, {...MIXED_CARD, [name]: 5000});
  const before = await readTree(trial.w);
  await rm(join(trial.w, RAW));
  t.is((await runVerify(trial, {heal: true})).end.exitCode, 0);
  const after = await readTree(trial.w);
  for (const path of Object.keys(before)) t.true(path in after, path);
});

test('slices: a bad reading of the whole volume ends what slices said before it', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  const data = await makeTemporaryFolder(t);
  for (let part = 1; part <= 2; part++) {
    await runVerify(trial, {part: {kind: 'next', of: 2}, data});
  }
  await flipBit(join(trial.w, RAW));
  t.is(finishOf(await runVerify(trial, {data}))?.since, null);
  const other = await runVerify(trial, {part: {kind: 'next', of: 2}, data});
  t.is(finishOf(other)?.since ?? null, null);
});

const A = '0b0f4f0e-5a8e-4d2c-9a57-6f1f3a2b1c0a';
const C = '1c1f4f0e-5a8e-4d2c-9a57-6f1f3a2b1c0a';
const EVERYTHING = {destinations: [], volumes: []};
const at = (day: number) => `2026-12-${String(day).padStart(2, '0')}T08:00:00.000Z`;

async function makeMirrored(t: ExecutionContext) {
  const catalog = await openTrial(t);
  const [w, b] = makeRecord({}).destinations;
  if (w === undefined || b === undefined) throw new Error('no destinations');
  const hash = 'a'.repeat(64);
  const record = makeRecord({
    destinations: [w, {...b, id: `${A}:Photos`}],
    files: [{path: '1.CR3', size: 10, blake3: hash, on: ['working', `${A}:Photos`]}],
  });
  unwrap(await catalog.recordManifest(record));
  const put = (day: number) =>
    ({path: 'Shoot/1.CR3', hash, size: 10, provedAt: at(day), mediumRead: 'direct'}) as const;
  const mirror = async (volume: string, day: number, change: 'put' | 'drop') => {
    const one = change === 'put' ? {put: put(day)} : {drop: 'Shoot/1.CR3'};
    unwrap(await catalog.noteMirror({volume, at: at(day), changes: [one]}));
  };
  const read = async (day: number) => {
    const copies = [{number: 0, path: '1.CR3', hash, mediumRead: 'direct'} as const];
    const about = {offload: record.offload, destination: 'working', at: at(day), copies};
    unwrap(await catalog.noteReadings(about));
  };
  const count = async () => unwrap(await catalog.countCopies(record.shoot, EVERYTHING));
  const where = async () =>
    (await count()).groups.map(({destinations}) => [...destinations].sort());
  return {mirror, read, count, where};
}

test('status: a copy that the mirror of its drive archived is no copy there, though it was offloaded there', async (t) => {
  const {mirror, where, count} = await makeMirrored(t);
  for (const volume of [A, C]) await mirror(volume, 1, 'put');
  t.deepEqual(await where(), [[A, C, `${A}:Photos`, 'working'].sort()]);
  await mirror(A, 2, 'drop');
  t.deepEqual(await where(), [[C, 'working'].sort()]);
  t.is((await count()).letGo, 0);
  await mirror(A, 3, 'put');
  t.deepEqual(await where(), [[A, C, `${A}:Photos`, 'working'].sort()]);
});

test('status: what was read good after all backups archived it was not let go', async (t) => {
  const {mirror, read, count, where} = await makeMirrored(t);
  await mirror(A, 1, 'put');
  await mirror(A, 2, 'drop');
  t.deepEqual([(await count()).letGo, await where()], [1, []]);
  await read(3);
  t.deepEqual([(await count()).letGo, await where()], [0, [['working']]]);
});

const JPG = 'Shoot/EOS/DCIM/100CANON/IMG_0001.JPG';

async function restoreAt(trial: Trial, at = '2026-11-24') {
  const back = join(trial.folder, 'Back');
  await rm(back, {recursive: true, force: true});
  await mkdir(back);
  const {code, codes} = await runRestore({...trial, back}, {at});
  return {exitCode: code, codes, tree: await hashesOf(back)};
}

async function makeEdited(t: ExecutionContext): Promise<Trial> {
  const trial = await makeShoot(t, {'DCIM/100CANON/IMG_0001.JPG': 10_000});
  const {b} = trial;
  await putFile(join(b, archiveOf(25), JPG), 'edited once', noonOf(22));
  await putFile(join(b, JPG), 'edited twice', noonOf(25));
  return trial;
}

test('restore --at: a folder of the same shape deeper in the mirror is another file', async (t) => {
  const trial = await makeEdited(t);
  for (const name of ['Aaa', 'Zzz']) {
    await putFile(join(trial.b, name, JPG), `of ${name}`, noonOf(21));
    await putFile(join(trial.b, archiveOf(27), name, JPG), `old of ${name}`, noonOf(21));
  }
  const {exitCode, tree} = await restoreAt(trial);
  t.is(exitCode, 0);
  t.is(tree[JPG], hashOfText('edited once'));
});

test('restore --at: a folder of the user that is called _archive hides no backup', async (t) => {
  const trial = await makeEdited(t);
  const {b} = trial;
  await mkdir(join(b, 'Mirror'));
  await rename(join(b, '_archive'), join(b, 'Mirror/_archive'));
  await rename(join(b, 'Shoot'), join(b, 'Mirror/Shoot'));
  await putFile(join(b, '_archive/2019/old.txt'), 'old', noonOf(21));
  const {exitCode, tree} = await restoreAt(trial);
  t.is(exitCode, 0);
  t.is(tree[JPG], hashOfText('edited once'));
});

test('restore --at: what was gone by then is left out, and told', async (t) => {
  const trial = await makeEdited(t);
  const {w, b} = trial;
  await rm(join(w, JPG));
  await mkdir(dirname(join(b, archiveOf(26), JPG)), {recursive: true});
  await rename(join(b, JPG), join(b, archiveOf(26), JPG));
  await putFile(join(b, archiveOf(28), 'Shoot/list.txt'), 'list', noonOf(22));
  const gone = await restoreAt(trial, '2026-11-27');
  t.deepEqual([gone.exitCode, gone.tree], [0, {'Shoot/list.txt': hashOfText('list')}]);
  t.true(gone.codes.includes('gone-by-then'));
  const all = await restoreAt(trial, '2026-11-29');
  t.deepEqual([all.exitCode, all.codes.at(-1), all.tree], [2, 'nothing-found', {}]);
  // A copy that stands where it was recorded was not deleted: the backup does not want it any more.
  await putFile(join(w, JPG), 'x'.repeat(10_000), noonOf(20));
  t.is((await restoreAt(trial, '2026-11-27')).codes.includes('gone-by-then'), false);
});

test('check: what a mirror put into its archive is purged one day, and is no copy', async (t) => {
  const trial = await makeShoot(t, MIXED_CARD);
  const {card, w, b} = trial;
  const volumes = [diskVolume(w, 'w'), diskVolume(b, 'b')];
  const program = testProgram(
    {cards: [card], to: [w, b], program: {listVolumes: async () => volumes}},
    testFiles,
  );
  const asked = {card, destinations: [w, b], allowSameDrive: false, acceptCached: false};
  const ask = async () =>
    await check(program, asked, {emit() {}, signal: new AbortController().signal});
  t.is((await ask()).exitCode, 0);
  await mkdir(join(b, archiveOf(25)), {recursive: true});
  await rename(join(b, 'Shoot'), join(b, archiveOf(25), 'Shoot'));
  t.is((await ask()).exitCode, 1);
  const again = await offloadTrial(trial, {options: {shoot: 'Again', onlyNew: true}});
  t.is(again.end.exitCode, 0);
  t.is(Object.values(await readTree(join(b, 'Again/EOS'))).length > 0, true);
});
