import test from 'ava';
import {
  judgeDeletions,
  judgeReplacements,
  judgeSource,
} from '../../../src/core/backup/judge-deletions.ts';
import {isDriveRecord, neverChanges} from '../../../src/core/backup/keep-kinds.ts';
import {fileRule, folderRule} from '../../../src/core/backup/mirror-leave-out.ts';
import {isRunId, judgePurge, momentOf, nameRun} from '../../../src/core/backup/run-moment.ts';

test('an empty source refuses the run when there were files', (t) => {
  t.is(judgeSource({files: 0, records: 1})?.code, 'source-empty');
  t.is(judgeSource({files: 0, records: 0}), null);
  t.is(judgeSource({files: 1, records: 100}), null);
});

for (const [records, vanishing, held] of [
  [100, 10, false],
  [100, 11, true],
  [1_000_000, 200, false],
  [1_000_000, 201, true],
  [5, 0, false],
  [5, 1, true],
  [0, 0, false],
] as const) {
  test(`${vanishing} of ${records} gone: ${held ? 'held' : 'archived'}`, (t) => {
    t.is(judgeDeletions({records, vanishing})?.code, held ? 'many-deletions' : undefined);
    const replaced = judgeReplacements({files: records, replacing: vanishing});
    t.is(replaced?.code, held ? 'many-replacements' : undefined);
  });
}

test('the message says how many of how many', (t) => {
  const cause = judgeDeletions({records: 1224, vanishing: 300});
  t.is(
    cause?.message,
    '300 files of 1,224 are gone from the source: their copies stay where they are',
  );
});

test('names of runs', (t) => {
  const id = nameRun(new Date('2026-11-23T14:15:00.999Z'), 'x3k9ab');
  t.is(id, '20261123T141500Z-x3k9ab');
  t.is(momentOf(id), Date.parse('2026-11-23T14:15:00Z'));
  for (const no of [
    '',
    'x',
    '20260230T141500Z-a',
    '20261123T141500Z',
    '20261123T141500Z-../x',
    '20261123T141500Z-A',
    '20261123T251500Z-a',
    ' 20261123T141500Z-a',
    '20261123T141500Z-a\n',
  ]) {
    t.false(isRunId(no), no);
  }
});

const archives = ['20261001T000000Z-a', '20261020T000000Z-b', '20261123T000000Z-c', 'mine', '.x'];
const at = (iso: string) => Date.parse(iso);
test('what is older than its days is purged, when the clock is believed', (t) => {
  const judge = (nowMs: number, newestRun: string | null, graceDays = 30) =>
    judgePurge({archives, nowMs, newestRun, graceDays});
  const now = at('2026-11-24T00:00:00Z');
  t.deepEqual(judge(now, '20261123T000000Z-c'), {
    due: ['20261001T000000Z-a', '20261020T000000Z-b'],
    clock: 'good',
  });
  t.deepEqual(judge(now, '20261123T000000Z-c', 40).due, ['20261001T000000Z-a']);
  t.deepEqual(judge(at('2026-10-31T00:00:00Z'), '20261001T000000Z-a'), {due: [], clock: 'good'});
  t.deepEqual(judge(now, null), {due: [], clock: 'good'});
  t.deepEqual(judge(now, '20261125T000000Z-d'), {due: [], clock: 'set-back'});
  t.deepEqual(judge(at('2029-01-01T00:00:00Z'), '20261123T000000Z-c'), {
    due: [],
    clock: 'far-ahead',
  });
});

test('what never changes, and what differs from drive to drive', (t) => {
  for (const path of ['a/IMG_1.CR3', 'x.nef', 'C0001.MP4', 'r3d.R3D'])
    t.true(neverChanges(path), path);
  for (const path of ['x.dng', 'x.JPG', 'x.xmp', 'x.psd', 'cr3', 'x.lrcat'])
    t.false(neverChanges(path), path);
  for (const path of ['s/_offload/i.json', '_offload/i.b3', 's/c/ascmhl/0001.mhl', 'ascmhl/a/b']) {
    t.true(isDriveRecord(path), path);
  }
  for (const path of [
    's/_offload/x/i.json',
    's/x_offload/i.json',
    's/_offload/i.txt',
    'ascmhl',
    's/a.mhl',
  ]) {
    t.false(isDriveRecord(path), path);
  }
});

test('what is left out by itself', (t) => {
  t.is(folderRule('_archive', ''), '_archive');
  t.is(folderRule('_ARCHIVE', ''), '_archive');
  t.is(folderRule('_archive', 'a'), undefined);
  t.is(folderRule('.offload-mirror', ''), '.offload-*');
  t.is(folderRule('.Trashes', ''), '.Trashes');
  t.is(folderRule('DCIM', ''), undefined);
  t.is(fileRule('.Offload-volume.json', ''), '.offload-*');
  t.is(fileRule('thumbs.DB', 'a'), 'Thumbs.db');
  t.is(fileRule('._IMG.CR3', 'a'), '._*');
  t.is(fileRule('i.journal', 's/_offload'), '_offload/*.journal');
  t.is(fileRule('lock', 's/_offload'), '_offload/lock');
  t.is(fileRule('lock', 's/x_offload'), undefined);
  t.is(fileRule('i.journal', 's'), undefined);
  t.is(fileRule('.xmp', 's'), undefined);
});
