/** A destination dies, the others go on; it comes back, on any letter, and the same command completes it. */
import {mkdir, open, readdir, readFile, rename, stat, writeFile} from 'node:fs/promises';
import {join, relative} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {FileMismatched, OffloadEvent} from '../../src/core/events.ts';
import type {Files} from '../../src/system/files.ts';
import {
  below,
  type Call,
  failsReading,
  flipsFirstReads,
  flipsFirstWrites,
  interceptCalls,
  recordsCalls,
  systemError,
  vanishesAfter,
} from '../helpers/faulty-files.ts';
import {
  codesOf,
  findLitter,
  makeTrial,
  offloadTrial,
  type RunReport,
  type RunSetting,
  readManifests,
  readTree,
  runOffload,
  type Trial,
  testFiles,
} from '../helpers/run-offload.ts';

/** Pictures that are flushed one by one. */
const CARD = Object.fromEntries(
  Array.from({length: 6}, (_, index) => [`DCIM/IMG_000${index}.JPG`, 1_060_000 + index]),
);
const PICTURES = Object.keys(CARD);
/** Pictures that a drive has proved when it dies. */
const PROVED = 4;

/** Files of the card that stand proved under their names in a shoot. */
async function namesOn(root: string): Promise<readonly string[]> {
  const tree = await readTree(join(root, 'Shoot/EOS')).catch(() => ({}));
  return Object.keys(tree).filter((name) => name in CARD);
}

/** Every call below a folder fails from the moment at which `isGone` says so. */
function pulledOut(files: Files, root: string, isGone: (call: Call) => boolean): Files {
  return interceptCalls(files, async (call, proceed) => {
    const isBelow = below(root)(call.path);
    if (!isBelow || call.method === 'close' || !isGone(call)) return await proceed();
    throw systemError(
      call.method === 'write' || call.method === 'sync' ? 'ENODEV' : 'ENOENT',
      call,
    );
  });
}

/** A working drive that dies when it has four pictures proved and is to get the others; the backup is finished. */
async function dieHalfway(t: ExecutionContext, trial: Trial): Promise<void> {
  let created = 0;
  let proved = 0;
  let tell: () => void = () => {};
  const arrived = new Promise<void>((resolve) => {
    tell = resolve;
  });
  let isGone = false;
  const pulled = pulledOut(testFiles, trial.w, () => isGone);
  const files = interceptCalls(pulled, async (call, proceed) => {
    const isCopy = call.method === 'createFile' && below(join(trial.w, 'Shoot/EOS'))(call.path);
    if (isCopy && ++created > PROVED) {
      await arrived;
      isGone = true;
    }
    return await proceed();
  });
  const report = await offloadTrial(trial, {
    files,
    onEvent(event) {
      if (event.type === 'file-proved' && event.to === trial.w && ++proved === PROVED) tell();
    },
  });
  t.deepEqual(report.end, {outcome: 'complete', exitCode: 1});
  t.true(report.events.some(({type}) => type === 'destination-lost'));
  t.is((await namesOn(trial.b)).length, PICTURES.length);
  t.is((await namesOn(trial.w)).length, PROVED);
}

/** A picture that the drive lacks. */
async function findLacking({w}: Trial): Promise<string> {
  const standing = new Set(await namesOn(w));
  return PICTURES.find((name) => !standing.has(name)) ?? '';
}

/** The same drive is mounted elsewhere. */
async function mountElsewhere(trial: Trial, which: 'w' | 'b' = 'w'): Promise<string> {
  const place = join(trial.folder, `${which}-elsewhere`);
  await rename(trial[which], place);
  return place;
}

/** Files of the card that a run opened after it was probed: the probe reads the first one. */
function openedOnCard(calls: readonly Call[], {card}: Trial): readonly string[] {
  const opened = calls
    .filter(({method, path}) => method === 'openToRead' && below(card)(path))
    .map(({path}) => relative(card, path));
  return opened.slice(1).sort();
}

async function expectWhole(t: ExecutionContext, trial: Trial, roots: readonly string[]) {
  const card = await readTree(trial.card);
  for (const root of roots) {
    t.deepEqual(await readTree(join(root, 'Shoot/EOS')), card);
    t.deepEqual(await findLitter(root), []);
    const manifests = await readManifests(join(root, 'Shoot'));
    t.deepEqual(
      manifests.map(({verdict}) => verdict.safe),
      [true],
    );
  }
}

