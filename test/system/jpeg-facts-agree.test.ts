/** What is read of a JPEG here and what exiftool says of it are the same facts: a layout must not depend on who was asked. */
import test from 'ava';
import fc from 'fast-check';
import {shootSingle} from '../../samples/camera-roll.ts';
import {clockTime} from '../../samples/card-time.ts';
import {readJpegTags} from '../../src/core/photo/jpeg-facts.ts';
import type {PhotoFacts} from '../../src/core/photo/photo-facts.ts';
import {FACT_TAGS, readFacts} from '../../src/core/photo/read-facts.ts';
import {askExiftoolAll, holdExiftool} from '../../src/system/exiftool.ts';
import {type ExifField, makeExifJpeg, makeSegment, numbers, text} from '../helpers/made-exif.ts';

const ABOUT = {timeZone: 'Asia/Tokyo', isFilm: false};
const OPTIONS = ['-fast', ...FACT_TAGS.map((tag) => `-${tag}`)];
const IN_ONE_QUESTION = 50;

interface Both {
  readonly own: PhotoFacts | undefined;
  readonly tool: PhotoFacts | undefined;
}

async function askBoth(pictures: readonly Buffer[]): Promise<readonly Both[]> {
  const heads = pictures.map((bytes, index) => ({bytes, path: `/card/${index}.JPG`}));
  const said = await holdExiftool(async () => {
    const answers: (Readonly<Record<string, unknown>> | undefined)[] = [];
    for (let at = 0; at < heads.length; at += IN_ONE_QUESTION) {
      answers.push(...(await askExiftoolAll(heads.slice(at, at + IN_ONE_QUESTION), OPTIONS)));
    }
    return answers;
  });
  return pictures.map((bytes, index) => {
    const tags = readJpegTags(bytes);
    const tool = said[index];
    return {own: tags && readFacts(tags, ABOUT), tool: tool && readFacts(tool, ABOUT)};
  });
}

/** What is used without asking exiftool: a layout by date and camera goes by it. */
const isUsed = (facts: PhotoFacts | undefined): facts is PhotoFacts =>
  facts?.takenAt !== undefined && facts.model !== '';

/** @returns the fields that both say and say differently, and those of date and camera that only one says where exiftool would not be asked. */
function differences({own, tool}: Both): readonly string[] {
  if (own === undefined) return [];
  const [a, b] = [own, tool].map((facts) => new Map(Object.entries(facts ?? {})));
  return [...(a?.keys() ?? [])].flatMap((name) => {
    const [ours, theirs] = [a?.get(name), b?.get(name)];
    const isSame = JSON.stringify(ours) === JSON.stringify(theirs);
    const isSaid = (value: unknown) => value !== '' && value !== undefined && value !== null;
    const mustAgree = isUsed(own) && ['takenAt', 'make', 'model'].includes(name);
    if (isSame || (!mustAgree && !(isSaid(ours) && isSaid(theirs)))) return [];
    return [`${name}: ${JSON.stringify(ours)} and ${JSON.stringify(theirs)}`];
  });
}

const TAGS = {
  make: 271,
  model: 272,
  exposure: 33434,
  aperture: 33437,
  iso: 34855,
  taken: 36867,
  created: 36868,
  offset: 36881,
  offsetAny: 36880,
  part: 37521,
  partAny: 37520,
  focal: 37386,
  serial: 42033,
  lens: 42036,
} as const;

type FieldMaker = (isLittle: boolean) => ExifField;
const said =
  (tag: number, words: string | Buffer, type?: number): FieldMaker =>
  () =>
    text(tag, words, type);
const counted =
  (tag: number, type: 3 | 4 | 5 | 9 | 10, ...all: readonly number[]): FieldMaker =>
  (isLittle) =>
    numbers(isLittle, tag, type, ...all);

