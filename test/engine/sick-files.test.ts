/** Files that give read errors: fought for at the end, copied when they can be had whole, salvaged on request, and never counted when they cannot. */
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {OffloadEvent} from '../../src/core/events.ts';
import type {Files} from '../../src/system/files.ts';
import {
  type ByteRange,
  badSectors,
  below,
  type Call,
  deadAfter,
  failsCalls,
  fullAfter,
  givesShort,
  interceptCalls,
  partsIn,
  recordsCalls,
  recoversAfter,
  recoversWronglyAfter,
  slowlyDying,
  systemError,
  vanishesAfter,
} from '../helpers/faulty-files.ts';
import {parseMapfile} from '../helpers/mapfile.ts';
import {
  codesOf,
  findLitter,
  makeTree,
  makeTrial,
  offloadTrial,
  type RunReport,
  type RunSetting,
  readCopies,
  readManifests,
  readTree,
  SMALL_CARD,
  type Trial,
  testFiles,
} from '../helpers/run-offload.ts';

/** Three blocks of the tests' size, the last one short, odd in every way. */
const SICK = 'DCIM/101CANON/MVI_0003.MP4';
const SIZE = 150_001;
const SECTOR = 512;
const PARTS = `Shoot/EOS/${SICK}.salvaged`;

const sickPath = ({card}: Trial) => join(card, SICK);

const failuresOf = ({events}: RunReport) =>
  events.flatMap((event) => (event.type === 'file-failed' ? [event] : []));

const salvagedOf = ({events}: RunReport) =>
  events.flatMap((event) => (event.type === 'file-salvaged' ? [event] : []));

const salvage = (trial: Trial, files: Files, setting: Partial<RunSetting> = {}) =>
  offloadTrial(trial, {files, ...setting, options: {salvage: true, ...setting.options}});

/** Every file but the sick one is proved everywhere. */
async function expectOthers(t: ExecutionContext, trial: Trial, report: RunReport): Promise<void> {
  t.deepEqual(report.end, {outcome: 'complete', exitCode: 1});
  t.deepEqual(codesOf(report).slice(0, 1), ['file-failed']);
  const {[SICK]: _sick, ...others} = await readTree(trial.card);
  for (const root of [trial.w, trial.b]) {
    const copies = await readCopies(root);
    for (const [path, hash] of Object.entries(others)) t.is(copies[`Shoot/EOS/${path}`], hash);
    t.false(`Shoot/EOS/${SICK}` in copies);
    t.deepEqual(await findLitter(root), []);
    const [manifest] = await readManifests(join(root, 'Shoot'));
    const record = manifest?.files.find(({path}) => path === SICK);
    t.deepEqual([record?.blake3, record?.copies], [null, []]);
    const list = await readFile(join(root, `Shoot/_offload/${manifest?.offload}.b3`), 'utf8');
    t.false(list.includes('salvaged'));
  }
}

/** What lies under the salvaged name is the card's, but for zeros where the map says so. @returns the map's blocks. */
async function expectParts(t: ExecutionContext, {card}: Trial, root: string, parts = PARTS) {
  const original = await readFile(join(card, SICK));
  const kept = await readFile(join(root, parts));
  const text = await readFile(join(root, `${parts}.map`), 'utf8');
  const {blocks} = parseMapfile(text);
  t.is(
    blocks.reduce((sum, {size}) => sum + size, 0),
    SIZE,
  );
  for (const {position, size, status} of blocks) {
    if (status !== '+') original.fill(0, position, position + size);
  }
  t.true(kept.equals(original));
  t.true(text.startsWith('# Mapfile. Created by offload\n# Card: EOS\n'));
  t.true(text.includes(`\n# File: ${SICK}\n`) && text.includes(`${SIZE} bytes`));
  return blocks.filter(({status}) => status !== '+');
}

const BAD_PLACES: Readonly<Record<string, readonly ByteRange[]>> = {
  'in the middle': [{from: 70_000, to: 70_001}],
  'in the first sector': [{from: 0, to: 1}],
  'in the last sector': [{from: SIZE - 1, to: SIZE}],
  'in a tail that is shorter than a block': [{from: 140_000, to: 140_100}],
  'over the end of a block': [{from: 65_000, to: 66_000}],
  'in several blocks': [
    {from: 5000, to: 5001},
    {from: 100_000, to: 103_000},
    {from: 149_504, to: 149_505},
  ],
};

