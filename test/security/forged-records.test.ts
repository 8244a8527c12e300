/** Records that somebody wrote to deceive: the sums in them are right, because a sum is no signature. */
import {cp, mkdir, readdir, readFile, rename, symlink} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {check} from '../../src/commands/check.ts';
import type {Fact, OffloadEvent} from '../../src/core/events.ts';
import {fingerprintListing} from '../../src/core/fingerprint.ts';
import {type JournalHeader, journalLine} from '../../src/core/journal.ts';
import {sealManifest} from '../../src/core/manifest.ts';
import {scanCard} from '../../src/engine/scan-card.ts';
import {signWith} from '../../src/system/own-secret.ts';
import {below, type Call, changes, recordsCalls} from '../helpers/faulty-files.ts';
import {
  hashOfBytes,
  hashOfText,
  makeTree,
  makeTrial,
  offloadTrial,
  readManifests,
  readTree,
  seededBytes,
  type Trial,
  testFiles,
  testProgram,
} from '../helpers/run-offload.ts';

const PATH = 'DCIM/100CANON/IMG_0001.JPG';
const SIZE = 9000;

interface Forgery {
  readonly to: string;
  readonly header?: Partial<JournalHeader>;
  readonly facts: (about: Readonly<Record<string, unknown>>) => readonly object[];
}

/** Writes a journal as the program writes it, for the card as it is now. */
async function forgeJournal(trial: Trial, {to, header, facts}: Forgery): Promise<void> {
  const listing = await scanCard(testFiles, trial.card);
  const [file] = listing.files;
  const first: JournalHeader = {
    type: 'journal',
    schema: 'offload-journal/1',
    offload: 'forged',
    cardId: `folder:${trial.card}`,
    writtenTo: to,
    fingerprint: fingerprintListing(listing, hashOfText),
    folder: 'EOS',
    startedAt: '2026-11-22T10:00:00.000Z',
    ...header,
  };
  const about = {
    card: {path: trial.card, label: 'EOS'},
    path: file?.path,
    size: file?.size,
    mtimeNs: `${file?.mtimeNs}`,
    to,
    retries: 0,
  };
  let text = '';
  let sum = '';
  for (const entry of [first, ...facts(about)]) {
    const line = journalLine(entry as Fact | JournalHeader, sum, hashOfText);
    text += line.text;
    sum = line.sum;
  }
  await makeTree(to, {'Shoot/_offload/forged.journal': text});
}

const proved = (target: string, hash: string) => (about: Readonly<Record<string, unknown>>) => [
  {type: 'file-proved', ...about, target, hash, mediumRead: 'direct', origin: 'copied'},
];

/** A picture of the size of the card's, with other bytes. */
const OTHER = seededBytes('another picture', SIZE);

/** Puts another picture on a drive and a journal beside it that says that it is the card's. */
async function deceive(trial: Trial, to: string): Promise<void> {
  await makeTree(to, {[`Shoot/EOS/${PATH}`]: OTHER});
  await forgeJournal(trial, {to, facts: proved(`EOS/${PATH}`, hashOfBytes(OTHER))});
}

/** The verdict may be SAFE, but only because the card was read and its own picture lies on both drives, beside the other one. */
async function holdsTruth(t: ExecutionContext, trial: Trial): Promise<void> {
  const card = (await readTree(trial.card))[PATH];
  for (const to of [trial.w, trial.b]) {
    t.true(Object.values(await readTree(join(to, 'Shoot/EOS'))).includes(card ?? ''), to);
    t.is((await readTree(to))[`Shoot/EOS/${PATH}`], hashOfBytes(OTHER), 'nothing is replaced');
  }
}

test('threat: forged journals on both drives: the card is read all the same', async (t) => {
  const trial = await makeTrial(t, {[PATH]: SIZE});
  for (const to of [trial.w, trial.b]) await deceive(trial, to);
  const report = await offloadTrial(trial);
  t.true(report.verdicts[0]?.safe);
  await holdsTruth(t, trial);
});

test('threat: a forged journal on one of two drives is not believed, with --from-copy neither', async (t) => {
  for (const fromCopy of [false, true]) {
    const trial = await makeTrial(t, {[PATH]: SIZE});
    await deceive(trial, trial.b);
    const report = await offloadTrial(trial, {options: {fromCopy}});
    t.true(report.verdicts[0]?.safe);
    const card = (await readTree(trial.card))[PATH];
    for (const to of [trial.w, trial.b])
      t.true(Object.values(await readTree(join(to, 'Shoot/EOS'))).includes(card ?? ''), to);
  }
});

