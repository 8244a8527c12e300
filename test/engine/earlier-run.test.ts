import test from 'ava';
import type {JournalledCopy, JournalledMismatch, JournalReading} from '../../src/core/journal.ts';
import type {Manifest} from '../../src/core/manifest.ts';
import {
  type DestinationRecords,
  findCardFolders,
  findEarlierRun,
  findFinishedOffloads,
} from '../../src/engine/earlier-run.ts';
import {sampleManifest} from '../core/sample-manifest.ts';

const CARD = sampleManifest.card.id;
const HASH = 'a'.repeat(64);

interface JournalChanges {
  readonly header?: Partial<JournalReading['header']>;
  readonly copies?: readonly JournalledCopy[];
  readonly mismatches?: readonly JournalledMismatch[];
  readonly runs?: number;
  readonly volume?: string;
}

function journal(
  writtenTo: string,
  {header, copies = [], mismatches = [], runs = 1, volume}: JournalChanges = {},
): JournalReading {
  return {
    isOurs: true,
    header: {
      type: 'journal',
      schema: 'offload-journal/1',
      offload: 'one',
      cardId: CARD,
      writtenTo,
      fingerprint: 'f1',
      folder: 'EOS',
      startedAt: '2026-11-22T19:00:00.000Z',
      ...header,
    },
    copies,
    mismatches,
    doubted: new Set(),
    runs,
    volume,
    validBytes: 100,
    validLines: 2,
    lastSum: '0',
    damaged: false,
  };
}

const about = {
  card: {path: '/mnt/E', label: 'EOS'},
  path: 'DCIM/A.JPG',
  size: 10,
  mtimeNs: '5',
  target: 'EOS/DCIM/A.JPG',
  hash: HASH,
};
const copied = (to: string, temporary = 'EOS/DCIM/.offload-1.part'): JournalledCopy => ({
  type: 'file-copied',
  ...about,
  to,
  temporary,
  retries: 0,
});
const proved = (to: string, path = about.path): JournalledCopy => ({
  type: 'file-proved',
  ...about,
  path,
  to,
  mediumRead: 'direct',
  origin: 'present',
  retries: 2,
});

const at = (
  to: string,
  journals: readonly JournalReading[],
  manifests: readonly Manifest[] = [],
  volume?: string,
): DestinationRecords => ({
  to,
  volume,
  records: {
    journals: journals.map((reading) => ({path: `${to}/x.journal`, reading})),
    manifests: manifests.map((manifest) => ({path: `${to}/x.json`, manifest, isOurs: true})),
    problems: [],
  },
});

const manifest = (changes: Partial<Manifest> = {}): Manifest => ({
  ...sampleManifest,
  seal: '0'.repeat(64),
  ...changes,
});
const SAFE = {safe: true, reasons: [], waived: []};

/** What is known of one file on one destination. */
const copyOf = (all: readonly DestinationRecords[], to: string, path = about.path) =>
  findEarlierRun(all, CARD)?.copies.get(to)?.get(path);

test('no records, or those of another card: nothing to go on with', (t) => {
  t.is(findEarlierRun([], CARD), undefined);
  t.is(findEarlierRun([at('/W', []), at('/B', [])], CARD), undefined);
  t.is(findEarlierRun([at('/W', [journal('/W')], [manifest()])], 'another card'), undefined);
});

test('an interrupted run goes on with its name, folder, start and fingerprint', (t) => {
  const all = [at('/W', [journal('/W', {runs: 2})]), at('/B', [journal('/B', {runs: 3})])];
  t.like(findEarlierRun(all, CARD), {
    offload: 'one',
    folder: 'EOS',
    startedAt: '2026-11-22T19:00:00.000Z',
    fingerprint: 'f1',
    runs: 3,
  });
  t.deepEqual([...(findEarlierRun(all, CARD)?.journals.keys() ?? [])], ['/W', '/B']);
});

test('of two interrupted runs the newest goes on, and only its journals', (t) => {
  const newer = {offload: 'two', startedAt: '2026-11-23T08:00:00.000Z', folder: 'EOS-2'};
  const all = [
    at('/W', [journal('/W', {copies: [proved('/W')]}), journal('/W', {header: newer})]),
    at('/B', [journal('/B', {header: newer})]),
  ];
  t.like(findEarlierRun(all, CARD), {offload: 'two', folder: 'EOS-2'});
  t.is(copyOf(all, '/W'), undefined);
});

test('a copy that was only written lies under its temporary name', (t) => {
  const all = [at('/W', [journal('/W', {copies: [copied('/W')]})])];
  t.like(copyOf(all, '/W'), {
    temporary: 'EOS/DCIM/.offload-1.part',
    origin: 'copied',
    hash: HASH,
    size: 10,
    mtimeNs: '5',
  });
});

test('a proof comes after the writing and counts; the newest temporary name counts', (t) => {
  const copies = [copied('/W', 'EOS/.1.part'), copied('/W', 'EOS/.2.part')];
  t.like(copyOf([at('/W', [journal('/W', {copies})])], '/W'), {temporary: 'EOS/.2.part'});
  const all = [at('/W', [journal('/W', {copies: [...copies, proved('/W')]})])];
  t.like(copyOf(all, '/W'), {temporary: undefined, origin: 'present', retries: 2});
});