for (const [where, ranges] of Object.entries(BAD_PLACES)) {
  test(`with --salvage an error ${where} costs its sectors and no more`, async (t) => {
    const trial = await makeTrial(t);
    const report = await salvage(trial, badSectors(testFiles, {path: sickPath(trial), ranges}));
    await expectOthers(t, trial, report);
    for (const root of [trial.w, trial.b]) {
      const holes = await expectParts(t, trial, root);
      for (const {from, to} of ranges) {
        t.true(
          holes.some(({position, size}) => position <= from && to <= position + size),
          `the bytes from ${from} are missing`,
        );
      }
      for (const {position, size, status} of holes) {
        t.is(status, '-');
        t.is(position % SECTOR, 0);
        const around = ranges.some(
          ({from, to}) => position < to && from < position + size && size <= to - from + 4096 * 2,
        );
        t.true(around, `the bytes from ${position} to ${position + size} need not be missing`);
      }
    }
    const missing = salvagedOf(report).map((event) => event.missing);
    t.is(new Set(missing).size, 1);
    const [failure, ...more] = failuresOf(report);
    t.deepEqual(more, []);
    t.like(failure, {path: SICK, code: 'EIO', to: undefined});
    t.true(failure?.message.includes(`: ${(missing[0] ?? 0).toLocaleString('en')} of its 150,001`));
  });
}

test('what is salvaged is told, warned of, and in the record, and counts as nothing', async (t) => {
  const trial = await makeTrial(t);
  const ranges = [{from: 70_000, to: 70_001}];
  const report = await salvage(trial, badSectors(testFiles, {path: sickPath(trial), ranges}));
  t.deepEqual(
    salvagedOf(report).map(({to, target, map, path}) => [to, target, map, path]),
    [trial.w, trial.b].map((to) => [to, `EOS/${SICK}.salvaged`, `EOS/${SICK}.salvaged.map`, SICK]),
  );
  t.true(salvagedOf(report).every(({bytes, missing}) => bytes + missing === SIZE && missing > 0));
  const types = report.events.map(({type}) => type);
  t.true(types.indexOf('file-failed') < types.indexOf('file-salvaged'));
  const [verdict] = report.verdicts;
  t.is(verdict?.account.failed, 1);
  t.is(verdict?.account.copied, 3);
  t.false(verdict?.safe);
  const isAbout = ({code, path}: {code: string; path?: string | undefined}) =>
    code === 'file-salvaged' && path === SICK;
  const warnings = verdict?.warnings.filter(isAbout) ?? [];
  t.is(warnings.length, 1);
  t.true(warnings[0]?.message.includes(`EOS/${SICK}.salvaged on W`));
  t.true(warnings[0]?.message.includes(`EOS/${SICK}.salvaged on B`));
  const [manifest] = await readManifests(join(trial.b, 'Shoot'));
  t.is(manifest?.warnings.filter(isAbout).length, 1);
});

test('without --salvage nothing of it is kept, and the way to keep it is told', async (t) => {
  const trial = await makeTrial(t);
  const ranges = [{from: 70_000, to: 70_001}];
  const calls: Call[] = [];
  const faulty = badSectors(recordsCalls(testFiles, calls), {path: sickPath(trial), ranges});
  const report = await offloadTrial(trial, {files: faulty});
  await expectOthers(t, trial, report);
  t.deepEqual(salvagedOf(report), []);
  t.false(Object.keys(await readCopies(trial.w)).some((name) => name.includes('salvaged')));
  const [failure] = failuresOf(report);
  t.regex(
    failure?.message ?? '',
    /at byte 69632 failed \(EIO\).*at least [\d,]+ of its 150,001 bytes/,
  );
  t.true(failure?.next.includes('--salvage'));
  // What lies behind a place that is lost is not asked for: the card may have few reads left.
  t.false(
    calls.some(
      ({method, path, position = 0}) =>
        method === 'read' && path === sickPath(trial) && position >= 131_072,
    ),
  );
});