const TEXTS: ReadonlyArray<string | Buffer> = [
  'Canon\0',
  'NIKON CORPORATION\0',
  'no zero',
  '  blanks around  \0',
  'blanks behind                    ',
  'zero\0behind\0it\0\0\0\0',
  '\0\0\0\0\0\0',
  '\0',
  '',
  ' ',
  '----\0',
  'n/a\0',
  'Unknown\0',
  'Kamera Ärger 写真\0',
  Buffer.from([0x4b, 0xe4, 0x6d, 0x00]),
  Buffer.from([0xff, 0xfe, 0x41, 0x42, 0x00]),
  '12345\0',
  '0012345\0',
  '1e5\0',
  '12345678901234567890\0',
  '-7\0',
  '1.50\0',
  'true\0',
  'tab\there\nline\r\0',
  '"quoted" <&> \\ \0',
  `${'long '.repeat(30)}\0`,
  `${'x'.repeat(300)}\0`,
  `${'y'.repeat(1100)}\0`,
  'abc',
  'abcd',
  'ab\0',
];

const TIMES: ReadonlyArray<string> = [
  '2026:06:20 10:00:02\0',
  '2026:06:20 10:00:02',
  '2026:06:20 10:00:02   \0',
  '2026-06-20 10:00:02\0',
  '2026:06:20T10:00:02\0',
  '2026/06/20 10:00:02\0',
  '2026:06:20 10:00\0',
  '2026:06:20 10:00:02.5\0',
  '2026:06:20 10:00:02+02:00\0',
  '2026:06:20 10:00:02Z\0',
  '2026:06:20\0',
  '0000:00:00 00:00:00\0',
  '    :  :     :  :  \0',
  '2107:01:01 00:00:00\0',
  '1969:12:31 23:59:59\0',
  '2026:02:30 10:00:00\0',
  '2026:13:01 10:00:00\0',
  '2026:06:20 24:00:00\0',
  '2026:06:20 10:61:00\0',
  '../../etc\0',
  '\0',
  ' 2026:06:20 10:00:02\0',
  '2026:06:20 10:00:02 AM\0',
  '20260620 100002\0',
  '2000:01:01 00:00:00\0',
];

const PARTS = [
  '5\0',
  '050\0',
  '50 \0',
  '123456\0',
  '   \0',
  '\0',
  'x\0',
  '00\0',
  ' 7\0',
  '999',
  '07',
];
const ZONES = [
  '+02:00\0',
  '-03:30\0',
  'Z\0',
  '   :  \0',
  '+25:00\0',
  '+0900\0',
  '\0',
  '+14:00\0',
  '-12:00',
];

const EXPOSURES: ReadonlyArray<readonly [number, number]> = [
  [1, 8000],
  [1, 250],
  [10, 2500],
  [1, 3],
  [3, 10],
  [1, 4],
  [25, 100],
  [250001, 1000000],
  [1, 2],
  [5, 2],
  [30, 1],
  [133, 100],
  [9, 4],
  [11, 4],
  [105, 100],
  [1, 0],
  [0, 0],
  [0, 1],
  [4294967295, 1],
  [1, 4294967295],
  [1, 60],
  [16667, 1000000],
];
const APERTURES: ReadonlyArray<readonly [number, number]> = [
  [28, 10],
  [95, 100],
  [1, 2],
  [999, 1000],
  [9999, 10000],
  [14, 10],
  [11, 1],
  [63, 10],
  [225, 100],
  [235, 100],
  [275, 100],
  [625, 1000],
  [875, 1000],
  [105, 100],
  [0, 1],
  [0, 0],
  [1, 0],
];
const FOCALS: ReadonlyArray<readonly [number, number]> = [
  [35, 1],
  [85, 10],
  [425, 100],
  [435, 100],
  [4375, 1000],
  [400, 1],
  [0, 1],
  [0, 0],
  [50000, 1000],
];