test('a proof that only one of two journals has is not taken back by the other', (t) => {
  const withProof = journal('/W', {copies: [copied('/B'), proved('/B')]});
  const without = journal('/B', {copies: [copied('/B')]});
  for (const all of [
    [at('/W', [withProof]), at('/B', [without])],
    [at('/B', [without]), at('/W', [withProof])],
  ]) {
    t.like(copyOf(all, '/B'), {temporary: undefined, origin: 'present'});
  }
});

test('drives that changed places are known by their journals', (t) => {
  const all = [
    at('/now/1', [journal('/was/B', {copies: [proved('/was/B'), proved('/was/W', 'DCIM/B.JPG')]})]),
    at('/now/2', [journal('/was/W')]),
  ];
  t.truthy(copyOf(all, '/now/1'));
  t.truthy(copyOf(all, '/now/2', 'DCIM/B.JPG'));
  t.is(copyOf(all, '/now/1', 'DCIM/B.JPG'), undefined);
});

test('facts about a drive that is not here, or has no journal of this offload, are not used', (t) => {
  const copies = [proved('/W'), proved('/B'), proved('/X')];
  const all = [at('/W', [journal('/W', {copies})]), at('/B', [])];
  t.deepEqual([...(findEarlierRun(all, CARD)?.copies.keys() ?? [])], ['/W']);
});

test('without a journal the newest manifest that is not SAFE goes on', (t) => {
  const all = [at('/now/W', [], [manifest()]), at('/now/B', [], [manifest({writtenTo: 'backup'})])];
  const run = findEarlierRun(all, CARD);
  t.like(run, {offload: sampleManifest.offload, folder: 'EOS_DIGITAL', runs: 2});
  t.is(run?.fingerprint, sampleManifest.card.fingerprint);
  t.is(run?.journals.size, 0);
  t.like(run?.copies.get('/now/B')?.get('DCIM/100CANON/IMG_0001.CR3'), {
    target: 'EOS_DIGITAL/DCIM/100CANON/IMG_0001.CR3',
    temporary: undefined,
    origin: 'copied',
    retries: 1,
  });
  t.is(run?.copies.get('/now/W')?.size, 1, 'a file without a hash is no copy');
});

test('copies on a drive whose manifest is not here are not used', (t) => {
  const run = findEarlierRun([at('/now/W', [], [manifest()]), at('/now/B', [])], CARD);
  t.deepEqual([...(run?.copies.keys() ?? [])], ['/now/W']);
});

test('when the newest manifest is SAFE there is nothing to go on with', (t) => {
  const older = manifest({endedAt: '2026-11-22T10:00:00.000Z'});
  const newer = manifest({endedAt: '2026-11-22T11:00:00.000Z', offload: 'new', verdict: SAFE});
  t.is(findEarlierRun([at('/W', [], [older, newer]), at('/B', [], [older])], CARD), undefined);
  const later = manifest({endedAt: '2026-11-22T12:00:00.000Z', offload: 'later'});
  t.like(findEarlierRun([at('/W', [], [newer, later])], CARD), {offload: 'later'});
});

test('an interrupted run goes before any manifest', (t) => {
  const all = [at('/W', [journal('/W')], [manifest({verdict: SAFE})])];
  t.like(findEarlierRun(all, CARD), {offload: 'one'});
});

const bad = (to: string, number: number, volume?: string): JournalledMismatch => ({
  type: 'file-mismatched',
  card: about.card,
  path: about.path,
  size: about.size,
  mtimeNs: about.mtimeNs,
  to,
  target: about.target,
  expected: HASH,
  evidence: `EOS/DCIM/.offload-${number}.mismatch`,
  ...(volume === undefined ? {} : {volume}),
});

test('a written copy that did not match is of no use but for the hash of the card', (t) => {
  const one = copied('/W', 'EOS/DCIM/.offload-1.part');
  const two = copied('/W', 'EOS/DCIM/.offload-2.part');
  const copyAfter = (copies: readonly JournalledCopy[], mismatches = [bad('/W', 1)]) =>
    copyOf([at('/W', [journal('/W', {copies, mismatches})])], '/W');
  t.like(copyAfter([one]), {isBad: true, hash: HASH});
  t.like(copyAfter([one, two]), {isBad: false, temporary: 'EOS/DCIM/.offload-2.part'});
  t.like(copyAfter([two, one]), {isBad: false, temporary: 'EOS/DCIM/.offload-2.part'});
  t.like(copyAfter([one, two], [bad('/W', 1), bad('/W', 2)]), {isBad: true});
  t.like(copyAfter([one, proved('/W')]), {isBad: false, temporary: undefined});
});

