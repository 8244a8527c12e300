import {appendFile, mkdir, readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import type {Files} from '../../../src/system/files.ts';
import {
  below,
  type Call,
  changes,
  failsCalls,
  flipsOnRead,
  growsWhileRead,
  interceptCalls,
  recordsCalls,
  systemError,
  vanishesAfter,
} from '../../helpers/faulty-files.ts';
import {openAsLightroom} from '../../helpers/make-lrcat.ts';
import {testFiles} from '../../helpers/run-offload.ts';
import {HOUR, NOON, programOf} from '../backup/backup-trial.ts';
import {
  add,
  addCompanions,
  checkSums,
  type LightroomTrial,
  listPlace,
  lookBeside,
  makeLightroomTrial,
  placeOf,
  readRecords,
  resultsOf,
  run,
  snapshotsOf,
} from './lightroom-trial.ts';

const DAY = 24 * HOUR;

const runWith = (trial: LightroomTrial, files: Files, stop = new AbortController()) =>
  run(trial, {program: programOf(trial, {}, files), stop});

/** One snapshot is there, and the catalog changed since. */
async function makeChanged(t: Parameters<typeof makeLightroomTrial>[0]): Promise<LightroomTrial> {
  const trial = await makeLightroomTrial(t);
  await addCompanions(trial);
  await add(trial, {to: [trial.b]});
  await run(trial);
  change(trial);
  trial.clock.set(NOON + DAY);
  return trial;
}

let changed = 0;
function change(trial: LightroomTrial): void {
  const lightroom = openAsLightroom(trial.catalog);
  lightroom.add({path: `more-${changed++}.cr3`});
  lightroom.close();
}

/** @returns what is wrong with the snapshots that have a name. */
async function findHalves({b}: LightroomTrial): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const name of await listPlace(b)) {
    if (name.startsWith('.offload-')) continue;
    const bad = await checkSums(join(placeOf(b), name)).catch((error: Error) => [error.message]);
    wrong.push(...bad.map((path) => `${name}: ${path}`));
  }
  return wrong;
}

const visible = async ({b}: LightroomTrial) =>
  (await listPlace(b)).filter((name) => !name.startsWith('.offload-'));

test('wherever a call on the drive fails, nothing half has a name, and the next run is good', async (t) => {
  const trial = await makeChanged(t);
  const calls: Call[] = [];
  await runWith(trial, recordsCalls(testFiles, calls));
  const total = calls.filter((call) => changes(call) && below(trial.b)(call.path)).length;
  t.true(total > 20);
  for (let n = 1; n <= total; n += 3) {
    change(trial);
    const before = await visible(trial);
    let seen = 0;
    const files = interceptCalls(testFiles, async (call, proceed) => {
      if (changes(call) && below(trial.b)(call.path) && ++seen === n)
        throw systemError('EIO', call);
      return await proceed();
    });
    const told = await runWith(trial, files);
    const after = await visible(trial);
    t.deepEqual(await findHalves(trial), [], `call ${n}`);
    t.true(
      before.every((name) => after.includes(name)),
      `call ${n}: what was there is there`,
    );
    const [snapshot] = snapshotsOf(told);
    t.is(after.length, before.length + (snapshot?.result === 'taken' ? 1 : 0), `call ${n}`);
  }
  change(trial);
  t.deepEqual(resultsOf(await run(trial)), ['B taken']);
  t.deepEqual(await listPlace(trial.b), await visible(trial), 'nothing of dead runs is left');
});

test('a drive that is pulled in the middle keeps what it has', async (t) => {
  const trial = await makeChanged(t);
  for (const n of [5, 20, 40, 60]) {
    const told = await runWith(trial, vanishesAfter(testFiles, placeOf(trial.b), n));
    t.not(told.end.exitCode, 0, `after ${n} calls`);
    t.deepEqual(await findHalves(trial), []);
    t.is((await visible(trial)).length, 1);
  }
  t.deepEqual(resultsOf(await run(trial)), ['B taken']);
  t.deepEqual(await listPlace(trial.b), await visible(trial));
});

test('what a run that was killed left is removed by the next one, and nothing else is', async (t) => {
  const trial = await makeChanged(t);
  const part = join(placeOf(trial.b), '.offload-lightroom-dead00.part');
  await mkdir(join(part, 'Main.lrcat-data'), {recursive: true});
  await writeFile(join(part, 'Main.lrcat-data', 'half'), 'half');
  for (const name of ['.offload-probe-abc123.part', '.offload-lock.stale-x', 'mine.part'])
    await writeFile(join(placeOf(trial.b), name), 'left');
  t.deepEqual(resultsOf(await run(trial)), ['B taken']);
  const names = (await listPlace(trial.b)).filter((name) => !/^2026-/.test(name));
  t.deepEqual(names, ['mine.part']);
});

