import {join} from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {findFiles} from '../../src/catalog/find-files.ts';
import {recordManifest} from '../../src/catalog/record-manifest.ts';
import {bringUp} from '../../src/catalog/schema.ts';
import {listShoots} from '../../src/catalog/shoots.ts';
import {loadSqlite} from '../../src/catalog/sqlite.ts';
import {faultFrom} from '../../src/catalog/sqlite-faults.ts';
import type {Manifest} from '../../src/core/manifest.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';
import {dumpCatalog, makeRecord, openRaw, openTrial, unwrap} from './made-records.ts';

const FILES = [
  {path: 'DCIM/100CANON/IMG_0001.CR3'},
  {path: 'DCIM/100CANON/IMG_0001.JPG', blake3: null, on: []},
  {path: 'DCIM/latin1_\uDCE9.JPG', target: 'EOS_DIGITAL/DCIM/latin1_%E9.JPG'},
];

const first = makeRecord({offload: '20261120T100000Z-aaaaaa', files: FILES});
const second = makeRecord({
  offload: '20261121T100000Z-bbbbbb',
  startedAt: '2026-11-21T10:00:00.000Z',
  endedAt: '2026-11-21T10:10:00.000Z',
  continues: [first.offload],
  files: [...FILES, {path: 'DCIM/100CANON/IMG_0002.CR3'}],
});
const other = makeRecord({
  offload: '20261121T100000Z-cccccc',
  startedAt: '2026-11-21T10:00:00.000Z',
  shoot: 'Marta & Jan',
  card: {id: 'folder:/x', label: 'NIKON Z 8'},
  files: [{path: 'DCIM/DSC_0001.NEF', on: ['working']}],
  safe: false,
});
/** The same offload, gone on with: its record lies on one drive, the old one on another. */
const resumed = makeRecord({
  ...other,
  card: other.card,
  runs: 2,
  endedAt: '2026-11-22T08:00:00.000Z',
  files: [{path: 'DCIM/DSC_0001.NEF'}],
  safe: true,
});

const onDrive = (manifest: Manifest, id: string, letter: string): Manifest => ({
  ...manifest,
  writtenTo: id,
  seal: letter.repeat(64),
});

test('the same rows in every order, from every drive, however often', async (t) => {
  const straight = await openTrial(t);
  for (const manifest of [first, second, other, resumed]) {
    t.is(unwrap(await straight.recordManifest(manifest)), 'recorded');
  }
  await straight.close();
  const expected = await dumpCatalog(t, straight.path);
  t.is(expected.filter((row) => row.startsWith('offload ')).length, 3);
  const copies = [first, second, other, resumed].flatMap((manifest) => [
    onDrive(manifest, 'working', '1'),
    onDrive(manifest, 'backup', '2'),
  ]);
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(copies, {minLength: copies.length, maxLength: copies.length}),
      async (order) => {
        const catalog = await openTrial(t);
        for (const manifest of order) unwrap(await catalog.recordManifest(manifest));
        await catalog.close();
        t.deepEqual(await dumpCatalog(t, catalog.path), expected);
      },
    ),
    {numRuns: 12},
  );
});

test('recorded again: nothing changes; an older record of the same offload stays out', async (t) => {
  const catalog = await openTrial(t);
  t.is(unwrap(await catalog.recordManifest(resumed)), 'recorded');
  t.is(unwrap(await catalog.recordManifest(onDrive(resumed, 'backup', '9'))), 'known');
  t.is(unwrap(await catalog.recordManifest(other)), 'older');
  const found = unwrap(await catalog.findFiles('dsc_0001', 10)).files;
  t.is(found.length, 1);
  t.is(found[0]?.copies.length, 2);
});