test('mismatches are known by their volume, and told by every journal that has them', (t) => {
  const mismatches = [bad('/was/B', 1, 'backup'), bad('/was/W', 2, 'working')];
  const all = [
    at('/now/1', [journal('/was/W', {mismatches, volume: 'working'})]),
    at('/now/2', [journal('/was/B', {mismatches, volume: 'backup'})]),
  ];
  const found = findEarlierRun(all, CARD)?.mismatches;
  const names = (to: string) => new Set(found?.get(to)?.map(({copy}) => copy));
  t.deepEqual(names('/now/1'), new Set(['EOS/DCIM/.offload-2.mismatch']));
  t.deepEqual(names('/now/2'), new Set(['EOS/DCIM/.offload-1.mismatch']));
});

/** The record that an offload left where it was finished, while it goes on elsewhere. */
const finishedOn = (writtenTo: string, changes: Partial<Manifest> = {}): Manifest =>
  manifest({
    offload: 'one',
    writtenTo,
    card: {...sampleManifest.card, fingerprint: 'f1'},
    ...changes,
  });
const RECORDED = 'DCIM/100CANON/IMG_0001.CR3';

test('a drive that was finished while another was gone: its record and the journal go together', (t) => {
  const copies = [proved('/was/W')];
  const gone = at('/now/W', [journal('/was/W', {copies, volume: 'working'})]);
  const all = [gone, at('/B', [], [finishedOn('backup')])];
  const run = findEarlierRun(all, CARD);
  t.like(run, {offload: 'one', runs: 2});
  t.like(run?.copies.get('/B')?.get(RECORDED), {origin: 'copied', isBad: false});
  t.like(run?.copies.get('/now/W')?.get(RECORDED), {target: `EOS_DIGITAL/${RECORDED}`});
  t.truthy(run?.copies.get('/now/W')?.get(about.path));
});

test('a record of another state of the card, or of a doubtful one, gives no copies to a journal', (t) => {
  const gone = at('/W', [journal('/W')]);
  const other = finishedOn('backup', {card: {...sampleManifest.card, fingerprint: 'f2'}});
  const reasons = [{code: 'source-mismatch', message: 'x'}] as const;
  const doubtful = finishedOn('backup', {
    verdict: {safe: false, reasons: [...reasons], waived: []},
  });
  for (const record of [other, doubtful]) {
    t.is(findEarlierRun([gone, at('/B', [], [record])], CARD)?.copies.get('/B'), undefined);
  }
});

test('a journal of another state of the card is not used with the newest', (t) => {
  const header = {fingerprint: 'f2', runsBefore: 1};
  const all = [
    at('/W', [journal('/W', {copies: [proved('/W')]})]),
    at('/B', [journal('/B', {header, copies: [proved('/B')]})]),
  ];
  const run = findEarlierRun(all, CARD);
  t.like(run, {fingerprint: 'f2', runs: 2});
  t.deepEqual([...(run?.copies.keys() ?? [])], ['/B']);
});

test('a drive whose journal is gone is known by the id of its volume', (t) => {
  const copies = [
    {...proved('/was/W'), volume: 'working'},
    {...proved('/was/B'), volume: 'backup'},
  ];
  const reading = journal('/was/B', {copies, volume: 'backup'});
  const run = findEarlierRun([at('/W', [], [], 'working'), at('/B', [reading])], CARD);
  t.deepEqual([...(run?.copies.keys() ?? [])].sort(), ['/B', '/W']);
  const cloned = [at('/W', [], [], 'backup'), at('/B', [reading], [], 'backup')];
  t.is(findEarlierRun(cloned, CARD)?.copies.size, 0, 'two volumes of one id are neither');
});

test('a record tells of mismatches when its journal is gone', (t) => {
  const [file] = sampleManifest.files;
  const copy = 'EOS/.offload-one-w-1.mismatch';
  const mismatches = [
    {destination: 'backup', copy, kept: true},
    {destination: 'backup', copy: 'EOS/.offload-one-w-2.mismatch', kept: false},
    {destination: 'elsewhere', copy, kept: true},
  ];
  const files = file === undefined ? [] : [{...file, mismatches}];
  const run = findEarlierRun([at('/B', [], [finishedOn('backup', {files})])], CARD);
  t.deepEqual(run?.mismatches.get('/B'), [
    {path: RECORDED, copy, kept: copy},
    {path: RECORDED, copy: 'EOS/.offload-one-w-2.mismatch', kept: undefined},
  ]);
  t.is(run?.mismatches.size, 1);
});

test('finished offloads of this card: each once, oldest first, SAFE ones only', (t) => {
  const safe = (offload: string) => manifest({offload, verdict: SAFE});
  const all = [
    at('/W', [], [safe('2'), safe('1'), manifest({offload: '3'})]),
    at('/B', [], [safe('2')]),
  ];
  t.deepEqual(findFinishedOffloads(all, CARD), ['1', '2']);
  t.deepEqual(findFinishedOffloads(all, 'another card'), []);
});

test('card folders are known from manifests and journals, with the card that has each', (t) => {
  const all = [
    at('/W', [journal('/W', {header: {folder: 'NIKON', cardId: 'nikon'}})], [manifest()]),
    at('/B', [], [manifest()]),
  ];
  t.deepEqual([...findCardFolders(all)].sort(), [
    ['EOS_DIGITAL', CARD],
    ['NIKON', 'nikon'],
  ]);
});
