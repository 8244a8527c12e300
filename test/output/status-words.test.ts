import test from 'ava';
import type {ShootStatus, VolumeKnown} from '../../src/core/events.ts';
import {csvLines} from '../../src/output/csv-lines.ts';
import {describeStatus, describeVolume} from '../../src/output/status-words.ts';

/** On this computer's clock, whatever its zone. */
const local = (day: number, hour: number, minute: number) =>
  new Date(2026, 10, day, hour, minute, 30).toISOString();

const NOW = new Date(2026, 10, 24, 12);

const volume: VolumeKnown = {
  type: 'volume-known',
  volume: 'w-id',
  name: 'Studio SSD',
  role: 'working',
  place: 'desk',
  state: 'connected',
  path: '/mnt/W',
  fileSystem: 'exfat',
  size: 64_000_000_000,
  free: 1_500_000_000,
  asOf: local(22, 19, 4),
  lastProof: local(21, 9, 5),
};

const shoot: ShootStatus = {
  type: 'shoot-status',
  shoot: '2026-11-22 Marta & Jan',
  files: 1224,
  letGo: 0,
  bytes: 18_400_000_000,
  copies: 2,
  drives: 2,
  places: ['desk'],
  oldestProof: local(20, 9, 5),
  lastProof: local(21, 9, 5),
  reached: false,
  missing: 'its files are on two drives, and no third copy is off-site',
  next: 'Do this.',
  offSite: null,
  volumes: [
    {
      volume: 'w-id',
      name: 'Studio SSD',
      role: 'working',
      place: 'desk',
      connected: true,
      asOf: local(22, 19, 4),
      files: 1224,
      lastProof: local(21, 9, 5),
    },
    {
      volume: 'b-id',
      name: '=B',
      role: 'none',
      place: null,
      connected: false,
      asOf: local(1, 8, 0),
      files: 1224,
      lastProof: local(20, 9, 5),
    },
  ],
};

test('a volume in three lines', (t) => {
  t.deepEqual(describeVolume(volume), [
    'Studio SSD                 working   connected at /mnt/W',
    '  place: desk, exfat, 1.5 GB free of 64 GB, last proof 2026-11-21 09:05',
    '  w-id',
  ]);
  const away = {...volume, state: 'away', path: null, place: null, free: null} as const;
  t.deepEqual(describeVolume({...away, lastProof: null, fileSystem: ''}), [
    'Studio SSD                 working   not connected, as of 2026-11-22 19:04',
    '  place unknown, file system unknown, 64 GB, no proof is recorded',
    '  w-id',
  ]);
  t.regex(describeVolume({...volume, state: 'doubted'})[0] ?? '', /IN DOUBT at \/mnt\/W$/);
});

test('a shoot, the drives that have it, what is missing and what to do', (t) => {
  t.deepEqual(describeStatus(shoot, NOW), [
    '2026-11-22 Marta & Jan       1,224 files   18.4 GB  3-2-1 NOT REACHED',
    '  2 proved copies on 2 drives, places: desk, last proof 2026-11-21 09:05, the oldest 2026-11-20 09:05',
    '  on Studio SSD              1,224 files  working, desk, connected',
    '  on =B                      1,224 files  not connected, as of 2026-11-01 08:00',
    '  missing: its files are on two drives, and no third copy is off-site',
    '  next: Do this.',
  ]);
  const vault = {
    volume: 'v',
    name: 'Vault',
    place: 'bank',
    connected: false,
    files: 1000,
    lastProof: local(4, 9, 5),
  };
  t.true(
    describeStatus({...shoot, offSite: vault}, NOW).includes(
      '  off-site: 1,000 of 1,224 files, Vault, bank, 20 days old, read back 2026-11-04 09:05',
    ),
  );
  t.true(
    describeStatus({...shoot, offSite: {...vault, files: 1224, connected: true}}, NOW).includes(
      '  off-site: Vault, bank, 20 days old, read back 2026-11-04 09:05, connected',
    ),
  );
  const reached = {...shoot, reached: true, missing: null, next: null, volumes: []};
  t.is(describeStatus(reached, NOW).length, 2);
});

test('a table with a row for each drive', (t) => {
  const lines: string[] = [];
  const sink = csvLines({
    write: (line) => lines.push(line),
    writeDiagnostic: () => t.fail(),
    rows: 'shoot-status',
  });
  sink.write(shoot);
  sink.write({...shoot, volumes: [], copies: 0, drives: 0});
  t.is(lines.length, 4);
  const columns = lines.map((line) => line.split(/,(?! )/).length);
  t.deepEqual(new Set(columns), new Set([19]));
  t.true(lines[1]?.includes(',w-id,Studio SSD,working,desk,true,'));
  t.true(lines[2]?.includes(",b-id,'=B,none,,false,"));
  t.true(lines[3]?.endsWith(',,,,,,,,\r'));
});