test('healthy files come first, and the sick ones at the end', async (t) => {
  const trial = await makeTrial(t, {
    'DCIM/A.JPG': 90_000,
    'DCIM/B.JPG': 90_000,
    'DCIM/C.JPG': 90_000,
    'DCIM/D.JPG': 90_000,
  });
  const calls: Call[] = [];
  let files = recordsCalls(testFiles, calls);
  for (const name of ['A', 'C']) {
    const path = join(trial.card, `DCIM/${name}.JPG`);
    files = recoversAfter(files, {path, range: {from: 80_000, to: 80_001}, tries: 5});
  }
  const report = await offloadTrial(trial, {files});
  t.is(report.end.exitCode, 0);
  const reads = calls.filter(({method, path}) => method === 'read' && below(trial.card)(path));
  const indexesOf = (name: string) =>
    reads.flatMap(({path, position}, index) =>
      path.endsWith(`${name}.JPG`) && position === 65_536 ? [index] : [],
    );
  const healthy = [...indexesOf('B'), ...indexesOf('D')];
  // The recovered reads are the calls that came through.
  t.true(Math.max(...healthy) < Math.min(...indexesOf('A'), ...indexesOf('C')));
  const proved = report.events.flatMap((event) => (event.type === 'file-proved' ? [event] : []));
  t.deepEqual(
    proved
      .slice(0, 4)
      .map(({path}) => path.slice(5, 6))
      .sort(),
    ['B', 'B', 'D', 'D'],
  );
  t.true(Math.max(...indexesOf('A')) < Math.min(...indexesOf('C')), 'one sick file at a time');
  const told = report.events.filter(({type}) => type === 'noticed');
  t.deepEqual(told.map((event) => ('path' in event ? event.path : 'all')).sort(), [
    'DCIM/A.JPG',
    'DCIM/C.JPG',
    'all',
  ]);
  t.true(told.every((event) => 'message' in event && /again/.test(event.message)));
});

for (const tries of [2, 3, 12, 16]) {
  test(`a sector that comes back after ${tries} tries with its own bytes is copied`, async (t) => {
    const trial = await makeTrial(t);
    const range = {from: 70_000, to: 70_001};
    const files = recoversAfter(testFiles, {path: sickPath(trial), range, tries});
    const report = await offloadTrial(trial, {files});
    t.deepEqual(report.end, {outcome: 'complete', exitCode: 0});
    const card = await readTree(trial.card);
    for (const root of [trial.w, trial.b]) {
      t.is((await readCopies(root))[`Shoot/EOS/${SICK}`], card[SICK]);
      const [manifest] = await readManifests(join(root, 'Shoot'));
      const record = manifest?.files.find(({path}) => path === SICK);
      t.true((record?.retries ?? 0) > 0);
      t.deepEqual(await findLitter(root), []);
    }
    const last = report.events.findLast((event) => event.type === 'progress');
    t.is(last?.type === 'progress' ? last.read : 0, last?.type === 'progress' ? last.bytes : 1);
    if (last?.type === 'progress') for (const lane of last.lanes) t.is(lane.written, last.bytes);
  });
}

for (const tries of [1, 12]) {
  test(`a sector that comes back after ${tries} tries with other bytes is found out`, async (t) => {
    const trial = await makeTrial(t);
    const range = {from: 70_000, to: 70_001};
    const faulty = {path: sickPath(trial), range, tries, wrong: 1};
    const report = await offloadTrial(trial, {files: recoversWronglyAfter(testFiles, faulty)});
    await expectOthers(t, trial, report);
    t.deepEqual(
      failuresOf(report).map(({path, code}) => [path, code]),
      [[SICK, 'source-mismatch']],
    );
    t.is((await offloadTrial(trial)).end.exitCode, 0);
  });
}

test('a file that was only had through the cache is no copy, and all of it is salvaged', async (t) => {
  const trial = await makeTrial(t);
  const range = {from: 70_000, to: 70_001};
  const cached = testFiles;
  const direct = badSectors(testFiles, {path: sickPath(trial), ranges: [range]});
  const files: Files = {
    ...direct,
    openToRead: (path, options) => (options.direct ? direct : cached).openToRead(path, options),
  };
  const report = await salvage(trial, files);
  await expectOthers(t, trial, report);
  t.deepEqual(
    failuresOf(report).map(({code}) => code),
    ['EIO'],
  );
  t.deepEqual(await expectParts(t, trial, trial.w), []);
  t.is(salvagedOf(report)[0]?.missing, 0);
});

