import test from 'ava';
import fc from 'fast-check';
import {
  checksumsOf,
  formatRecord,
  parseRecord,
  RECORD_SCHEMA,
  type SnapshotRecord,
} from '../../../src/core/lightroom/snapshot-record.ts';

const HASH = 'ab'.repeat(32);

const record: SnapshotRecord = {
  schema: RECORD_SCHEMA,
  tool: 'offload 1',
  job: {id: '33333333-3333-4333-8333-333333333333', name: 'Main'},
  name: '2026-11-23T11-00-00-x3k9ab',
  number: 3,
  takenAt: '2026-11-23T11:00:00.000Z',
  method: 'online',
  catalog: {name: 'Main.lrcat', source: '/Main.lrcat', version: '1300000', rows: {Adobe_images: 2}},
  seen: {catalog: 'x', previews: 'y', data: null},
  data: 'left-out',
  files: [
    {path: 'Main.lrcat', size: 1, hash: HASH, mtimeNs: '1', changedNs: '-1', mediumRead: 'direct'},
  ],
};

test('a record is read as it was written', (t) => {
  t.deepEqual(parseRecord(formatRecord(record)), record);
  t.is(
    checksumsOf(record, 'cd'.repeat(32)),
    `${HASH}  Main.lrcat\n${'cd'.repeat(32)}  snapshot.json\n`,
  );
});

test('a record that leads out of its folder, or says less than it must, is none', (t) => {
  for (const path of [
    '../x',
    '/etc/passwd',
    'a/../b',
    'a//b',
    '',
    'a/.',
    'a\0',
    '..\\x',
    'a/b\\..\\..\\x',
  ]) {
    const files = record.files.map((file) => ({...file, path}));
    t.is(parseRecord(formatRecord({...record, files})), undefined, path);
  }
  t.is(parseRecord(formatRecord({...record, files: []})), undefined);
  t.is(parseRecord(JSON.stringify({...record, schema: 'offload-lightroom-snapshot/2'})), undefined);
});

test('no text makes it throw', (t) => {
  fc.assert(fc.property(fc.string(), (text) => parseRecord(text) === undefined));
  fc.assert(fc.property(fc.json(), (text) => parseRecord(text) === undefined));
  const text = formatRecord(record);
  fc.assert(
    fc.property(fc.nat(text.length - 1), (at) => {
      parseRecord(text.slice(0, at) + text.slice(at + 1));
    }),
  );
  t.pass();
});
