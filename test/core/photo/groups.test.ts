import test from 'ava';
import fc from 'fast-check';
import type {CardFile} from '../../../src/core/card.ts';
import {parseLayout} from '../../../src/core/layout.ts';
import {dateGroups} from '../../../src/core/photo/groups/date-groups.ts';
import {findFreeGroups} from '../../../src/core/photo/groups/free-groups.ts';
import {groupFiles} from '../../../src/core/photo/groups/group-files.ts';
import {nameGroup, safeValue, wantedPath} from '../../../src/core/photo/groups/name-group.ts';
import {pinGroup} from '../../../src/core/photo/groups/pin-group.ts';
import {isInStructure, isStructure} from '../../../src/core/photo/groups/structure.ts';
import type {PhotoFacts, TakenAt} from '../../../src/core/photo/photo-facts.ts';
import {foldName, PORTABLE_RULES, safeName} from '../../../src/core/safe-names.ts';
import {photoFacts, takenAt} from '../../helpers/made-facts.ts';

const D = 'DCIM/100CANON/';

/** The groups as names, main file first. */
const group = (...names: readonly string[]) =>
  groupFiles(names.map((name) => D + name)).map(({members}) =>
    members.map(({path}) => path.slice(D.length)).join(' '),
  );

const TOGETHER: ReadonlyArray<readonly [what: string, names: string]> = [
  ['raw, JPEG, sidecars, voice', 'IMG_1.CR3 IMG_1.JPG IMG_1.CR3.xmp IMG_1.WAV IMG_1.xmp'],
  ['HEIF and raw, whatever their case', 'DSC00001.ARW dsc00001.hif'],
  ['a Live Photo with its edits', 'IMG_0001.MOV IMG_0001.HEIC IMG_0001.AAE'],
  ['an edited picture of an iPhone', 'IMG_1234.HEIC IMG_1234.AAE IMG_E1234.HEIC IMG_O1234.AAE'],
  ['a DNG beside its preview', 'DJI_0003.DNG DJI_0003.JPG'],
  ['a film with captions and its small copy', 'DJI_0001.MP4 DJI_0001.LRF DJI_0001.SRT'],
  ['a GoPro film', 'GX010123.MP4 GX010123.THM GL010123.LRV'],
  ['an older GoPro film', 'GOPR0123.MP4 GOPR0123.THM GOPR0123.LRV'],
];
for (const [what, names] of TOGETHER) {
  test(`together: ${what}`, (t) => {
    t.deepEqual(group(...names.split(' ')), [names]);
    t.deepEqual(group(...names.split(' ').reverse()), [names]);
  });
}

test('apart: other numbers, other folders, chapters, and names that would meet', (t) => {
  t.deepEqual(group('IMG_1.JPG', 'IMG_10.JPG', 'IMG_1.xmp'), ['IMG_1.JPG IMG_1.xmp', 'IMG_10.JPG']);
  t.deepEqual(group('GX010123.MP4', 'GX020123.MP4'), ['GX010123.MP4', 'GX020123.MP4']);
  t.deepEqual(group('CASE.JPG', 'case.jpg'), ['CASE.JPG', 'case.jpg']);
  t.is(groupFiles(['100/A.CR3', '101/A.JPG']).length, 2);
});

const taken = (local: string, more: Partial<TakenAt> = {}): PhotoFacts =>
  photoFacts({
    takenAt: takenAt(local, more),
    make: 'Canon',
    model: 'Canon EOS R6',
    serial: '0930',
  });

function date(facts: Readonly<Record<string, PhotoFacts | undefined>>, timeZone = 'UTC') {
  const paths = Object.keys(facts);
  const files = new Map(
    paths.map((path): [string, CardFile] => [
      path,
      {path, size: 1, mtimeNs: BigInt(Date.UTC(2026, 10, 20, 23, 30)) * 1_000_000n, changedNs: 0n},
    ]),
  );
  const known = new Map(
    Object.entries(facts).flatMap(([path, one]): [string, PhotoFacts][] =>
      one === undefined ? [] : [[path, one]],
    ),
  );
  return dateGroups(groupFiles(paths), {files, facts: known, timeZone});
}

const order = (facts: Readonly<Record<string, PhotoFacts | undefined>>) =>
  date(facts).map(({members: [{path}]}) => path);

test('the counter of a camera starts again: by time, not by name', (t) => {
  t.deepEqual(
    order({
      [`${D}IMG_0001.JPG`]: taken('2026-11-22T10:00:05'),
      [`${D}IMG_9999.JPG`]: taken('2026-11-22T10:00:04'),
    }),
    [`${D}IMG_9999.JPG`, `${D}IMG_0001.JPG`],
  );
  const at = '2026-11-22T10:00:04';
  t.deepEqual(
    order({'DCIM/101CANON/IMG_0001.JPG': taken(at), 'DCIM/100CANON/IMG_9999.JPG': taken(at)}),
    ['DCIM/100CANON/IMG_9999.JPG', 'DCIM/101CANON/IMG_0001.JPG'],
  );
});

