import test from 'ava';
import fc from 'fast-check';
import {lookAtFile} from '../../../src/core/content/look-at-file.ts';
import {
  box,
  EOI,
  findingOf,
  jpeg,
  largeBox,
  runLook,
  SOI,
  scan,
  segment,
  tags,
  tiff,
} from './run-look.ts';

const ftyp = box('ftyp', Buffer.from('isom\0\0\0\0'));
const moov = box('moov', 400);
const mdat = box('mdat', 5000);
const riff = (length: number, size = 3000) => {
  const bytes = Buffer.alloc(size, 0x11);
  bytes.write('RIFF');
  bytes.writeUInt32LE(length, 4);
  bytes.write('AVI ', 8);
  return bytes;
};
const raf = (end: number) => {
  const bytes = Buffer.alloc(20_000, 0x11);
  bytes.write('FUJIFILMCCD-RAW 0201FF');
  for (const [index, number] of [148, 1000, 1148, 500, 1648, end - 1648].entries()) {
    bytes.writeUInt32BE(number, 84 + index * 4);
  }
  return bytes;
};
const crw = (list: number) => {
  const bytes = Buffer.alloc(5000, 0);
  bytes.write('II');
  bytes.writeUInt32LE(26, 2);
  bytes.write('HEAPCCDR', 6);
  bytes.writeUInt16LE(3, 26 + 4000);
  bytes.writeUInt32LE(list, 4996);
  return bytes;
};
const heif = (...boxes: readonly Buffer[]) =>
  Buffer.concat([box('ftyp', Buffer.from('heic\0\0\0\0')), ...boxes]);
const cr3 = (...boxes: readonly Buffer[]) =>
  Buffer.concat([box('ftyp', Buffer.from('crx \0\0\0\0')), ...boxes]);
const strips = (place: number, length: number) => [
  {tag: 0x0111, numbers: [place]},
  {tag: 0x0117, numbers: [length]},
];
const withSubFolder = (place: number) =>
  tiff([
    {tag: 0x014a, numbers: [place]},
    {tag: 0x0100, numbers: [100]},
  ]);