test('a device that refuses direct reads of a sector is read in pages, and then through the cache', async (t) => {
  const trial = await makeTrial(t);
  const bad = badSectors(testFiles, {path: sickPath(trial), ranges: [{from: 70_000, to: 70_001}]});
  const pages = interceptCalls(bad, async (call, proceed) => {
    const {method, path, position = 0, length = 0} = call;
    const isOdd = position % 4096 !== 0 || length % 4096 !== 0;
    if (method === 'read' && path === sickPath(trial) && isOdd) {
      throw Object.assign(new Error('EINVAL'), {code: 'EINVAL'});
    }
    return await proceed();
  });
  const files: Files = {
    ...pages,
    openToRead: (path, options) => (options.direct ? pages : bad).openToRead(path, options),
  };
  await expectOthers(t, trial, await salvage(trial, files));
  const holes = await expectParts(t, trial, trial.b);
  t.deepEqual(holes, [{position: 69_632, size: SECTOR, status: '-'}]);
});

test('a run after one that salvaged takes nothing of it for a copy, and leaves it there', async (t) => {
  const trial = await makeTrial(t);
  const ranges = [{from: 70_000, to: 70_001}];
  await salvage(trial, badSectors(testFiles, {path: sickPath(trial), ranges}));
  const parts = (await readCopies(trial.w))[PARTS];
  const again = await offloadTrial(trial);
  t.is(again.end.exitCode, 0);
  t.is(again.verdicts[0]?.account.copied, 4);
  const card = await readTree(trial.card);
  for (const root of [trial.w, trial.b]) {
    const copies = await readCopies(root);
    t.is(copies[`Shoot/EOS/${SICK}`], card[SICK]);
    t.is(copies[PARTS], parts);
    t.true(`${PARTS}.map` in copies);
  }
});

test('parts that were kept before stay, and the new ones get another name', async (t) => {
  const trial = await makeTrial(t);
  await makeTree(trial.w, {
    [PARTS]: 'theirs',
    [`Shoot/EOS/${SICK.replace('.MP4', '.MP4-2')}.salvaged.map`]: 'too',
  });
  const ranges = [{from: 70_000, to: 70_001}];
  const files = badSectors(testFiles, {path: sickPath(trial), ranges});
  const report = await salvage(trial, files);
  t.is(await readFile(join(trial.w, PARTS), 'utf8'), 'theirs');
  const third = PARTS.replace('.salvaged', '-3.salvaged');
  await expectParts(t, trial, trial.w, third);
  await expectParts(t, trial, trial.b);
  t.is(salvagedOf(report)[0]?.target, third.slice('Shoot/'.length));
  await salvage(trial, badSectors(testFiles, {path: sickPath(trial), ranges}));
  await expectParts(t, trial, trial.w, third);
  await expectParts(t, trial, trial.w, PARTS.replace('.salvaged', '-4.salvaged'));
});

test('a name as long as a drive can hold is salvaged under one that it can hold with its map', async (t) => {
  const name = `${'n'.repeat(251)}.MP4`;
  const trial = await makeTrial(t, {[name]: 9000, 'A.JPG': 10});
  const ranges = [{from: 0, to: 1}];
  const report = await salvage(
    trial,
    badSectors(testFiles, {path: join(trial.card, name), ranges}),
  );
  t.is(salvagedOf(report).length, 2);
  for (const {to, target, map} of salvagedOf(report)) {
    const copies = await readCopies(join(to, 'Shoot'));
    t.true(target in copies && map in copies);
    t.is(map, `${target}.map`);
    t.true(target.endsWith('.salvaged'));
  }
});

