/** Ways to lose something that a second review looked for: files that are known already, cards with bad places, what dead runs left. */
import {
  copyFile,
  link,
  mkdir,
  readdir,
  rename,
  rm,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {check} from '../../src/commands/check.ts';
import type {OffloadEvent} from '../../src/core/events.ts';
import {parseLayout} from '../../src/core/layout.ts';
import {dateGroups} from '../../src/core/photo/groups/date-groups.ts';
import {groupFiles} from '../../src/core/photo/groups/group-files.ts';
import {nameGroup} from '../../src/core/photo/groups/name-group.ts';
import type {Files} from '../../src/system/files.ts';
import {
  badSectors,
  below,
  type Call,
  Death,
  failsCalls,
  interceptCalls,
  systemError,
  vanishesAfter,
} from '../helpers/faulty-files.ts';
import {photoFacts} from '../helpers/made-facts.ts';
import {
  codesOf,
  diskVolume,
  findLitter,
  makeTree,
  makeTrial,
  offloadTrial,
  type RunReport,
  type RunSetting,
  readManifests,
  readTree,
  refusalOf,
  runningPids,
  runOffload,
  seededBytes,
  type Trial,
  testFiles,
  testProgram,
} from '../helpers/run-offload.ts';

const onlyNew = (trial: Trial, setting: Partial<RunSetting> = {}): Promise<RunReport> =>
  offloadTrial(trial, {...setting, options: {onlyNew: true, ...setting.options}});

const copiedOf = ({events}: RunReport) =>
  [
    ...new Set(
      events.flatMap((event: OffloadEvent) => (event.type === 'file-copied' ? event.path : [])),
    ),
  ].sort();

const noticesOf = ({events}: RunReport) =>
  events.flatMap((event) => (event.type === 'noticed' ? event.code : []));

const SIZES = {A: 20_001, B: 30_002, C: 40_003} as const;
const bytesOf = (name: keyof typeof SIZES) => seededBytes(name, SIZES[name]);

/** A card whose pictures all lie on W and B, from another card. */
async function makeKnownCard(t: ExecutionContext): Promise<Trial> {
  const trial = await makeTrial(t, {});
  const small = join(trial.folder, 'SMALL');
  for (const name of ['A', 'B', 'C'] as const) {
    await makeTree(small, {[`DCIM/${name}.JPG`]: bytesOf(name)});
    await makeTree(trial.card, {[`DCIM/X_${name}.JPG`]: bytesOf(name)});
  }
  const report = await offloadTrial({...trial, card: small}, {options: {shoot: 'Day'}});
  t.is(report.end.exitCode, 0);
  return trial;
}

test('a file of the card that is called like a temporary file is copied and stays', async (t) => {
  const name = 'DCIM/.offload-20250101T101010Z-abc123-w00001-1.part';
  const trial = await makeTrial(t, {[name]: 5000, 'DCIM/IMG_0001.JPG': 6000});
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 0);
  for (const to of [trial.w, trial.b]) {
    const tree = await readTree(join(to, 'Shoot/EOS/DCIM'));
    t.is(Object.keys(tree).length, 2, Object.keys(tree).join(' '));
  }
});

test('such a file stays when other files of its folder are offloaded later', async (t) => {
  const name = 'DCIM/.offload-20250101T101010Z-abc123-w00001-1.part';
  const trial = await makeTrial(t, {[name]: 5000, 'DCIM/IMG_0001.JPG': 6000});
  t.is((await offloadTrial(trial)).end.exitCode, 0);
  await rm(join(trial.card, name));
  await makeTree(trial.card, {'DCIM/IMG_0002.JPG': 7000});
  t.is((await offloadTrial(trial)).end.exitCode, 0);
  for (const to of [trial.w, trial.b]) {
    const names = await readdir(join(to, 'Shoot/EOS/DCIM'));
    t.is(names.length, 3, names.join(' '));
  }
});

test('only new: two cards of one call are no evidence for each other', async (t) => {
  const trial = await makeTrial(t);
  const {folder, card, w, b} = trial;
  const [first, second] = [join(folder, 'SSD1'), join(folder, 'SSD2')];
  for (const place of [first, second]) await mkdir(place);
  // In the field: one card to two small drives, and a part of it to W.
  t.is((await runOffload({cards: [card], to: [first, second]})).end.exitCode, 0);
  t.is((await runOffload({cards: [card], to: [w]})).end.exitCode, 1);
  // At home these drives are the cards.
  const mounted = ['ssd1', 'ssd2', 'w', 'b'].map((name) =>
    diskVolume(join(folder, name.toUpperCase()), name),
  );
  const report = await runOffload({
    cards: [first, second],
    to: [w, b],
    options: {onlyNew: true, shoot: 'Home'},
    program: {listVolumes: async () => mounted},
  });
  // Both may be formatted after a SAFE: then each file must be on W and on B.
  t.is(report.end.exitCode, 0);
  const kept = Object.keys(await readTree(b)).filter((name) => name.endsWith('IMG_0001.JPG'));
  t.true(kept.length > 0, 'both cards are called safe, and one drive is left with the picture');
});

