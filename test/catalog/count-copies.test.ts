import test from 'ava';
import {makeRecord, openTrial, unwrap} from './made-records.ts';

const EVERYTHING: {readonly destinations: readonly string[]; readonly volumes: readonly string[]} =
  {destinations: [], volumes: []};
const A = '0b0f4f0e-5a8e-4d2c-9a57-6f1f3a2b1c0a';

test('files are counted by the destinations that hold them, whatever their ids are', async (t) => {
  const catalog = await openTrial(t);
  const odd = 'a,"b\0\uDCE9';
  const [w, b] = makeRecord({}).destinations;
  if (w === undefined || b === undefined) return t.fail();
  const record = makeRecord({
    destinations: [
      {...w, id: `${A}:x`},
      {...b, id: odd},
    ],
    files: [
      {path: '1.CR3', size: 10, on: [`${A}:x`, odd]},
      {path: '2.CR3', size: 20, on: [odd]},
      {path: '3.CR3', size: 30, on: [odd]},
      {path: '4.CR3', size: 40, on: [], blake3: null},
    ],
  });
  unwrap(await catalog.recordManifest(record));
  const {groups, spans} = unwrap(await catalog.countCopies(record.shoot, EVERYTHING));
  const sorted = groups.map((one) => ({...one, destinations: [...one.destinations].sort()}));
  t.deepEqual(
    sorted.sort((one, other) => one.bytes - other.bytes),
    [
      {destinations: [`${A}:x`, odd].sort(), files: 1, bytes: 10},
      {destinations: [], files: 1, bytes: 40},
      {destinations: [odd], files: 2, bytes: 50},
    ],
  );
  t.deepEqual(
    spans.map(({destination, files}) => [destination, files]).sort(),
    [
      [`${A}:x`, 1],
      [odd, 3],
    ].sort(),
  );
  const {destinations} = unwrap(await catalog.recallVolumes());
  const without = destinations.filter(({destination}) => destination === odd).map(({ref}) => ref);
  const fewer = unwrap(
    await catalog.countCopies(record.shoot, {...EVERYTHING, destinations: without}),
  );
  t.deepEqual(
    fewer.spans.map(({destination}) => destination),
    [`${A}:x`],
  );
  t.is(
    fewer.groups.reduce((sum, {files}) => sum + files, 0),
    4,
  );
});

test('a file that was read at a later offload is one file, and lost drives hold nothing', async (t) => {
  const catalog = await openTrial(t);
  const [w, b] = makeRecord({}).destinations;
  if (w === undefined || b === undefined) return t.fail();
  const mtimeNs = '1763830800123456700';
  const first = makeRecord({
    offload: '20261122T190001Z-aaaaaa',
    files: [{path: '1.CR3', mtimeNs, on: [], blake3: null}],
  });
  const second = makeRecord({
    offload: '20261122T200001Z-bbbbbb',
    destinations: [w, {...b, lost: true}],
    files: [{path: '1.CR3', mtimeNs}],
  });
  for (const record of [first, second]) unwrap(await catalog.recordManifest(record));
  const {groups} = unwrap(await catalog.countCopies(first.shoot, EVERYTHING));
  t.deepEqual(groups, [{destinations: ['working'], files: 1, bytes: 1000}]);
});

test('volumes are remembered, forgotten, and known again when something is recorded on them later', async (t) => {
  const catalog = await openTrial(t);
  const seen = {
    id: 'working',
    name: 'W\u001b[2J',
    role: 'working' as const,
    place: 'desk',
    fileSystem: 'exfat',
    size: 64_000_000_000,
    free: null,
    drives: {known: true as const, ids: ['disk:sda']},
    path: '/mnt/W',
    seenAt: '2026-11-22T20:00:00.000Z',
  };
  const pair = {a: 'backup', b: 'working', same: false};
  unwrap(await catalog.noteVolumes([seen], [pair]));
  const memory = unwrap(await catalog.recallVolumes());
  t.deepEqual([memory.seen, memory.pairs], [[seen], [pair]]);
  unwrap(await catalog.forgetVolume('working', '2026-11-22T19:30:00.000Z'));
  const forgotten = unwrap(await catalog.recallVolumes());
  t.deepEqual(forgotten.seen, []);
  t.deepEqual([...forgotten.forgotten.keys()], ['working']);
  const later = makeRecord({endedAt: '2026-11-22T19:31:00.000Z', files: [{path: '1.CR3'}]});
  unwrap(await catalog.recordManifest(later));
  t.is(unwrap(await catalog.recallVolumes()).forgotten.size, 0);
});

