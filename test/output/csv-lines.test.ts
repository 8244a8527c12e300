import test from 'ava';
import type {CardKnown, FileFound, OffloadEvent, ShootKnown} from '../../src/core/events.ts';
import {type CsvLinesOptions, csvLines} from '../../src/output/csv-lines.ts';

async function show(events: readonly OffloadEvent[], options: Partial<CsvLinesOptions> = {}) {
  const lines: string[] = [];
  const diagnostics: string[] = [];
  const sink = csvLines({
    write: (line) => lines.push(line),
    writeDiagnostic: (line) => diagnostics.push(line),
    ...options,
  });
  for (const event of events) sink.write(event);
  await sink.end();
  return {text: lines.map((line) => `${line}\n`).join(''), diagnostics};
}

const card: CardKnown = {
  type: 'card-known',
  id: 'volume:7BE3-BF62:64000000000',
  label: 'EOS_DIGITAL',
  cameras: ['Canon EOS R5', 'Canon EOS R6'],
  offloads: 3,
  shoot: '2026-11-22, Marta "M" & Jan',
  files: 1224,
  bytes: 18_400_000_000,
  lastOffload: '2026-11-22T19:04:00.500Z',
  safe: true,
};

const shoot: ShootKnown = {
  type: 'shoot-known',
  shoot: '2026-11-22',
  cards: 2,
  files: 170,
  bytes: 56_453_049,
  firstOffload: '2026-11-22T19:00:01.000Z',
  lastOffload: '2026-11-22T19:04:00.500Z',
  safe: false,
  volumes: [
    {volume: 'w-id', name: 'T7', path: '/mnt/W/2026-11-22', files: 170},
    {volume: 'b-id', name: 'LaCie', path: 'B:\\2026-11-22', files: 169},
  ],
};

const file: FileFound = {
  type: 'file-found',
  path: 'DCIM/100CANON/IMG_0001.CR3',
  label: 'EOS',
  shoot: '2026-11-22',
  offload: '20261122T190001Z-x3k9ab',
  size: 719_096,
  mtimeNs: '-1781957190000000000',
  hash: 'd4'.repeat(32),
  copies: [
    {
      volume: 'w-id',
      name: 'T7',
      path: '/mnt/W/a.CR3',
      provedAt: '2026-11-22T19:03:11.250Z',
      mediumRead: 'direct',
    },
    {
      volume: 'b-id',
      name: 'LaCie',
      path: '/mnt/B/a.CR3',
      provedAt: '2026-11-22T19:03:12.250Z',
      mediumRead: 'evicted',
    },
  ],
};

test('cards: a header and a row for each, with CRLF', async (t) => {
  const {text} = await show([card, {...card, label: 'GOPRO', cameras: [], safe: false}]);
  t.is(
    text,
    [
      'card,label,cameras,offloads,last_shoot,last_files,last_bytes,last_offload,last_safe',
      'volume:7BE3-BF62:64000000000,EOS_DIGITAL,Canon EOS R5; Canon EOS R6,3,"2026-11-22, Marta ""M"" & Jan",1224,18400000000,2026-11-22T19:04:00.500Z,true',
      'volume:7BE3-BF62:64000000000,GOPRO,,3,"2026-11-22, Marta ""M"" & Jan",1224,18400000000,2026-11-22T19:04:00.500Z,false',
      '',
    ].join('\r\n'),
  );
});

test('shoots: a row for each volume, one with empty cells where there is none', async (t) => {
  const {text} = await show([shoot, {...shoot, volumes: []}]);
  const about = '2026-11-22,2,170,56453049,2026-11-22T19:00:01.000Z,2026-11-22T19:04:00.500Z,false';
  t.is(
    text,
    [
      'shoot,cards,files,bytes,first_offload,last_offload,safe,volume,volume_name,volume_path,volume_files',
      `${about},w-id,T7,/mnt/W/2026-11-22,170`,
      `${about},b-id,LaCie,B:\\2026-11-22,169`,
      `${about},,,,`,
      '',
    ].join('\r\n'),
  );
});

test('find: a row for each copy; a number is a number, below zero too', async (t) => {
  const {text} = await show([file, {...file, hash: null, copies: []}]);
  const about =
    'DCIM/100CANON/IMG_0001.CR3,EOS,2026-11-22,20261122T190001Z-x3k9ab,719096,-1781957190000000000';
  t.is(
    text,
    [
      'path,label,shoot,offload,bytes,modified_ns,blake3,volume,volume_name,copy,proved_at,medium_read',
      `${about},${'d4'.repeat(32)},w-id,T7,/mnt/W/a.CR3,2026-11-22T19:03:11.250Z,direct`,
      `${about},${'d4'.repeat(32)},b-id,LaCie,/mnt/B/a.CR3,2026-11-22T19:03:12.250Z,evicted`,
      `${about},,,,,,`,
      '',
    ].join('\r\n'),
  );
});

const cells: readonly (readonly [label: string, cell: string])[] = [
  ['=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\uFF1D1', "'\uFF1D1"],
  ["'quoted", "''quoted"],
  ['a=b', 'a=b'],
  ['\t=1', '\\t=1'],
  ['a\r\nb', 'a\\r\\nb'],
  ['\u001B[31mred', '\\x1b[31mred'],
  ['latin1_\uDCE9', 'latin1_\\xE9'],
  [' blank first', '" blank first"'],
  ['', ''],
];
for (const [label, cell] of cells) {
  test(`a label ${JSON.stringify(label)} does no harm in a spreadsheet or a terminal`, async (t) => {
    const {text} = await show([{...card, label, cameras: []}]);
    t.is(text.split('\r\n')[1]?.split(',3,')[0], `volume:7BE3-BF62:64000000000,${cell},`);
  });
}

test('notices and refusals are no part of the table; other events say nothing', async (t) => {
  const cause = {code: 'x', message: 'it is empty', next: 'Fill it.'};
  const {text, diagnostics} = await show([
    {type: 'noticed', level: 'info', ...cause},
    {type: 'noticed', level: 'warning', ...cause},
    {type: 'refused', ...cause},
    {type: 'run-ended', outcome: 'refused', exitCode: 2},
  ]);
  t.is(text, '');
  t.deepEqual(diagnostics, [
    'note: it is empty. Fill it.',
    'warning: it is empty. Fill it.',
    'REFUSED: it is empty. Fill it.',
  ]);
});

test('an empty table has its header where the table is known', async (t) => {
  t.is(
    (await show([], {rows: 'card-known'})).text,
    'card,label,cameras,offloads,last_shoot,last_files,last_bytes,last_offload,last_safe\r\n',
  );
});