test('where a file of the same size stands, the parts are kept beside it', async (t) => {
  const trial = await makeTrial(t);
  await makeTree(trial.w, {[`Shoot/EOS/${SICK}`]: Buffer.alloc(SIZE, 7)});
  const ranges = [{from: 70_000, to: 70_001}];
  const report = await salvage(trial, badSectors(testFiles, {path: sickPath(trial), ranges}));
  t.is(report.end.exitCode, 1);
  t.true(Buffer.alloc(SIZE, 7).equals(await readFile(join(trial.w, `Shoot/EOS/${SICK}`))));
  await expectParts(t, trial, trial.w);
  await expectParts(t, trial, trial.b);
});

test('where a file of the same size stands and all comes back, nothing more is left there', async (t) => {
  const trial = await makeTrial(t);
  await makeTree(trial.w, {[`Shoot/EOS/${SICK}`]: await readFile(sickPath(trial))});
  const range = {from: 70_000, to: 70_001};
  const files = recoversAfter(testFiles, {path: sickPath(trial), range, tries: 9});
  const report = await salvage(trial, files);
  t.is(report.end.exitCode, 0);
  t.deepEqual(await findLitter(trial.w), []);
  t.false(PARTS in (await readCopies(trial.w)));
});

test('a file whose end dies while it is read keeps what came before', async (t) => {
  const trial = await makeTrial(t);
  const dying = {path: sickPath(trial), from: 120_000, step: 1000};
  const report = await salvage(trial, slowlyDying(testFiles, dying));
  await expectOthers(t, trial, report);
  const holes = await expectParts(t, trial, trial.w);
  t.true((holes[0]?.position ?? 0) >= 65_536);
});

test('a card that gives no byte any more ends the run at once, though it can still be listed, and the next goes on', async (t) => {
  const trial = await makeTrial(t);
  const calls: Call[] = [];
  const files = recordsCalls(deadAfter(testFiles, trial.card, 3), calls);
  const report = await salvage(trial, files);
  t.deepEqual(report.end, {outcome: 'incomplete', exitCode: 1});
  t.true(codesOf(report).includes('interrupted'));
  t.true(
    report.events.some(
      (event) =>
        event.type === 'noticed' && event.code === 'card-lost' && /\(EIO\)/.test(event.message),
    ),
  );
  t.deepEqual(salvagedOf(report), []);
  t.true((await findLitter(trial.w)).every((name) => name.endsWith('.journal')));
  const reads = calls.filter(({method, path}) => method === 'read' && below(trial.card)(path));
  t.true(reads.length < 50, `${reads.length} reads`);
  t.is((await offloadTrial(trial)).end.exitCode, 0);
});

test('a card of which a place died that gave its bytes before is not taken for dead', async (t) => {
  const trial = await makeTrial(t);
  let first: string | undefined;
  let isLater = false;
  const worn = interceptCalls(testFiles, async (call, proceed) => {
    const opens = call.method === 'openToRead' && below(trial.card)(call.path);
    if (opens) first ??= call.path;
    if (opens && isLater && call.path === first) throw systemError('EIO', call);
    isLater ||= call.method === 'read' && call.path === sickPath(trial);
    return await proceed();
  });
  const ranges = [{from: 70_000, to: 70_001}];
  const report = await salvage(trial, badSectors(worn, {path: sickPath(trial), ranges}));
  t.is(report.end.exitCode, 1);
  t.false(codesOf(report).includes('interrupted'));
  t.deepEqual(
    failuresOf(report).map(({path, code}) => [path, code]),
    [[SICK, 'EIO']],
  );
});

/** Something happens at the n-th read of the sick file. */
function atRead(files: Files, {path, n}: {path: string; n: number}, happen: () => void): Files {
  let reads = 0;
  return interceptCalls(files, async (call, proceed) => {
    if (call.method === 'read' && call.path === path && ++reads === n) happen();
    return await proceed();
  });
}