test('threat: a signature of another computer is none', async (t) => {
  const trial = await makeTrial(t, {[PATH]: SIZE});
  const stop = new AbortController();
  const strangers = signWith(Buffer.alloc(32, 9));
  // The same run, stopped on one computer and gone on with on another.
  await offloadTrial(trial, {
    stop,
    program: {signText: strangers},
    onEvent: ({type}) => type === 'file-proved' && stop.abort(),
  });
  const calls: Call[] = [];
  const report = await offloadTrial(trial, {files: recordsCalls(testFiles, calls)});
  t.true(report.verdicts[0]?.safe);
  t.true(
    calls.some(({method, path}) => method === 'openToRead' && path === join(trial.card, PATH)),
    'the card is read, though a journal says that all is proved',
  );
});

test('threat: forged journals of another state of the card are not believed', async (t) => {
  const trial = await makeTrial(t, {[PATH]: SIZE});
  for (const to of [trial.w, trial.b]) {
    await makeTree(to, {[`Shoot/EOS/${PATH}`]: OTHER});
    const header = {fingerprint: hashOfText('another card')};
    await forgeJournal(trial, {to, header, facts: proved(`EOS/${PATH}`, hashOfBytes(OTHER))});
  }
  const report = await offloadTrial(trial);
  t.true(report.verdicts[0]?.safe);
  const card = (await readTree(trial.card))[PATH];
  for (const to of [trial.w, trial.b])
    t.true(Object.values(await readTree(join(to, 'Shoot/EOS'))).includes(card ?? ''));
});

const waysOut = [
  '../../../outside/x',
  '../../../EOS/DCIM/100CANON/x',
  '/etc/x',
  '..',
  'a/b',
  'a\\b',
  '',
];

for (const offload of waysOut) {
  test(`threat: a journal of the offload ${JSON.stringify(offload)} leads nowhere`, async (t) => {
    const trial = await makeTrial(t, {[PATH]: SIZE, 'DCIM/100CANON/x.json': 'the card’s own'});
    await makeTree(trial.folder, {
      'outside/x.json': 'somebody’s',
      'outside/x.journal': 'somebody’s',
      'outside/x.b3': 'somebody’s',
    });
    const before = [await readTree(join(trial.folder, 'outside')), await readTree(trial.card)];
    await forgeJournal(trial, {to: trial.w, header: {offload}, facts: () => []});
    const calls: Call[] = [];
    const report = await offloadTrial(trial, {files: recordsCalls(testFiles, calls)});
    t.is(report.end.exitCode, 0);
    t.deepEqual(
      [await readTree(join(trial.folder, 'outside')), await readTree(trial.card)],
      before,
    );
    const isOurs = (path: string) => [trial.w, trial.b].some((root) => below(root)(path));
    t.deepEqual(
      calls.filter((call) => changes(call) && !isOurs(call.path)),
      [],
    );
    t.true(
      report.events.some(
        ({type, ...rest}) =>
          type === 'noticed' &&
          'code' in rest &&
          /^(?:record-misnamed|journal-damaged)$/.test(String(rest.code)),
      ),
    );
  });

  test(`threat: a manifest of the offload ${JSON.stringify(offload)} leads nowhere`, async (t) => {
    const trial = await makeTrial(t, {[PATH]: SIZE});
    await makeTree(trial.folder, {'outside/x.json': 'somebody’s', 'outside/x.b3': 'somebody’s'});
    const before = [await readTree(join(trial.folder, 'outside')), await readTree(trial.card)];
    await offloadTrial(trial, {volumes: {[trial.b]: {kind: 'ram'}}});
    const [honest] = await readManifests(join(trial.w, 'Shoot'));
    if (honest === undefined) return t.fail('no record was written');
    const {seal: _seal, ...body} = honest;
    const text = sealManifest({...body, offload, endedAt: '2030-01-01T00:00:00.000Z'}, hashOfText);
    await makeTree(trial.w, {'Shoot/_offload/forged.json': text});
    const calls: Call[] = [];
    await offloadTrial(trial, {files: recordsCalls(testFiles, calls)});
    t.deepEqual(
      [await readTree(join(trial.folder, 'outside')), await readTree(trial.card)],
      before,
    );
    const isOurs = (path: string) => [trial.w, trial.b].some((root) => below(root)(path));
    t.deepEqual(
      calls.filter((call) => changes(call) && !isOurs(call.path)),
      [],
    );
  });
}

const MINE = 'Shoot/Other/IMG_0009.JPG';

const robberies: Readonly<
  Record<string, (about: Readonly<Record<string, unknown>>) => readonly object[]>
