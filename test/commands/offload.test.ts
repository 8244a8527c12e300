/** The main command: what it refuses, how it ends, and runs that differ from the plain one. */
import {
  appendFile,
  mkdir,
  open,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import {basename, join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import type {OffloadOptions} from '../../src/commands/offload/options.ts';
import type {Volume} from '../../src/core/drive.ts';
import type {OffloadEvent} from '../../src/core/events.ts';
import {journalLine} from '../../src/core/journal.ts';
import {BlockPool} from '../../src/system/block-pool.ts';
import {realFiles} from '../../src/system/real-files.ts';
import {runTool} from '../../src/system/tools.ts';
import {
  below,
  type Call,
  failsCalls,
  failsReading,
  flipsOnRead,
  interceptCalls,
  recordsCalls,
  writesHoles,
} from '../helpers/faulty-files.ts';
import {
  codesOf,
  fewTools,
  findLitter,
  hashEngine,
  hashOfText,
  knowsDirect,
  makeTree,
  makeTrial,
  offloadTrial,
  type RunSetting,
  readCopies,
  readManifests,
  readTree,
  refusalOf,
  runningPids,
  runOffload,
  SMALL_CARD,
  seededBytes,
  signText,
  type Trial,
  testFiles,
} from '../helpers/run-offload.ts';

interface Refusal {
  readonly code: string;
  /** Differs from the plain run of a trial's card to its two destinations. */
  readonly setting: (trial: Trial) => Partial<RunSetting> | Promise<Partial<RunSetting>>;
}

const options = (change: Partial<OffloadOptions>) => () => ({options: change});

const refusals: Readonly<Record<string, Refusal>> = {
  'no card': {code: 'usage', setting: () => ({cards: []})},
  'no destination': {code: 'usage', setting: () => ({to: []})},
  'a card that is not there': {
    code: 'card-missing',
    setting: ({folder}) => ({cards: [join(folder, 'nothing')]}),
  },
  'a card that is a file': {
    code: 'card-not-a-folder',
    setting: ({card}) => ({cards: [join(card, 'DCIM/100CANON/IMG_0001.JPG')]}),
  },
  'a destination that is not there': {
    code: 'destination-missing',
    setting: ({w, folder}) => ({to: [w, join(folder, 'nothing')]}),
  },
  'a destination that is a file': {
    code: 'destination-not-a-folder',
    async setting({w, folder}) {
      await writeFile(join(folder, 'file'), 'a file');
      return {to: [w, join(folder, 'file')]};
    },
  },
  'a destination that cannot be written': {
    code: 'destination-not-writable',
    setting: ({b}) => ({
      files: failsCalls(testFiles, ['checkWritable'], (path) => path === b, 'EROFS'),
    }),
  },
  'a destination inside the card': {
    code: 'destination-inside-card',
    setting: ({w, card}) => ({to: [w, join(card, 'MISC')]}),
  },
  'a destination inside the card through a link': {
    code: 'destination-inside-card',
    async setting({w, card, folder}) {
      await symlink(join(card, 'MISC'), join(folder, 'link'));
      return {to: [w, join(folder, 'link')]};
    },
  },
  'the card itself as a destination': {
    code: 'destination-inside-card',
    setting: ({w, card}) => ({to: [w, card]}),
  },
  'a card inside a destination': {
    code: 'card-inside-destination',
    setting: ({b, folder}) => ({to: [folder, b]}),
  },
  'a card inside a destination through a link': {
    code: 'card-inside-destination',
    async setting({b, card, folder}) {
      await symlink(card, join(folder, 'link'));
      return {cards: [join(folder, 'link')], to: [folder, b]};
    },
  },
  'one destination twice': {code: 'destination-twice', setting: ({w}) => ({to: [w, w]})},
  'one destination twice through a link': {
    code: 'destination-twice',
    async setting({w, folder}) {
      await symlink(w, join(folder, 'link'));
      return {to: [w, join(folder, 'link')]};
    },
  },
  'one destination twice in other words': {
    code: 'destination-twice',
    setting: ({w}) => ({to: [w, `${w}/../${basename(w)}/.`]}),
  },
  'one card twice': {code: 'card-twice', setting: ({card}) => ({cards: [card, `${card}/`]})},
  'too little space': {
    code: 'not-enough-space',
    setting: ({b}) => ({files: hasFree(b, 150_000)}),
  },
  'a destination that does not tell its free space': {
    code: 'EIO',
    setting: ({b}) => ({
      files: failsCalls(testFiles, ['freeBytes'], (path) => path === b, 'EIO'),
    }),
  },
  'a file too large for FAT32': {
    code: 'file-too-large',
    async setting({b, card}) {
      await makeSparse(join(card, 'DCIM/MVI_9999.MP4'), 5 * 2 ** 30);
      return {volumes: {[b]: {fileSystem: 'vfat'}}};
    },
  },
  'a card that cannot be listed': {
    code: 'card-unreadable',
    setting: ({card}) => ({
      files: failsCalls(testFiles, ['list'], (path) => path === card, 'EIO'),
    }),
  },
  'a card without files': {
    code: 'card-empty',
    async setting({folder}) {
      await mkdir(join(folder, 'empty/DCIM'), {recursive: true});
      return {cards: [join(folder, 'empty')]};
    },
  },
  'a card with junk only': {
    code: 'card-empty',
    async setting({folder}) {
      await makeTree(join(folder, 'junk'), {'.DS_Store': 10, '.Trashes/1': 20});
      return {cards: [join(folder, 'junk')]};
    },
  },
  'a card whose only folder cannot be listed': {
    code: 'card-unreadable',
    setting: ({card}) => ({
      files: failsCalls(testFiles, ['list'], (path) => path === join(card, 'DCIM'), 'EIO'),
    }),
  },
  'an empty layout': {code: 'layout-empty', setting: options({layout: ''})},
  'a layout that leaves the destination': {
    code: 'layout-absolute',
    setting: options({layout: '/tmp/{path}'}),
  },
  'a layout that climbs': {
    code: 'layout-dots',
    setting: options({layout: '{shoot}/../../{path}'}),
  },
  'a layout with an unknown word': {
    code: 'layout-unknown-token',
    setting: options({layout: '{shoot}/{nonsense}/{path}'}),
  },
};

function hasFree(root: string, bytes: number) {
  const match = below(root);
  return {
    ...interceptCalls(testFiles, (_call, proceed) => proceed()),
    freeBytes: async (path: string) => (match(path) ? bytes : await testFiles.freeBytes(path)),
  };
}

async function makeSparse(path: string, size: number): Promise<void> {
  const file = await open(path, 'w');
  await file.truncate(size);
  await file.close();
}

for (const [what, {code, setting}] of Object.entries(refusals)) {
  test(`refused before anything is written: ${what}`, async (t) => {
    const trial = await makeTrial(t);
    const changed = await setting(trial);
    const before = await namesIn(trial.folder);
    const report = await offloadTrial(trial, changed);
    t.is(refusalOf(report), code);
    t.deepEqual(report.end, {outcome: 'refused', exitCode: 2});
    t.deepEqual(await namesIn(trial.folder), before);
    t.is(report.verdicts.length, 0);
    const refused = report.events.find((event) => event.type === 'refused');
    t.true((refused?.message.length ?? 0) > 10 && (refused?.next.length ?? 0) > 10);
  });
}

const namesIn = async (folder: string) => (await readdir(folder, {recursive: true})).sort();

test('only what is really to be written needs space', async (t) => {
  const trial = await makeTrial(t, {'CLIP.MP4': 6_000_000});
  await offloadTrial(trial);
  // Room for the records, not for the clip.
  const report = await offloadTrial(trial, {files: hasFree(trial.b, 3_000_000)});
  t.is(report.end.exitCode, 0);
});

test('what an interrupted run left unfinished does not take the space of the next one', async (t) => {
  const trial = await makeTrial(t, {'DCIM/CLIP.MP4': 6_000_000, 'DCIM/A.JPG': 1000});
  const stop = new AbortController();
  await offloadTrial(trial, {
    stop,
    onEvent: (event) => event.type === 'progress' && event.read > 0 && stop.abort(),
  });
  const [journal = ''] = await readdir(join(trial.b, 'Shoot/_offload'));
  const left = `.offload-${journal.replace('.journal', '')}-dead-1.part`;
  await mkdir(join(trial.b, 'Shoot/EOS/DCIM'), {recursive: true});
  await writeFile(join(trial.b, 'Shoot/EOS/DCIM', left), Buffer.alloc(6_000_000));
  // Both folders lie on one disk here: twice the clip, less what is left of the first run.
  const report = await offloadTrial(trial, {files: hasFree(trial.b, 9_000_000)});
  t.is(report.end.exitCode, 0);
  t.deepEqual(await findLitter(trial.b), []);
});

test('--dry-run writes nothing and says where every file would go', async (t) => {
  const trial = await makeTrial(t);
  await makeTree(trial.b, {'Shoot/EOS/DCIM/100CANON/IMG_0002.JPG': 8192});
  const before = await namesIn(trial.folder);
  const report = await offloadTrial(trial, {options: {dryRun: true}});
  t.deepEqual(report.end, {outcome: 'complete', exitCode: 0});
  t.deepEqual(await namesIn(trial.folder), before);
  const rows = report.events.filter((event) => event.type === 'copy-planned');
  t.is(rows.length, 8);
  t.deepEqual(
    rows.filter(({present}) => present).map(({to, target}) => [to, target]),
    [[trial.b, 'Shoot/EOS/DCIM/100CANON/IMG_0002.JPG']],
  );
});

test('a run that is stopped before it begins copies nothing and ends with 130', async (t) => {
  const trial = await makeTrial(t);
  const stop = new AbortController();
  stop.abort();
  const report = await offloadTrial(trial, {stop});
  t.deepEqual(report.end, {outcome: 'cancelled', exitCode: 130});
  t.deepEqual(await readTree(trial.w), {});
});

test('a run that is stopped while it copies ends with 130 and says so in its verdict', async (t) => {
  const trial = await makeTrial(t);
  const stop = new AbortController();
  const report = await offloadTrial(trial, {
    stop,
    onEvent(event) {
      if (event.type === 'file-copied') stop.abort();
    },
  });
  t.deepEqual(report.end, {outcome: 'cancelled', exitCode: 130});
  t.deepEqual(codesOf(report), ['interrupted']);
  const journals = (await findLitter(trial.folder)).filter((name) => name.endsWith('.journal'));
  t.is(journals.length, 2);
});

test('one destination is not enough', async (t) => {
  const trial = await makeTrial(t);
  const report = await offloadTrial(trial, {to: [trial.w]});
  t.is(report.end.exitCode, 1);
  t.deepEqual(codesOf(report), ['copies-missing']);
  t.deepEqual((await readCopies(trial.w))['Shoot/EOS/MISC'], 'folder');
});

test('two cards in one call each get a folder and a verdict', async (t) => {
  const trial = await makeTrial(t);
  const second = join(trial.folder, 'NIKON');
  await makeTree(second, {'DCIM/DSC_0001.NEF': 70_000, 'DCIM/DSC_0002.NEF': 30});
  const report = await runOffload({cards: [trial.card, second], to: [trial.w, trial.b]});
  t.is(report.end.exitCode, 0);
  t.deepEqual(report.verdicts.map(({card}) => card.label).sort(), ['EOS', 'NIKON']);
  const copies = await readCopies(trial.b);
  const nikon = await readTree(second);
  t.is(copies['Shoot/NIKON/DCIM/DSC_0001.NEF'], nikon['DCIM/DSC_0001.NEF']);
  t.is((await readManifests(join(trial.w, 'Shoot'))).length, 2);
  t.deepEqual(await findLitter(trial.folder), []);
});

test('of two cards one that is not safe makes the exit code 1', async (t) => {
  const trial = await makeTrial(t);
  const second = join(trial.folder, 'NIKON');
  await makeTree(second, {'A.NEF': 70_000, 'B.NEF': 30});
  const bad = join(second, 'A.NEF');
  const report = await runOffload({
    cards: [trial.card, second],
    to: [trial.w, trial.b],
    files: failsCalls(testFiles, ['read'], (path) => path === bad, 'EIO'),
  });
  t.is(report.end.exitCode, 1);
  t.deepEqual(report.verdicts.map(({card, safe}) => `${card.label} ${safe}`).sort(), [
    'EOS true',
    'NIKON false',
  ]);
});

test('two cards of one name get a folder each, in one call and one after the other', async (t) => {
  const trial = await makeTrial(t, {'IMG_0001.JPG': 'first card'});
  const second = join(trial.folder, 'reader2/EOS');
  const third = join(trial.folder, 'reader3/EOS');
  await makeTree(second, {'IMG_0001.JPG': 'second card'});
  await makeTree(third, {'IMG_0001.JPG': 'third card'});
  const both = await runOffload({cards: [trial.card, second], to: [trial.w, trial.b]});
  t.is(both.end.exitCode, 0);
  t.is((await runOffload({cards: [third], to: [trial.w, trial.b]})).end.exitCode, 0);
  const again = await runOffload({cards: [second], to: [trial.w, trial.b]});
  t.is(again.verdicts[0]?.account.present, 1);
  const shoot = join(trial.w, 'Shoot');
  t.deepEqual((await readdir(shoot)).sort(), ['EOS', 'EOS-2', 'EOS-3', '_offload']);
  t.is(await readFile(join(shoot, 'EOS/IMG_0001.JPG'), 'utf8'), 'first card');
  t.is(await readFile(join(shoot, 'EOS-2/IMG_0001.JPG'), 'utf8'), 'second card');
  t.is(await readFile(join(shoot, 'EOS-3/IMG_0001.JPG'), 'utf8'), 'third card');
});

test('two cards in one folder of a flat layout keep both of two files of one name', async (t) => {
  const trial = await makeTrial(t, {'A/IMG_0001.JPG': 'of one', 'B/IMG_0001.JPG': 'of one too'});
  const second = join(trial.folder, 'NIKON');
  await makeTree(second, {'IMG_0001.JPG': 'of the other'});
  const report = await runOffload({
    cards: [trial.card, second],
    to: [trial.w, trial.b],
    options: {layout: '{shoot}/{name}'},
  });
  t.is(report.end.exitCode, 0);
  for (const root of [trial.w, trial.b]) {
    const names = (await readdir(join(root, 'Shoot'))).filter((name) => name !== '_offload');
    t.is(names.length, 3);
    const texts = await Promise.all(
      names.map((name) => readFile(join(root, 'Shoot', name), 'utf8')),
    );
    t.deepEqual(texts.sort(), ['of one', 'of one too', 'of the other']);
  }
});

test('three destinations: all get the files, and all must for a safe card', async (t) => {
  const trial = await makeTrial(t);
  const third = join(trial.folder, 'C');
  await mkdir(third);
  const to = [trial.w, trial.b, third];
  const report = await runOffload({cards: [trial.card], to});
  t.is(report.end.exitCode, 0);
  t.is(report.verdicts[0]?.copies.length, 3);
  t.deepEqual(await readCopies(third), await readCopies(trial.w));
});

test('two folders of one drive are one copy, unless the rule is waived', async (t) => {
  const trial = await makeTrial(t);
  const volumes = {[trial.b]: {physical: {known: true, ids: ['disk:w']}}} as const;
  const strict = await offloadTrial(trial, {volumes});
  t.is(strict.end.exitCode, 1);
  t.deepEqual(codesOf(strict), ['same-drive']);
  const waived = await offloadTrial(trial, {volumes, options: {allowSameDrive: true}});
  t.is(waived.end.exitCode, 0);
  t.deepEqual(waived.verdicts[0]?.waived, ['same-drive']);
  const [manifest] = await readManifests(join(trial.w, 'Shoot'));
  t.deepEqual(manifest?.verdict.waived, ['same-drive']);
});

test('a copy that may have come from a cache does not count, unless that is waived', async (t) => {
  const trial = await makeTrial(t);
  const volumes = {[trial.b]: {kind: 'network'}} as const;
  const strict = await offloadTrial(trial, {volumes});
  t.deepEqual(codesOf(strict), ['cache-possible']);
  const waived = await offloadTrial(trial, {volumes, options: {acceptCached: true}});
  t.is(waived.end.exitCode, 0);
  t.deepEqual(waived.verdicts[0]?.waived, ['cached']);
});

test('folders on one system volume are told apart by their paths', async (t) => {
  const trial = await makeTrial(t);
  const system: Partial<Volume> = {mountPoint: '/', physical: {known: true, ids: ['disk:vda']}};
  const volumes = {[trial.card]: system, [trial.w]: system, [trial.b]: system};
  const report = await offloadTrial(trial, {volumes, options: {allowSameDrive: true}});
  t.is(report.end.exitCode, 0);
  t.deepEqual((await readdir(trial.w)).sort(), ['.offload-volume.json', 'Shoot']);
});

test('--verify full finds a card that gives other bytes the second time', async (t) => {
  const trial = await makeTrial(t);
  const path = join(trial.card, 'DCIM/101CANON/MVI_0003.MP4');
  const plain = await offloadTrial(trial, {options: {verify: 'full'}});
  t.is(plain.end.exitCode, 0);
  const other = await makeTrial(t);
  const report = await offloadTrial(other, {
    options: {verify: 'full'},
    files: flipsOnRead(testFiles, (one) => one === path.replace(trial.card, other.card), 2),
  });
  t.is(report.end.exitCode, 1);
  t.true(codesOf(report).includes('source-mismatch'));
  const mismatch = report.events.find((event) => event.type === 'file-mismatched');
  t.is(mismatch?.path, 'DCIM/101CANON/MVI_0003.MP4');
  t.is(mismatch?.to, undefined);
});

test('a card that gave two answers is read again by the next run, whatever was proved of the first', async (t) => {
  const trial = await makeTrial(t);
  const path = join(trial.card, 'DCIM/101CANON/MVI_0003.MP4');
  const doubted = await offloadTrial(trial, {
    options: {verify: 'full'},
    files: flipsOnRead(testFiles, (one) => one === path, 2),
  });
  t.true(codesOf(doubted).includes('source-mismatch'));
  const calls: Call[] = [];
  const again = await offloadTrial(trial, {files: recordsCalls(testFiles, calls)});
  t.is(again.end.exitCode, 0);
  t.true(calls.some((call) => call.method === 'openToRead' && call.path === path));
});

test('a card that changed after an unsafe offload gets a record of its own, which names the old one', async (t) => {
  const trial = await makeTrial(t);
  const broken = join(trial.card, 'DCIM/101CANON/MVI_0003.MP4');
  const first = await offloadTrial(trial, {
    files: failsReading(testFiles, (one) => one === broken, 'EIO'),
  });
  t.is(first.end.exitCode, 1);
  await writeFile(join(trial.card, 'DCIM/101CANON/IMG_0009.JPG'), 'one more');
  t.is((await offloadTrial(trial)).end.exitCode, 0);
  const manifests = await readManifests(join(trial.w, 'Shoot'));
  const [safe] = manifests.filter(({verdict}) => verdict.safe);
  const [unsafe] = manifests.filter(({verdict}) => !verdict.safe);
  t.is(manifests.length, 2);
  t.deepEqual(safe?.continues, [unsafe?.offload]);
});

test('a destination where this user may not set times: the bytes are proved, and the verdict warns', async (t) => {
  const trial = await makeTrial(t);
  const report = await offloadTrial(trial, {
    files: failsCalls(testFiles, ['setModified'], below(trial.w), 'EPERM'),
  });
  t.is(report.end.exitCode, 0);
  const warnings = report.verdicts.flatMap((verdict) => verdict.warnings.map(({code}) => code));
  t.is(warnings.filter((code) => code === 'times-not-kept').length, 1);
});

test('a file that failed is one reason, not also an account that does not close', async (t) => {
  const trial = await makeTrial(t);
  const broken = join(trial.card, 'DCIM/101CANON/MVI_0003.MP4');
  const report = await offloadTrial(trial, {
    files: failsReading(testFiles, (one) => one === broken, 'EIO'),
  });
  t.is(report.end.exitCode, 1);
  t.true(codesOf(report).includes('file-failed'));
  t.false(codesOf(report).includes('account-open'));
});

test('modification times are kept, whole microseconds exactly', async (t) => {
  const trial = await makeTrial(t);
  const odd = 'DCIM/100CANON/IMG_0002.JPG';
  const touched = await execa('touch', ['-d', '@1795165201.123456789', join(trial.card, odd)], {
    reject: false,
  });
  t.is((await offloadTrial(trial)).end.exitCode, 0);
  const findShift = async (path: string) => {
    const {mtimeNs} = await stat(join(trial.card, path), {bigint: true});
    const copy = await stat(join(trial.b, 'Shoot/EOS', path), {bigint: true});
    return Number(copy.mtimeNs - mtimeNs);
  };
  for (const path of ['DCIM/100CANON/IMG_0001.JPG', 'DCIM/101CANON/EMPTY.LOG'])
    t.true(Math.abs(await findShift(path)) < 500, path);
  if (!touched.failed) t.true(Math.abs(await findShift(odd)) < 1000, odd);
});

test('a shoot is named by the date of its first picture', async (t) => {
  const trial = await makeTrial(t, {'A.JPG': 10});
  const capture = {
    date: '2025-12-31',
    time: '2025-12-31T23:59:58',
    make: 'Canon',
    model: 'EOS R5',
    serial: '1',
  };
  const unnamed = {volumes: {[trial.card]: {label: 'NO NAME'}}, capture};
  const report = await offloadTrial(trial, {...unnamed, options: {shoot: undefined}});
  t.is(report.end.exitCode, 0);
  t.true((await readdir(join(trial.w, '2025-12-31'))).includes('EOS R5'));
});

test('facts come before the verdict, each file is proved on each drive, and `run-ended` is left to the caller', async (t) => {
  const trial = await makeTrial(t);
  const {events} = await offloadTrial(trial);
  const types = events.map(({type}) => type);
  t.is(types.filter((type) => type === 'file-proved').length, 8);
  t.is(types.filter((type) => type === 'manifest-written').length, 2);
  t.is(types.at(-1), 'verdict');
  t.is(types.indexOf('run-planned') < types.indexOf('file-copied'), true);
  t.false(types.includes('run-ended'));
});

/** Stops a run after some facts, so that its journals are left. */
async function interrupt(
  trial: Trial,
  after: OffloadEvent['type'] = 'file-proved',
): Promise<string[]> {
  const stop = new AbortController();
  await offloadTrial(trial, {
    stop,
    onEvent(event) {
      if (event.type === after) stop.abort();
    },
  });
  return await Promise.all(
    [trial.w, trial.b].map(async (root) => {
      const records = join(root, 'Shoot/_offload');
      const name = (await readdir(records)).find((one) => one.endsWith('.journal')) ?? '';
      return join(records, name);
    }),
  );
}

const damages: Readonly<Record<string, (text: string) => string>> = {
  'cut in its last line': (text) => text.slice(0, -20),
  'cut in its first line': (text) => text.slice(0, 20),
  emptied: () => '',
  'filled with zeros': (text) => '\0'.repeat(text.length),
  'edited in its header': (text) => text.replace('"folder":"EOS"', '"folder":"ELSE"'),
  'edited in a fact': (text) => text.replace('"type":"file-copied"', '"type":"file-proved"'),
  'of a newer version': (text) => text.replaceAll('offload-journal/1', 'offload-journal/9'),
};
for (const [what, damage] of Object.entries(damages)) {
  test(`a journal that is ${what} is named, is no evidence, and the run ends right`, async (t) => {
    const trial = await makeTrial(t);
    for (const which of [[0], [0, 1]]) {
      const journals = await interrupt(trial);
      for (const index of which) {
        const path = journals[index] ?? '';
        const text = await readFile(path, 'utf8');
        t.not(damage(text), text);
        await writeFile(path, damage(text));
      }
      const report = await offloadTrial(trial);
      t.is(report.end.exitCode, 0);
      const named = report.events.filter(
        (event) => event.type === 'noticed' && event.code === 'journal-damaged',
      );
      t.is(named.length, which.length);
      // Whose temporary file it is nobody knows without the journal: it stays, hidden.
      const copies = Object.entries(await readTree(join(trial.w, 'Shoot/EOS')));
      t.deepEqual(
        Object.fromEntries(copies.filter(([name]) => !name.endsWith('.part'))),
        await readTree(trial.card),
      );
      await appendFile(join(trial.card, 'NEW.JPG'), `new ${which.length}`);
    }
  });
}

const manifestDamages: Readonly<Record<string, [(text: string) => string, string]>> = {
  edited: [(text) => text.replace('"safe": false', '"safe": true'), 'manifest-edited'],
  cut: [(text) => text.slice(0, 400), 'manifest-cut'],
  'of a newer version': [
    (text) => text.replace('offload-manifest/1', 'offload-manifest/2'),
    'manifest-newer',
  ],
  malformed: [(text) => text.replace('"files"', '"filed"'), 'manifest-malformed'],
};
for (const [what, [damage, code]] of Object.entries(manifestDamages)) {
  test(`a manifest that is ${what} is named, is no evidence, and the run ends right`, async (t) => {
    const trial = await makeTrial(t);
    const bad = join(trial.card, 'DCIM/100CANON/IMG_0001.JPG');
    const files = failsCalls(testFiles, ['read'], (path) => path === bad, 'EIO');
    t.is((await offloadTrial(trial, {files})).end.exitCode, 1);
    const records = join(trial.w, 'Shoot/_offload');
    const [name = ''] = (await readdir(records)).filter((one) => one.endsWith('.json'));
    const text = await readFile(join(records, name), 'utf8');
    t.not(damage(text), text);
    await writeFile(join(records, name), damage(text));
    const report = await offloadTrial(trial);
    t.is(report.end.exitCode, 0);
    t.true(report.events.some((event) => event.type === 'noticed' && event.code === code));
  });
}

test('a second offload into a shoot is refused while the first one runs', async (t) => {
  const trial = await makeTrial(t);
  const second = join(trial.folder, 'NIKON');
  await makeTree(second, {'A.NEF': 100});
  let refusal: string | undefined;
  let meanwhile: Promise<void> | undefined;
  const files = interceptCalls(testFiles, async (_call, proceed) => {
    await meanwhile;
    return await proceed();
  });
  const first = await offloadTrial(trial, {
    files,
    onEvent(event) {
      if (event.type !== 'phase-started' || event.phase !== 'copy') return;
      meanwhile = (async () => {
        const before = await namesIn(trial.w);
        const report = await runOffload({cards: [second], to: [trial.w, trial.b]});
        refusal = refusalOf(report);
        t.is(report.end.exitCode, 2);
        t.deepEqual(await namesIn(trial.w), before);
      })();
    },
  });
  t.is(refusal, 'shoot-locked');
  t.is(first.end.exitCode, 0);
  t.is((await runOffload({cards: [second], to: [trial.w, trial.b]})).end.exitCode, 0);
});

const lockOf = (root: string) => join(root, 'Shoot/_offload/lock');
const lockText = (change: object) =>
  JSON.stringify({
    host: 'studio',
    pid: 77,
    mark: 'started-77',
    token: 'abcdef',
    since: '2026-11-22T10:00:00.000Z',
    ...change,
  });

const locks: Readonly<Record<string, [text: string, refused: boolean]>> = {
  'of a process that has ended': [lockText({}), false],
  'of a process whose number another one has now': [
    lockText({pid: 88, mark: 'started-long-ago'}),
    false,
  ],
  'of a process that runs': [lockText({pid: 88, mark: 'started-88'}), true],
  'of another computer': [lockText({host: 'laptop'}), true],
  'that is torn': [lockText({}).slice(0, 30), false],
  'that is empty': ['', false],
};
for (const [what, [text, refused]] of Object.entries(locks)) {
  test.serial(`a lock ${what} ${refused ? 'blocks' : 'does not block'}`, async (t) => {
    const trial = await makeTrial(t);
    await makeTree(trial.w, {'Shoot/_offload/lock': text});
    runningPids.add(88);
    const report = await offloadTrial(trial);
    runningPids.delete(88);
    t.is(report.end.exitCode, refused ? 2 : 0);
    t.is(refusalOf(report), refused ? 'shoot-locked' : undefined);
    if (refused) t.is(await readFile(lockOf(trial.w), 'utf8'), text);
    else t.deepEqual(await findLitter(trial.folder), []);
  });
}

test('a refused second destination gives the first one free again', async (t) => {
  const trial = await makeTrial(t);
  await makeTree(trial.b, {'Shoot/_offload/lock': lockText({host: 'laptop'})});
  const report = await offloadTrial(trial);
  t.is(refusalOf(report), 'shoot-locked');
  t.deepEqual(await findLitter(trial.w), []);
});

test('a destination that fails while it is opened is refused and left unlocked', async (t) => {
  const trial = await makeTrial(t);
  const files = failsCalls(
    testFiles,
    ['write'],
    (path) => below(trial.b)(path) && path.includes('probe'),
    'EIO',
  );
  const report = await offloadTrial(trial, {files});
  t.is(report.end.exitCode, 2);
  t.deepEqual(await findLitter(trial.folder), []);
});

test('a volume is marked once and known again at another place', async (t) => {
  const trial = await makeTrial(t);
  await offloadTrial(trial);
  const marker = await readFile(join(trial.w, '.offload-volume.json'), 'utf8');
  await offloadTrial(trial);
  t.is(await readFile(join(trial.w, '.offload-volume.json'), 'utf8'), marker);
  const [manifest] = await readManifests(join(trial.w, 'Shoot'));
  const {id} = JSON.parse(marker);
  t.is(manifest?.writtenTo, id);
});

test('a file of somebody else under the name of the marker is left alone', async (t) => {
  const trial = await makeTrial(t);
  await makeTree(trial.w, {'.offload-volume.json': 'not ours'});
  t.is((await offloadTrial(trial)).end.exitCode, 0);
  t.is(await readFile(join(trial.w, '.offload-volume.json'), 'utf8'), 'not ours');
});

test('an interrupted offload goes on when the drives have other paths', async (t) => {
  const trial = await makeTrial(t);
  await interrupt(trial);
  const moved = {w: join(trial.folder, 'W2'), b: join(trial.folder, 'B2')};
  await execa('mv', [trial.w, moved.w]);
  await execa('mv', [trial.b, moved.b]);
  const calls: Call[] = [];
  const report = await runOffload({
    cards: [trial.card],
    to: [moved.w, moved.b],
    files: recordsCalls(testFiles, calls),
  });
  t.is(report.end.exitCode, 0);
  const planned = report.events.find((event) => event.type === 'run-planned');
  t.true(planned?.resumed);
  t.is((await readManifests(join(moved.w, 'Shoot'))).length, 1);
  t.deepEqual(await findLitter(trial.folder), []);
});

test('a card with new pictures after an interruption is copied whole', async (t) => {
  const trial = await makeTrial(t);
  await interrupt(trial);
  await makeTree(trial.card, {'DCIM/101CANON/IMG_0004.JPG': 9000});
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 0);
  t.deepEqual(await readTree(join(trial.b, 'Shoot/EOS')), await readTree(trial.card));
});

test('what an earlier run copied and somebody changed since is copied again beside it', async (t) => {
  const trial = await makeTrial(t, {'A.JPG': 'a picture', 'B.JPG': 'another one'});
  await interrupt(trial, 'file-proved');
  const standing = Object.entries(await readCopies(join(trial.w, 'Shoot/EOS'))).filter(
    ([name, kind]) => kind !== 'folder' && !name.endsWith('.part'),
  );
  t.true(standing.length > 0);
  for (const [name] of standing) {
    const {size} = await stat(join(trial.w, 'Shoot/EOS', name));
    await writeFile(join(trial.w, 'Shoot/EOS', name), 'x'.repeat(size));
  }
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 0);
  const copies = Object.values(await readCopies(join(trial.w, 'Shoot/EOS')));
  for (const hash of Object.values(await readTree(trial.card))) t.true(copies.includes(hash));
});

