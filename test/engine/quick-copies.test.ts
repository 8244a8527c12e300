/** Small files by the quick way: the same outcome as by the ordinary one, and faults told as there. */
import {appendFileSync, writeFileSync} from 'node:fs';
import {lstat, readdir, readFile, rm, symlink} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {FileProved, OffloadEvent} from '../../src/core/events.ts';
import {copiesQuickly} from '../../src/engine/copy-small.ts';
import type {FilePlan} from '../../src/engine/plan.ts';
import type {SmallFileCalls} from '../../src/system/small-files/small-file-calls.ts';
import {SMALL_FILE} from '../../src/system/small-files/small-file-tools.ts';
import type {RunTool} from '../../src/system/tools.ts';
import {
  changesWhileRead,
  failsSmall,
  failsToClose,
  failsToRead,
  flipsLastByte,
  flipsOnRead,
  fullAfter,
  hasNoLinks,
  recordsSmall,
  refusesTimes,
  type SmallCall,
  shortRead,
  tellsAtSmall,
  vanishingRoot,
} from '../helpers/faulty-calls.ts';
import {
  below,
  type Call,
  failsReading,
  flipsFirstWrites,
  flipsOnRead as flipsOnOpening,
  type Match,
  partsIn,
  recordsCalls,
} from '../helpers/faulty-files.ts';
import {quickFiles} from '../helpers/quick-files.ts';
import {
  codesOf,
  fewTools,
  findLitter,
  makeTrial,
  offloadTrial,
  type RunReport,
  type RunSetting,
  readCopies,
  readManifests,
  readTree,
  type Tree,
  type Trial,
  testFiles,
} from '../helpers/run-offload.ts';
import {testCalls} from '../helpers/small-trial.ts';

/** A folder of its own, so that its copies can be told from the others while they have no name. */
const ONE = 'ONE/A.JPG';

/** As many small files as make a card quick, in four folders, and the one. */
function smallFiles(count: number): Tree {
  const tree: Record<string, number> = {[ONE]: 5001};
  for (let n = 1; n < count; n++) tree[`DCIM/10${n % 4}CANON/IMG_${n}.JPG`] = (n * 977) % 9000;
  return tree;
}
const MANY = 210;
const MANY_FILES = smallFiles(MANY);

const MIXED: Tree = {
  ...smallFiles(400),
  'DCIM/100CANON/EDGE_1.JPG': SMALL_FILE - 1,
  'DCIM/100CANON/EDGE_2.JPG': SMALL_FILE,
  'DCIM/100CANON/EDGE_3.JPG': 4096,
  'VIDEO/CLIP.MP4': 1_200_001,
  'VIDEO/EMPTY.LOG': 0,
  'MISC/': 0,
};

const partsOfOne = (root: string): Match => partsIn(join(root, 'Shoot/EOS/ONE'));
const eventsOf = <T extends OffloadEvent['type']>({events}: RunReport, type: T) =>
  events.filter((event): event is Extract<OffloadEvent, {type: T}> => event.type === type);

async function expectDone(t: ExecutionContext, {card, w, b}: Trial, report: RunReport) {
  t.deepEqual(report.end, {outcome: 'complete', exitCode: 0}, codesOf(report).join());
  t.is(report.verdicts[0]?.safe, true);
  for (const root of [w, b]) {
    t.deepEqual(await readTree(join(root, 'Shoot/EOS')), await readTree(card));
    t.deepEqual(await findLitter(root), []);
  }
}

async function emptyPlaces({w, b}: Trial) {
  for (const root of [w, b]) await rm(join(root, 'Shoot'), {recursive: true});
}

/** What differs between two runs that did the same. */
const withoutRun = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, part) => {
      if (['offload', 'freeBytes', 'seal', 'signature'].includes(key)) return key;
      // In the order in which they were proved.
      if (key === 'copies' && Array.isArray(part))
        return part.map((one) => JSON.stringify(one)).sort();
      return part;
    })
      .replaceAll(/\d{8}T\d{6}Z-w[0-9a-z]+/g, 'offload')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time'),
  );