const mismatchesOf = ({events}: {readonly events: readonly OffloadEvent[]}) =>
  events.filter((event): event is FileMismatched => event.type === 'file-mismatched');

interface Return {
  readonly report: RunReport;
  readonly calls: readonly Call[];
  readonly w: string;
  readonly lacking: readonly string[];
}

/** Dies halfway, comes back elsewhere, and runs again. */
async function comeBack(
  t: ExecutionContext,
  trial: Trial,
  {fault = (files) => files, ...setting}: Partial<RunSetting> & {fault?: (files: Files) => Files},
): Promise<Return> {
  await dieHalfway(t, trial);
  const standing = new Set(await namesOn(trial.w));
  const w = await mountElsewhere(trial);
  const calls: Call[] = [];
  const report = await runOffload({
    cards: [trial.card],
    to: [w, trial.b],
    files: recordsCalls(fault(testFiles), calls),
    ...setting,
  });
  const lacking = PICTURES.filter((name) => !standing.has(name)).sort();
  return {report, calls, w, lacking};
}

const FROM_COPY = {options: {fromCopy: true}} as const;

test('a drive that comes back on another letter is completed, and the card gives only what is missing', async (t) => {
  const trial = await makeTrial(t, CARD);
  const {report, calls, w, lacking} = await comeBack(t, trial, {});
  t.deepEqual(report.end, {outcome: 'complete', exitCode: 0});
  const planned = report.events.find((event) => event.type === 'run-planned');
  t.true(planned?.resumed);
  t.deepEqual(openedOnCard(calls, trial), lacking);
  await expectWhole(t, trial, [w, trial.b]);
  const [manifest] = await readManifests(join(w, 'Shoot'));
  t.is(manifest?.runs, 2);
});

test('a drive that dies while copies get their names needs nothing from the card when it is back', async (t) => {
  const trial = await makeTrial(t, CARD);
  let named = 0;
  const files = pulledOut(testFiles, trial.w, ({method, to}) => {
    if (method === 'publish' && to?.endsWith('.JPG') === true) named += 1;
    return named > 2;
  });
  t.is((await offloadTrial(trial, {files, options: {order: 'after'}})).end.exitCode, 1);
  t.is((await namesOn(trial.w)).length, 2);
  const calls: Call[] = [];
  const report = await offloadTrial(trial, {files: recordsCalls(testFiles, calls)});
  t.is(report.end.exitCode, 0);
  t.deepEqual(openedOnCard(calls, trial), []);
  await expectWhole(t, trial, [trial.w, trial.b]);
});

test('with --from-copy the card gives nothing: the other copy does', async (t) => {
  const trial = await makeTrial(t, CARD);
  const {report, calls, w} = await comeBack(t, trial, FROM_COPY);
  t.deepEqual(report.end, {outcome: 'complete', exitCode: 0});
  t.deepEqual(openedOnCard(calls, trial), []);
  await expectWhole(t, trial, [w, trial.b]);
  const [manifest] = await readManifests(join(trial.b, 'Shoot'));
  const sources = manifest?.files.flatMap(({copies}) =>
    copies.filter(({source}) => source === 'copy').map(({destination}) => destination),
  );
  const working = manifest?.destinations.find(({to}) => to === w)?.id;
  t.deepEqual(
    sources,
    Array.from({length: PICTURES.length - PROVED}, () => working),
  );
  // Every copy was read back in this run, the source too.
  const proofs = report.events.filter((event) => event.type === 'file-proved');
  t.is(proofs.length, 2 * PICTURES.length);
});

test('--from-copy with --verify full reads the card at the end, and it must match', async (t) => {
  const options = {fromCopy: true, verify: 'full'} as const;
  const good = await makeTrial(t, CARD);
  const whole = await comeBack(t, good, {options});
  t.is(whole.report.end.exitCode, 0);
  t.is(openedOnCard(whole.calls, good).length, PICTURES.length);
  const bad = await makeTrial(t, CARD);
  const path = join(bad.card, PICTURES[5] ?? '');
  const flipped = await comeBack(t, bad, {
    options,
    fault: (files) => flipsFirstReads(files, (one) => one === path, 1),
  });
  t.is(flipped.report.end.exitCode, 1);
  t.true(codesOf(flipped.report).includes('source-mismatch'));
});