const cases: Readonly<Record<string, readonly [name: string, content: Buffer, code?: string]>> = {
  'a JPEG': ['A.JPG', jpeg()],
  'a JPEG of thirteen bytes of picture': ['A.JPG', jpeg(13)],
  'a JPEG with a further picture behind': ['A.JPG', Buffer.concat([jpeg(), jpeg()])],
  'a JPEG with zeros behind': ['A.JPG', Buffer.concat([jpeg(), Buffer.alloc(30_000)])],
  'a JPEG with a film behind': ['A.JPG', Buffer.concat([jpeg(), ftyp, Buffer.alloc(700_000, 9)])],
  'a JPEG whose end lies on the border of two reads': [
    'A.JPG',
    Buffer.concat([jpeg(256 * 1024 - 1), Buffer.alloc(10_000)]),
  ],
  'a JPEG with fill bytes and stray bytes before a segment': [
    'A.JPG',
    Buffer.concat([
      SOI,
      segment(0xe0, 16),
      Buffer.from([0xff, 0xff]),
      segment(0xdb, 67),
      Buffer.from([0, 0, 0]),
      segment(0xda, 12),
      scan(99),
      EOI,
    ]),
  ],
  'a JPEG that is cut in its picture': ['A.JPG', jpeg().subarray(0, 9000), 'picture-damaged'],
  'a JPEG of which the rest is zeros': [
    'A.JPG',
    Buffer.concat([jpeg().subarray(0, 9000), Buffer.alloc(20_000)]),
    'picture-damaged',
  ],
  'a JPEG that is cut in its header': ['A.JPG', jpeg().subarray(0, 3000), 'picture-damaged'],
  'a JPEG whose header is overwritten': [
    'A.JPG',
    Buffer.concat([SOI, Buffer.alloc(9000, 0x37), EOI]),
    'picture-damaged',
  ],
  'a JPEG without a picture': ['A.JPG', Buffer.concat([SOI, EOI]), 'picture-damaged'],
  'a JPEG that begins with something else': ['A.JPG', Buffer.alloc(9000, 0x37), 'picture-damaged'],
  'a JPEG of one byte': ['A.JPG', Buffer.from([0xff]), 'picture-damaged'],
  'a JPEG under another name': ['A.NEF', jpeg()],
  'a PNG under another name': ['A.JPG', Buffer.from('\x89PNG\r\n\x1a\n, and more', 'latin1')],
  'a raw picture': ['A.DNG', tiff(strips(1000, 39_000))],
  'a raw picture whose length is rounded up': ['A.ARW', tiff(strips(1000, 40_000))],
  'a raw picture in tiles': [
    'A.DNG',
    tiff([
      {tag: 0x0144, numbers: [1000, 20_000, 39_000]},
      {tag: 0x0145, type: 3, numbers: [19_000, 19_000, 1000]},
    ]),
  ],
  'a raw picture whose last tile is cut': [
    'A.DNG',
    tiff([
      {tag: 0x0144, numbers: [1000, 20_000, 39_000]},
      {tag: 0x0145, type: 3, numbers: [19_000, 19_000, 9000]},
    ]),
    'picture-damaged',
  ],
  'a raw picture that is cut': ['A.CR2', tiff(strips(1000, 400_000)), 'picture-damaged'],
  'a raw picture of Panasonic, which says nothing of its data': [
    'A.RW2',
    tiff(
      [
        {tag: 0x0111, numbers: [0xffffffff]},
        {tag: 0x0117, numbers: [10]},
      ],
      {magic: 0x55},
    ),
  ],
  'a raw picture whose tags lie beyond its end': [
    'A.NEF',
    withSubFolder(50_000),
    'picture-damaged',
  ],
  'a raw picture whose second folder is nonsense': ['A.NEF', withSubFolder(30_000)],
  'a raw picture that names its own folder again': ['A.NEF', withSubFolder(8)],
  'a raw picture with a chain to nowhere': ['A.PEF', tiff(strips(900, 900), {next: 0xfffffff0})],
  'a raw picture without tags': ['A.NEF', tiff([]), 'picture-damaged'],
  'a raw picture that is cut in its tags': [
    'A.NEF',
    tiff(strips(1000, 100)).subarray(0, 20),
    'picture-damaged',
  ],
  'a raw picture with a folder further behind': [
    'A.ORF',
    (() => {
      const whole = withSubFolder(30_000);
      tags(30_000, strips(31_000, 90_000)).copy(whole, 30_000);
      return whole;
    })(),
    'picture-damaged',
  ],
  RAF: ['A.RAF', raf(20_000)],
  'a RAF that is cut': ['A.RAF', raf(20_001), 'picture-damaged'],
  CRW: ['A.CRW', crw(4000)],
  'a CRW that is cut': ['A.CRW', crw(9000), 'picture-damaged'],
  HEIF: ['A.HIF', heif(box('meta', 100), mdat)],
  'a HEIF without its contents': ['A.HEIC', heif(mdat), 'picture-damaged'],
  'a HEIF that is cut': [
    'A.HEIC',
    heif(box('meta', 100), box('mdat', 99, 5000)),
    'picture-damaged',
  ],
  CR3: ['A.CR3', cr3(moov, box('uuid', 99), mdat)],
  'a CR3 that is cut': ['A.CR3', cr3(moov, mdat).subarray(0, 2000), 'picture-damaged'],
  'a CR3 without its contents': ['A.CR3', cr3(mdat), 'picture-damaged'],
  'a film with its index behind': ['A.MP4', Buffer.concat([ftyp, mdat, moov])],
  'a film with its index before': ['A.MOV', Buffer.concat([ftyp, moov, box('wide', 0), mdat])],
  'a film with sizes of 8 bytes': [
    'A.MP4',
    Buffer.concat([ftyp, largeBox('mdat', 3016n, 3000), moov]),
  ],
  'a film whose last box goes to the end': [
    'A.MP4',
    Buffer.concat([ftyp, moov, box('mdat', 50, 0)]),
  ],
  'a film with a trailer (Insta360)': [
    'A.INSV',
    Buffer.concat([
      ftyp,
      mdat,
      moov,
      Buffer.alloc(70, 0xfe),
      Buffer.from('8db42d694ccc418790edff439fe026bf'),
    ]),
  ],
  'a film with a trailer that looks like a box': [
    'A.360',
    Buffer.concat([ftyp, mdat, moov, box('free', 10, 9000)]),
  ],
  'a film in fragments': [
    'A.MP4',
    Buffer.concat([ftyp, moov, ...Array.from({length: 600}, () => box('moof', 2))]),
  ],
  'a film without its index': ['A.MP4', Buffer.concat([ftyp, mdat]), 'video-without-index'],
  'a film that was never finished': [
    'A.MP4',
    Buffer.concat([ftyp, box('mdat', 5000, 0)]),
    'video-without-index',
  ],
  'a film with zeros for its index': [
    'A.LRV',
    Buffer.concat([ftyp, mdat, Buffer.alloc(400)]),
    'video-without-index',
  ],
  'a film that is cut in its frames': [
    'A.MP4',
    Buffer.concat([ftyp, mdat, moov]).subarray(0, 3000),
    'video-cut',
  ],
  'a film that is cut in its index': [
    'A.MP4',
    Buffer.concat([ftyp, mdat, moov]).subarray(0, 5200),
    'video-cut',
  ],
  'a film that is cut behind its index': [
    'A.MOV',
    Buffer.concat([ftyp, moov, mdat]).subarray(0, 3000),
    'video-cut',
  ],
  'a film of which 9 exabytes are missing': [
    'A.MP4',
    Buffer.concat([ftyp, largeBox('mdat', 2n ** 63n - 1n, 3000)]),
    'video-cut',
  ],
  'a film that begins with something else': ['A.MP4', Buffer.alloc(9000, 0x37), 'video-damaged'],
  'a film of three bytes': ['A.MP4', Buffer.from([1, 2, 3]), 'video-damaged'],
  AVI: ['A.AVI', riff(2992)],
  'an AVI that is cut': ['A.AVI', riff(9000), 'video-cut'],
  'an AVI that was never finished': ['A.AVI', riff(0), 'video-without-index'],
  'an AVI that begins with something else': ['A.AVI', Buffer.alloc(900, 7), 'video-damaged'],
  'a picture of zeros': ['A.CR3', Buffer.alloc(90_000), 'file-all-zero'],
  'a film of zeros': ['A.MP4', Buffer.alloc(90_000), 'file-all-zero'],
  'a stream of zeros': ['A.MTS', Buffer.alloc(90_000), 'file-all-zero'],
  'a sound that begins with zeros only': [
    'A.WAV',
    Buffer.concat([Buffer.alloc(9000), Buffer.alloc(9000, 1)]),
  ],
  'an empty picture has a warning of its own': ['A.JPG', Buffer.alloc(0)],
  'what is neither picture nor film': ['STATUS.BIN', Buffer.alloc(4096)],
  'a still for a film': ['A.THM', Buffer.alloc(400, 7)],
};