test('only new: a destination that is named through a link is no second drive and is not refused', async (t) => {
  const trial = await makeKnownCard(t);
  const alias = join(trial.folder, 'alias');
  await symlink(trial.w, alias);
  const mounted = [diskVolume(trial.w, 'w'), diskVolume(trial.b, 'b')];
  const report = await onlyNew(trial, {
    to: [alias, trial.b],
    cards: [trial.card],
    program: {
      listVolumes: async () => mounted,
      describeVolume: async (path) =>
        mounted.find(({mountPoint}) => path.startsWith(mountPoint)) ??
        diskVolume(trial.card, 'eos'),
    },
  });
  t.is(refusalOf(report), undefined);
  t.is(report.end.exitCode, 0);
  t.deepEqual(copiedOf(report), []);
});

test('only new: a connected drive that cannot be used as evidence is left out, and the offload goes on', async (t) => {
  const trial = await makeKnownCard(t);
  const around = diskVolume(trial.folder, 'around');
  const marker = '.offload-volume.json';
  await copyFile(join(trial.w, marker), join(trial.folder, marker));
  const report = await onlyNew(trial, {program: {listVolumes: async () => [around]}});
  t.is(refusalOf(report), undefined, 'the card is mounted below a marked volume');
  t.is(report.end.exitCode, 0);
  t.deepEqual(copiedOf(report), []);
});

test('only new: a drive that goes while its records are read is left out', async (t) => {
  const trial = await makeKnownCard(t);
  const c = join(trial.folder, 'C');
  const d = join(trial.folder, 'D');
  await makeTree(trial.folder, {'C/': 0, 'D/': 0});
  const mounted = [diskVolume(trial.w, 'w'), diskVolume(trial.b, 'b')];
  for (const calls of [2, 4, 6, 8, 10, 12, 14, 18, 22, 30]) {
    const files = vanishesAfter(testFiles, trial.w, calls);
    const report = await runOffload({
      cards: [trial.card],
      to: [c, d],
      files,
      options: {onlyNew: true, shoot: `Shoot ${calls}`},
      program: {listVolumes: async () => mounted},
    });
    t.is(refusalOf(report), undefined, `${calls}`);
    t.true(report.end.exitCode === 0 || report.end.exitCode === 1, `${calls}`);
  }
});

test('only new: two names of one file are one copy, whatever is waived', async (t) => {
  const trial = await makeKnownCard(t);
  const copy = 'Day/SMALL/DCIM/A.JPG';
  await unlink(join(trial.b, copy));
  // As a bind mount shows one folder of a drive in two places.
  await link(join(trial.w, copy), join(trial.b, copy));
  const volumes = {[trial.b]: {physical: {known: true, ids: ['disk:w']}}} as const;
  const report = await onlyNew(trial, {volumes, options: {allowSameDrive: true}});
  t.is(report.end.exitCode, 0);
  t.deepEqual(copiedOf(report), ['DCIM/X_A.JPG']);
});

test('only new: what was known and is gone before the verdict makes no SAFE', async (t) => {
  const trial = await makeKnownCard(t);
  await makeTree(trial.card, {'DCIM/NEW.JPG': 9000});
  const moved = join(trial.folder, 'pulled');
  let pulled = false;
  const report = await onlyNew(trial, {
    files: interceptCalls(testFiles, async (call, proceed) => {
      if (!pulled && call.method === 'createFile' && below(trial.w)(call.path)) {
        pulled = true;
        await rename(join(trial.b, 'Day'), moved);
      }
      return await proceed();
    }),
  });
  t.true(pulled);
  t.is(report.end.exitCode, 1);
});