test('--from-copy goes past a copy that rotted: it is told, and the card is read', async (t) => {
  const trial = await makeTrial(t, CARD);
  await dieHalfway(t, trial);
  const rotten = await findLacking(trial);
  const place = join(trial.b, 'Shoot/EOS', rotten);
  const file = await open(place, 'r+');
  await file.write(Buffer.from('rot'), 0, 3, 1000);
  await file.close();
  const before = await readFile(place);
  const calls: Call[] = [];
  const report = await offloadTrial(trial, {...FROM_COPY, files: recordsCalls(testFiles, calls)});
  t.is(report.end.exitCode, 0);
  t.deepEqual(
    mismatchesOf(report).map(({path, to, evidence}) => ({path, to, evidence})),
    [{path: rotten, to: trial.b, evidence: undefined}],
  );
  // Once for the drive that lacks it, once for the one on which it rotted.
  t.deepEqual(openedOnCard(calls, trial), [rotten, rotten]);
  t.deepEqual(await readFile(place), before);
  const card = await readTree(trial.card);
  t.is((await readTree(join(trial.w, 'Shoot/EOS')))[rotten], card[rotten]);
  const beside = rotten.replace('.JPG', '-2.JPG');
  t.is((await readTree(join(trial.b, 'Shoot/EOS')))[beside], card[rotten]);
  t.deepEqual(await findLitter(trial.folder), []);
});

test('--from-copy with a read that was wrong once: the copy is proved again, and nothing is lost', async (t) => {
  const trial = await makeTrial(t, CARD);
  await dieHalfway(t, trial);
  const unlucky = await findLacking(trial);
  const place = join(trial.b, 'Shoot/EOS', unlucky);
  const report = await offloadTrial(trial, {
    ...FROM_COPY,
    files: flipsFirstReads(testFiles, (path) => path === place, 1),
  });
  t.is(report.end.exitCode, 0);
  t.is(mismatchesOf(report).length, 1);
  await expectWhole(t, trial, [trial.w, trial.b]);
});

test('--from-copy: a copy that cannot be read sends the run to the card', async (t) => {
  const trial = await makeTrial(t, CARD);
  await dieHalfway(t, trial);
  const bad = await findLacking(trial);
  const calls: Call[] = [];
  const recording = recordsCalls(testFiles, calls);
  const place = join(trial.b, 'Shoot/EOS', bad);
  const report = await offloadTrial(trial, {
    ...FROM_COPY,
    files: failsReading(recording, (path) => path === place, 'EIO'),
  });
  t.is(report.end.exitCode, 0);
  t.true(openedOnCard(calls, trial).every((path) => path === bad));
  t.is((await namesOn(trial.w)).length, PICTURES.length);
});

test('--from-copy: the other drive dies while it is read from, and the card gives the rest', async (t) => {
  const trial = await makeTrial(t, CARD);
  await dieHalfway(t, trial);
  const report = await offloadTrial(trial, {
    ...FROM_COPY,
    files: vanishesAfter(testFiles, trial.b, 60),
  });
  t.is(report.end.exitCode, 1);
  t.is((await namesOn(trial.w)).length, PICTURES.length);
  t.is((await offloadTrial(trial, FROM_COPY)).end.exitCode, 0);
  await expectWhole(t, trial, [trial.w, trial.b]);
});

test('--from-copy fills a new drive from the one that was finished', async (t) => {
  const trial = await makeTrial(t, CARD);
  await dieHalfway(t, trial);
  const third = join(trial.folder, 'C');
  await mkdir(third);
  const calls: Call[] = [];
  const report = await runOffload({
    cards: [trial.card],
    to: [third, trial.b],
    files: recordsCalls(testFiles, calls),
    ...FROM_COPY,
  });
  t.is(report.end.exitCode, 0);
  t.deepEqual(openedOnCard(calls, trial), []);
  await expectWhole(t, trial, [third, trial.b]);
});

test('--from-copy without an earlier run, or after the card has changed, reads the card', async (t) => {
  const trial = await makeTrial(t, CARD);
  const first = await offloadTrial(trial, FROM_COPY);
  t.is(first.end.exitCode, 0);
  const other = await makeTrial(t, CARD);
  await dieHalfway(t, other);
  await writeFile(join(other.card, PICTURES[5] ?? ''), 'another picture');
  const calls: Call[] = [];
  const report = await offloadTrial(other, {...FROM_COPY, files: recordsCalls(testFiles, calls)});
  t.is(report.end.exitCode, 0);
  t.is(new Set(openedOnCard(calls, other)).size, PICTURES.length);
});