test('a newer record takes the place of an older one, in the search too', async (t) => {
  const catalog = await openTrial(t);
  const before = makeRecord({...first, card: first.card, files: [{path: 'OLD/NAME.JPG'}]});
  unwrap(await catalog.recordManifest(before));
  const after = makeRecord({...first, card: first.card, runs: 2, files: [{path: 'NEW/NAME.JPG'}]});
  unwrap(await catalog.recordManifest(after));
  t.deepEqual(unwrap(await catalog.findFiles('OLD/', 10)).files, []);
  t.is(unwrap(await catalog.findFiles('NEW/', 10)).files.length, 1);
  t.is(unwrap(await catalog.listCards())[0]?.offloads, 1);
});

test('when the shoot or the card of an offload changes with its newer record, no trace of the old one stays', async (t) => {
  const catalog = await openTrial(t);
  unwrap(await catalog.recordManifest(other));
  const moved = makeRecord({...other, card: {id: 'folder:/y'}, runs: 2, shoot: 'Elsewhere'});
  unwrap(await catalog.recordManifest(moved));
  t.deepEqual(
    unwrap(await catalog.listShoots()).map(({shoot}) => shoot),
    ['Elsewhere'],
  );
  t.deepEqual(
    unwrap(await catalog.listCards()).map(({id}) => id),
    ['folder:/y'],
  );
});

test('all that a later status needs is kept: drives, file system, size, cameras, verdict', async (t) => {
  const catalog = await openTrial(t);
  unwrap(await catalog.recordManifest(other));
  await catalog.close();
  const db = await openRaw(t, catalog.path);
  t.like(db.prepare('SELECT * FROM destination WHERE number = 0').get(), {
    volume: 'working',
    name: 'working',
    folder: '/mnt/W',
    shoot_path: '/mnt/W/2026-11-22',
    file_system: 'exfat',
    uuid: '7BE3-BF62',
    size: 64_000_000_000n,
    drives: '["disk:working"]',
    medium_read: 'direct',
    lost: 0n,
    files: 1n,
    bytes: 1000n,
  });
  const offload = db.prepare('SELECT * FROM offload').get();
  t.like(offload, {label: 'NIKON Z 8', safe: 0n, reasons: '["file-failed"]', runs: 1n});
  t.deepEqual(JSON.parse(offload.cameras), other.card.cameras);
  t.is(JSON.parse(offload.card_volume).uuid, '7BE3-BF62');
  t.deepEqual(
    db
      .prepare('SELECT proved_at, medium_read, origin FROM copy')
      .all()
      .map((row) => ({...row})),
    [
      {
        proved_at: BigInt(Date.parse('2026-11-22T19:03:11.250Z')),
        medium_read: 'direct',
        origin: 'copied',
      },
    ],
  );
});

test('what a forged record can say does no harm', async (t) => {
  const catalog = await openTrial(t);
  const forged = makeRecord({
    offload: `x\0\uD800'; DROP TABLE file; --`,
    startedAt: '9999-12-31T23:59:59Z',
    shoot: `"'\0\u001A0041`,
    card: {id: '\uDC80\0', label: '=cmd|x'},
    files: [
      {path: 'A', size: Number.MAX_SAFE_INTEGER, mtimeNs: '99999999999999999999'},
      {path: 'B', size: Number.MAX_SAFE_INTEGER, mtimeNs: '-99999999999999999999'},
      {path: 'B', size: Number.MAX_SAFE_INTEGER, on: ['working', 'working', 'nowhere']},
      {path: 'NUL\0NUL', size: 0},
    ],
  });
  t.is(unwrap(await catalog.recordManifest(forged)), 'recorded');
  const [shoot] = unwrap(await catalog.listShoots());
  t.like(shoot, {shoot: forged.shoot, files: 4, bytes: Number.MAX_SAFE_INTEGER});
  t.is(unwrap(await catalog.listCards())[0]?.id, '\uDC80\0');
  const found = unwrap(await catalog.findFiles('', 10)).files;
  t.deepEqual(
    found.map(({path, mtimeNs, copies}) => [path, mtimeNs.length > 19, copies.length]),
    [
      ['NUL\0NUL', false, 2],
      ['B', false, 1],
      ['B', true, 2],
      ['A', true, 2],
    ],
  );
  t.is(found[0]?.offload, forged.offload);
});