/** A run that is stopped when all is written and flushed and nothing is proved. */
async function stopBeforeProofs(trial: Trial): Promise<void> {
  const stop = new AbortController();
  const stopped = new Promise((resolve) => {
    stop.signal.addEventListener('abort', resolve, {once: true});
  });
  let copied = 0;
  await offloadTrial(trial, {
    stop,
    options: {order: 'after'},
    // No proof begins before the stop: facts come a little after what they tell of.
    files: interceptCalls(testFiles, async (call, proceed) => {
      const isCopy = call.path.includes('/EOS/') && call.path.endsWith('.part');
      if (call.method === 'openToRead' && isCopy) await stopped;
      return await proceed();
    }),
    onEvent(event) {
      if (event.type === 'file-copied' && ++copied === 4) stop.abort();
    },
  });
}

const CLIPS = {'VIDEO/A.MP4': 1_500_000, 'VIDEO/B.MP4': 1_600_000};

test('what an earlier run flushed and did not prove is proved without being written again', async (t) => {
  const trial = await makeTrial(t, CLIPS);
  await stopBeforeProofs(trial);
  const left = (await findLitter(trial.folder)).filter((name) => name.endsWith('.part'));
  t.is(left.length, 4);
  const calls: Call[] = [];
  const report = await offloadTrial(trial, {files: recordsCalls(testFiles, calls)});
  t.is(report.end.exitCode, 0);
  t.is(report.verdicts[0]?.account.copied, 2);
  const made = calls.filter(({method, path}) => method === 'createFile' && path.includes('/EOS/'));
  t.deepEqual(made, []);
  t.deepEqual(await findLitter(trial.folder), []);
});

