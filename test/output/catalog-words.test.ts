import test from 'ava';
import type {CardKnown, FileFound, ShootKnown} from '../../src/core/events.ts';
import {describeKnown, describeRebuild} from '../../src/output/catalog-words.ts';

/** On this computer's clock, whatever its zone. */
const local = (day: number, hour: number, minute: number) =>
  new Date(2026, 10, day, hour, minute, 30).toISOString();

const card: CardKnown = {
  type: 'card-known',
  id: 'volume:7BE3-BF62:64000000000',
  label: 'EOS_DIGITAL',
  cameras: ['Canon EOS R5', 'Canon EOS R6'],
  offloads: 3,
  shoot: '2026-11-22 Marta & Jan',
  files: 1224,
  bytes: 18_400_000_000,
  lastOffload: local(22, 9, 4),
  safe: true,
};

const shoot: ShootKnown = {
  type: 'shoot-known',
  shoot: '2026-11-22 Marta & Jan',
  cards: 2,
  files: 170,
  bytes: 56_453_049,
  firstOffload: local(21, 19, 0),
  lastOffload: local(22, 19, 4),
  safe: true,
  volumes: [
    {volume: 'w-id', name: 'T7 Shield', path: '/mnt/W/2026-11-22 Marta & Jan', files: 170},
    {volume: 'b-id', name: 'LaCie', path: '/mnt/B/2026-11-22 Marta & Jan', files: 1},
  ],
};

const file: FileFound = {
  type: 'file-found',
  path: 'DCIM/100CANON/IMG_0001.CR3',
  label: 'EOS_DIGITAL',
  shoot: '2026-11-22',
  offload: 'x',
  size: 24_117_248,
  mtimeNs: '1',
  hash: null,
  copies: [
    {
      volume: 'w-id',
      name: 'T7 Shield',
      path: '/mnt/W/2026-11-22/EOS_DIGITAL/DCIM/100CANON/IMG_0001.CR3',
      provedAt: local(22, 19, 3),
      mediumRead: 'direct',
    },
  ],
};

test('cards in columns', (t) => {
  t.deepEqual(
    [
      card,
      {...card, label: '写真', cameras: [], offloads: 1, files: 1, bytes: 0, safe: false},
      {...card, label: 'a label that is much longer than any', files: 0},
    ].flatMap((event) => describeKnown(event)),
    [
      'EOS_DIGITAL                  1,224 files   18.4 GB  2026-11-22 09:04  ended SAFE',
      '  Canon EOS R5, Canon EOS R6, 3 offloads, the last into 2026-11-22 Marta & Jan',
      '写真                              1 file       0 B  2026-11-22 09:04  ended NOT SAFE',
      '  1 offload, the last into 2026-11-22 Marta & Jan',
      'a label that is much longer than any      no files   18.4 GB  2026-11-22 09:04  ended SAFE',
      '  Canon EOS R5, Canon EOS R6, 3 offloads, the last into 2026-11-22 Marta & Jan',
    ],
  );
});

test('shoots with their volumes', (t) => {
  t.deepEqual(
    [shoot, {...shoot, shoot: 'Empty', cards: 1, safe: false, volumes: []}].flatMap((event) =>
      describeKnown(event),
    ),
    [
      '2026-11-22 Marta & Jan         170 files   56.5 MB  2026-11-22 19:04  ended SAFE',
      '  2 cards since 2026-11-21 19:00',
      '  on T7 Shield                 170 files  /mnt/W/2026-11-22 Marta & Jan',
      '  on LaCie                        1 file  /mnt/B/2026-11-22 Marta & Jan',
      'Empty                          170 files   56.5 MB  2026-11-22 19:04  ended NOT SAFE',
      '  1 card since 2026-11-21 19:00',
    ],
  );
});

test('found files with their copies', (t) => {
  t.deepEqual(
    [file, {...file, copies: []}].flatMap((event) => describeKnown(event)),
    [
      'DCIM/100CANON/IMG_0001.CR3  24.1 MB  card EOS_DIGITAL, shoot 2026-11-22',
      '  /mnt/W/2026-11-22/EOS_DIGITAL/DCIM/100CANON/IMG_0001.CR3  on T7 Shield, proved 2026-11-22 19:03',
      'DCIM/100CANON/IMG_0001.CR3  24.1 MB  card EOS_DIGITAL, shoot 2026-11-22',
      '  no proved copy is known',
    ],
  );
});

test('nothing that comes from a card steers the terminal', (t) => {
  const evil = '\u001B[2J\nSAFE TO FORMAT\u202E';
  const [copy] = file.copies;
  const lines = [
    {...card, label: evil, cameras: [evil], shoot: evil},
    {...shoot, shoot: evil, volumes: [{volume: evil, name: evil, path: evil, files: 1}]},
    {
      ...file,
      path: evil,
      label: evil,
      shoot: evil,
      copies: copy === undefined ? [] : [{...copy, path: evil, name: evil}],
    },
  ].flatMap((event) => describeKnown(event));
  const rebuilt = describeRebuild({
    type: 'catalog-rebuilt',
    catalog: evil,
    manifests: 1,
    offloads: 1,
    files: 1,
    mirrored: 1,
    problems: 0,
  });
  for (const line of [...lines, ...rebuilt]) t.notRegex(line, /[\u001B\n\u202E]/);
});

test('how a rebuild ended', (t) => {
  const base = {type: 'catalog-rebuilt', catalog: '/home/x/catalog.sqlite'} as const;
  t.deepEqual(
    describeRebuild({...base, manifests: 2, offloads: 1, files: 1224, mirrored: 0, problems: 0}),
    ['2 records of 1 offload with 1,224 files are in /home/x/catalog.sqlite'],
  );
  t.deepEqual(
    describeRebuild({...base, manifests: 1, offloads: 2, files: 1, mirrored: 12, problems: 2}),
    [
      '1 record of 2 offloads with 1 file are in /home/x/catalog.sqlite',
      '  12 copies that backups made',
      '  2 records are damaged, of another program or in doubt, and left out',
    ],
  );
});
