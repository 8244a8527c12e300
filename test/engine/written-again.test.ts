/** Copies that do not match: written again, kept aside, counted over all runs, and told of. */
import {access, mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {FileMismatched, OffloadEvent} from '../../src/core/events.ts';
import type {Files} from '../../src/system/files.ts';
import {
  below,
  type Call,
  changes,
  Death,
  failsCalls,
  flipsFirstReads,
  flipsFirstWrites,
  flipsLastByte,
  flipsOnRead,
  fullAfter,
  interceptCalls,
  partsIn,
  recordsCalls,
  systemError,
} from '../helpers/faulty-files.ts';
import {
  codesOf,
  findLitter,
  makeTree,
  makeTrial,
  offloadTrial,
  type RunReport,
  readManifests,
  readTree,
  runningPids,
  runOffload,
  type Trial,
  testFiles,
} from '../helpers/run-offload.ts';

const CLIP = 'VIDEO/CLIP.MP4';
/** The clip is flushed by itself, the pictures together. */
const CARD = {'DCIM/A.JPG': 10_000, 'DCIM/B.JPG': 20_000, [CLIP]: 1_200_000};

const clipsOn = (root: string) => partsIn(join(root, 'Shoot/EOS/VIDEO'));
const mismatchesOf = ({events}: {readonly events: readonly OffloadEvent[]}) =>
  events.filter((event): event is FileMismatched => event.type === 'file-mismatched');
const noticesOf = ({events}: RunReport, code: string) =>
  events.filter((event) => event.type === 'noticed' && event.code === code);
const warningsOf = ({verdicts}: RunReport, code: string) =>
  verdicts.flatMap(({warnings}) => warnings.filter((warning) => warning.code === code));
const evidenceOn = async (root: string) =>
  (await findLitter(root)).filter((name) => name.endsWith('.mismatch'));

async function expectDone(t: ExecutionContext, trial: Trial, report: RunReport, when = '') {
  t.deepEqual(report.end, {outcome: 'complete', exitCode: 0}, when);
  for (const root of [trial.w, trial.b]) {
    t.deepEqual(await readTree(join(root, 'Shoot/EOS')), await readTree(trial.card), when);
    t.deepEqual(await findLitter(root), [], when);
  }
}

/** How often a file of the card was opened. */
const countOpenings = (calls: readonly Call[], path: string) =>
  calls.filter((call) => call.method === 'openToRead' && call.path === path).length;

for (const times of [1, 2]) {
  test(`a drive that spoils a copy ${times} times: it is written again, and the card is safe`, async (t) => {
    const trial = await makeTrial(t, CARD);
    const calls: Call[] = [];
    const files = flipsFirstWrites(recordsCalls(testFiles, calls), clipsOn(trial.b), times);
    const report = await offloadTrial(trial, {files});
    await expectDone(t, trial, report);
    const mismatches = mismatchesOf(report);
    t.deepEqual(
      mismatches.map(({path, to, rewrite}) => [path, to, rewrite]),
      [1, 2].slice(0, times).map((rewrite) => [CLIP, trial.b, rewrite]),
    );
    t.is(countOpenings(calls, join(trial.card, CLIP)), 1 + times);
    t.is(report.verdicts[0]?.account.copied, 3);
    for (const root of [trial.w, trial.b]) {
      const [manifest] = await readManifests(join(root, 'Shoot'));
      const file = manifest?.files.find(({path}) => path === CLIP);
      t.deepEqual(
        file?.mismatches?.map(({copy, kept}) => ({copy, kept})),
        mismatches.map(({evidence = ''}) => ({copy: evidence, kept: false})),
      );
      t.is(file?.copies.length, 2);
      // Once may be an accident.
      const codes = manifest?.warnings.map(({code}) => code).filter((code) => /^drive/.test(code));
      t.deepEqual(codes, times === 1 ? [] : ['drive-suspect']);
    }
    t.is(noticesOf(report, 'drive-suspect').length, times === 1 ? 0 : 1);
    const [warning] = warningsOf(report, 'drive-suspect');
    if (times === 1) t.is(warning, undefined);
    else t.regex(warning?.message ?? '', /2 copies on B .*cable.*port.*drive.*memory.*card/);
  });
}

for (const times of [3, Number.POSITIVE_INFINITY]) {
  test(`a drive that spoils a copy ${times} times: two rewrites, then it is left, with the bad bytes`, async (t) => {
    const trial = await makeTrial(t, CARD);
    const report = await offloadTrial(trial, {
      files: flipsFirstWrites(testFiles, clipsOn(trial.b), times),
    });
    t.deepEqual(report.end, {outcome: 'complete', exitCode: 1});
    t.deepEqual(codesOf(report), ['file-unproved', 'copies-missing']);
    t.deepEqual(
      mismatchesOf(report).map(({rewrite}) => rewrite),
      [1, 2, undefined],
    );
    const kept = mismatchesOf(report).map(({evidence}) => `Shoot/${evidence}`);
    t.deepEqual(await findLitter(trial.b), kept.sort());
    const [warning] = warningsOf(report, 'mismatch-kept');
    t.true(warning?.message.includes(join(trial.b, kept[0] ?? '')), warning?.message);
    t.is(noticesOf(report, 'drive-suspect').length, 1);
    const [manifest] = await readManifests(join(trial.w, 'Shoot'));
    t.deepEqual(
      manifest?.files.find(({path}) => path === CLIP)?.mismatches?.map(({kept: isKept}) => isKept),
      [true, true, true],
    );
    await expectDone(t, trial, await offloadTrial(trial));
  });
}

test('the count goes on after a record that is not safe: a new run writes once, and not three times', async (t) => {
  const trial = await makeTrial(t, CARD);
  const files = flipsLastByte(testFiles, clipsOn(trial.b));
  await offloadTrial(trial, {files});
  const second = await offloadTrial(trial, {files});
  t.is(second.end.exitCode, 1);
  t.deepEqual(
    mismatchesOf(second).map(({rewrite}) => rewrite),
    [undefined],
  );
  t.is((await evidenceOn(trial.b)).length, 4);
  t.is(noticesOf(second, 'drive-suspect').length, 1);
  const last = await offloadTrial(trial);
  await expectDone(t, trial, last);
  // It stands above the verdict though nothing went wrong in this run.
  t.is(warningsOf(last, 'drive-suspect').length, 1);
});

test('the medium is right and the read was wrong: the second copy proves', async (t) => {
  const trial = await makeTrial(t, CARD);
  const report = await offloadTrial(trial, {
    files: flipsFirstReads(testFiles, clipsOn(trial.b), 1),
  });
  t.is(mismatchesOf(report).length, 1);
  await expectDone(t, trial, report);
});

test('bad bytes lie aside under a name that says so until the new copy has its own', async (t) => {
  const trial = await makeTrial(t, CARD);
  const seen: string[] = [];
  const watching = watchesEvidence(testFiles, trial, seen);
  const report = await offloadTrial(trial, {
    files: flipsFirstWrites(watching, clipsOn(trial.b), 2),
  });
  await expectDone(t, trial, report);
  t.deepEqual(seen, [
    '0 at writing',
    '1 at writing',
    '2 at writing',
    'removed after',
    'removed after',
  ]);
});

/** Counts the kept copies whenever the clip is written to B, and sees whether they are removed before the clip has its name there. */
function watchesEvidence(files: Files, {b}: Trial, seen: string[]): Files {
  const folder = join(b, 'Shoot/EOS/VIDEO');
  return interceptCalls(files, async (call, proceed) => {
    if (call.method === 'createFile' && dirname(call.path) === folder) {
      const names = await readdir(folder);
      seen.push(`${names.filter((name) => name.endsWith('.mismatch')).length} at writing`);
    }
    if (call.method === 'removeFile' && call.path.endsWith('.mismatch')) {
      const isNamed = await access(join(b, 'Shoot/EOS', CLIP)).then(
        () => true,
        () => false,
      );
      seen.push(isNamed ? 'removed after' : 'removed before');
    }
    return await proceed();
  });
}

test('two destinations that spoil the same file each get it again', async (t) => {
  const trial = await makeTrial(t, CARD);
  const files = flipsFirstWrites(testFiles, clipsOn(trial.w), 1);
  const report = await offloadTrial(trial, {files: flipsFirstWrites(files, clipsOn(trial.b), 2)});
  t.deepEqual(
    mismatchesOf(report)
      .map(({to}) => to)
      .sort(),
    [trial.b, trial.b, trial.w],
  );
  await expectDone(t, trial, report);
  t.deepEqual(
    warningsOf(report, 'drive-suspect').map(({message}) => message.includes(' on B ')),
    [true],
  );
});

for (const order of ['overlap', 'after'] as const) {
  test(`small files in batches, --verify-order ${order}: each is written again by itself`, async (t) => {
    const tree = Object.fromEntries(
      Array.from({length: 60}, (_, index) => [`DCIM/F${index}.JPG`, 500 + index]),
    );
    const trial = await makeTrial(t, tree);
    const parts = partsIn(join(trial.b, 'Shoot/EOS/DCIM'));
    const report = await offloadTrial(trial, {
      files: flipsFirstWrites(testFiles, parts, 7),
      options: {order},
    });
    t.is(mismatchesOf(report).length, 7);
    t.is(noticesOf(report, 'drive-suspect').length, 1);
    await expectDone(t, trial, report);
  });
}

test('a card that gives other bytes when it is read again is a doubt about the card', async (t) => {
  const trial = await makeTrial(t, CARD);
  const path = join(trial.card, CLIP);
  const spoiling = flipsFirstWrites(testFiles, clipsOn(trial.b), 1);
  const report = await offloadTrial(trial, {
    files: flipsOnRead(spoiling, (one) => one === path, 2),
  });
  t.is(report.end.exitCode, 1);
  t.true(codesOf(report).includes('source-mismatch'));
  t.true(mismatchesOf(report).some(({to}) => to === undefined));
});

test('a disk that is full when the copy is written again: the bad bytes stay, the next run finishes', async (t) => {
  const trial = await makeTrial(t, CARD);
  const folder = join(trial.b, 'Shoot/EOS/VIDEO');
  const spoiling = flipsFirstWrites(testFiles, clipsOn(trial.b), 1);
  const report = await offloadTrial(trial, {files: fullAfter(spoiling, folder, 2_000_000)});
  t.is(report.end.exitCode, 1);
  const failed = report.events.find((event) => event.type === 'file-failed');
  t.like(failed, {path: CLIP, to: trial.b, code: 'ENOSPC'});
  t.is((await evidenceOn(trial.b)).length, 1);
  t.is(warningsOf(report, 'mismatch-kept').length, 1);
  await expectDone(t, trial, await offloadTrial(trial));
});

/** Stops a run when the clip is created on B for the n-th time. */
async function stopAtWriting(trial: Trial, n: number, files: Files): Promise<RunReport> {
  const stop = new AbortController();
  const isClip = clipsOn(trial.b);
  let seen = 0;
  const stopping = interceptCalls(files, async (call, proceed) => {
    if (call.method === 'createFile' && isClip(call.path) && ++seen === n) stop.abort();
    return await proceed();
  });
  return await offloadTrial(trial, {files: stopping, stop});
}

test('cancelled while it is written again: nothing is lost, and the count goes on', async (t) => {
  const trial = await makeTrial(t, CARD);
  const files = flipsLastByte(testFiles, clipsOn(trial.b));
  const stopped = await stopAtWriting(trial, 2, files);
  t.deepEqual(stopped.end, {outcome: 'cancelled', exitCode: 130});
  t.is((await evidenceOn(trial.b)).length, 1);
  t.is(warningsOf(stopped, 'mismatch-kept').length, 1);
  // The first rewrite was not done: this run does both.
  const resumed = await offloadTrial(trial, {files});
  t.deepEqual(
    mismatchesOf(resumed).map(({rewrite}) => rewrite),
    [2, undefined],
  );
  t.is((await evidenceOn(trial.b)).length, 3);
  await expectDone(t, trial, await offloadTrial(trial));
});

test('two copies of two runs that did not match make the drive suspect', async (t) => {
  const trial = await makeTrial(t, CARD);
  const first = await stopAtWriting(trial, 2, flipsFirstWrites(testFiles, clipsOn(trial.b), 1));
  t.is(noticesOf(first, 'drive-suspect').length, 0);
  const second = await offloadTrial(trial, {
    files: flipsFirstWrites(testFiles, clipsOn(trial.b), 1),
  });
  await expectDone(t, trial, second);
  t.is(noticesOf(second, 'drive-suspect').length, 1);
  t.is(warningsOf(second, 'drive-suspect').length, 1);
});

test('one bad copy of each of two cards on one drive make it suspect', async (t) => {
  const trial = await makeTrial(t, CARD);
  const second = join(trial.folder, 'NIKON');
  await makeTree(second, CARD);
  const cards = [trial.card, second];
  const once = flipsFirstWrites(testFiles, clipsOn(trial.b), 1);
  const files = flipsFirstWrites(once, partsIn(join(trial.b, 'Shoot/NIKON/VIDEO')), 1);
  const report = await runOffload({cards, to: [trial.w, trial.b], files});
  t.is(report.end.exitCode, 0);
  t.is(noticesOf(report, 'drive-suspect').length, 1);
  t.deepEqual(await findLitter(trial.folder), []);
});

test('two destinations on one drive are suspect together', async (t) => {
  const trial = await makeTrial(t, CARD);
  const files = flipsFirstWrites(testFiles, clipsOn(trial.w), 1);
  const report = await offloadTrial(trial, {
    files: flipsFirstWrites(files, clipsOn(trial.b), 1),
    volumes: {[trial.b]: {physical: {known: true, ids: ['disk:w']}}},
    options: {allowSameDrive: true},
  });
  t.is(report.end.exitCode, 0);
  t.is(noticesOf(report, 'drive-suspect').length, 1);
  t.is(warningsOf(report, 'drive-suspect').length, 1);
});

const renamings = (files: Files, errno: string) =>
  interceptCalls(files, async (call, proceed) => {
    if (call.to?.endsWith('.mismatch')) throw systemError(errno, call);
    return await proceed();
  });

test('bad bytes that cannot be renamed stay where they are, and go when the copy is proved', async (t) => {
  const trial = await makeTrial(t, CARD);
  const files = renamings(flipsFirstWrites(testFiles, clipsOn(trial.b), 2), 'EIO');
  const stopped = await stopAtWriting(trial, 3, files);
  t.is(noticesOf(stopped, 'EIO').length, 2);
  t.is((await findLitter(trial.b)).filter((name) => name.endsWith('.part')).length, 2);
  t.regex(warningsOf(stopped, 'mismatch-kept')[0]?.message ?? '', /2 copies .*\.part\./);
  await expectDone(t, trial, await offloadTrial(trial));
});

test('a drive that becomes read-only when bad bytes are renamed is lost, and the other one is finished', async (t) => {
  const trial = await makeTrial(t, CARD);
  const spoiling = flipsFirstWrites(testFiles, clipsOn(trial.b), 1);
  const report = await offloadTrial(trial, {files: renamings(spoiling, 'EROFS')});
  t.is(report.end.exitCode, 1);
  t.true(report.events.some(({type}) => type === 'destination-lost'));
  t.deepEqual(await readTree(join(trial.w, 'Shoot/EOS')), await readTree(trial.card));
  await expectDone(t, trial, await offloadTrial(trial));
});

test('bad bytes that cannot be removed are named by the verdict, which is safe', async (t) => {
  const trial = await makeTrial(t, CARD);
  const spoiling = flipsFirstWrites(testFiles, clipsOn(trial.b), 1);
  const files = failsCalls(spoiling, ['removeFile'], (path) => path.endsWith('.mismatch'), 'EIO');
  const report = await offloadTrial(trial, {files});
  t.is(report.end.exitCode, 0);
  t.is(warningsOf(report, 'mismatch-kept').length, 1);
  t.is((await evidenceOn(trial.b)).length, 1);
});

test('a file that has the name for bad bytes already is not replaced', async (t) => {
  const trial = await makeTrial(t, CARD);
  let theirs = '';
  const spoiling = flipsFirstWrites(testFiles, clipsOn(trial.b), 1);
  const files = interceptCalls(spoiling, async (call, proceed) => {
    if (call.to?.endsWith('.mismatch')) {
      theirs = call.to;
      await writeFile(theirs, 'somebody else');
    }
    return await proceed();
  });
  const stopped = await stopAtWriting(trial, 2, files);
  t.is(stopped.end.exitCode, 130);
  t.is(noticesOf(stopped, 'EEXIST').length, 1);
  t.is(await readFile(theirs, 'utf8'), 'somebody else');
});

test('kept bytes of which no record speaks stay until all is proved on their drive', async (t) => {
  const trial = await makeTrial(t, CARD);
  const bad = clipsOn(trial.b);
  const stopped = await stopAtWriting(trial, 1, testFiles);
  const planned = stopped.events.find((event) => event.type === 'run-planned');
  const stranger = join(
    trial.b,
    `Shoot/EOS/VIDEO/.offload-${planned?.offload}-elsewhere-1.mismatch`,
  );
  await mkdir(dirname(stranger), {recursive: true});
  await writeFile(stranger, 'bytes');
  const unproved = await offloadTrial(trial, {files: flipsLastByte(testFiles, bad)});
  t.true((await evidenceOn(trial.b)).some((name) => stranger.endsWith(name)));
  t.regex(warningsOf(unproved, 'mismatch-kept')[0]?.message ?? '', /^4 copies/);
  await expectDone(t, trial, await offloadTrial(trial));
});

/** Every how many changes the power goes: each one would take long. */
const STRIDE = 2;

test('the power goes at any change of a run with bad copies: the next run ends safe and leaves nothing', async (t) => {
  const spoil = (trial: Trial, files: Files) => flipsFirstWrites(files, clipsOn(trial.b), 2);
  const whole: Call[] = [];
  const card = {[CLIP]: 1_100_000};
  const sample = await makeTrial(t, card);
  await offloadTrial(sample, {files: spoil(sample, recordsCalls(testFiles, whole))});
  const count = whole.filter(changes).length;
  let next = 1;
  let kept = 0;
  const early: string[] = [];
  const work = async () => {
    for (let n = next; n <= count; n = next) {
      next += STRIDE;
      const trial = await makeTrial(t, card);
      const death = new Death();
      const pid = 200_000 + n;
      const files = spoil(trial, death.comesAt(testFiles, n));
      const run = offloadTrial(trial, {files, pid});
      const ended = await Promise.race([run.then(() => true), death.happened.then(() => false)]);
      await death.bury();
      runningPids.delete(pid);
      if (ended) continue;
      const journals = (await findLitter(trial.folder)).some((name) => name.endsWith('.journal'));
      kept += (await evidenceOn(trial.b)).length;
      const seen: string[] = [];
      const again = await offloadTrial(trial, {files: watchesEvidence(testFiles, trial, seen)});
      if (seen.includes('removed before')) early.push(`at change ${n}`);
      const isDone = !journals && (await readManifests(join(trial.w, 'Shoot'))).length > 1;
      if (isDone) t.is(again.end.exitCode, 0);
      else await expectDone(t, trial, again, `power gone at change ${n} of ${count}`);
    }
  };
  await Promise.all([work(), work(), work(), work(), work(), work()]);
  t.deepEqual(early, []);
  t.true(kept > 0);
});

test('a mismatch is durable before its bytes are put aside', async (t) => {
  const trial = await makeTrial(t, CARD);
  const order: string[] = [];
  const spoiling = flipsFirstWrites(testFiles, clipsOn(trial.b), 1);
  await offloadTrial(trial, {
    files: interceptCalls(spoiling, async (call, proceed) => {
      if (call.to?.endsWith('.mismatch')) order.push('aside');
      return await proceed();
    }),
    onEvent: (event) => event.type === 'file-mismatched' && order.push('fact'),
  });
  t.deepEqual(order, ['fact', 'aside']);
});

test('a drive that is gone when bad bytes are renamed gets nothing again', async (t) => {
  const trial = await makeTrial(t, CARD);
  const spoiling = flipsLastByte(testFiles, clipsOn(trial.b));
  const files = interceptCalls(spoiling, async (call, proceed) => {
    if (call.to?.endsWith('.mismatch') && below(trial.b)(call.path)) {
      throw systemError('ENODEV', call);
    }
    return await proceed();
  });
  const report = await offloadTrial(trial, {files});
  t.is(report.end.exitCode, 1);
  t.is(mismatchesOf(report).length, 1);
});