for (const isSalvaged of [false, true]) {
  test(`a card that is pulled during the fight ends the run, and the next goes on (salvage: ${isSalvaged})`, async (t) => {
    const trial = await makeTrial(t);
    let isPulled = false;
    const gone = interceptCalls(
      badSectors(testFiles, {path: sickPath(trial), ranges: [{from: 70_000, to: 70_001}]}),
      async (call, proceed) => {
        if (isPulled && below(trial.card)(call.path) && call.method !== 'close') {
          throw Object.assign(new Error('gone'), {code: call.method === 'read' ? 'EIO' : 'ENODEV'});
        }
        return await proceed();
      },
    );
    const files = atRead(gone, {path: sickPath(trial), n: 14}, () => {
      isPulled = true;
    });
    const report = await offloadTrial(trial, {files, options: {salvage: isSalvaged}});
    t.deepEqual(report.end, {outcome: 'incomplete', exitCode: 1});
    t.true(codesOf(report).includes('interrupted'));
    t.deepEqual(
      failuresOf(report).map(({path, code}) => [path, code]),
      [[SICK, 'card-lost']],
    );
    for (const root of [trial.w, trial.b]) {
      const litter = (await findLitter(root)).filter((name) => name.endsWith('.part'));
      t.deepEqual(litter, []);
      if (isSalvaged)
        t.true((await expectParts(t, trial, root)).some(({status}) => status === '?'));
    }
    t.is(salvagedOf(report).length, isSalvaged ? 2 : 0);
    t.is((await offloadTrial(trial)).end.exitCode, 0);
  });
}

test('a run that is stopped during the fight leaves nothing behind, and the next goes on', async (t) => {
  const trial = await makeTrial(t);
  const ranges = [{from: 70_000, to: 70_001}];
  for (const n of [6, 9, 20, 24]) {
    const stop = new AbortController();
    const bad = badSectors(testFiles, {path: sickPath(trial), ranges});
    const files = atRead(bad, {path: sickPath(trial), n}, () => stop.abort());
    const report = await salvage(trial, files, {stop});
    t.deepEqual(report.end, {outcome: 'cancelled', exitCode: 130}, `stopped at read ${n}`);
    t.deepEqual([failuresOf(report), salvagedOf(report)], [[], []]);
    const left = await findLitter(trial.w);
    t.deepEqual(
      left.filter((name) => !name.endsWith('.journal')),
      [],
    );
  }
  t.is((await offloadTrial(trial)).end.exitCode, 0);
});

test('a run that is stopped while the parts are read back names none of them', async (t) => {
  const trial = await makeTrial(t);
  const ranges = [{from: 70_000, to: 70_001}];
  const stop = new AbortController();
  const bad = badSectors(testFiles, {path: sickPath(trial), ranges});
  const files = interceptCalls(bad, async (call, proceed) => {
    const isBack =
      call.method === 'openToRead' && partsIn(join(trial.w, 'Shoot/EOS/DCIM/101CANON'))(call.path);
    if (isBack && seen.some(({type}) => type === 'file-failed')) stop.abort();
    return await proceed();
  });
  const seen: OffloadEvent[] = [];
  const report = await salvage(trial, files, {stop, onEvent: (event) => seen.push(event)});
  t.is(report.end.exitCode, 130);
  t.deepEqual(salvagedOf(report), []);
  t.false(PARTS in (await readCopies(trial.w)));
  t.deepEqual(
    (await findLitter(trial.w)).filter((name) => name.endsWith('.part')),
    [],
  );
});

const laneFaults: Readonly<Record<string, (files: Files, trial: Trial) => Files>> = {
  'is pulled': (files, {w}) => vanishesAfter(files, w, 72),
  'is full': (files, {w}) => fullAfter(files, w, 60_000),
  'cannot be read back': (files, {w}) =>
    failsCalls(files, ['openToRead'], partsIn(join(w, 'Shoot/EOS/DCIM/101CANON')), 'EIO'),
  'takes no names': (files, {w}) =>
    failsCalls(files, ['publish'], partsIn(join(w, 'Shoot/EOS/DCIM/101CANON')), 'EIO'),
};
for (const [what, fault] of Object.entries(laneFaults)) {
  test(`a destination that ${what} while parts are salvaged lets the other keep them`, async (t) => {
    const trial = await makeTrial(t, {'DCIM/100CANON/IMG_0001.JPG': 10_000, [SICK]: SIZE});
    const ranges = [{from: 70_000, to: 70_001}];
    const bad = badSectors(testFiles, {path: sickPath(trial), ranges});
    const report = await salvage(trial, fault(bad, trial));
    t.is(report.end.exitCode, 1);
    t.deepEqual(
      salvagedOf(report).map(({to}) => to),
      [trial.b],
    );
    await expectParts(t, trial, trial.b);
    const names = Object.keys(await readCopies(trial.w)).filter((name) => /salvaged/.test(name));
    t.deepEqual(names, []);
    const told = report.events.some(
      (event) =>
        (event.type === 'noticed' && event.message.includes('readable parts')) ||
        event.type === 'destination-lost',
    );
    t.true(told);
    const parts = (await findLitter(trial.w)).filter((name) => name.endsWith('.part'));
    if (what !== 'is pulled') t.deepEqual(parts, []);
    t.is((await offloadTrial(trial)).end.exitCode, 0);
    t.deepEqual(await findLitter(trial.w), []);
  });
}

