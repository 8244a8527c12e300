/** `--only-new`: what lies on two drives already is known by its bytes, proved there once more, and not copied again. */
import {readFile, rm, stat, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {OffloadEvent} from '../../src/core/events.ts';
import {verdictText} from '../../src/core/verdict-text.ts';
import type {PhotoFactsReader} from '../../src/system/photo-facts-reader.ts';
import {below, type Call, flipsOnRead, recordsCalls} from '../helpers/faulty-files.ts';
import {sampleFacts} from '../helpers/made-facts.ts';
import {
  codesOf,
  diskVolume,
  findLitter,
  makeTree,
  makeTrial,
  offloadTrial,
  type RunReport,
  type RunSetting,
  readCopies,
  readManifests,
  seededBytes,
  type Trial,
  testFiles,
} from '../helpers/run-offload.ts';

const bytesOf = (name: string) => seededBytes(name, 20_000 + name.length);
const PICTURES = ['A', 'BB', 'CCC', 'DDDD'] as const;

/** Four small cards were offloaded; the in-camera backup card holds what all of them held, under other names and times, and two pictures more. */
async function makeBackupCard(t: ExecutionContext, news: readonly string[] = ['EEEEE', 'FFFFFF']) {
  const trial = await makeTrial(t, {});
  for (const [index, name] of PICTURES.entries()) {
    const card = join(trial.folder, `CARD${index}`);
    await makeTree(card, {[`DCIM/100EOS/${name}.JPG`]: bytesOf(name)});
    const report = await offloadTrial({...trial, card}, {options: {shoot: `Day ${index}`}});
    t.is(report.end.exitCode, 0);
  }
  for (const name of [...PICTURES, ...news])
    await makeTree(trial.card, {[`DCIM/999BACK/X_${name}.JPG`]: bytesOf(name)});
  return trial;
}

const onlyNew = (trial: Trial, setting: Partial<RunSetting> = {}): Promise<RunReport> =>
  offloadTrial(trial, {...setting, options: {onlyNew: true, ...setting.options}});

const copiedOf = ({events}: RunReport) =>
  [
    ...new Set(
      events.flatMap((event: OffloadEvent) => (event.type === 'file-copied' ? event.path : [])),
    ),
  ].sort();

test('what four small cards held is not copied again from the large one, and the card is safe', async (t) => {
  const trial = await makeBackupCard(t);
  const calls: Call[] = [];
  const report = await onlyNew(trial, {files: recordsCalls(testFiles, calls)});
  t.is(report.end.exitCode, 0);
  t.deepEqual(copiedOf(report), ['DCIM/999BACK/X_EEEEE.JPG', 'DCIM/999BACK/X_FFFFFF.JPG']);
  t.like(report.verdicts[0], {
    safe: true,
    account: {found: 6, copied: 2, present: 4, leftOut: 0, failed: 0},
    copies: [{proved: 6}, {proved: 6}],
  });
  const told = report.events.flatMap((event) =>
    event.type === 'noticed' && event.code === 'already-here' ? event.message : [],
  );
  t.is(told.length, 1);
  t.regex(told[0] ?? '', /^4 of 6 files of the card .* are on two drives already/);
  // Each file of the card is opened once, and the one that tells how the card is read once more for each asking.
  const opened = calls.filter(
    ({method, path}) => method === 'openToRead' && below(trial.card)(path),
  );
  const paths = opened.map(({path}) => path);
  t.is(new Set(paths).size, 6);
  t.true(paths.length <= 8, `${paths.length} openings`);
  const [manifest] = await readManifests(join(trial.b, 'Shoot'));
  const known = manifest?.files.find(({path}) => path.endsWith('X_A.JPG'));
  t.deepEqual(known?.copies, []);
  t.deepEqual(
    known?.alreadyOn?.map((place) => place.slice(trial.folder.length)),
    ['/W/Day 0/CARD0/DCIM/100EOS/A.JPG', '/B/Day 0/CARD0/DCIM/100EOS/A.JPG'],
  );
  t.regex(known?.blake3 ?? '', /^[0-9a-f]{64}$/);
  t.true(manifest?.verdict.safe);
  t.deepEqual(await findLitter(trial.folder), []);
});

test('a card of which all is known is safe without a copy', async (t) => {
  const trial = await makeBackupCard(t, []);
  const report = await onlyNew(trial);
  t.is(report.end.exitCode, 0);
  t.deepEqual(copiedOf(report), []);
  t.like(report.verdicts[0], {safe: true, account: {found: 4, copied: 0, present: 4}});
});

test('folders come along that hold something new, and empty ones beside them; an all-known card leaves none', async (t) => {
  const trial = await makeBackupCard(t, ['EEEEE']);
  await makeTree(trial.card, {
    'DCIM/998BACK/X_A.JPG': bytesOf('A'),
    'DCIM/998BACK/EMPTY/DEEP/': 0,
    'DCIM/999BACK/EMPTY/DEEP/': 0,
    'MISC/': 0,
  });
  t.is((await onlyNew(trial)).end.exitCode, 0);
  t.deepEqual(Object.keys(await readCopies(join(trial.w, 'Shoot/EOS'))), [
    'DCIM',
    'DCIM/999BACK',
    'DCIM/999BACK/EMPTY',
    'DCIM/999BACK/EMPTY/DEEP',
    'DCIM/999BACK/X_EEEEE.JPG',
    'MISC',
  ]);
  const again = await onlyNew(trial, {options: {shoot: 'All known'}});
  t.is(again.end.exitCode, 0);
  t.deepEqual(await readCopies(join(trial.w, 'All known')), {});
});

test('nobody is told to check a list of nothing', async (t) => {
  const trial = await makeBackupCard(t, []);
  const report = await onlyNew(trial);
  const [verdict] = report.verdicts;
  t.deepEqual(
    verdict?.copies.map(({checksums}) => checksums),
    [null, null],
  );
  const lines = verdict === undefined ? [] : verdictText(verdict);
  t.true(lines.length > 2);
  t.deepEqual(
    lines.filter((line) => line.includes('b3sum')),
    [],
  );
});

test('a second run finds what the first one copied', async (t) => {
  const trial = await makeBackupCard(t);
  t.is((await onlyNew(trial)).end.exitCode, 0);
  const again = await onlyNew(trial, {options: {shoot: 'Elsewhere'}});
  t.is(again.end.exitCode, 0);
  t.deepEqual(copiedOf(again), []);
});

test('a copy that rotted, or is gone, counts as none: the file is copied', async (t) => {
  const trial = await makeBackupCard(t, []);
  const rotten = join(trial.b, 'Day 1/CARD1/DCIM/100EOS/BB.JPG');
  const bytes = await readFile(rotten);
  bytes.writeUInt8(bytes.readUInt8(7) ^ 1, 7);
  await writeFile(rotten, bytes);
  await rm(join(trial.w, 'Day 2/CARD2/DCIM/100EOS/CCC.JPG'));
  const report = await onlyNew(trial);
  t.is(report.end.exitCode, 0);
  t.deepEqual(copiedOf(report), ['DCIM/999BACK/X_BB.JPG', 'DCIM/999BACK/X_CCC.JPG']);
  t.like(report.verdicts[0], {account: {copied: 2, present: 2}});
});

test('the same name, size and time with other bytes is new', async (t) => {
  const trial = await makeBackupCard(t, []);
  const path = join(trial.card, 'DCIM/100EOS/A.JPG');
  const standing = join(trial.w, 'Day 0/CARD0/DCIM/100EOS/A.JPG');
  await makeTree(trial.card, {'DCIM/100EOS/A.JPG': seededBytes('other', bytesOf('A').length)});
  const {atime, mtime} = await stat(standing);
  await utimes(path, atime, mtime);
  const report = await onlyNew(trial);
  t.is(report.end.exitCode, 0);
  t.deepEqual(copiedOf(report), ['DCIM/100EOS/A.JPG']);
});

test('two folders of one disk are one copy: without a waiver all is copied, and the verdict says why it is not enough', async (t) => {
  const trial = await makeBackupCard(t, []);
  const volumes = {[trial.b]: {physical: {known: true, ids: ['disk:w']}}} as const;
  const report = await onlyNew(trial, {volumes});
  t.is(report.end.exitCode, 1);
  t.is(copiedOf(report).length, 4);
  t.deepEqual(codesOf(report), ['same-drive']);
  const waived = await onlyNew(trial, {
    volumes,
    options: {allowSameDrive: true, shoot: 'Waived'},
  });
  t.is(waived.end.exitCode, 0);
  t.deepEqual(copiedOf(waived), []);
  t.deepEqual(waived.verdicts[0]?.waived, ['same-drive']);
});

test('drives that are no destination count when they carry the marker and are connected', async (t) => {
  const trial = await makeBackupCard(t);
  const [c, d] = [join(trial.folder, 'C'), join(trial.folder, 'D')];
  await makeTree(trial.folder, {'C/': 0, 'D/': 0});
  const mounted = [diskVolume(trial.w, 'w'), diskVolume(trial.b, 'b')];
  const program = {listVolumes: async () => mounted};
  const report = await onlyNew(trial, {to: [c, d], program, cards: [trial.card]});
  t.is(report.end.exitCode, 0);
  t.is(copiedOf(report).length, 2);
  t.like(report.verdicts[0], {safe: true, account: {copied: 2, present: 4}});
});

test('with --verify full what is known is read from the card a second time, and must match', async (t) => {
  const trial = await makeBackupCard(t, []);
  const good = await onlyNew(trial, {options: {verify: 'full'}});
  t.is(good.end.exitCode, 0);
  const path = join(trial.card, 'DCIM/999BACK/X_DDDD.JPG');
  const files = flipsOnRead(testFiles, (one) => one === path, 2);
  const bad = await onlyNew(trial, {files, options: {verify: 'full', shoot: 'Again'}});
  t.is(bad.end.exitCode, 1);
  t.deepEqual(codesOf(bad), ['source-mismatch']);
  t.like(bad.verdicts[0], {account: {present: 3, failed: 1}});
});

test('a dry run tells only of what would be copied', async (t) => {
  const trial = await makeBackupCard(t);
  const report = await onlyNew(trial, {options: {dryRun: true}});
  t.is(report.end.exitCode, 0);
  const planned = report.events.flatMap((event) =>
    event.type === 'copy-planned' ? event.path : [],
  );
  t.deepEqual([...new Set(planned)].length, 2);
});

const DATED = '{shoot}/{date}/{camera}_{seq:3}.{ext}';

/** Every picture says this of itself, and a sidecar nothing. */
const tellsDay: PhotoFactsReader = {
  async *readAll(_files, requests) {
    for (const {path} of requests) {
      const facts = path.endsWith('.xmp') ? undefined : sampleFacts('2026-05-09T14:00:00');
      yield {path, facts};
    }
  },
};

const PAIR = {
  'DCIM/100EOS/IMG_0006.CR3': seededBytes('six', 31_000),
  'DCIM/100EOS/IMG_0007.CR3': seededBytes('seven', 30_000),
};

/** Two pictures of a small card are on the drives; the large card has them under other names, with an edit that came since, and one picture more. */
async function makeEditedCard(t: ExecutionContext) {
  const trial = await makeTrial(t, {});
  const small = join(trial.folder, 'SMALL');
  await makeTree(small, PAIR);
  const program = {photoFacts: tellsDay};
  const setting = {program, options: {layout: DATED, shoot: 'May'}};
  t.is((await offloadTrial({...trial, card: small}, setting)).end.exitCode, 0);
  await makeTree(trial.card, {
    'DCIM/999BACK/X_07.CR3': PAIR['DCIM/100EOS/IMG_0007.CR3'],
    'DCIM/999BACK/X_07.xmp': 'the edit of seven',
    'DCIM/999BACK/X_08.CR3': seededBytes('eight', 29_000),
  });
  return {trial, setting};
}

const namesIn = async (folder: string): Promise<readonly string[]> =>
  Object.entries(await readCopies(folder)).flatMap(([path, what]) =>
    what === 'folder' ? [] : path,
  );

test('what is new and belongs to a known picture goes to where that lies', async (t) => {
  const {trial, setting} = await makeEditedCard(t);
  const report = await onlyNew(trial, setting);
  t.is(report.end.exitCode, 0);
  t.deepEqual(copiedOf(report), ['DCIM/999BACK/X_07.xmp', 'DCIM/999BACK/X_08.CR3']);
  for (const drive of [trial.w, trial.b]) {
    t.deepEqual(await namesIn(join(drive, 'May')), [
      '2026-05-09/Sample S1_001.CR3',
      '2026-05-09/Sample S1_002.CR3',
      '2026-05-09/Sample S1_002.xmp',
      '2026-05-09/Sample S1_003.CR3',
    ]);
  }
});

test('in another shoot it has the day and the camera of the known picture', async (t) => {
  const {trial, setting} = await makeEditedCard(t);
  const report = await onlyNew(trial, {...setting, options: {layout: DATED, shoot: 'Edits'}});
  t.is(report.end.exitCode, 0);
  t.deepEqual(await namesIn(join(trial.w, 'Edits')), [
    '2026-05-09/Sample S1_001.xmp',
    '2026-05-09/Sample S1_002.CR3',
  ]);
  t.deepEqual(
    report.verdicts[0]?.warnings.filter(({code}) => code.startsWith('date-')),
    [],
  );
});

test('where all is known no picture is asked when it was taken', async (t) => {
  const {trial, setting} = await makeEditedCard(t);
  t.is((await onlyNew(trial, setting)).end.exitCode, 0);
  const asked: string[] = [];
  const photoFacts: PhotoFactsReader = {
    async *readAll(_files, requests) {
      for (const {path} of requests) {
        asked.push(path);
        yield {path, facts: undefined};
      }
    },
  };
  const report = await onlyNew(trial, {...setting, program: {photoFacts}});
  t.is(report.end.exitCode, 0);
  t.deepEqual([copiedOf(report), asked], [[], []]);
});

test('the computer is kept awake while known copies are read, which is a phase of its own', async (t) => {
  const {trial, setting} = await makeEditedCard(t);
  const happened: string[] = [];
  const keepAwake = () => {
    happened.push('awake');
    return {
      state: Promise.resolve({type: 'held'} as const),
      release: async () => void happened.push('asleep'),
    };
  };
  const onEvent = (event: OffloadEvent) => {
    if (event.type === 'phase-started') happened.push(event.phase);
    const isFirst = event.type === 'progress' && happened.at(-1) === 'compare';
    if (!isFirst) return;
    t.deepEqual(event.lanes, []);
    happened.push('progress');
  };
  const program = {...setting.program, keepAwake};
  t.is((await onlyNew(trial, {...setting, program, onEvent})).end.exitCode, 0);
  t.deepEqual(happened, [
    'awake',
    'scan',
    'compare',
    'progress',
    'dates',
    'plan',
    'copy',
    'relist',
    'seal',
    'asleep',
  ]);
});