test('a burst: by parts of a second, then by name', (t) => {
  const at = '2026-11-22T10:00:04';
  t.deepEqual(
    order({
      [`${D}IMG_0003.JPG`]: taken(at, {milliseconds: 100}),
      [`${D}IMG_0001.JPG`]: taken(at, {milliseconds: 900}),
      [`${D}IMG_0005.JPG`]: taken(at, {milliseconds: 500}),
      [`${D}IMG_0004.JPG`]: taken(at, {milliseconds: 500}),
    }).map((path) => path.slice(-5, -4)),
    ['3', '4', '5', '1'],
  );
});

test('the chapters of a GoPro film follow each other in one folder, over midnight too', (t) => {
  const chapters = date({
    'DCIM/100GOPRO/GX030007.MP4': taken('2026-11-23T00:10:00'),
    'DCIM/100GOPRO/GX010007.MP4': taken('2026-11-22T23:50:00'),
    'DCIM/100GOPRO/GX010008.MP4': taken('2026-11-22T23:59:00'),
    'DCIM/100GOPRO/GX020007.MP4': taken('2026-11-23T00:00:00'),
  });
  t.deepEqual(
    chapters.map(({members: [{stem}], takenAt}) => `${stem} ${takenAt.local.slice(0, 10)}`),
    ['GX010007 2026-11-22', 'GX020007 2026-11-22', 'GX030007 2026-11-22', 'GX010008 2026-11-22'],
  );
});

test('a chapter has the camera of the first one where it names none', (t) => {
  const at = '2026-11-22T10:00:00';
  const said = {make: 'GoPro', model: 'HERO12 Black', serial: 'C1', lens: ''};
  const none = {make: '', model: '', serial: '', lens: ''};
  const chapters = date({
    'DCIM/100GOPRO/GX010007.MP4': {...taken(at), ...said},
    'DCIM/100GOPRO/GX020007.MP4': {...taken(at), ...none},
    'DCIM/100GOPRO/GX030007.MP4': {...taken(at), ...said, serial: 'C2'},
  });
  t.deepEqual(
    chapters.map(({model, serial}) => `${model} ${serial}`),
    ['HERO12 Black C1', 'HERO12 Black C1', 'HERO12 Black C2'],
  );
});

test('a group has the date of its main file, or of one that says it, or of the file', (t) => {
  const [pair, alone] = date(
    {
      'A/IMG_1.CR3': undefined,
      'A/IMG_1.JPG': taken('2026-11-20T10:00:00'),
      'A/IMG_2.JPG': undefined,
    },
    'Asia/Tokyo',
  );
  t.like(pair?.takenAt, {local: '2026-11-20T10:00:00', source: 'recorded'});
  t.like(alone?.takenAt, {local: '2026-11-21T08:30:00', source: 'file'});
});

test('a film that knows UTC only has the zone of the picture that was taken nearest', (t) => {
  const utcMs = Date.UTC(2026, 5, 20, 22, 30);
  const film = taken('2026-06-21T00:30:00', {source: 'utc', utcMs});
  const zoned = date({
    'A/MVI_1.MP4': film,
    'A/IMG_2.JPG': taken('2026-06-21T07:40:00', {offsetMinutes: 540}),
    'A/IMG_3.JPG': taken('2026-06-01T10:00:00', {offsetMinutes: -300}),
  }).find(({members: [{form}]}) => form === 'film');
  t.like(zoned?.takenAt, {local: '2026-06-21T07:30:00', offsetMinutes: 540});
  t.is(date({'A/MVI_1.MP4': film})[0]?.takenAt.local, '2026-06-21T00:30:00');
});

function parse(template: string) {
  const parsed = parseLayout(template);
  if (!parsed.ok) throw new Error(parsed.cause.message);
  return parsed.value;
}

function names(
  template: string,
  paths: readonly string[],
  number = 1,
  facts = taken('2026-11-22T14:02:11'),
) {
  const [first] = date(Object.fromEntries(paths.map((path) => [path, facts])));
  if (first === undefined) throw new Error('no group');
  return nameGroup(parse(template), first, {shoot: 'S', card: 'C', number}).map(wantedPath);
}