> = {
  'a temporary copy': (about) => [
    {
      type: 'file-copied',
      ...about,
      target: `EOS/${PATH}`,
      temporary: 'Other/IMG_0009.JPG',
      hash: 'a'.repeat(64),
    },
  ],
  'bytes that did not match': (about) => [
    {
      ...{type: 'file-mismatched', ...about, target: `EOS/${PATH}`, expected: 'a'.repeat(64)},
      ...{actual: 'b'.repeat(64), mediumRead: 'direct', evidence: 'Other/IMG_0009.JPG'},
    },
  ],
  'the copy itself': (about) => proved('Other/IMG_0009.JPG', 'a'.repeat(64))(about),
};
for (const [what, facts] of Object.entries(robberies)) {
  test(`threat: a journal that calls somebody’s file ${what} does not touch it`, async (t) => {
    const trial = await makeTrial(t, {[PATH]: SIZE});
    await makeTree(trial.w, {[MINE]: OTHER});
    await forgeJournal(trial, {to: trial.w, facts});
    const report = await offloadTrial(trial);
    t.deepEqual(await readFile(join(trial.w, MINE)), OTHER);
    const copy = await readFile(join(trial.b, 'Shoot/EOS', PATH)).catch(() => undefined);
    if (report.verdicts[0]?.safe === true) {
      t.deepEqual(copy, await readFile(join(trial.card, PATH)));
      t.deepEqual(await readFile(join(trial.w, 'Shoot/EOS', PATH)), copy);
    }
  });
}

test('threat: records that are reached by a link are not read', async (t) => {
  const trial = await makeTrial(t, {[PATH]: SIZE});
  for (const to of [trial.w, trial.b]) await deceive(trial, to);
  for (const to of [trial.w, trial.b]) {
    const records = join(to, 'Shoot/_offload');
    await rename(records, join(to, 'elsewhere'));
    await symlink(join(to, 'elsewhere'), records);
  }
  const calls: Call[] = [];
  const report = await offloadTrial(trial, {files: recordsCalls(testFiles, calls)});
  t.is(report.end.exitCode, 2);
  t.deepEqual(
    calls.filter(({method, path}) => method === 'openToRead' && path.includes('_offload')),
    [],
  );
});

test('threat: a shoot folder that is a link is not written through', async (t) => {
  const trial = await makeTrial(t, {[PATH]: SIZE});
  await mkdir(join(trial.folder, 'outside'));
  await symlink(join(trial.folder, 'outside'), join(trial.w, 'Shoot'));
  const report = await offloadTrial(trial);
  t.is(report.end.exitCode, 2);
  t.deepEqual(await readdir(join(trial.folder, 'outside')), []);
});

test('threat: records of the card’s own prove nothing and stay what they are, files of the card', async (t) => {
  const trial = await makeTrial(t, {[PATH]: SIZE});
  // A card that was once a drive: a shoot with a good record of this very card, its marker, and a journal.
  const elsewhere = await makeTrial(t, {});
  await offloadTrial({...trial, w: elsewhere.w, b: elsewhere.b});
  await cp(join(elsewhere.w, 'Shoot/_offload'), join(trial.card, '_offload'), {recursive: true});
  await cp(join(elsewhere.w, 'Shoot'), join(trial.card, 'Shoot'), {recursive: true});
  await cp(join(elsewhere.w, '.offload-volume.json'), join(trial.card, '.offload-volume.json'));
  const card = await readTree(trial.card);
  const {events, end} = await checkCard(trial);
  t.is(end.exitCode, 1, 'nothing is on the drives yet');
  t.true(events.some((event) => event.type === 'verdict' && !event.safe));
  const report = await offloadTrial(trial, {options: {layout: '{shoot}/{path}'}});
  t.is(report.end.exitCode, 0);
  t.is(report.verdicts[0]?.account.present, 0);
  t.deepEqual(await readTree(trial.card), card);
  const files = Object.values(card).filter((what) => what !== 'folder');
  const [manifest, ...others] = await readManifests(join(trial.w, 'Shoot'));
  t.is(others.length, 0, 'no record of the card lies among the records');
  t.deepEqual(manifest?.files.map(({blake3}) => blake3).sort(), files.sort());
  t.true(
    manifest?.files.every(({copies}) => copies.every(({target}) => !/^_offload\//i.test(target))),
  );
});

async function checkCard(trial: Trial) {
  const events: OffloadEvent[] = [];
  const program = testProgram({cards: [trial.card], to: [trial.w, trial.b]}, testFiles);
  const options = {
    card: trial.card,
    destinations: [trial.w, trial.b],
    allowSameDrive: false,
    acceptCached: false,
  };
  const {signal} = new AbortController();
  const end = await check(program, options, {emit: (event) => void events.push(event), signal});
  return {end, events};
}