test('a drive that gives other bytes back gets no snapshot', async (t) => {
  const trial = await makeChanged(t);
  const catalog = (path: string) => path.startsWith(trial.b) && path.endsWith('.part');
  const told = await runWith(trial, flipsOnRead(testFiles, catalog));
  t.deepEqual(resultsOf(told), ['B failed']);
  t.true(told.codes.includes('mismatch'));
  t.is((await visible(trial)).length, 1);
});

test('data that Lightroom writes in while it is copied is taken again; then left out, and told', async (t) => {
  const trial = await makeChanged(t);
  const path = join(trial.pictures, 'Main.lrcat-data', 'ab', 'mask');
  const isMask = (one: string) => one === path;
  await writeFile(path, 'another mask');
  const once = await runWith(trial, growsWhileRead(testFiles, isMask));
  t.like(snapshotsOf(once)[0], {result: 'taken', data: 'copied'});
  change(trial);
  const grows = interceptCalls(testFiles, async (call, proceed) => {
    if (call.method === 'read' && isMask(call.path)) await appendFile(path, 'more');
    return await proceed();
  });
  await writeFile(path, 'one more mask');
  const told = await runWith(trial, grows);
  t.like(snapshotsOf(told)[0], {result: 'taken', data: 'left-out'});
  t.true(told.codes.includes('lrcat-data-left-out'));
  t.deepEqual(await findHalves(trial), []);
  t.like(snapshotsOf(await run(trial))[0], {result: 'taken', data: 'copied'});
});

test('a catalog that is opened while its data is copied: no snapshot of two states', async (t) => {
  const trial = await makeChanged(t);
  let lightroom: ReturnType<typeof openAsLightroom> | undefined;
  t.teardown(() => lightroom?.close());
  const mask = join(trial.pictures, 'Main.lrcat-data', 'ab', 'mask');
  await writeFile(mask, 'another mask');
  const files = interceptCalls(testFiles, async (call, proceed) => {
    if (call.method === 'read' && call.path === mask && lightroom === undefined) {
      lightroom = openAsLightroom(trial.catalog);
      lightroom.add({path: 'late.cr3'});
    }
    return await proceed();
  });
  const told = await runWith(trial, files);
  t.like(snapshotsOf(told)[0], {result: 'taken', data: 'left-out', pictures: 4});
  t.is((await readRecords(trial.b)).at(-1)?.method, 'online');
});

test('what cannot be read of the data is told, and no snapshot pretends to have it', async (t) => {
  const trial = await makeChanged(t);
  await writeFile(join(trial.pictures, 'Main.lrcat-data', 'ab', 'new'), 'a new mask');
  const fresh = (path: string) => path.endsWith(join('ab', 'new'));
  const told = await runWith(trial, failsCalls(testFiles, ['openToRead'], fresh, 'EACCES'));
  t.deepEqual(resultsOf(told), ['B failed']);
  t.true(told.codes.includes('EACCES'));
  const unlisted = (path: string) => path.endsWith('Main.lrcat-data');
  const blind = await runWith(trial, failsCalls(testFiles, ['lookAll'], unlisted, 'EIO'));
  t.deepEqual(resultsOf(blind), ['B failed']);
  t.is((await visible(trial)).length, 1);
});

test('a full disk of the computer is told as what it is', async (t) => {
  const trial = await makeChanged(t);
  const files: Files = interceptCalls(testFiles, async (call, proceed) => {
    if (call.method === 'freeBytes' && call.path.startsWith(trial.home))
      throw systemError('ENOSPC', call);
    return await proceed();
  });
  const told = await runWith(trial, files);
  t.deepEqual(resultsOf(told), ['B failed']);
  t.true(told.codes.includes('ENOSPC'));
});

test('who stops it gets nothing half, and 130', async (t) => {
  const trial = await makeChanged(t);
  const before = await lookBeside(trial);
  for (const part of ['mask', 'Main.lrcat']) {
    await writeFile(join(trial.pictures, 'Main.lrcat-data', 'ab', 'mask'), `mask ${part}`);
    const stop = new AbortController();
    const files = interceptCalls(testFiles, async (call, proceed) => {
      if (call.method === 'read' && call.path.endsWith(part)) stop.abort();
      return await proceed();
    });
    const told = await runWith(trial, files, stop);
    t.deepEqual(told.end, {outcome: 'cancelled', exitCode: 130});
    t.deepEqual(await listPlace(trial.b), await visible(trial));
    t.is((await visible(trial)).length, 1);
  }
  t.not(before, '');
  t.deepEqual(await readdir(join(trial.home, 'lightroom')), []);
});

test('a drive in doubt gets nothing', async (t) => {
  const trial = await makeChanged(t);
  trial.plugged.set(trial.b, {size: 1_000_000});
  const told = await run(trial);
  t.deepEqual(resultsOf(told), ['B refused']);
  t.is(told.end.exitCode, 1);
  t.is((await visible(trial)).length, 1);
});