const PAIR = [`${D}IMG_1.CR3`, `${D}IMG_1.JPG`, `${D}IMG_1.CR3.xmp`];
const NAMED: ReadonlyArray<readonly [template: string, names: readonly string[], again: string]> = [
  [
    '{shoot}/{yyyy}/{mm}/{dd}/{time}_{name}',
    [
      '2026/11/22/140211_IMG_1.CR3',
      '2026/11/22/140211_IMG_1.JPG',
      '2026/11/22/140211_IMG_1.CR3.xmp',
    ],
    '2026/11/22/140211_IMG_1-2.CR3',
  ],
  [
    '{shoot}/{camera}/{date}_{seq:3}.{ext}',
    [
      'Canon EOS R6/2026-11-22_001.CR3',
      'Canon EOS R6/2026-11-22_001.JPG',
      'Canon EOS R6/2026-11-22_001.CR3.xmp',
    ],
    'Canon EOS R6/2026-11-22_002.CR3',
  ],
  [
    '{shoot}/{serial}/{lens}/{seq}_{stem}.{ext}',
    [
      '0930/unknown-lens/0001_IMG_1.CR3',
      '0930/unknown-lens/0001_IMG_1.JPG',
      '0930/unknown-lens/0001_IMG_1.CR3.xmp',
    ],
    '0930/unknown-lens/0002_IMG_1.CR3',
  ],
  [
    '{shoot}/{ext}/{stem}.{ext}',
    ['CR3/IMG_1.CR3', 'JPG/IMG_1.JPG', 'CR3/IMG_1.CR3.xmp'],
    'CR3/IMG_1-2.CR3',
  ],
  [
    '{shoot}/{date}/{path}',
    [
      '2026-11-22/DCIM/100CANON/IMG_1.CR3',
      '2026-11-22/DCIM/100CANON/IMG_1.JPG',
      '2026-11-22/DCIM/100CANON/IMG_1.CR3.xmp',
    ],
    '2026-11-22/DCIM/100CANON/IMG_1-2.CR3',
  ],
];
for (const [template, wanted, again] of NAMED) {
  test(`a pair under ${template}`, (t) => {
    t.deepEqual(names(template, PAIR).toSorted(), wanted.toSorted());
    t.is(names(template, PAIR, 2)[0], again);
  });
}

test('the edited picture of an iPhone keeps its mark where names are new', (t) => {
  const phone = ['IMG_1234.HEIC', 'IMG_E1234.HEIC', 'IMG_1234.AAE', 'IMG_O1234.AAE'];
  t.deepEqual(names('{shoot}/{seq}.{ext}', phone), [
    '0001.HEIC',
    '0001.AAE',
    '0001_E.HEIC',
    '0001_O.AAE',
  ]);
  t.deepEqual(names('{shoot}/{name}', phone).toSorted(), phone.toSorted());
});

const STRUCTURES = [
  'PRIVATE/M4ROOT/CLIP/C0001.MP4',
  'M4ROOT/CLIP/C0001.MP4',
  'PRIVATE/AVCHD/BDMV/STREAM/00000.MTS',
  'CONTENTS/CLIPS001/A001/A001.MXF',
  'XDROOT/Clip/Clip0001.MXF',
  'A001_0118AB.RDM/A001_C001_0118AB.RDC/A001_C001_0118AB_001.R3D',
  'A001_08151512_C001.braw',
  'A001C001_150101_R1AB/A001C001_150101_R1AB.0001.ari',
  'DCIM/Camera01/VID_20260101_120000_00_001.insv',
  'DCIM/PANORAMA/100_0005/DJI_0001.JPG',
  'MISC/AUTPRINT.MRK',
];
for (const path of STRUCTURES) {
  test(`keeps its tree: ${path}`, (t) => {
    t.true(isInStructure(path));
  });
}

const HELD: ReadonlyArray<readonly string[]> = [
  ['A001_C001.braw', 'A001_C001.sidecar', 'Proxy/A001_C001.mp4', 'a001_c001.WAV'],
  ['REEL/A001_C001.braw', 'REEL/A001_C001.braw.xmp', 'REEL/Proxy/A001_C001.mov'],
  ['DCIM/100EOSR5/A001C001_X_CANON.CRM', 'DCIM/100EOSR5/A001C001_X_CANON_Proxy.MP4'],
  ['XFVC/REEL_0001/A_0001C001X_CANON_001.MXF', 'XFVC/REEL_0001/A_0001C001X_CANON_001_Proxy.MP4'],
];
for (const paths of HELD) {
  test(`what belongs to a film in a structure stays with it: ${paths.join(' ')}`, (t) => {
    t.deepEqual(findFreeGroups(paths), []);
    const [film = '', ...others] = paths;
    t.true(isInStructure(film));
    const elsewhere = others.map((path) => `ELSEWHERE/${path}`);
    const beside = findFreeGroups([film, ...elsewhere]).flatMap(({members}) => members);
    t.deepEqual(
      beside.map(({path}) => path).sort(),
      elsewhere.filter((path) => !isInStructure(path)).sort(),
    );
  });
}