test('a flushed file whose bytes a drive lost in a power cut is written again', async (t) => {
  const trial = await makeTrial(t, CLIPS);
  await stopBeforeProofs(trial);
  const left = (await findLitter(trial.w)).filter((name) => name.endsWith('.part'));
  for (const name of left) {
    const file = await open(join(trial.w, name), 'r+');
    await file.write(Buffer.alloc(4096), 0, 4096, 1_000_000);
    await file.close();
  }
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 0);
  t.deepEqual(await readTree(join(trial.w, 'Shoot/EOS')), await readTree(trial.card));
  t.deepEqual(await findLitter(trial.folder), []);
});

test('where journals disagree on what the card gave, the card is asked', async (t) => {
  const trial = await makeTrial(t, CLIPS);
  await stopBeforeProofs(trial);
  for (const root of [trial.w, trial.b]) {
    const records = join(root, 'Shoot/_offload');
    const [name = ''] = (await readdir(records)).filter((one) => one.endsWith('.journal'));
    let sum = '';
    let text = '';
    for (const raw of (await readFile(join(records, name), 'utf8')).trimEnd().split('\n')) {
      const [fact] = JSON.parse(raw);
      const isOther = fact.type === 'file-copied' && fact.to === trial.b;
      const told = isOther ? {...fact, hash: '0'.repeat(64)} : fact;
      const line = journalLine(told, sum, hashOfText, signText);
      text += line.text;
      sum = line.sum;
    }
    await writeFile(join(records, name), text);
  }
  const report = await offloadTrial(trial);
  t.false(report.events.some((event) => event.type === 'noticed'));
  t.is(report.end.exitCode, 0);
  t.deepEqual(await readTree(join(trial.b, 'Shoot/EOS')), await readTree(trial.card));
});

