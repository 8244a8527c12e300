import test from 'ava';
import fc from 'fast-check';
import {foldText} from '../../src/core/catalog/search-text.ts';
import {makeRecord, openTrial, unwrap} from './made-records.ts';

const hash = (start: string) => start.padEnd(64, '0');

const record = makeRecord({
  files: [
    {path: 'DCIM/100CANON/IMG_0412.CR3', blake3: hash('0123456789abcdef')},
    {path: 'DCIM/100CANON/img_0413.jpg', blake3: hash('0123456799')},
    {path: 'DCIM/CAFE\u0301/E\u0301tude.JPG', blake3: null},
    {path: 'DCIM/latin1_\uDCE9.JPG', target: 'EOS_DIGITAL/DCIM/latin1_%E9.JPG'},
    {path: 'DCIM/100%_\\a.JPG'},
    {path: 'DCIM/写真/写真.JPG'},
    {path: 'DCIM/IMG_1.CR3', target: '2026/marta-001.cr3'},
    {path: 'PRIVATE/"quoted" AND NOT'},
    {path: 'DCIM/deadbeef.JPG'},
  ],
});

const finds: readonly (readonly [text: string, paths: readonly string[]])[] = [
  ['img_041', ['DCIM/100CANON/img_0413.jpg', 'DCIM/100CANON/IMG_0412.CR3']],
  ['100CANON/IMG_0412.cr3', ['DCIM/100CANON/IMG_0412.CR3']],
  ['3.c', []],
  ['.CR', ['DCIM/IMG_1.CR3', 'DCIM/100CANON/IMG_0412.CR3']],
  // Two signs and one.
  ['r3', ['DCIM/IMG_1.CR3', 'DCIM/100CANON/IMG_0412.CR3']],
  ['"', ['PRIVATE/"quoted" AND NOT']],
  ['真', ['DCIM/写真/写真.JPG']],
  ['写真', ['DCIM/写真/写真.JPG']],
  ['写真/写', ['DCIM/写真/写真.JPG']],
  // One form of é finds the other, in every case.
  ['\u00C9', ['DCIM/CAFE\u0301/E\u0301tude.JPG']],
  ['caf\u00E9', ['DCIM/CAFE\u0301/E\u0301tude.JPG']],
  ['e\u0301TUDE', ['DCIM/CAFE\u0301/E\u0301tude.JPG']],
  // A byte that is not UTF-8, as the record has it and as a shell hands it over.
  ['latin1_\uDCE9', ['DCIM/latin1_\uDCE9.JPG']],
  ['latin1_\uFFFD.j', ['DCIM/latin1_\uDCE9.JPG']],
  ['\uDCE9', ['DCIM/latin1_\uDCE9.JPG']],
  ['latin1_%e9', ['DCIM/latin1_\uDCE9.JPG']],
  // Not as it is kept.
  ['dce9', []],
  // No wildcard is one.
  ['%', ['DCIM/100%_\\a.JPG', 'DCIM/latin1_\uDCE9.JPG']],
  ['%_', ['DCIM/100%_\\a.JPG']],
  ['\\', ['DCIM/100%_\\a.JPG']],
  ['*', []],
  ['img*', []],
  ['" OR "', []],
  ['"quoted" and', ['PRIVATE/"quoted" AND NOT']],
  // What a layout made of it.
  ['MARTA-001', ['DCIM/IMG_1.CR3']],
  // Hashes, and a name that looks like one.
  ['0123456789ABCDEF', ['DCIM/100CANON/IMG_0412.CR3']],
  ['01234567', ['DCIM/100CANON/IMG_0412.CR3', 'DCIM/100CANON/img_0413.jpg']],
  ['012345678', ['DCIM/100CANON/IMG_0412.CR3']],
  ['0123456', []],
  ['deadbeef', ['DCIM/deadbeef.JPG']],
  ['nothing of the kind', []],
  ['x'.repeat(100_000), []],
];
for (const [text, paths] of finds) {
  test(`find ${JSON.stringify(text.slice(0, 40))}`, async (t) => {
    const catalog = await openTrial(t);
    unwrap(await catalog.recordManifest(record));
    const {files, more} = unwrap(await catalog.findFiles(text, 100));
    t.deepEqual(
      files.map(({path}) => path),
      paths,
    );
    t.false(more);
  });
}