async function timesBelow(root: string) {
  const names = await readdir(root, {recursive: true});
  const rows = await Promise.all(
    names.sort().map(async (name) => {
      const facts = await lstat(join(root, name), {bigint: true});
      return facts.isFile() ? [name, facts.mtimeNs / 1000n, facts.mode] : [name];
    }),
  );
  return rows.filter(([name]) => !`${name}`.startsWith('_offload'));
}

/** All that is left of a run, and what it told, whatever the order of its files. */
async function outcomeOf({w, b}: Trial, report: RunReport) {
  const factOf = ({type: _, ...fact}: FileProved) => JSON.stringify(fact);
  return {
    end: report.end,
    verdicts: withoutRun(report.verdicts),
    proved: eventsOf(report, 'file-proved').map(factOf).sort(),
    notices: eventsOf(report, 'noticed').map(({code, message}) => [code, message]),
    copies: [await readCopies(w), await readCopies(b)],
    times: [await timesBelow(join(w, 'Shoot')), await timesBelow(join(b, 'Shoot'))],
    manifests: withoutRun([
      await readManifests(join(w, 'Shoot')),
      await readManifests(join(b, 'Shoot')),
    ]),
    litter: [await findLitter(w), await findLitter(b)],
  };
}

test('the outcome is that of the ordinary way, and what stands is read back by the quick one too', async (t) => {
  const trial = await makeTrial(t, MIXED);
  // The marker of a volume is written by the first run.
  await offloadTrial(trial);
  await emptyPlaces(trial);
  const ordinary = await offloadTrial(trial);
  const expected = await outcomeOf(trial, ordinary);
  t.true(ordinary.verdicts[0]?.safe);
  await emptyPlaces(trial);
  const made: SmallCall[] = [];
  const calls: Call[] = [];
  const quick = await offloadTrial(trial, {
    quick: recordsSmall(testCalls, made),
    files: recordsCalls(testFiles, calls),
  });
  t.deepEqual(await outcomeOf(trial, quick), expected);
  await expectDone(t, trial, quick);
  // All small ones went the quick way, and only they: each read once, written twice, read back twice and named twice.
  const small = Object.values(MIXED).filter((size) => Number(size) < SMALL_FILE).length - 1;
  const opened = (match: Match) =>
    made.filter(({method, path}) => method === 'open' && match(path)).length;
  t.is(opened(below(trial.card)), small);
  t.is(opened(below(trial.w)), 2 * small);
  t.is(made.filter(({method}) => method === 'link').length >= 2 * small, true);
  const made2 = calls.filter(({method, path}) => method === 'createFile' && /\/EOS\//.test(path));
  t.is(made2.length, 2 * 2);
  // Everything stands: it is read back by the quick way too.
  made.length = 0;
  const again = await offloadTrial(trial, {quick: recordsSmall(testCalls, made)});
  t.is(again.end.exitCode, 0);
  t.like(again.verdicts[0], {safe: true, account: {copied: 0, failed: 0}});
  t.true(made.some(({method, path}) => method === 'read' && below(trial.b)(path)));
});

test('which cards are quick', async (t) => {
  const files = await quickFiles(testFiles);
  const planOf = (sizes: readonly number[]): readonly FilePlan[] =>
    sizes.map((size, n) => ({
      file: {path: `${n}.jpg`, size, mtimeNs: 0n, changedNs: 0n},
      steps: [],
      retries: 0,
    }));
  const small = Array.from({length: 200}, () => SMALL_FILE - 1);
  const lane = (flushesFileSystem: boolean) => ({
    access: {writesDirect: true, method: {kind: 'direct'}, flushesFileSystem} as const,
  });
  const lanes = [lane(true), lane(true)];
  t.true(copiesQuickly({files, lanes, plan: planOf(small)}));
  t.true(copiesQuickly({files, lanes, plan: planOf([...small, 1e9, 1e9])}));
  t.false(copiesQuickly({files, lanes, plan: planOf([...small.slice(1), SMALL_FILE, 1e9])}));
  t.false(copiesQuickly({files: recordsCalls(testFiles, []), lanes, plan: planOf(small)}));
  t.false(copiesQuickly({files, lanes: [lane(true), lane(false)], plan: planOf(small)}));
  t.false(copiesQuickly({files, lanes, plan: []}));
});

test('a card with few small files goes the ordinary way', async (t) => {
  const trial = await makeTrial(t, smallFiles(20));
  const made: SmallCall[] = [];
  await expectDone(t, trial, await offloadTrial(trial, {quick: recordsSmall(testCalls, made)}));
  t.deepEqual(
    made.filter(({method}) => method !== 'link' && method !== 'unlink'),
    [],
  );
});

test('a destination that cannot flush all files together goes the ordinary way', async (t) => {
  const trial = await makeTrial(t, MANY_FILES);
  const made: SmallCall[] = [];
  const report = await offloadTrial(trial, {
    quick: recordsSmall(testCalls, made),
    volumes: {[trial.b]: {kind: 'network'}},
    options: {acceptCached: true},
  });
  t.is(report.end.exitCode, 0);
  t.deepEqual(
    made.filter(({method}) => method === 'write'),
    [],
  );
});

test('a card that fails once: the file is read twice more, and believed', async (t) => {
  const trial = await makeTrial(t, MANY_FILES);
  const path = join(trial.card, ONE);
  const calls: Call[] = [];
  const report = await offloadTrial(trial, {
    quick: failsToRead(testCalls, (one) => one === path, 1),
    files: recordsCalls(testFiles, calls),
  });
  await expectDone(t, trial, report);
  const retried = eventsOf(report, 'file-proved').filter(({retries}) => retries > 0);
  t.deepEqual(
    retried.map(({path: one, retries}) => [one, retries]),
    [
      [ONE, 1],
      [ONE, 1],
    ],
  );
  t.is(calls.filter((call) => call.method === 'openToRead' && call.path === path).length, 2);
});

test('a card that fails once and then gives two different files is not believed', async (t) => {
  const trial = await makeTrial(t, MANY_FILES);
  const path = join(trial.card, ONE);
  const report = await offloadTrial(trial, {
    quick: failsToRead(testCalls, (one) => one === path, 1),
    files: flipsOnOpening(testFiles, (one) => one === path, 2),
  });
  t.deepEqual(report.end, {outcome: 'complete', exitCode: 1});
  t.false(report.verdicts[0]?.safe);
  const [failed] = eventsOf(report, 'file-failed');
  t.like(failed, {path: ONE, code: 'source-mismatch'});
  for (const root of [trial.w, trial.b]) {
    t.deepEqual(await findLitter(root), []);
    t.is((await readCopies(join(root, 'Shoot/EOS')))[ONE], undefined);
  }
});

test('a file that the card never gives: told as in the ordinary way, and all others are copied', async (t) => {
  const trial = await makeTrial(t, MANY_FILES);
  const bad: Match = (one) => one === join(trial.card, ONE);
  const files = failsReading(testFiles, bad, 'EIO', 100);
  const ordinary = await offloadTrial(trial, {files});
  const expected = eventsOf(ordinary, 'file-failed');
  t.is(expected.length, 1);
  await emptyPlaces(trial);
  const report = await offloadTrial(trial, {files, quick: failsToRead(testCalls, bad)});
  t.deepEqual(report.end, {outcome: 'complete', exitCode: 1});
  t.deepEqual(codesOf(report), codesOf(ordinary));
  t.deepEqual(eventsOf(report, 'file-failed'), expected);
  t.deepEqual(
    eventsOf(report, 'noticed').map(({code}) => code),
    eventsOf(ordinary, 'noticed').map(({code}) => code),
  );
  t.is(report.verdicts[0]?.account.copied, MANY - 1);
  for (const root of [trial.w, trial.b]) t.deepEqual(await findLitter(root), []);
});

test('a file that changes while it is read: told as in the ordinary way, and nothing of it is left', async (t) => {
  const trial = await makeTrial(t, MANY_FILES);
  const grows: Match = (one) => one === join(trial.card, ONE);
  const report = await offloadTrial(trial, {
    quick: changesWhileRead(testCalls, grows, (path) => appendFileSync(path, 'x')),
  });
  t.is(report.end.exitCode, 1);
  t.like(eventsOf(report, 'file-failed'), [{path: ONE, code: 'changed-while-read'}]);
  for (const root of [trial.w, trial.b]) {
    t.deepEqual(await findLitter(root), []);
    t.is((await readCopies(join(root, 'Shoot/EOS')))[ONE], undefined);
  }
});

test('short reads of the card and of the copies are gone on with in the ordinary way', async (t) => {
  const trial = await makeTrial(t, MANY_FILES);
  const report = await offloadTrial(trial, {quick: shortRead(testCalls, () => true)});
  await expectDone(t, trial, report);
  t.true(eventsOf(report, 'file-proved').every(({retries}) => retries === 0));
});

for (const times of [1, 2, 3, Number.POSITIVE_INFINITY]) {
  test(`a drive that spoils a copy ${times} times: as in the ordinary way`, async (t) => {
    const trial = await makeTrial(t, MANY_FILES);
    const onW = partsOfOne(trial.w);
    const told = (report: RunReport) => ({
      end: report.end,
      codes: codesOf(report),
      account: report.verdicts[0]?.account,
      mismatches: eventsOf(report, 'file-mismatched').map(
        ({evidence, type: _, ...fact}) => [fact, evidence !== undefined] as const,
      ),
      notices: eventsOf(report, 'noticed').map(({code, message}) => [code, message]),
    });
    const ordinary = await offloadTrial(trial, {files: flipsFirstWrites(testFiles, onW, times)});
    const expected = told(ordinary);
    t.is(expected.mismatches.length, Math.min(3, times));
    await emptyPlaces(trial);
    const report = await offloadTrial(trial, {quick: flipsLastByte(testCalls, onW, times)});
    t.deepEqual(told(report), expected);
    if (times <= 2) await expectDone(t, trial, report);
    else t.is((await readCopies(join(trial.w, 'Shoot/EOS')))[ONE], undefined);
    t.deepEqual(await readCopies(join(trial.b, 'Shoot/EOS')), await readCopies(trial.card));
  });
}

test('a copy that reads wrong once is no copy: it is written again', async (t) => {
  const trial = await makeTrial(t, MANY_FILES);
  const report = await offloadTrial(trial, {
    quick: flipsOnRead(testCalls, partsOfOne(trial.b), 1),
  });
  await expectDone(t, trial, report);
  t.like(eventsOf(report, 'file-mismatched'), [{path: ONE, to: trial.b, rewrite: 1}]);
});

test('a copy that cannot be read back has no second chance', async (t) => {
  const trial = await makeTrial(t, MANY_FILES);
  const calls: Call[] = [];
  const onB = partsOfOne(trial.b);
  const report = await offloadTrial(trial, {
    quick: failsToRead(testCalls, onB, 1),
    files: recordsCalls(testFiles, calls),
  });
  t.is(report.end.exitCode, 1);
  t.like(eventsOf(report, 'file-failed'), [{path: ONE, code: 'EIO', to: trial.b}]);
  t.false(calls.some(({method, path}) => method === 'openToRead' && onB(path)));
  t.is((await readCopies(join(trial.b, 'Shoot/EOS')))[ONE], undefined);
  t.deepEqual(await findLitter(trial.b), []);
  await expectDone(t, trial, await offloadTrial(trial, {quick: testCalls}));
});

/** Everything is on B, nothing is left behind, and the same command ends SAFE without the fault. */
async function expectOnlyB(t: ExecutionContext, trial: Trial, report: RunReport) {
  t.deepEqual(report.end, {outcome: 'complete', exitCode: 1});
  t.false(report.verdicts[0]?.safe);
  t.deepEqual(await readTree(join(trial.b, 'Shoot/EOS')), await readTree(trial.card));
  const provedOn = (root: string) =>
    eventsOf(report, 'file-proved').filter(({to}) => to === root).length;
  t.is(provedOn(trial.b), MANY);
  t.true(provedOn(trial.w) < MANY);
  await expectDone(t, trial, await offloadTrial(trial, {quick: testCalls}));
}

test('a destination that becomes full: it is told for each file, and the other is complete', async (t) => {
  const trial = await makeTrial(t, MANY_FILES);
  const report = await offloadTrial(trial, {
    quick: fullAfter(testCalls, below(trial.w), 200_000),
  });
  const failed = eventsOf(report, 'file-failed');
  t.true(failed.length > 50);
  t.true(failed.every(({code, to}) => code === 'ENOSPC' && to === trial.w));
  t.true(
    failed.every(({message}) => message === 'writing it to W failed (ENOSPC)'),
    failed[0]?.message,
  );
  t.true(failed.every(({path}) => path in MANY_FILES));
  t.deepEqual(await findLitter(trial.w), []);
  await expectOnlyB(t, trial, report);
});

const losses: Readonly<Record<string, (trial: Trial) => SmallFileCalls>> = {
  'is another file system': ({w}) => vanishingRoot(testCalls, w, 100),
  'becomes read-only': ({w}) => {
    let seen = 0;
    const later: Match = (path) => below(w)(path) && path.endsWith('.part') && ++seen > 100;
    return failsSmall(testCalls, {methods: ['write'], match: later, errno: 'EROFS'});
  },
};
for (const [what, fault] of Object.entries(losses)) {
  test(`a destination that ${what} in the middle is given up once, and the other is complete`, async (t) => {
    const trial = await makeTrial(t, MANY_FILES);
    const report = await offloadTrial(trial, {quick: fault(trial)});
    t.like(eventsOf(report, 'destination-lost'), [{to: trial.w}]);
    t.is(eventsOf(report, 'destination-lost').length, 1);
    t.deepEqual(eventsOf(report, 'file-failed'), []);
    await expectOnlyB(t, trial, report);
  });
}

test('a copy that fails when it is closed is no copy', async (t) => {
  const trial = await makeTrial(t, MANY_FILES);
  const report = await offloadTrial(trial, {quick: failsToClose(testCalls, partsOfOne(trial.w))});
  t.like(eventsOf(report, 'file-failed'), [{path: ONE, code: 'EIO', to: trial.w}]);
  t.is((await readCopies(join(trial.w, 'Shoot/EOS')))[ONE], undefined);
  t.deepEqual(await findLitter(trial.w), []);
  await expectOnlyB(t, trial, report);
});

test('a destination that lets nobody set times: SAFE with a warning, as in the ordinary way', async (t) => {
  const trial = await makeTrial(t, MANY_FILES);
  const report = await offloadTrial(trial, {quick: refusesTimes(testCalls, below(trial.w))});
  t.is(report.end.exitCode, 0);
  const [warning] = report.verdicts[0]?.warnings.filter(({code}) => /time/.test(code)) ?? [];
  t.regex(warning?.message ?? '', new RegExp(`${MANY}`));
});

test('where there are no links, copies get their names all the same', async (t) => {
  const trial = await makeTrial(t, MANY_FILES);
  const quick = hasNoLinks(testCalls, below(trial.b));
  await expectDone(t, trial, await offloadTrial(trial, {quick}));
});

test('a name that somebody takes meanwhile stays theirs', async (t) => {
  const trial = await makeTrial(t, MANY_FILES);
  const place = join(trial.w, 'Shoot/EOS', ONE);
  let taken = false;
  const quick: SmallFileCalls = {
    ...testCalls,
    link(from, to) {
      if (to === place && !taken) {
        taken = true;
        writeFileSync(place, 'somebody else');
      }
      testCalls.link(from, to);
    },
  };
  const report = await offloadTrial(trial, {quick});
  t.is(report.end.exitCode, 0);
  t.is(await readFile(place, 'utf8'), 'somebody else');
  const beside = join(dirname(place), 'A-2.JPG');
  t.deepEqual(await readFile(beside), await readFile(join(trial.card, ONE)));
  t.deepEqual(await findLitter(trial.w), []);
});

for (const [method, n] of [
  ['open', 40],
  ['read', 150],
  ['write', 200],
  ['link', 30],
] as const) {
  test(`a stop at ${method} ${n}: what is proved counts, and the same command ends SAFE`, async (t) => {
    const trial = await makeTrial(t, MANY_FILES);
    const stop = new AbortController();
    const quick = tellsAtSmall(testCalls, {method, n}, () => stop.abort());
    const first = await offloadTrial(trial, {quick, stop});
    t.deepEqual(first.end, {outcome: 'cancelled', exitCode: 130});
    t.false(first.verdicts.some(({safe}) => safe));
    for (const root of [trial.w, trial.b]) {
      const all = await readTree(trial.card);
      const copies = Object.entries(await readCopies(join(root, 'Shoot/EOS')));
      for (const [path, hash] of copies) {
        if (!path.endsWith('.part')) t.is(hash, all[path] ?? '', path);
      }
    }
    const second = await offloadTrial(trial, {quick: testCalls});
    await expectDone(t, trial, second);
    t.true(second.events.some((event) => event.type === 'run-planned' && event.resumed));
  });
}

test('threads that die: the ordinary way goes on, and nothing of what they began is left', async (t) => {
  const trial = await makeTrial(t, MANY_FILES);
  const quick = await quickFiles(testFiles, testCalls);
  let copies = 0;
  let reads = 0;
  const files = {
    ...quick,
    async copySmall(request: Parameters<NonNullable<typeof quick.copySmall>>[0]) {
      const copied = await quick.copySmall?.(request);
      copies += 1;
      // It wrote them, and died before it could tell.
      return copies > 100 ? undefined : copied;
    },
    async readSmall(path: string, device: bigint) {
      reads += 1;
      return reads > 50 ? undefined : quick.readSmall?.(path, device);
    },
  };
  const report = await offloadTrial(trial, {program: {files}});
  await expectDone(t, trial, report);
});

test('a link in the place of a copy is told as in the ordinary way', async (t) => {
  const trial = await makeTrial(t, MANY_FILES);
  const exchanged = async (setting: Partial<RunSetting>) => {
    let isExchanged = false;
    const run: RunTool = async (command, args) => {
      const folder = join(trial.w, 'Shoot/EOS/ONE');
      const names = command === 'sync' && !isExchanged ? await readdir(folder).catch(() => []) : [];
      const part = names.find((name) => name.endsWith('.part'));
      if (part !== undefined && !isExchanged) {
        isExchanged = true;
        await rm(join(folder, part));
        await symlink(join(trial.card, ONE), join(folder, part));
      }
      return await fewTools(command, args);
    };
    const report = await offloadTrial(trial, {...setting, run});
    const told = eventsOf(report, 'file-failed').map(({code, message, path}) => [
      code,
      message,
      path,
    ]);
    return {told, end: report.end, copies: await readCopies(trial.w)};
  };
  const ordinary = await exchanged({});
  t.like(ordinary, {told: [['not-a-file']], end: {exitCode: 1}});
  await emptyPlaces(trial);
  t.deepEqual(await exchanged({quick: testCalls}), ordinary);
});