test('--verify-order after reads back only when all is copied', async (t) => {
  const trial = await makeTrial(t);
  const report = await offloadTrial(trial, {options: {order: 'after'}});
  t.is(report.end.exitCode, 0);
  const types = report.events.map(({type}) => type);
  t.true(types.lastIndexOf('file-copied') < types.indexOf('file-proved'));
});

test('many small files go through batches', async (t) => {
  const tree = Object.fromEntries(
    Array.from({length: 600}, (_, index) => [
      `DCIM/${100 + (index % 7)}CANON/F${index}.JPG`,
      index,
    ]),
  );
  const trial = await makeTrial(t, tree);
  let flushes = 0;
  const report = await offloadTrial(trial, {
    run: (command, args) => {
      if (command === 'sync') flushes += 1;
      return fewTools(command, args);
    },
  });
  t.is(report.end.exitCode, 0);
  t.true(flushes > 2 && flushes < 100, `${flushes} flushes`);
  t.deepEqual(await readTree(join(trial.w, 'Shoot/EOS')), await readTree(trial.card));
});

test('direct transfers and the tools of this machine give a proof that names its method', async (t) => {
  const trial = await makeTrial(t, {...SMALL_CARD, 'VIDEO/CLIP.MP4': 3_000_001});
  if (!(await knowsDirect(trial.w))) {
    t.log('the temporary folder knows no direct transfers');
    t.pass();
    return;
  }
  const report = await offloadTrial(trial, {files: realFiles, run: runTool});
  t.is(report.end.exitCode, 0);
  const proofs = report.events.filter((event) => event.type === 'file-proved');
  t.deepEqual([...new Set(proofs.map(({mediumRead}) => mediumRead))], ['direct']);
});