test('any part of any path finds it, and nothing that does not have it', async (t) => {
  const letters = fc.constantFrom(...'aA1é\u0301_%"\\/.写\uDCE9K\u212A\u001Aß');
  const word = fc.array(letters, {minLength: 1, maxLength: 8}).map((list) => list.join(''));
  await fc.assert(
    fc.asyncProperty(fc.array(word, {minLength: 1, maxLength: 12}), word, async (paths, text) => {
      const catalog = await openTrial(t);
      const files = paths.map((path, index) => ({path, target: 'z'.repeat(index + 1)}));
      unwrap(await catalog.recordManifest(makeRecord({files})));
      const found = unwrap(await catalog.findFiles(text, 100)).files.map(({path}) => path);
      const wanted = paths.filter((path) => foldText(path).includes(foldText(text)));
      t.deepEqual(found.sort(), wanted.sort());
    }),
    {numRuns: 40},
  );
});

test('two signs are found where one of them is kept in another form', async (t) => {
  const catalog = await openTrial(t);
  unwrap(await catalog.recordManifest(makeRecord({files: [{path: '\u001A\\a'}, {path: 'a'}]})));
  for (const text of ['\u001A\\', '\u001A', '\\a']) {
    const {files} = unwrap(await catalog.findFiles(text, 10));
    t.deepEqual(
      files.map(({path}) => path),
      ['\u001A\\a'],
    );
  }
  t.deepEqual(unwrap(await catalog.findFiles('01', 10)).files, []);
});

test('a found file with its copies, as they were', async (t) => {
  const catalog = await openTrial(t);
  unwrap(await catalog.recordManifest(record));
  const {files} = unwrap(await catalog.findFiles('0412', 10));
  t.deepEqual(files, [
    {
      path: 'DCIM/100CANON/IMG_0412.CR3',
      label: 'EOS_DIGITAL',
      shoot: '2026-11-22',
      offload: record.offload,
      size: 1000,
      mtimeNs: '1763830800123456700',
      hash: hash('0123456789abcdef'),
      copies: [
        {
          volume: 'working',
          name: 'working',
          path: '/mnt/W/2026-11-22/EOS_DIGITAL/DCIM/100CANON/IMG_0412.CR3',
          provedAt: '2026-11-22T19:03:11.250Z',
          mediumRead: 'direct',
        },
        {
          volume: 'backup',
          name: 'backup',
          path: '/mnt/B/2026-11-22/EOS_DIGITAL/DCIM/100CANON/IMG_0412.CR3',
          provedAt: '2026-11-22T19:03:11.250Z',
          mediumRead: 'direct',
        },
      ],
    },
  ]);
  t.deepEqual(unwrap(await catalog.findByHash(hash('0123456789abcdef'))), files);
  t.deepEqual(unwrap(await catalog.findByHash(hash('0123456789ABCDEF'))), files);
  t.deepEqual(unwrap(await catalog.findByHash('01234567')), []);
});

test('a file that stayed on the card is one, with the copies of all its offloads; the limit counts such files', async (t) => {
  const catalog = await openTrial(t);
  const stay = [
    {path: 'DCIM/IMG_1.JPG', on: ['working']},
    {path: 'DCIM/IMG_2.JPG', on: ['working']},
  ];
  unwrap(await catalog.recordManifest(makeRecord({offload: 'a', files: stay})));
  const later = {
    offload: 'b',
    startedAt: '2026-11-23T10:00:00.000Z',
    endedAt: '2026-11-23T10:01:00.000Z',
  };
  const files = stay.map(({path}) => ({path, on: ['backup']}));
  unwrap(await catalog.recordManifest(makeRecord({...later, files})));
  const all = unwrap(await catalog.findFiles('IMG_', 2));
  t.false(all.more);
  t.deepEqual(
    all.files.map((file) => [file.path, file.offload, file.copies.map(({volume}) => volume)]),
    [
      ['DCIM/IMG_2.JPG', 'b', ['backup', 'working']],
      ['DCIM/IMG_1.JPG', 'b', ['backup', 'working']],
    ],
  );
  const one = unwrap(await catalog.findFiles('IMG_', 1));
  t.true(one.more);
  t.deepEqual(
    one.files.map(({path}) => path),
    ['DCIM/IMG_2.JPG'],
  );
});