test('parts whose name cannot be made durable are told of and stay with their map', async (t) => {
  const trial = await makeTrial(t);
  const ranges = [{from: 70_000, to: 70_001}];
  const bad = badSectors(testFiles, {path: sickPath(trial), ranges});
  let isNamed = false;
  const files = interceptCalls(bad, async (call, proceed) => {
    const {method, path, to} = call;
    if (method === 'syncFolder' && isNamed && path.startsWith(trial.w)) {
      isNamed = false;
      throw Object.assign(new Error('EIO'), {code: 'EIO'});
    }
    const value = await proceed();
    isNamed ||= method === 'publish' && to === join(trial.w, PARTS);
    return value;
  });
  const report = await salvage(trial, files);
  t.deepEqual(
    salvagedOf(report).map(({to}) => to),
    [trial.b],
  );
  await expectParts(t, trial, trial.w);
  t.true(
    report.events.some(
      (event) => event.type === 'noticed' && event.message.includes('readable parts on W'),
    ),
  );
});

test('short reads before a bad place are kept', async (t) => {
  const trial = await makeTrial(t);
  const ranges = [{from: 70_000, to: 70_001}];
  const files = givesShort(badSectors(testFiles, {path: sickPath(trial), ranges}));
  await expectOthers(t, trial, await salvage(trial, files));
  const holes = await expectParts(t, trial, trial.w);
  t.true(holes.every(({position, size}) => position >= 69_632 && position + size <= 73_728));
});

test('an empty file needs no fight, and a sick one beside it changes nothing for it', async (t) => {
  const trial = await makeTrial(t);
  const report = await salvage(
    trial,
    badSectors(testFiles, {path: sickPath(trial), ranges: [{from: 0, to: SIZE}]}),
  );
  await expectOthers(t, trial, report);
  t.deepEqual(salvagedOf(report), []);
  t.is(failuresOf(report).length, 1);
  t.true('Shoot/EOS/DCIM/101CANON/EMPTY.LOG' in (await readCopies(trial.w)));
});

test('a card without read errors is read with the same calls, whatever is asked for', async (t) => {
  const counts = await Promise.all(
    [false, true].map(async (isSalvaged) => {
      const trial = await makeTrial(t, SMALL_CARD);
      const calls: Call[] = [];
      const files = recordsCalls(testFiles, calls);
      const report = await offloadTrial(trial, {files, options: {salvage: isSalvaged}});
      t.is(report.end.exitCode, 0);
      t.false(report.events.some(({type}) => type === 'noticed'));
      return calls
        .filter(({path}) => below(trial.card)(path))
        .map(
          ({method, path, position = ''}) =>
            `${method} ${path.slice(trial.card.length)} ${position}`,
        )
        .sort();
    }),
  );
  t.deepEqual(counts[0], counts[1]);
});

for (const errno of ['ENODATA', 'EREMOTEIO', 'ETIMEDOUT', 'Unknown system error -67']) {
  test(`${errno} is fought for like EIO`, async (t) => {
    const trial = await makeTrial(t);
    const ranges = [{from: 70_000, to: 70_001}];
    const bad = {path: sickPath(trial), ranges, errno};
    const report = await salvage(trial, badSectors(testFiles, bad));
    await expectOthers(t, trial, report);
    t.deepEqual(
      failuresOf(report).map(({code}) => code),
      [errno],
    );
    await expectParts(t, trial, trial.w);
  });
}