for (const journal of ['its journal is there', 'its journal is gone'] as const) {
  test(`only new, after a run without it that died, ${journal}: one record, and no temporary file is left`, async (t) => {
    const trial = await makeKnownCard(t);
    await offloadTrial(trial, {options: {shoot: 'Other'}});
    const isCopy = ({method, to}: Call) => method === 'publish' && to?.includes('/DCIM/') === true;
    const death = new Death();
    const pid = 4243;
    const files = death.comesAt(testFiles, isCopy);
    void offloadTrial(trial, {files, pid});
    await death.happened;
    await death.bury();
    runningPids.delete(pid);
    t.true((await findLitter(trial.folder)).some((name) => name.endsWith('.part')));
    for (const to of [trial.w, trial.b]) {
      await rm(join(to, 'Other'), {recursive: true});
      if (journal === 'its journal is there') continue;
      const records = join(to, 'Shoot/_offload');
      for (const name of await readdir(records)) await rm(join(records, name));
    }
    const report = await onlyNew(trial);
    t.is(report.end.exitCode, 0);
    t.is((await readManifests(join(trial.w, 'Shoot'))).length, 1);
    t.deepEqual(await findLitter(trial.folder), []);
  });
}

test('only new, after a run that was not safe: the record of what that run copied is not lost', async (t) => {
  const trial = await makeTrial(t);
  const {card, w, b} = trial;
  const failing = (path: string) => below(b)(path) && path.includes('/101CANON/');
  const first = await offloadTrial(trial, {
    files: interceptCalls(testFiles, async (call, proceed) => {
      if (call.method === 'publish' && failing(call.to ?? '')) throw systemError('EIO', call);
      return await proceed();
    }),
  });
  t.is(first.end.exitCode, 1);
  t.is((await onlyNew(trial)).end.exitCode, 0);
  const [manifest] = await readManifests(join(b, 'Shoot'));
  const unrecorded = manifest?.files.filter(({copies}) => copies.length < 2);
  t.deepEqual(
    unrecorded?.map(({path}) => path),
    [],
  );
  const {signal} = new AbortController();
  const checked = await check(
    testProgram({cards: [card], to: [w, b]}, testFiles),
    {card, destinations: [w, b], allowSameDrive: false, acceptCached: false},
    {emit: () => {}, signal},
  );
  // The empty file lies in no record by its bytes.
  t.is(checked.exitCode, 0);
});

test('only new, after a stopped run without it: what that run proved is recorded', async (t) => {
  const trial = await makeKnownCard(t);
  await makeTree(trial.card, {'DCIM/NEW.JPG': 9000});
  const stop = new AbortController();
  await offloadTrial(trial, {
    stop,
    onEvent: (event) => {
      if (event.type === 'file-proved' && event.path === 'DCIM/NEW.JPG') stop.abort();
    },
    files: failsCalls(testFiles, ['publish'], (path) => path.includes('nothing'), 'EIO'),
  });
  t.is((await onlyNew(trial)).end.exitCode, 0);
  const [manifest] = await readManifests(join(trial.b, 'Shoot'));
  const recorded = manifest?.files.flatMap(({copies}) =>
    copies.filter(({destination}) => destination === manifest.writtenTo).map(({target}) => target),
  );
  const standing = await readdir(join(trial.b, 'Shoot/EOS/DCIM'));
  t.deepEqual(recorded?.sort(), standing.map((name) => `EOS/DCIM/${name}`).sort());
});

test('only new: a drive that goes at any time ends in no crash, and SAFE is told only of what two drives have', async (t) => {
  for (let calls = 20; calls < 700; calls += 40) {
    const trial = await makeKnownCard(t);
    await makeTree(trial.card, {'DCIM/NEW.JPG': 90_000});
    const report = await onlyNew(trial, {files: vanishesAfter(testFiles, trial.b, calls)});
    if (report.end.exitCode !== 0) continue;
    const names = Object.keys(await readTree(trial.b)).filter((name) => /NEW\.JPG$/.test(name));
    t.is(names.length, 1, `${calls}`);
  }
  t.pass();
});

test('only new: a file that the card does not give is fought for and salvaged, and the card is not called dead', async (t) => {
  const trial = await makeKnownCard(t);
  const path = 'DCIM/BAD.MOV';
  await makeTree(trial.card, {[path]: seededBytes('bad', 400_000)});
  const files = badSectors(testFiles, {
    path: join(trial.card, path),
    ranges: [{from: 0, to: 4096}],
  });
  const report = await onlyNew(trial, {files, options: {salvage: true}});
  t.false(noticesOf(report).includes('card-lost'));
  t.is(report.end.outcome, 'complete');
  t.true(codesOf(report).includes('file-failed'));
});

test('only new: a file that is bad all over is no dead card, when the others are known', async (t) => {
  const trial = await makeKnownCard(t);
  const path = 'DCIM/BAD.MOV';
  await makeTree(trial.card, {[path]: seededBytes('bad', 400_000)});
  const ranges = [{from: 0, to: 400_000}];
  const files = badSectors(testFiles, {path: join(trial.card, path), ranges});
  const report = await onlyNew(trial, {files});
  t.false(noticesOf(report).includes('card-lost'));
  t.is(report.end.outcome, 'complete');
});

