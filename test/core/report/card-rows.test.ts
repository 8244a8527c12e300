import test from 'ava';
import type {PhotoFacts} from '../../../src/core/photo/photo-facts.ts';
import {fileRow, headerRow, leftOutRow} from '../../../src/core/report/card-rows.ts';
import {describeExposure, formatFilmTime} from '../../../src/core/report/exif-line.ts';
import {judgeFile} from '../../../src/core/report/file-state.ts';
import {formatInZone} from '../../../src/core/zone-time.ts';
import {sampleManifest} from '../sample-manifest.ts';

const facts: PhotoFacts = {
  takenAt: {local: '2026-11-22T14:02:11', milliseconds: 0, offsetMinutes: 60, source: 'recorded'},
  make: 'Canon',
  model: 'Canon EOS R5',
  serial: '012345',
  lens: '=HYPERLINK("x")',
  exposure: '1/250',
  aperture: '2.8',
  iso: '400',
  focalLength: '35.0 mm',
  durationSeconds: null,
};

/** Cells without commas in them. */
const cellsOf = (row: string) => row.trimEnd().split(',');

test('every row has the columns of the header', (t) => {
  const width = cellsOf(headerRow(sampleManifest)).length;
  const rows = sampleManifest.files.map((file) =>
    fileRow(sampleManifest, judgeFile(file, sampleManifest.destinations), undefined),
  );
  for (const row of [...rows, leftOutRow(sampleManifest, {path: 'x', rule: '.Trashes'})]) {
    t.is(cellsOf(row).length, width, row);
    t.true(row.endsWith('\r\n'));
  }
});

test('a row says where the copies are and how it was taken; no value is a formula or a date', (t) => {
  const [file] = sampleManifest.files;
  if (file === undefined) throw new Error('the sample has files');
  const row = fileRow(sampleManifest, judgeFile(file, sampleManifest.destinations), facts);
  const named = new Map(
    cellsOf(headerRow(sampleManifest)).map((column, index) => [column, cellsOf(row)[index]]),
  );
  t.is(named.get('copy_b'), '/mnt/B/2026-11-22/EOS_DIGITAL/DCIM/100CANON/IMG_0001.CR3');
  t.is(named.get('read_back_w'), 'direct');
  t.is(named.get('modified'), '2025-11-22T17:00:00.123Z');
  t.is(named.get('camera'), 'Canon EOS R5');
  t.is(named.get('taken'), '2026-11-22 14:02:11');
  t.is(named.get('exposure'), '1/250 s');
  t.true(row.includes(`"'=HYPERLINK(""x"")"`));
});

test('a file without a copy is lost where the card was at fault, and not copied where a drive was', (t) => {
  const [, file] = sampleManifest.files;
  if (file === undefined) throw new Error('the sample has two files');
  const {destinations} = sampleManifest;
  const cause = {code: 'ENOSPC', message: 'full', next: 'Free space.'};
  const state = (change: Partial<typeof file>) =>
    judgeFile({...file, ...change}, destinations).state;
  t.is(state({}), 'lost');
  t.is(state({failures: [{...cause, destination: 'working'}]}), 'missing');
  t.is(state({failures: [{...cause, destination: 'working'}, cause]}), 'lost');
  t.is(state({blake3: 'a'.repeat(64)}), 'missing');
});

test('exposures, film times and moments are written in one form', (t) => {
  t.is(describeExposure(facts), '1/250 f/2.8 ISO 400 35 mm');
  t.is(describeExposure({...facts, exposure: '', focalLength: ''}), 'f/2.8 ISO 400');
  t.is(describeExposure({...facts, iso: '9'.repeat(99)}).length < 60, true);
  t.deepEqual([0.2, 32, 3849, -1, Number.NaN].map(formatFilmTime), [
    '0:01',
    '0:32',
    '1:04:09',
    '',
    '',
  ]);
  t.is(formatInZone('2026-11-22T23:30:00Z', 'Europe/Vienna'), '2026-11-23 00:30:00');
  t.is(formatInZone('2026-11-22T23:30:00Z', 'Nowhere/At<all>'), '2026-11-22 23:30:00');
  t.is(formatInZone('never', 'UTC'), 'never');
});