const fraction = (tag: number, all: ReadonlyArray<readonly [number, number]>) =>
  all.flatMap(([a, b]) => [
    counted(tag, 5, a, b),
    counted(tag, 10, a & 0x7fffffff, b & 0x7fffffff),
  ]);

/** Ways in which each field may be written, those that no rule knows among them. */
const WAYS: Readonly<Record<keyof typeof TAGS, readonly FieldMaker[]>> = {
  make: [...TEXTS.map((words) => said(TAGS.make, words)), said(TAGS.make, 'Canon\0', 7)],
  model: [
    ...TEXTS.map((words) => said(TAGS.model, words)),
    said(TAGS.model, 'Canon EOS R6\0'),
    said(TAGS.model, 'Canon EOS R6\0', 1),
    said(TAGS.model, 'Canon EOS R6\0', 7),
    counted(TAGS.model, 3, 7),
  ],
  serial: [
    ...TEXTS.map((words) => said(TAGS.serial, words)),
    counted(TAGS.serial, 4, 123456789),
    counted(TAGS.serial, 4, 1, 2),
    counted(TAGS.serial, 3, 12),
    said(TAGS.serial, '0123\0', 7),
  ],
  lens: [
    ...TEXTS.map((words) => said(TAGS.lens, words)),
    said(TAGS.lens, 'RF24-105mm F4 L IS USM\0'),
    counted(TAGS.lens, 3, 12),
  ],
  taken: [
    ...TIMES.map((words) => said(TAGS.taken, words)),
    said(TAGS.taken, TIMES[0] ?? '', 7),
    said(TAGS.taken, TIMES[0] ?? '', 1),
  ],
  created: TIMES.map((words) => said(TAGS.created, words)),
  offset: ZONES.map((words) => said(TAGS.offset, words)),
  offsetAny: ZONES.map((words) => said(TAGS.offsetAny, words)),
  part: [...PARTS.map((words) => said(TAGS.part, words)), counted(TAGS.part, 3, 50)],
  partAny: PARTS.map((words) => said(TAGS.partAny, words)),
  exposure: fraction(TAGS.exposure, EXPOSURES),
  aperture: fraction(TAGS.aperture, APERTURES),
  iso: [
    counted(TAGS.iso, 3, 400),
    counted(TAGS.iso, 3, 400, 0),
    counted(TAGS.iso, 3, 100, 200),
    counted(TAGS.iso, 3, 0),
    counted(TAGS.iso, 3, 65535),
    counted(TAGS.iso, 4, 102400),
    counted(TAGS.iso, 4, 100, 200),
    counted(TAGS.iso, 5, 400, 1),
    said(TAGS.iso, '400\0'),
  ],
  focal: fraction(TAGS.focal, FOCALS),
};

const NAMES = Object.keys(WAYS).filter((name): name is keyof typeof TAGS => name in TAGS);
const ofCamera = new Set<number>([TAGS.make, TAGS.model]);

/** What most cameras write, with some fields in other ways. */
function makePicture(
  isLittle: boolean,
  makers: readonly FieldMaker[],
  before: readonly Buffer[] = [],
): Buffer {
  const fields = makers.map((make) => make(isLittle));
  const sorted = fields.toSorted((a, b) => a.tag - b.tag);
  return makeExifJpeg({
    isLittle,
    before,
    camera: sorted.filter(({tag}) => ofCamera.has(tag)),
    shot: sorted.filter(({tag}) => !ofCamera.has(tag)),
  });
}

const USUAL: Readonly<Record<keyof typeof TAGS, FieldMaker>> = {
  make: said(TAGS.make, 'Canon\0'),
  model: said(TAGS.model, 'Canon EOS R6\0'),
  serial: said(TAGS.serial, '012021001234\0'),
  lens: said(TAGS.lens, 'RF24-105mm F4 L IS USM\0'),
  taken: said(TAGS.taken, '2026:06:20 10:00:02\0'),
  created: said(TAGS.created, '2026:06:20 10:00:03\0'),
  offset: said(TAGS.offset, '+02:00\0'),
  offsetAny: said(TAGS.offsetAny, '+03:00\0'),
  part: said(TAGS.part, '25\0'),
  partAny: said(TAGS.partAny, '75\0'),
  exposure: counted(TAGS.exposure, 5, 1, 250),
  aperture: counted(TAGS.aperture, 5, 28, 10),
  iso: counted(TAGS.iso, 3, 400),
  focal: counted(TAGS.focal, 5, 35, 1),
};