test('a raw film of Nikon and its proxy have one stem under every layout, with what lies beside them', (t) => {
  const paths = ['DSC_0001.MP4', 'DSC_0001.NEV', 'DSC_0001.xmp'].map(
    (name) => `DCIM/100NZ9/${name}`,
  );
  const groups = findFreeGroups([...paths, 'DCIM/100NZ9/DSC_0002.NEV']);
  t.deepEqual(
    groups.map(({members}) => members.map(({path}) => path)),
    [paths, ['DCIM/100NZ9/DSC_0002.NEV']],
  );
  t.true(groups.every(({members: [main]}) => main.form === 'film'));
});

test('pictures in DCIM do not keep their tree', (t) => {
  t.false(isInStructure('DCIM/100CANON/IMG_0001.CR3'));
  t.false(isInStructure('DCIM/100GOPRO/GX010001.MP4'));
  t.false(isStructure('DCIM/100CANON'));
  t.true(isStructure('PRIVATE/AVCHD'));
});

const VALUES: ReadonlyArray<readonly [text: string, value: string]> = [
  ['EF24-70mm f/2.8L', 'EF24-70mm f-2.8L'],
  ['../../etc', 'etc'],
  ['..', 'missing'],
  ['', 'missing'],
  ['\0\0', 'missing'],
  ['CON', 'CON_'],
  ['a\u202Eb', 'ab'],
  ['dots...', 'dots'],
  ['x'.repeat(1_000_000), 'x'.repeat(60)],
];
for (const [text, value] of VALUES) {
  test(`a value of a camera: ${JSON.stringify(text.slice(0, 30))}`, (t) => {
    t.is(safeValue(text, 'missing'), value);
  });
}

const anyName = fc
  .tuple(
    fc.constantFrom('', 'DCIM/100CANON/', 'DCIM/101CANON/', 'A/'),
    fc.constantFrom(
      'IMG_0001',
      'img_0001',
      'IMG_E0001',
      'IMG_O0001',
      'GX010001',
      'GL010001',
      'GX020001',
      'a.b',
      '.x',
      'é',
      'e\u0301',
    ),
    fc.constantFrom('.CR3', '.JPG', '.jpg', '.xmp', '.CR3.xmp', '.MOV', '.LRV', '.AAE', '', '.'),
  )
  .map((parts) => parts.join(''));
const anyNames = fc.uniqueArray(anyName, {maxLength: 30});

test('every file is in one group, whatever the order of the listing', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(anyNames, fc.infiniteStream(fc.nat()), (paths, random) => {
        const groups = groupFiles(paths);
        const all = groups.flatMap(({members}) => members.map(({path}) => path));
        t.deepEqual(all.toSorted(), paths.toSorted());
        const shuffled = paths
          .map((path) => ({path, at: random.next().value ?? 0}))
          .sort((a, b) => a.at - b.at)
          .map(({path}) => path);
        t.deepEqual(groupFiles(shuffled), groups);
      }),
    );
  });
});

test('the names of a group differ, and are the same group again when they are offloaded', (t) => {
  const templates = [
    '{shoot}/{date}_{seq}.{ext}',
    '{shoot}/{camera}/{stem}.{ext}',
    '{shoot}/x_{name}',
  ];
  t.notThrows(() => {
    fc.assert(
      fc.property(
        anyNames,
        fc.constantFrom(...templates),
        fc.nat({max: 3}),
        (paths, template, n) => {
          const facts = Object.fromEntries(
            paths.map((path) => [path, taken('2026-11-22T14:02:11')]),
          );
          const layout = parse(template);
          for (const one of date(facts)) {
            const named = nameGroup(layout, one, {shoot: 'S', card: 'C', number: n + 1});
            const keys = named.map((name) =>
              foldName(
                safeName(wantedPath(name).replaceAll('/', '|'), PORTABLE_RULES),
                PORTABLE_RULES,
              ),
            );
            t.is(new Set(keys).size, named.length);
            t.is(new Set(named.map(({folder}) => folder)).size, 1);
            // Whichever member an earlier offload recorded, all come to lie beside it again.
            const first = nameGroup(layout, one, {shoot: 'S', card: 'C', number: 1});
            for (const name of named) {
              const targets = new Map([[name.path, wantedPath(name)]]);
              t.deepEqual(pinGroup(layout, one, {names: first, targets}), named);
            }
          }
        },
      ),
      {numRuns: 200},
    );
  });
});