test('a sparse file of more than 4 GiB is copied with its right hash and size', async (t) => {
  const size = 2 ** 32 + 12_345;
  const trial = await makeTrial(t, {'end.txt': 'small'});
  const clip = join(trial.card, 'MVI_0001.MP4');
  await makeSparse(clip, size);
  // Something behind 4 GiB: a position of 32 bits would put it elsewhere.
  const tail = seededBytes('tail', 100);
  const file = await open(clip, 'r+');
  await file.write(tail, 0, 100, size - 100);
  await file.close();
  const report = await offloadTrial(trial, {
    files: writesHoles(hasFree(trial.folder, 2 ** 40)),
    program: {copyBlocks: new BlockPool(8), proofBlocks: new BlockPool(8)},
  });
  t.is(report.end.exitCode, 0);
  const hash = hashOfZeros(size - 100, tail);
  const proofs = report.events.filter((event) => event.type === 'file-proved');
  const ofClip = proofs.filter(({path}) => path === 'MVI_0001.MP4');
  t.deepEqual(
    ofClip.map((proof) => [proof.size, proof.hash]),
    [
      [size, hash],
      [size, hash],
    ],
  );
  for (const root of [trial.w, trial.b])
    t.is((await stat(join(root, 'Shoot/EOS/MVI_0001.MP4'))).size, size);
});

function hashOfZeros(length: number, tail: Buffer): string {
  const hasher = hashEngine.create();
  const zeros = Buffer.alloc(4 * 1024 * 1024);
  for (let left = length; left > 0; left -= zeros.length)
    hasher.update(zeros.subarray(0, Math.min(left, zeros.length)));
  hasher.update(tail);
  return hasher.digest();
}