test('a card with a single film whose first sector is bad is not dead', async (t) => {
  const trial = await makeTrial(t, {'CLIP/A001.MOV': 400_000});
  const files = badSectors(testFiles, {
    path: join(trial.card, 'CLIP/A001.MOV'),
    ranges: [{from: 0, to: 4096}],
  });
  const report = await offloadTrial(trial, {files, options: {salvage: true}});
  t.false(noticesOf(report).includes('card-lost'));
  t.true(report.events.some(({type}) => type === 'file-salvaged'));
});

const OTHER = '20250101T101010Z-abc123';
const PART = `Shoot/EOS/DCIM/.offload-${OTHER}-w00001-1.part`;
const JOURNAL = `Shoot/_offload/${OTHER}.journal`;

test('temporary files of another offload stay when nobody can say whether it has a journal', async (t) => {
  const trial = await makeTrial(t, {'DCIM/A.JPG': 5000});
  await makeTree(trial.w, {[PART]: 'bytes'});
  let listings = 0;
  const records = join(trial.w, 'Shoot/_offload');
  const whole = await offloadTrial(trial, {
    options: {dryRun: true},
  });
  t.is(whole.end.exitCode, 0);
  let sealed = false;
  const files = failsCalls(
    testFiles,
    ['list'],
    (path) => sealed && path === records && ++listings > 1,
    'EIO',
  );
  const report = await offloadTrial(trial, {
    files,
    onEvent: (event) => {
      if (event.type === 'verdict') sealed = true;
    },
  });
  t.is(report.end.exitCode, 0);
  t.true((await readdir(join(trial.w, 'Shoot/EOS/DCIM'))).some((name) => name.endsWith('.part')));
});

/** Another card begins to be copied at the moment after somebody has listed the records. */
function beginsAfterListing(files: Files, w: string, isTime: () => boolean): Files {
  let begun = 0;
  const records = join(w, 'Shoot/_offload');
  return interceptCalls(files, async (call, proceed) => {
    const answer = await proceed();
    if (isTime() && call.method === 'list' && call.path === records && ++begun === 2) {
      await writeFile(join(w, JOURNAL), 'header\n');
      await writeFile(join(w, PART), 'bytes');
    }
    return answer;
  });
}

test('temporary files of a card that begins at this moment stay', async (t) => {
  const trial = await makeTrial(t, {'DCIM/A.JPG': 5000});
  let sealed = false;
  const report = await offloadTrial(trial, {
    files: beginsAfterListing(testFiles, trial.w, () => sealed),
    onEvent: (event) => {
      if (event.type === 'verdict') sealed = true;
    },
  });
  t.is(report.end.exitCode, 0);
  const names = await readdir(join(trial.w, 'Shoot/EOS/DCIM'));
  t.is(names.filter((name) => name.endsWith('.part')).length, 1, names.join(' '));
});

test('a temporary file that is gone already is no fault', async (t) => {
  const trial = await makeTrial(t, {'DCIM/A.JPG': 5000});
  await makeTree(trial.w, {[PART]: 'bytes'});
  const files = interceptCalls(testFiles, async (call, proceed) => {
    if (call.method === 'removeFile' && call.path === join(trial.w, PART)) {
      await rm(call.path);
      throw systemError('ENOENT', call);
    }
    return await proceed();
  });
  const report = await offloadTrial(trial, {files});
  t.is(report.end.exitCode, 0);
  t.false(noticesOf(report).includes('ENOENT'));
});

test('a name that is cut keeps the number that tells it from others', (t) => {
  const layout = parseLayout('{shoot}/{camera}_{serial}_{lens}_{seq:4}.{ext}');
  if (!layout.ok) return t.fail();
  // What a camera writes of itself: sixty signs of three bytes.
  const wide = '写'.repeat(60);
  const [group] = dateGroups(groupFiles(['DCIM/A.JPG']), {
    files: new Map(),
    facts: new Map([
      ['DCIM/A.JPG', photoFacts({make: wide, model: wide, serial: wide, lens: wide})],
    ]),
    timeZone: 'Europe/Vienna',
  });
  if (group === undefined) return t.fail();
  const stems = [1, 2, 3].map((number) =>
    nameGroup(layout.value, group, {shoot: 'S', card: 'C', number}).map(({stem}) => stem),
  );
  t.is(new Set(stems.flat()).size, 3);
});