test('--from-copy: a copy that does not match is written again from the same copy', async (t) => {
  const trial = await makeTrial(t, CARD);
  await dieHalfway(t, trial);
  const calls: Call[] = [];
  const recording = recordsCalls(testFiles, calls);
  const isPart = (path: string) => path.startsWith(`${trial.w}/Shoot/EOS/DCIM/.offload-`);
  const report = await offloadTrial(trial, {
    ...FROM_COPY,
    files: flipsFirstWrites(recording, isPart, 2),
  });
  t.is(report.end.exitCode, 0);
  t.is(mismatchesOf(report).length, 2);
  t.deepEqual(openedOnCard(calls, trial), []);
  await expectWhole(t, trial, [trial.w, trial.b]);
});

test('a file that the card does not give any more comes from the copy, even after a run without it', async (t) => {
  const trial = await makeTrial(t, CARD);
  await dieHalfway(t, trial);
  const worn = await findLacking(trial);
  const files = failsReading(testFiles, (path) => path === join(trial.card, worn), 'EIO');
  const plain = await offloadTrial(trial, {files});
  t.is(plain.end.exitCode, 1);
  const [manifest] = await readManifests(join(trial.b, 'Shoot'));
  const record = manifest?.files.find(({path}) => path === worn);
  t.is(record?.copies.length, 1);
  t.truthy(record?.blake3);
  const report = await offloadTrial(trial, {...FROM_COPY, files});
  t.is(report.end.exitCode, 0);
  await expectWhole(t, trial, [trial.w, trial.b]);
});

test('drives that changed letters and are stopped again are still known by their volumes', async (t) => {
  const trial = await makeTrial(t, CARD);
  const stopAfter = (proofs: number) => {
    const stop = new AbortController();
    let seen = 0;
    const onEvent = (event: OffloadEvent) => {
      if (event.type === 'file-proved' && ++seen === proofs) stop.abort();
    };
    return {stop, onEvent};
  };
  await offloadTrial(trial, stopAfter(2 * PICTURES.length));
  // W is where B was and B where W was.
  await rename(trial.w, join(trial.folder, 'x'));
  await rename(trial.b, trial.w);
  await rename(join(trial.folder, 'x'), trial.b);
  const swapped = {cards: [trial.card], to: [trial.b, trial.w]};
  await runOffload({...swapped, ...stopAfter(2)});
  const calls: Call[] = [];
  const report = await runOffload({...swapped, files: recordsCalls(testFiles, calls)});
  t.is(report.end.exitCode, 0);
  t.deepEqual(openedOnCard(calls, trial), []);
  await expectWhole(t, trial, [trial.w, trial.b]);
  const [manifest] = await readManifests(join(trial.w, 'Shoot'));
  t.is(manifest?.runs, 3);
});

test('a drive that comes back without its journal is known by what the other one recorded', async (t) => {
  const trial = await makeTrial(t, CARD);
  await dieHalfway(t, trial);
  const records = join(trial.w, 'Shoot/_offload');
  for (const name of await readdir(records)) {
    if (name.endsWith('.journal')) await writeFile(join(records, name), '');
  }
  const calls: Call[] = [];
  const report = await offloadTrial(trial, {files: recordsCalls(testFiles, calls)});
  t.is(report.end.exitCode, 0);
  t.is(openedOnCard(calls, trial).length, PICTURES.length - PROVED);
  await expectWhole(t, trial, [trial.w, trial.b]);
});

test('a clone of a drive is not taken for the drive', async (t) => {
  const trial = await makeTrial(t, CARD);
  await dieHalfway(t, trial);
  const clone = join(trial.folder, 'clone');
  await mkdir(clone);
  const marker = '.offload-volume.json';
  await writeFile(join(clone, marker), await readFile(join(trial.b, marker)));
  const report = await runOffload({cards: [trial.card], to: [clone, trial.b], ...FROM_COPY});
  t.is(report.end.exitCode, 0);
  const card = await readTree(trial.card);
  for (const root of [clone, trial.b]) t.deepEqual(await readTree(join(root, 'Shoot/EOS')), card);
});

test('modification times are those of the card when bytes come from a copy', async (t) => {
  const trial = await makeTrial(t, CARD);
  const {w} = await comeBack(t, trial, FROM_COPY);
  for (const name of PICTURES) {
    const {mtimeMs} = await stat(join(trial.card, name));
    t.true(Math.abs((await stat(join(w, 'Shoot/EOS', name))).mtimeMs - mtimeMs) < 1, name);
  }
});