test('a card and a shoot as they are listed', async (t) => {
  const catalog = await openTrial(t);
  for (const manifest of [second, other, first]) unwrap(await catalog.recordManifest(manifest));
  t.deepEqual(
    unwrap(await catalog.listCards()),
    [
      {
        id: 'volume:7BE3-BF62:64000000000',
        label: 'EOS_DIGITAL',
        cameras: ['Canon EOS R5'],
        offloads: 2,
        shoot: '2026-11-22',
        files: 3,
        bytes: 3000,
        lastOffload: '2026-11-22T19:04:00.500Z',
        safe: true,
      },
      {
        id: 'folder:/x',
        label: 'NIKON Z 8',
        cameras: ['Canon EOS R5'],
        offloads: 1,
        shoot: 'Marta & Jan',
        files: 1,
        bytes: 1000,
        lastOffload: '2026-11-22T19:04:00.500Z',
        safe: false,
      },
    ].sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
  // Three files stayed on the card: they are counted once, and so are their copies.
  t.deepEqual(unwrap(await catalog.listShoots()), [
    {
      shoot: '2026-11-22',
      cards: 1,
      files: 4,
      bytes: 4000,
      firstOffload: '2026-11-21T10:00:00.000Z',
      lastOffload: '2026-11-22T19:04:00.500Z',
      safe: true,
      volumes: [
        {volume: 'backup', name: 'backup', path: '/mnt/B/2026-11-22', files: 3},
        {volume: 'working', name: 'working', path: '/mnt/W/2026-11-22', files: 3},
      ],
    },
    {
      shoot: 'Marta & Jan',
      cards: 1,
      files: 1,
      bytes: 1000,
      firstOffload: '2026-11-21T10:00:00.000Z',
      lastOffload: '2026-11-22T19:04:00.500Z',
      safe: false,
      volumes: [
        {volume: 'backup', name: 'backup', path: '/mnt/B/2026-11-22', files: 0},
        {volume: 'working', name: 'working', path: '/mnt/W/2026-11-22', files: 1},
      ],
    },
  ]);
  t.deepEqual(unwrap(await catalog.recentShoots(5)), ['2026-11-22', 'Marta & Jan']);
  t.deepEqual(unwrap(await catalog.recentShoots(1)), ['2026-11-22']);
});

test('a record with more files than the numbers reach is refused before anything is written', async (t) => {
  const catalog = await openTrial(t);
  const [one] = makeRecord({files: [{path: 'A'}]}).files;
  if (one === undefined) return t.fail();
  const huge = {...first, files: new Array(2 ** 21 + 1).fill(one)};
  const refused = await catalog.recordManifest(huge);
  t.false(refused.ok);
  if (!refused.ok) t.is(refused.cause.code, 'record-too-large');
  t.deepEqual(unwrap(await catalog.listCards()), []);
});

test('a disk that is full: nothing of the offload is recorded, and what was there stays', async (t) => {
  const path = join(await makeTemporaryFolder(t), 'catalog.sqlite');
  const db = unwrap(await loadSqlite())(path, {timeout: 0});
  t.teardown(() => db.close());
  unwrap(bringUp(db, path));
  await recordManifest(db, first);
  const [pages] = db.ask('page_count', 'pragma_page_count');
  db.exec(`PRAGMA max_page_count = ${Number(pages) + 20}`);
  const files = Array.from({length: 5000}, (_, n) => ({path: `DCIM/IMG_${n}.CR3`}));
  const error = await t.throwsAsync(recordManifest(db, makeRecord({offload: 'big', files})));
  t.like(faultFrom(error, path), {kind: 'other', cause: {code: 'catalog-disk-full'}});
  t.is(await recordManifest(db, first), 'known');
  t.deepEqual(
    listShoots(db).map(({shoot}) => shoot),
    ['2026-11-22'],
  );
  t.deepEqual(findFiles(db, 'IMG_4', 10).files, []);
});