test.serial('a picture as cameras write it: every field, from both', async (t) => {
  const {bytes} = shootSingle(1, 'DCIM/IMG_0001.JPG', clockTime(10, 0, 2));
  const usual = Object.values(USUAL);
  const jfif = makeSegment(0xe0, Buffer.from('4a46494600010101004800480000', 'hex'));
  const pictures = [bytes, makePicture(true, usual), makePicture(false, usual, [jfif])];
  for (const {own, tool} of await askBoth(pictures)) {
    t.true(isUsed(own));
    t.deepEqual(own, tool);
    t.true(own !== undefined && Object.values(own).every((value) => value !== ''));
  }
});

test.serial('each field in every way, the others as usual', async (t) => {
  const cases = NAMES.flatMap((name) =>
    WAYS[name].flatMap((way, index) =>
      [true, false].map((isLittle) => ({
        title: `${name} ${index} ${isLittle ? 'II' : 'MM'}`,
        bytes: makePicture(isLittle, Object.values({...USUAL, [name]: way})),
      })),
    ),
  );
  const answers = await askBoth(cases.map(({bytes}) => bytes));
  const found = answers.flatMap((both, index) =>
    differences(both).map((words) => `${cases[index]?.title}: ${words}`),
  );
  t.deepEqual(found, []);
  t.true(answers.filter(({own}) => isUsed(own)).length > cases.length / 2);
});

test.serial('any fields in any ways, some of them missing', async (t) => {
  const way = (name: keyof typeof TAGS) =>
    fc.option(
      fc.oneof(
        {weight: 2, arbitrary: fc.constant(USUAL[name])},
        {weight: 3, arbitrary: fc.constantFrom(...WAYS[name])},
      ),
    );
  const any = fc.tuple(fc.boolean(), fc.tuple(...NAMES.map(way))).map(([isLittle, makers]) =>
    makePicture(
      isLittle,
      makers.filter((one) => one !== null),
    ),
  );
  const pictures = fc.sample(any, {numRuns: 300, seed: 20_261_123});
  const answers = await askBoth(pictures);
  t.deepEqual(answers.flatMap(differences), []);
});

test.serial('fields twice, in the wrong directory, and bytes that were spoilt', async (t) => {
  const twice = NAMES.map((name) => [...Object.values(USUAL), WAYS[name][1] ?? USUAL[name]]);
  const moved = NAMES.map((name) => {
    const fields = Object.values(USUAL).map((make) => make(true));
    const at = (tag: number) => ofCamera.has(tag) !== (tag === TAGS[name]);
    return makeExifJpeg({
      isLittle: true,
      camera: fields.filter(({tag}) => at(tag)),
      shot: fields.filter(({tag}) => !at(tag)),
    });
  });
  const usual = makePicture(true, Object.values(USUAL));
  const spoilt = fc
    .array(fc.tuple(fc.nat({max: usual.length - 1}), fc.nat({max: 255})), {
      minLength: 1,
      maxLength: 4,
    })
    .map((changes) => {
      const copy = Buffer.from(usual);
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    });
  const pictures = [
    ...twice.map((makers) => makePicture(true, makers)),
    ...moved,
    ...fc.sample(spoilt, {numRuns: 400, seed: 20_261_123}),
  ];
  const answers = await askBoth(pictures);
  t.deepEqual(
    answers.flatMap((both, index) => differences(both).map((words) => `${index}: ${words}`)),
    [],
  );
});