for (const [title, [name, content, code]] of Object.entries(cases)) {
  test(title, (t) => {
    t.is(findingOf(name, content), code);
  });
}

test('every finding says what it means for the card', (t) => {
  for (const [name, content, code] of Object.values(cases)) {
    if (code === undefined) continue;
    const look = lookAtFile(name, content.length);
    if (look === undefined) throw new Error('it is looked at');
    t.regex(runLook(look, content).finding?.message ?? '', /format/);
  }
});

test('a whole file takes few small reads', (t) => {
  for (const [name, content] of [
    ['A.JPG', jpeg(4_000_000)],
    ['A.DNG', tiff(strips(1000, 3_999_000), {size: 4_000_000})],
    ['A.MP4', Buffer.concat([ftyp, box('mdat', 4_000_000), moov])],
    ['A.HIF', heif(box('meta', 100), box('mdat', 4_000_000))],
  ] as const) {
    const look = lookAtFile(name, content.length);
    if (look === undefined) throw new Error('it is looked at');
    const {reads, bytes} = runLook(look, content);
    t.true(reads <= 12, `${name}: ${reads} reads`);
    t.true(bytes <= 16_384, `${name}: ${bytes} bytes`);
  }
});

const EXTENSIONS = 'JPG HEIC CR2 CR3 CRW NEF ARW RAF RW2 DNG PNG MP4 MOV 360 AVI MTS R3D'.split(
  ' ',
);
const STARTS: readonly Buffer[] = [
  Buffer.alloc(0),
  SOI,
  jpeg(50),
  ftyp,
  heif(),
  cr3(moov),
  raf(2000).subarray(0, 120),
  crw(40).subarray(0, 30),
  Buffer.from('II*\0\x08\0\0\0', 'latin1'),
  Buffer.from('MM\0*\0\0\0\x08', 'latin1'),
  tiff(strips(10, 10)).subarray(0, 60),
  riff(20).subarray(0, 12),
  Buffer.alloc(64),
];

test('any bytes under any name end after few reads, and never in an error', (t) => {
  const content = fc
    .tuple(
      fc.constantFrom(...STARTS),
      fc.array(fc.oneof(fc.uint8Array({maxLength: 60}), fc.constantFrom<Uint8Array>(...STARTS)), {
        maxLength: 8,
      }),
    )
    .map(([start, parts]) => Buffer.concat([start, ...parts]));
  fc.assert(
    fc.property(
      fc.constantFrom(...EXTENSIONS),
      content,
      fc.integer({min: -20, max: 2 ** 40}),
      (ext, bytes, more) => {
        // The card may have said another size than the copy has now.
        const look = lookAtFile(
          `A.${ext}`,
          Math.max(1, bytes.length + Math.max(0, more - 2 ** 39)),
        );
        if (look === undefined) return;
        const {reads} = runLook(look, bytes, 5000);
        t.true(reads <= 5000);
      },
    ),
    {numRuns: 3000},
  );
});

test('a whole file with any bytes changed ends after few reads', (t) => {
  const files = Object.values(cases).filter(([, {length}]) => length < 60_000 && length > 0);
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.nat({max: 600}), fc.nat({max: 255})), {maxLength: 12}),
      ([name, content], changes) => {
        const bytes = Buffer.from(content);
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
        const look = lookAtFile(name, bytes.length);
        if (look !== undefined) t.true(runLook(look, bytes, 5000).reads <= 5000);
      },
    ),
    {numRuns: 2000},
  );
});