test('a copy of a mirror counts on its volume; what all mirrors archived is let go', async (t) => {
  const catalog = await openTrial(t);
  const [kept, culled] = ['a'.repeat(64), 'c'.repeat(64)];
  const record = makeRecord({
    files: [
      {path: '1.CR3', size: 10, blake3: kept, on: ['working']},
      {path: '2.CR3', size: 20, blake3: culled, on: ['working']},
    ],
  });
  unwrap(await catalog.recordManifest(record));
  const at = '2026-11-24T08:00:00.000Z';
  const copy = {provedAt: at, mediumRead: 'direct'} as const;
  const made = [
    {path: 'Shoot/1.CR3', hash: kept, size: 10, ...copy},
    {path: 'Shoot/2.CR3', hash: culled, size: 20, ...copy},
    {path: 'elsewhere/2.CR3', hash: culled, size: 20, ...copy},
  ];
  const changes = made.map((put) => ({put}));
  unwrap(await catalog.noteMirror({volume: A, at, changes}));
  const count = async (without = EVERYTHING) =>
    unwrap(await catalog.countCopies(record.shoot, without));
  const told = async () =>
    (await count()).groups
      .map(({destinations, files, bytes}) => [[...destinations].sort(), files, bytes])
      .sort();
  t.deepEqual(await told(), [[[A, 'working'].sort(), 2, 30]]);
  t.deepEqual((await count({...EVERYTHING, volumes: [A]})).groups, [
    {destinations: ['working'], files: 2, bytes: 30},
  ]);
  unwrap(await catalog.noteMirror({volume: A, at, changes: [{drop: 'Shoot/2.CR3'}]}));
  t.deepEqual(await told(), [[[A, 'working'].sort(), 2, 30]], 'another copy still stands');
  unwrap(await catalog.noteMirror({volume: A, at, changes: [{drop: 'elsewhere/2.CR3'}]}));
  t.deepEqual(await told(), [[[A, 'working'].sort(), 1, 10]]);
  t.is((await count()).letGo, 1);
  const edited = {...copy, path: 'Shoot/1.CR3', hash: 'e'.repeat(64), size: 11};
  unwrap(await catalog.noteMirror({volume: A, at, changes: [{put: edited}]}));
  t.deepEqual(await told(), [], 'other bytes took its place');
  unwrap(await catalog.noteMirror({volume: A, at, changes}));
  t.deepEqual(await told(), [[[A, 'working'].sort(), 2, 30]], 'they came back');
  t.is((await count()).letGo, 0);
});

test('what a mirror read back through a cache only is no proved copy', async (t) => {
  const catalog = await openTrial(t);
  const hash = 'a'.repeat(64);
  const record = makeRecord({files: [{path: '1.CR3', size: 10, blake3: hash, on: ['working']}]});
  unwrap(await catalog.recordManifest(record));
  const at = '2026-11-24T08:00:00.000Z';
  const put = {path: '1.CR3', hash, size: 10, provedAt: at, mediumRead: 'cached'} as const;
  unwrap(await catalog.noteMirror({volume: A, at, changes: [{put}]}));
  const {groups} = unwrap(await catalog.countCopies(record.shoot, EVERYTHING));
  t.deepEqual(groups, [{destinations: ['working'], files: 1, bytes: 10}]);
});
